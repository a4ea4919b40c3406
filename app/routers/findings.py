"""Findings: printed figures that do not come back, and facts that contradict one another."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.feeds.csv import csv_items
from app.queries.editions import Reading
from app.queries.exports import FINDING_FIELDS, flat_finding
from app.queries.findings import listing
from app.queries.findings.listing import FINDINGS, GROUPS
from app.queries.listings import Question
from app.routers.cursors import write_cursor
from app.routers.deps import Read, asked, conditions, grouped_by, json_response, page_response
from app.routers.exports import CsvFeed, Wanted, answer_feed
from app.schemas.findings import (
    FindingFilters,
    FindingPage,
    FindingQuery,
    FindingRowsQuery,
    FindingSummary,
    FindingSummaryQuery,
)

router = APIRouter(prefix="/v1", tags=["findings"])


@router.get("/findings", response_model=FindingPage)
async def list_findings(query: Annotated[FindingQuery, Query()], request: Request, read: Read) -> Response:
    """What does not come back from the raw facts, and what contradicts what, with reasons."""
    return await read(_page, query, request)


@router.get("/findings/summary", response_model=FindingSummary)
async def summarise_findings(query: Annotated[FindingSummaryQuery, Query()], read: Read) -> Response:
    """How many findings there are by kind, by check, or by whose they are."""
    return await read(_summarise, query, grouped_by(query.group_by, GROUPS))


@router.get("/findings.csv", response_class=CsvFeed)
async def export_findings(
    query: Annotated[FindingRowsQuery, Query()], request: Request, read: Read
) -> Response:
    """Every finding that the filters leave, as CSV; its cells of several values are texts."""
    return await answer_feed(request, read, partial(_wanted, query=query), CsvFeed)


def _wanted(reading: Reading, query: FindingRowsQuery) -> Wanted:
    rows = map(flat_finding, listing.ordered(reading, _question(reading, query, query.sort)))
    return Wanted(csv_items([field.name for field in FINDING_FIELDS], rows), query.organisation or None)


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


def _question(reading: Reading, query: FindingFilters, sort: str = "id") -> Question:
    listing.every_finding(reading)
    filters = conditions(reading, FINDINGS, query)
    return Question(filters, sort.removeprefix("-"), sort.startswith("-"))
