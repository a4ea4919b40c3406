"""What routes share: a reading connection, and the way from a query to a page."""

import difflib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import orjson
from fastapi import Depends, Path, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import Fault, InvalidParameter, NotFound
from app.queries import listings
from app.queries.columns import Row
from app.queries.editions import Edition, Editions, moment
from app.queries.listings import Filter, Listing, Question
from app.queries.organisations import INDICATORS, ORGANISATIONS, SERVICES
from app.routers.cursors import read_cursor, write_cursor
from app.schemas.queries import Asked, Paging, bound

_ALLOWED_SHOWN = 20
_SOURCES: dict[str, tuple[Listing, str]] = {
    "organisation": (ORGANISATIONS, "id"),
    "service": (SERVICES, "service"),
}
"""Where to look up which values a filter may ask for, if not in the list itself."""
_OF_INDICATORS = frozenset({"indicator_code", "indicator_key", "section", "measure_set"})
"""What a list of observations has from its indicators; another list's column of that name is its own."""


class Reading(NamedTuple):
    """A connection on one state of the database, and the releases in force on it."""

    connection: AsyncConnection
    edition: Edition
    now: datetime


async def reading(request: Request) -> AsyncIterator[Reading]:
    """Read one consistent state; the connection goes back before the answer is sent."""
    editions: Editions = request.app.state.editions
    async with request.app.state.engine.connect() as connection:
        now = moment()
        yield Reading(connection, await editions.current(connection, now), now)


Read = Annotated[Reading, Depends(reading, scope="function")]
RowId = Annotated[int, Path(alias="id", ge=1, lt=2**63, description="The row's lasting id.", examples=[1])]


async def answer_page(listing: Listing, query: Paging, request: Request, read: Reading) -> Response:
    """A page of a list as JSON, with a Link to the next one."""
    items, extra = await read_page(listing, query, read)
    return page_response(items, extra, request)


async def read_page(listing: Listing, query: Paging, read: Reading) -> tuple[list[Row], dict[str, Any]]:
    """A page's items, and its cursor and total."""
    question = await asked(listing, query, read)
    items, after = await listings.page(read.connection, listing, read.edition, question, read.now)
    cursor = None if after is None else write_cursor(listing, question, after)
    total = None
    if query.include_total:
        total = await listings.total(read.connection, listing, read.edition, question, read.now)
    return items, {"next_cursor": cursor, "total": total}


def page_response(items: list[Row], extra: dict[str, Any], request: Request) -> Response:
    """Items and what goes with them, written out once."""
    headers = {}
    if extra["next_cursor"] is not None:
        pairs = [(k, v) for k, v in parse_qsl(request.url.query) if k != "cursor"]
        following = urlencode([*pairs, ("cursor", extra["next_cursor"])])
        headers["Link"] = f'<{request.url.path}?{following}>; rel="next"'
    return json_response({"items": items, **extra}, headers)


def json_response(body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """An answer as JSON bytes."""
    return Response(orjson.dumps(body), media_type="application/json", headers=headers)


async def answer_one(listing: Listing, row_id: int | str, read: Reading) -> Row:
    """The row with an id. Raises NotFound where no release in force holds it."""
    row = await listings.one(read.connection, listing, read.edition, row_id, read.now)
    if row is None:
        message = f"No {listing.name} row has the id {row_id}."
        raise NotFound(message)
    return row


async def asked(listing: Listing, query: Paging, read: Reading) -> Question:
    """The question that a query asks of a list.

    Raises InvalidParameter where a filter names a value that occurs nowhere, InvalidCursor for a
    cursor of another question.
    """
    sort: str = getattr(query, "sort", "id")
    question = Question(
        filters=await conditions(listing, query, read),
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        limit=query.limit,
    )
    if query.cursor is None:
        return question
    after = read_cursor(listing, question, query.cursor)
    return Question(question.filters, question.sort, question.descending, after, question.limit)


async def conditions(listing: Listing, query: Asked, read: Reading) -> tuple[Filter, ...]:
    """The conditions that a query sets on the list's columns, in the order of its model."""
    filters: list[Filter] = []
    for name in type(query).model_fields:
        value = getattr(query, name)
        column, _, end = name.rpartition("_")
        if value is None or value == []:
            continue
        if end in {"min", "max"}:
            filters.append(Filter(column, end, (bound(listing.names[column], end, value),)))
        elif name not in listing.names:
            continue
        elif isinstance(value, bool):
            filters.append(Filter(name, "in", (value,)))
        else:
            await check_known(listing, name, value, read)
            filters.append(Filter(name, "in", tuple(dict.fromkeys(map(str, value)))))
    return tuple(filters)


async def check_known(listing: Listing, name: str, values: list[Any], read: Reading) -> None:
    """Refuse a word that occurs nowhere: a typo must not look like an empty list."""
    if name == "period" or type(values[0]) is not str:
        return
    source, column = _SOURCES.get(name, (listing, name))
    if name in _OF_INDICATORS and "indicator_key" in listing.names:
        source = INDICATORS
    allowed = await listings.known(read.connection, source, read.edition, column, read.now)
    for value in values:
        if value not in allowed:
            raise _unknown(name, value, allowed)


def _unknown(name: str, value: str, allowed: list[str]) -> InvalidParameter:
    shown = allowed if len(allowed) <= _ALLOWED_SHOWN else difflib.get_close_matches(value, allowed, 5)
    hint = f"allowed: {', '.join(shown)}" if shown else f"{len(allowed)} values are known"
    message = f"{value!r} is not known; {hint}"
    return InvalidParameter(f"{name}: {message}.", faults=(Fault("unknown_value", message, parameter=name),))
