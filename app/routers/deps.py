"""What routes share: a reading connection, and the way from a query to a page."""

import difflib
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from copy import copy
from datetime import datetime
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import parse_qsl, urlencode

import orjson
import xxhash
from fastapi import Depends, Path, Query, Request, Response

from app.entities.revisions import BEYOND_IDS
from app.errors import Fault, InvalidParameter, NotFound
from app.queries import listings
from app.queries.columns import Row
from app.queries.editions import Premises, Reader, Reading
from app.queries.listings import Filter, Listing, Question
from app.queries.organisations import INDICATORS, ORGANISATIONS, SERVICES
from app.queries.schemes import scheme_named
from app.queries.views import PUBLIC, View
from app.queries.visibility import NO_DRAFTS
from app.routers.cache import EDITION
from app.routers.callers import Who
from app.routers.cursors import read_cursor, write_cursor
from app.routers.views import view_of
from app.schemas.queries import Asked, Paging, UnderPremises, UnderScheme, bound
from app.schemas.writes import RESOURCES
from app.services.permissions import Caller
from app.services.versions import version_of

P = ParamSpec("P")
T = TypeVar("T")
_ALLOWED_SHOWN = 20
_SOURCES: dict[str, tuple[Listing, str]] = {
    "organisation": (ORGANISATIONS, "id"),
    "service": (SERVICES, "service"),
}
"""Where to look up which values a filter may ask for, if not in the list itself."""
_OF_INDICATORS = frozenset({"indicator_code", "indicator_key", "section", "measure_set"})
"""What a list of observations has from its indicators; another list's column of that name is its own."""


