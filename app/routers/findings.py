"""Findings: printed figures that do not come back, and facts that contradict one another."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.feeds.csv import MEDIA_TYPE, Cell, csv_items
from app.queries.columns import Row
from app.queries.editions import Reading
from app.queries.findings import listing
from app.queries.findings.found import Hidden
from app.queries.findings.listing import FINDINGS, GROUPS
from app.queries.listings import Question
from app.routers.cursors import write_cursor
from app.routers.deps import Read, asked, conditions, grouped_by, json_response, page_response
from app.schemas.findings import (
    FindingFilters,
    FindingPage,
    FindingQuery,
    FindingRowsQuery,
    FindingSummary,
    FindingSummaryQuery,
)

router = APIRouter(prefix="/v1", tags=["findings"])
_COLUMNS = (
    *("id", "organisation", "release", "service", "period", "subject_kind", "subject_id", "subject", "href"),
    *("field", "place", "published", "derived", "check", "kind", "reason", "inputs", "explained_by"),
)


class CsvResponse(StreamingResponse):
    """Rows as CSV, sent as they are written."""

    media_type = MEDIA_TYPE


@router.get("/findings", response_model=FindingPage)
async def list_findings(query: Annotated[FindingQuery, Query()], request: Request, read: Read) -> Response:
    """What does not come back from the raw facts, and what contradicts what, with reasons."""
    return await read(_page, query, request)


@router.get("/findings/summary", response_model=FindingSummary)
async def summarise_findings(query: Annotated[FindingSummaryQuery, Query()], read: Read) -> Response:
    """How many findings there are by kind, by check, or by whose they are."""
    return await read(_summarise, query, grouped_by(query.group_by, GROUPS))


@router.get("/findings.csv", response_class=CsvResponse)
async def export_findings(query: Annotated[FindingRowsQuery, Query()], read: Read) -> CsvResponse:
    """Every finding that the filters leave, as CSV; its cells of several values are texts."""
    rows = await read(_ordered, query)
    return CsvResponse(csv_items(_COLUMNS, _flat(rows)))


def _page(reading: Reading, query: FindingQuery, request: Request) -> Response:
    listing.every_finding(reading)
    question = asked(reading, FINDINGS, query)
    items, after = listing.page(reading, question)
    total = listing.total(reading, question) if query.include_total else None
    cursor = None if after is None else write_cursor(FINDINGS, question, after)
    return page_response(items, {"next_cursor": cursor, "total": total}, request)


def _summarise(reading: Reading, query: FindingFilters, groups: tuple[str, ...]) -> Response:
    rows = listing.counts(reading, _question(reading, query), groups)
    return json_response({"items": rows, "total": sum(row["count"] for row in rows)})


def _ordered(reading: Reading, query: FindingRowsQuery) -> list[Row]:
    return listing.ordered(reading, _question(reading, query, query.sort))


def _question(reading: Reading, query: FindingFilters, sort: str = "id") -> Question:
    listing.every_finding(reading)
    filters = conditions(reading, FINDINGS, query)
    return Question(filters, sort.removeprefix("-"), sort.startswith("-"))


def _flat(rows: list[Row]) -> Iterator[dict[str, Cell]]:
    """Findings with one cell for each column."""
    for row in rows:
        about = row["subject"]
        yield row | {
            "subject_kind": about["kind"],
            "subject_id": about["id"],
            "subject": about["key"],
            "href": about["href"],
            "inputs": "; ".join(f"{each['name']} = {each['value']}" for each in row["inputs"]),
            "explained_by": "; ".join(
                f"{each['input']} in {Hidden(**each).interval}" for each in row["explained_by"]
            ),
        }
