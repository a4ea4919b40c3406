"""The audit: what was done, by whom and why, for those who administer an organisation."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from app.db.moments import instant_text
from app.errors import Fault, Forbidden, InvalidParameter, NotFound
from app.queries import listings
from app.queries.audit import CHANGES, ENTRIES, ENTRIES_BY_SUBJECT, details_of, read_change
from app.queries.columns import Row
from app.queries.editions import Reading
from app.queries.listings import Filter, Listing, Question
from app.queries.organisations import ORGANISATIONS
from app.queries.webhooks import organisations_known
from app.routers.callers import Known
from app.routers.cursors import read_cursor, write_cursor
from app.routers.deps import Read, RowId, page_response
from app.routers.views import moment_of
from app.schemas.audit import AuditChangeQuery, AuditDetail, AuditPage, AuditQuery
from app.schemas.queries import Paging
from app.services.permissions import Caller, Role

router = APIRouter(prefix="/v1", tags=["audit"])
_OF_NONE = ""
"""The chain of what concerns no organisation in particular."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONDON = ZoneInfo("Europe/London")


@router.get("/audit", response_model=AuditPage)
async def list_audit(
    query: Annotated[AuditQuery, Query()], request: Request, who: Known, read: Read
) -> Response:
    """What was done in the organisations that the caller administers, the newest first."""
    return await read(_page, query, request, who)


@router.get("/audit/{id}", response_model=AuditDetail)
async def get_audit_entry(
    row_id: RowId, query: Annotated[AuditChangeQuery, Query()], request: Request, who: Known, read: Read
) -> Response:
    """One thing that was done, with what each fact said before and says after."""
    return await read(_entry, row_id, query, request, who)


def _page(reading: Reading, query: AuditQuery, request: Request, who: Caller) -> Response:
    listing = ENTRIES if query.subject is None else ENTRIES_BY_SUBJECT
    filters = (*_filters(query), Filter("organisation", "in", _chains(reading, query, who)))
    items, extra = _listed(reading, listing, query, filters, query.sort)
    return page_response([_told(row) for row in items], extra, request)


def _entry(reading: Reading, row_id: int, query: AuditChangeQuery, request: Request, who: Caller) -> Response:
    row = listings.one(reading, ENTRIES, row_id)
    if not isinstance(row, dict) or row["organisation"] not in _administered(reading, who):
        raise NotFound(f"No audit row has the id {row_id}.")
    items, extra = _listed(reading, CHANGES, query, (Filter("entry", "in", (row_id,)),), "id")
    first = {"entry": _told(row), "detail": details_of(reading, row_id)}
    return page_response([read_change(item) for item in items], extra, request, first)


def _listed(
    reading: Reading, listing: Listing, query: Paging, filters: tuple[Filter, ...], sort: str
) -> tuple[list[Row], dict[str, Any]]:
    """A page; what others' rows say is not told as what may be asked for."""
    question = Question(filters, sort.removeprefix("-"), sort.startswith("-"), limit=query.limit)
    if query.cursor is not None:
        question = replace(question, after=read_cursor(listing, question, query.cursor))
    items, after = listings.page(reading, listing, question)
    cursor = None if after is None else write_cursor(listing, question, after)
    total = listings.total(reading, listing, question) if query.include_total else None
    return items, {"next_cursor": cursor, "total": total}


def _filters(query: AuditQuery) -> Iterator[Filter]:
    if query.actor:
        yield Filter("actor", "in", tuple(query.actor))
    if query.act:
        yield Filter("act", "in", tuple(query.act))
    if query.subject is not None:
        yield Filter("subject", "in", (query.subject,))
    if query.since is not None:
        yield Filter("made_at", "min", (_moment("since", query.since),))
    if query.until is not None:
        yield Filter("made_at", "max", (_moment("until", query.until),))


def _moment(parameter: str, text: str) -> str:
    """A moment as the list writes it; a day by its end or, where something starts, by its start."""
    moment = moment_of(text)
    if moment is None:
        message = "must be a day such as 2012-03-31, or an instant with its zone"
        fault = Fault("not_an_instant", message, parameter=parameter)
        raise InvalidParameter(f"{parameter} {message}.", faults=(fault,))
    if parameter == "since" and _DAY.fullmatch(text):
        moment = datetime.combine(date.fromisoformat(text), time(), _LONDON).astimezone(UTC)
    return instant_text(moment)


def _chains(reading: Reading, query: AuditQuery, who: Caller) -> tuple[str, ...]:
    """The chains that are asked for, all of them the caller's to read.

    Raises Forbidden where one is not, or none is; InvalidParameter for what the caller does not know of.
    """
    theirs = _administered(reading, who)
    if not theirs:
        raise Forbidden("This credential administers no organisation.")
    for name in query.organisation:
        if name in theirs and name != _OF_NONE:
            continue
        if listings.one(reading, ORGANISATIONS, name) is not None:
            raise Forbidden(f"This credential does not administer {name}.")
        fault = Fault("unknown_value", f"{name!r} is not known", parameter="organisation")
        raise InvalidParameter(f"organisation: {fault.message}.", faults=(fault,))
    return tuple(dict.fromkeys(query.organisation)) or theirs


def _administered(reading: Reading, who: Caller) -> tuple[str, ...]:
    """The chains of the organisations that a caller administers; who administers all has that of none."""
    theirs = [each for each in organisations_known(reading) if who.may(Role.administrator, each)]
    return (*theirs, *[_OF_NONE] * who.may(Role.administrator, None))


def _told(row: Row) -> Row:
    """An entry; what concerns no organisation in particular names none."""
    return {name: value for name, value in row.items() if name != "subject"} | {
        "organisation": row["organisation"] or None
    }
