"""Digests: what went wrong in a period by portfolio, for the members who answer for it, and as a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response

from app.errors import NotFound
from app.feeds.atom import MEDIA_TYPE, Entry, Item, atom
from app.feeds.datasets import LICENCE
from app.queries.digests import DIGESTS, NEWEST, digest, newest_digest, newest_digests, published_by_period
from app.routers.deps import Read, answer_page, check_known, json_response
from app.routers.exports import export_list
from app.rules.periods import MalformedPeriodError, parse_period
from app.schemas.digests import DigestOut, DigestPage, DigestsQuery, FeedQuery
from app.schemas.queries import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.settings import Settings

router = APIRouter(prefix="/v1", tags=["digests"])

Organisation = Annotated[str, Path(description="The organisation's id.", examples=["barnet"])]
Period = Annotated[
    str,
    Path(
        description="The period's id, or its label as 2011/12 Q2; `latest` for the newest that is reported.",
        examples=["2011-12-q2"],
    ),
]
_LINKS = frozenset({"href", "explain"})
_SECTIONS = {
    "missed": "Missed",
    "became_missed": "Became missed",
    "recovered": "Recovered",
    "overspends": "Over budget",
    "high_risks": "High risks",
    "overdue_actions": "Overdue actions",
}


@router.get("/digests", response_model=DigestPage)
async def list_digests(query: Annotated[DigestsQuery, Query()], request: Request, read: Read) -> Response:
    """The organisations and periods that have a digest."""
    return await read(answer_page, DIGESTS, query, request)


export_list(router, DIGESTS, DigestsQuery)


@router.get(
    "/digests.atom",
    response_class=Response,
    responses={200: {"description": "The feed.", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
async def get_digests_feed(query: Annotated[FeedQuery, Query()], request: Request, read: Read) -> Response:
    """What went wrong, as a feed: an entry for each portfolio and period, the newest periods first."""
    chosen: Settings = request.app.state.settings
    return await read(_feed, query, chosen.public_url or "")


@router.get("/digests/{organisation}/{period:path}", response_model=DigestOut)
async def get_digest(
    organisation: Organisation, period: Period, query: Annotated[Asked, Query()], read: Read
) -> Response:
    """What went wrong in a period of an organisation, portfolio by portfolio."""
    return await read(_digest, organisation, period, query)


def _digest(reading: Reading, organisation: str, period: str, query: Asked) -> Response:
    try:
        if period == NEWEST:
            found = newest_digest(reading, organisation)
        else:
            found = digest(reading, organisation, parse_period(period).id)
    except MalformedPeriodError:
        found = None
    if found is None:
        raise NotFound("Nothing is reported there.")
    view = urlencode(query.model_dump(exclude_defaults=True))
    return json_response(_viewed(found, f"?{view}") if view else found)


def _viewed(part: Any, view: str) -> Any:  # noqa: ANN401 - any JSON value
    """A part of an answer, its links leading to what is read in the same view."""
    if isinstance(part, list):
        return [_viewed(each, view) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        name: f"{value}{view}" if name in _LINKS else _viewed(value, view) for name, value in part.items()
    }


def _feed(reading: Reading, query: FeedQuery, base: str) -> Response:
    if query.organisation:
        check_known(reading, DIGESTS, "organisation", query.organisation)
    named = list(dict.fromkeys(query.organisation))
    newest = newest_digests(reading, named, query.limit)
    published = published_by_period(reading, {found["organisation"]["id"] for found in newest})
    entries = [
        entry
        for found in newest
        for entry in _entries(found, published[found["organisation"]["id"], found["period"]["id"]], base)
    ]
    asked = urlencode([("organisation", name) for name in named])
    href = f"{base}/v1/digests.atom{f'?{asked}' if asked else ''}"
    name = " ".join(["digests", *sorted(named)])
    return Response(atom(name, "Performance by portfolio", href, LICENCE, entries), media_type=MEDIA_TYPE)


def _entries(found: Row, updated: str, base: str) -> Iterator[Entry]:
    period = found["period"]
    for portfolio in found["portfolios"]:
        told = [(heading, portfolio[name]) for name, heading in _SECTIONS.items() if portfolio[name]]
        counts = ", ".join(f"{heading}: {len(rows)}" for heading, rows in told)
        yield Entry(
            name=portfolio["id"],
            title=f"{found['organisation']['name']}: {portfolio['service']['name']}, {period['label']}",
            author=found["organisation"]["name"],
            updated=updated,
            href=f"{base}{found['href']}",
            summary=counts or "Nothing missed, over budget or overdue",
            sections=[(heading, [_item(row, base) for row in rows]) for heading, rows in told],
        )


def _item(row: Row, base: str) -> Item:
    """A row in a line: what it is, its figure, and the council's word for where it stands."""
    parts = [row.get("title") or row["description"]]
    if "outturn" in row:
        parts.append(f"{row['outturn']} against {_short(row['target'])}" if row["target"] else row["outturn"])
    elif "rating" in row:
        parts.append(str(row["rating"]))
    elif "variation" in row:
        parts.append(f"{_short(row['variation'])} over")
    else:
        parts.append(row["due_date"])
    parts.append(row.get("status_label") or row.get("band"))
    return Item(", ".join(part for part in parts if part), f"{base}{row['explain']}")


def _short(decimal: str) -> str:
    """A decimal without zeros at its end."""
    return decimal.rstrip("0").rstrip(".") if "." in decimal else decimal