class Asker:
    """What puts an address's question to the database, and notes in the request which edition answered."""

    def __init__(self, request: Request, who: Caller) -> None:
        """Ask for a request, whose caller sees what they wrote: a standby may not have it yet."""
        self._view = view_of(request.query_params, who)
        self.is_private = bool(who.name)
        state = request.app.state
        self._read: Reader = state.primary_reader if who.name else state.reader
        self._state = request.scope.setdefault("state", {})

    def at(self, moment: datetime) -> "Asker":
        """The same asker of what was public at a moment."""
        earlier = copy(self)
        earlier._view = View(moment)  # noqa: SLF001 - it is one of its own kind
        return earlier

    async def __call__(
        self, question: Callable[Concatenate[Reading, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The answer of a question; it may be put twice, and changes nothing."""

        def noted(reading: Reading) -> T:
            if self._view is PUBLIC:
                self._state[EDITION] = reading.edition
            return question(reading, *args, **kwargs)

        return await self._read(noted, self._view)

    def stream(self, question: Callable[[Reading], Iterator[T]]) -> AsyncGenerator[T]:
        """The long answer of a question, bit by bit and all of one state; see `app.db.streams`."""

        def noted(reading: Reading) -> Iterator[T]:
            if self._view is PUBLIC:
                self._state[EDITION] = reading.edition
            yield from question(reading)

        return self._read.stream(noted, self._view)


async def asker(request: Request, who: Who) -> Asker:
    """A request's own."""
    return Asker(request, who)


async def asker_of_one(request: Request, who: Who, _query: Annotated[Asked, Query()]) -> Asker:
    """The same, where nothing else is asked."""
    return Asker(request, who)


Read = Annotated[Asker, Depends(asker)]
ReadOne = Annotated[Asker, Depends(asker_of_one)]
RowId = Annotated[
    int, Path(alias="id", ge=1, lt=BEYOND_IDS, description="The row's lasting id.", examples=[1])
]


def answer_page(reading: Reading, listing: Listing, query: Paging, request: Request) -> Response:
    """A page of a list as JSON, with a Link to the next one."""
    items, extra = read_page(reading, listing, query)
    return page_response(items, extra, request)


def read_page(reading: Reading, listing: Listing, query: Paging) -> tuple[list[Row], dict[str, Any]]:
    """A page's items, and its cursor and total."""
    reading = supposed(reading, query)
    question = asked(reading, listing, query)
    items, after = listings.page(reading, listing, question)
    cursor = None if after is None else write_cursor(listing, question, after)
    total = None
    if query.include_total:
        total = listings.total(reading, listing, question)
    return items, {"next_cursor": cursor, "total": total}


def page_response(
    items: list[Row], extra: dict[str, Any], request: Request, first: dict[str, Any] | None = None
) -> Response:
    """Items, what goes before them and what after, written out once."""
    headers = {}
    if extra["next_cursor"] is not None:
        pairs = [(k, v) for k, v in parse_qsl(request.url.query) if k != "cursor"]
        following = urlencode([*pairs, ("cursor", extra["next_cursor"])])
        headers["Link"] = f'<{request.url.path}?{following}>; rel="next"'
    return json_response({**(first or {}), "items": items, **extra}, headers)


def json_response(body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """An answer as JSON bytes."""
    return Response(orjson.dumps(body), media_type="application/json", headers=headers)


def answer_one(
    reading: Reading, listing: Listing, row_id: int | str, query: UnderScheme | None = None
) -> Response:
    """The row with an id as JSON, with the tag of its version.

    Raises NotFound where no release in force holds it.
    """
    answer = json_response(read_one(supposed(reading, query), listing, row_id))
    return answer if isinstance(row_id, str) else tagged(answer, reading, listing, row_id)


def tagged(answer: Response, reading: Reading, listing: Listing, row_id: int) -> Response:
    """An answer of one row; in draft, its tag says which version If-Match has to name.

    Whose drafts are not read has none: a version that moves would tell of them.
    """
    if reading.drafted == NO_DRAFTS or listing.name not in RESOURCES:
        return answer
    if orjson.loads(answer.body)["organisation"] in orjson.loads(reading.drafted):
        version = version_of(reading.connection, RESOURCES[listing.name].kind, row_id)
        answer.headers["ETag"] = f'"{version}-{xxhash.xxh3_64_hexdigest(answer.body)}"'
    return answer


def read_one(reading: Reading, listing: Listing, row_id: int | str) -> Any:  # noqa: ANN401 - a row, or its JSON
    """The row with an id. Raises NotFound where no release in force holds it."""
    row = listings.one(reading, listing, row_id)
    if row is None:
        message = f"No {listing.name} row has the id {row_id}."
        raise NotFound(message)
    return row


def supposed(reading: Reading, query: Asked | None) -> Reading:
    """A reading under what a query supposes, if anything. Raises InvalidParameter as `scheme_named` does."""
    if not isinstance(query, UnderScheme):
        return reading
    scheme = None
    if query.scheme is not None:
        scheme = scheme_named(reading, query.scheme, actions=query.judges_actions)
    premises = Premises(scheme, getattr(query, "baseline", None))
    return reading if premises == Premises() else reading.supposing(premises)


def asked(reading: Reading, listing: Listing, query: Paging) -> Question:
    """The question that a query asks of a list.

    Raises InvalidParameter where a filter names a value that occurs nowhere, InvalidCursor for a
    cursor of another question.
    """
    sort: str = getattr(query, "sort", "id")
    question = Question(
        filters=conditions(reading, listing, query),
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        limit=query.limit,
    )
    if query.cursor is None:
        return question
    after = read_cursor(listing, question, query.cursor)
    return Question(question.filters, question.sort, question.descending, after, question.limit)


def conditions(reading: Reading, listing: Listing, query: Asked) -> tuple[Filter, ...]:
    """The conditions that a query sets on the list's columns, in the order of its model."""
    filters: list[Filter] = []
    supposing = (UnderPremises if isinstance(query, UnderScheme) else Asked).model_fields
    for name in type(query).model_fields:
        value = getattr(query, name)
        column, _, end = name.rpartition("_")
        if value is None or value == [] or name in supposing:
            continue
        if end in {"min", "max"}:
            filters.append(Filter(column, end, (bound(listing.names[column], end, value),)))
        elif name not in listing.names:
            continue
        elif isinstance(value, bool):
            filters.append(Filter(name, "in", (value,)))
        else:
            check_known(reading, listing, name, value)
            filters.append(Filter(name, "in", tuple(dict.fromkeys(map(str, value)))))
    return tuple(filters)


def grouped_by(text: str, allowed: Sequence[str]) -> tuple[str, ...]:
    """The columns to count by. Raises InvalidParameter for one that is not allowed or named twice."""
    groups = tuple(text.split(","))
    if any(name not in allowed for name in groups) or len(set(groups)) < len(groups):
        message = f"must be some of {', '.join(allowed)}, each once, separated by commas"
        fault = Fault("unknown_value", message, parameter="group_by")
        raise InvalidParameter(f"group_by {message}.", faults=(fault,))
    return groups


def check_known(reading: Reading, listing: Listing, name: str, values: list[Any]) -> None:
    """Refuse a word that occurs nowhere: a typo must not look like an empty list."""
    if name == "period" or type(values[0]) is not str:
        return
    source, column = _SOURCES.get(name, (listing, name))
    if name in _OF_INDICATORS and "indicator_key" in listing.names:
        source = INDICATORS
    allowed = listings.known(reading, source, column)
    for value in values:
        if value not in allowed:
            raise _unknown(name, value, allowed)


def _unknown(name: str, value: str, allowed: list[str]) -> InvalidParameter:
    shown = allowed if len(allowed) <= _ALLOWED_SHOWN else difflib.get_close_matches(value, allowed, 5)
    hint = f"allowed: {', '.join(shown)}" if shown else f"{len(allowed)} values are known"
    message = f"{value!r} is not known; {hint}"
    return InvalidParameter(f"{name}: {message}.", faults=(Fault("unknown_value", message, parameter=name),))
