"""Status schemes."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.errors import NotFound
from app.queries.columns import Row
from app.queries.editions import Premises, Reading
from app.queries.flips import FLIPS, flip_counts
from app.queries.listings import Question
from app.queries.schemes import SCHEMES, clauses_of, directions_of, scheme_named
from app.routers.deps import (
    Read,
    ReadOne,
    RowId,
    conditions,
    json_response,
    page_response,
    read_one,
    read_page,
    tagged,
)
from app.routers.exports import CsvFeed, Wanted, answer_feed, csv_of_list, export_list
from app.rules import linting
from app.rules.escalation import ESCALATION
from app.rules.judging import Clause
from app.rules.linting import Lint
from app.rules.schemes import ACTIONS
from app.schemas.schemes import FlipFilters, FlipPage, FlipQuery, LintList, SchemeOut, SchemePage, SchemeQuery

router = APIRouter(prefix="/v1", tags=["schemes"])


@router.get("/schemes", response_model=SchemePage)
async def list_schemes(query: Annotated[SchemeQuery, Query()], request: Request, read: Read) -> Response:
    """How councils turn outturn and target into a status."""
    return await read(_schemes, query, request)


export_list(router, SCHEMES, SchemeQuery)


def _schemes(reading: Reading, query: SchemeQuery, request: Request) -> Response:
    items, extra = read_page(reading, SCHEMES, query)
    _add_words(reading, items)
    return page_response(items, extra, request)


@router.get("/schemes/{id}", response_model=SchemeOut)
async def get_scheme(row_id: RowId, read: ReadOne) -> Response:
    """One scheme, with its clauses in the order in which they are tried."""
    return await read(_scheme, row_id)


def _scheme(reading: Reading, row_id: int) -> Response:
    scheme = read_one(reading, SCHEMES, row_id)
    _add_words(reading, [scheme])
    return tagged(json_response(scheme), reading, SCHEMES, row_id)


@router.get("/schemes/{id}/flips", response_model=FlipPage)
async def list_flips(
    row_id: RowId, query: Annotated[FlipQuery, Query()], request: Request, read: Read
) -> Response:
    """Which observations change status under this scheme, from what to what; counts first."""
    return await read(_flips, row_id, query, request)


def _flips(reading: Reading, row_id: int, query: FlipQuery, request: Request) -> Response:
    reading = _tried(reading, row_id, query)
    items, extra = read_page(reading, FLIPS, query)
    first = query.cursor is None
    counts = flip_counts(reading, Question(conditions(reading, FLIPS, query))) if first else None
    return page_response(items, extra, request, {"counts": counts})


@router.get("/schemes/{id}/flips.csv", response_class=CsvFeed)
async def export_flips(
    row_id: RowId, query: Annotated[FlipFilters, Query()], request: Request, read: Read
) -> Response:
    """The same as CSV, all of them by id; streamed, however many they are."""

    def wanted(reading: Reading) -> Wanted:
        tried = _tried(reading, row_id, query)
        return csv_of_list(tried, FLIPS, Question(conditions(tried, FLIPS, query)))

    return await answer_feed(request, read, wanted, CsvFeed)


@router.get("/schemes/{id}/lint", response_model=LintList)
async def lint_scheme(row_id: RowId, read: ReadOne) -> Response:
    """What is wrong with a scheme, each fault with an example that shows it."""
    return await read(_linted, row_id)


def _linted(reading: Reading, row_id: int) -> Response:
    scheme = read_one(reading, SCHEMES, row_id)
    clauses = [
        Clause(row["condition"], row["code"], row["label"]) for row in clauses_of(reading, [row_id])[row_id]
    ]
    if scheme["measure_set"] == ESCALATION:
        return json_response({"items": []})
    lints = linting.lint_scheme(clauses, actions=scheme["measure_set"] == ACTIONS)
    return json_response({"items": [_lint(lint, clauses) for lint in lints]})


def _lint(lint: Lint, clauses: list[Clause]) -> Row:
    return {
        "kind": lint.kind,
        "refused": lint.refused,
        "position": None if lint.place is None else lint.place + 1,
        "condition": None if lint.place is None else clauses[lint.place].condition,
        "message": lint.message,
        "example": [{"name": name, "value": value} for name, value in lint.facts()],
    }


def _tried(reading: Reading, row_id: int, query: FlipFilters) -> Reading:
    """A reading under a scheme, beside another.

    Raises NotFound for a scheme that no release holds, or that judges something else than observations.
    """
    if read_one(reading, SCHEMES, row_id)["measure_set"] in {ACTIONS, ESCALATION}:
        raise NotFound("This scheme judges no observations.")
    scheme = scheme_named(reading, str(row_id), actions=False)
    against = None
    if query.against is not None:
        against = scheme_named(reading, query.against, actions=False, parameter="against")
    return reading.supposing(Premises(scheme, query.baseline, against))


def _add_words(reading: Reading, schemes: list[Row]) -> None:
    ids = [scheme["id"] for scheme in schemes]
    clauses, directions = clauses_of(reading, ids), directions_of(reading, ids)
    for scheme in schemes:
        scheme["clauses"] = clauses[scheme["id"]]
        scheme["directions"] = directions[scheme["id"]]
