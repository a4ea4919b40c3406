"""What changed between two releases, or would with the next: cell by cell, and in statuses."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from app.feeds.csv import csv_items
from app.queries.changes import cells, statuses
from app.queries.changes.found import Scope, check_known, count_cells
from app.queries.changes.statuses import Look, Standings, is_beyond, look_after, turns
from app.queries.changes.whole import every_turn
from app.queries.changes.windows import End, Span, Window, refused, windows_of
from app.queries.columns import Row
from app.queries.editions import Editions, Reading
from app.queries.organisations import ORGANISATIONS
from app.routers import deps
from app.routers.deps import Asker, Read, page_response
from app.routers.exports import CsvFeed, Wanted, answer_feed
from app.routers.places import read_place, write_place
from app.routers.views import moment_of
from app.schemas.changes import (
    Between,
    ChangeFilters,
    ChangeOut,
    ChangePage,
    ChangeQuery,
    StatusChangeFilters,
    StatusChangeOut,
    StatusChangePage,
    StatusChangeQuery,
    StoodAt,
)

router = APIRouter(prefix="/v1", tags=["releases"])
_LONDON = ZoneInfo("Europe/London")
_ENDS = ("before", "after")
_STATUS_COLUMNS = [
    *(name for name in StatusChangeOut.model_fields if name not in _ENDS),
    *(f"{end}_{name}" for end in _ENDS for name in StoodAt.model_fields),
]
_RELEASE = re.compile(r"[1-9][0-9]{0,8}")


class _Asked(NamedTuple):
    """The states that a query speaks of, and what of them it asks for."""

    windows: list[Window]
    scope: Scope

    @property
    def until(self) -> datetime | None:
        """When the last release that is taken account of came into force; None where drafts are."""
        ends = [w.after.published_at for w in self.windows if w.after is not None and w.drafts is None]
        return max(ends) if len(ends) == len(self.windows) and ends else None


@router.get("/changes", response_model=ChangePage)
async def list_changes(query: Annotated[ChangeQuery, Query()], request: Request, read: Read) -> Response:
    """What says something else than before, cell by cell, with the release that brought it and its reason.

    From one release to another, or from one moment to another; else from the release before to the one in
    force. With `view=draft`, what would change if drafts were released now.
    """
    return await read(_page, query, request)


@router.get("/changes.csv", response_class=CsvFeed)
async def export_changes(query: Annotated[ChangeFilters, Query()], request: Request, read: Read) -> Response:
    """The same as CSV, all of them; streamed, however many they are."""

    def wanted(reading: Reading) -> Wanted:
        rows = cells.cells(reading, *_asked(reading, query))
        return Wanted(csv_items(list(ChangeOut.model_fields), rows))

    return await answer_feed(request, read, wanted, CsvFeed)


@router.get("/changes/statuses", response_model=StatusChangePage)
async def list_status_changes(
    query: Annotated[StatusChangeQuery, Query()], request: Request, read: Read
) -> Response:
    """Which observations became missed, which recovered, and which came to another status otherwise.

    A new observation is held against the newest earlier one of its measure and service.
    """
    place, until = None, None
    if query.cursor is not None:
        place, until = read_place(query, query.cursor, statuses.place_of)
    asked = await read(_asked, query, until)
    rows: list[Row] = []
    async for row in _turned(read, asked, query, place):
        rows.append(row)
        if len(rows) > query.limit:
            break
    total = None
    if query.include_total:
        total = len([row async for row in _turned(read, asked, query, None)])
    cursor, items = None, rows[: query.limit]
    if len(rows) > query.limit:
        last = tuple(items[-1][name] for name in statuses.Place._fields)
        cursor = write_place(query, last, asked.until)
    return page_response(items, {"next_cursor": cursor, "total": total}, request)


@router.get("/changes/statuses.csv", response_class=CsvFeed)
async def export_status_changes(
    query: Annotated[StatusChangeFilters, Query()], request: Request, read: Read
) -> Response:
    """The same as CSV, all of them; how each stood before and after in columns of their own."""

    def wanted(reading: Reading) -> Wanted:
        rows = _every_turn(reading, _asked(reading, query), query)
        return Wanted(csv_items(_STATUS_COLUMNS, map(_flat, rows)))

    return await answer_feed(request, read, wanted, CsvFeed)


def _every_turn(reading: Reading, asked: _Asked, query: StatusChangeFilters) -> Iterator[Row]:
    editions = Editions()
    turns = (row for window in asked.windows for row in every_turn(editions, reading, window, asked.scope))
    return (row for row in turns if not query.transition or row["transition"] in query.transition)


def _flat(turn: Row) -> Row:
    """A status that changed, with one cell for each column."""
    ends = {f"{end}_{name}": turn[end][name] for end in _ENDS for name in turn[end]}
    return {name: cell for name, cell in turn.items() if name not in _ENDS} | ends


def _page(reading: Reading, query: ChangeQuery, request: Request) -> Response:
    place, until = None, None
    if query.cursor is not None:
        place, until = read_place(query, query.cursor, cells.place_of)
    asked = _asked(reading, query, until)
    items, last = cells.page(reading, *asked, place, query.limit)
    cursor = None if last is None else write_place(query, last, asked.until)
    total = count_cells(reading, *asked) if query.include_total else None
    return page_response(items, {"next_cursor": cursor, "total": total}, request)


def _asked(reading: Reading, query: Between, until: datetime | None = None) -> _Asked:
    """What a query speaks of; of a list that goes on, as it was at a moment."""
    span = span_of(reading, query.since, query.until, tuple(query.organisation))
    windows = windows_of(reading, span if span.end is not None else span._replace(end=until))
    kinds = tuple(query.kind) if isinstance(query, ChangeFilters) else ()
    scope = Scope(kinds, tuple(query.service), tuple(query.period), tuple(query.indicator_key))
    if windows:
        check_known(reading, windows, scope)
    return _Asked(windows, scope)


def span_of(reading: Reading, since: str | None, until: str | None, organisations: tuple[str, ...]) -> Span:
    """From where to where it is asked, in the words of parameters, and of whom.

    Raises InvalidParameter where an end names no release and no moment, or one to come; for an organisation
    that is not known.
    """
    if organisations:
        deps.check_known(reading, ORGANISATIONS, "organisation", list(organisations))
    return Span(_end(reading, "from", since), _end(reading, "to", until), organisations)


def _end(reading: Reading, parameter: str, text: str | None) -> End | None:
    """The release or the moment that a text names; the end of a day that is not over is now."""
    if text is None:
        return None
    if _RELEASE.fullmatch(text):
        return int(text)
    moment = moment_of(text)
    if moment is None:
        message = "must be the id of a release, a day such as 2012-03-31, or an instant with its zone"
        raise refused(parameter, "not_an_instant", message)
    today = moment_of(reading.now.astimezone(_LONDON).date().isoformat())
    if moment > reading.now and moment != today:
        raise refused(parameter, "in_the_future", "must not be in the future")
    return min(moment, reading.now)


async def _turned(
    read: Asker, asked: _Asked, query: StatusChangeQuery, place: statuses.Place | None
) -> AsyncIterator[Row]:
    """The statuses that changed, from where a page ended; some measures at a time."""
    start = place
    while found := await read(_looked, asked, start):
        look, drafts = found
        before = {} if look.before is None else await read.at(look.before)(look.standings)
        after = drafts if look.after is None else await read.at(look.after)(look.standings)
        for row in turns(look, before, after, asked.scope, query.transition):
            if is_beyond(row, place):
                yield row
        start = look.last


def _looked(reading: Reading, asked: _Asked, start: statuses.Place | None) -> tuple[Look, Standings] | None:
    """What to look at next and, of drafts, how it stands."""
    look = look_after(reading, *asked, start)
    if look is None:
        return None
    return look, (look.standings(reading) if look.after is None else {})
