"""Releases on the wire."""

from typing import Annotated

from pydantic import WithJsonSchema

from app.queries.releases import RELEASES
from app.schemas.queries import Order, Paging, Periods, Words
from app.schemas.wire import DateText, Page, Wire, example

Instant = Annotated[
    str,
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2011-11-03T09:00:00.000000Z"]}),
]
"""A moment as RFC 3339 writes it, in UTC."""


class ReleaseQuery(Paging):
    """What the list of releases may be asked."""

    organisation: Words = []
    """Only releases of this organisation, such as `barnet`; repeat for more than one."""
    period: Periods = []
    """Only releases that report this period, by id or label; repeat for more than one."""
    sort: Annotated[str, Order(RELEASES)] = "id"
    """The column to sort by."""


class ReleaseOut(Wire):
    """An organisation's facts made public; a release is never changed, and a later one may correct it."""

    model_config = example(
        id=1,
        organisation="barnet",
        service=None,
        period="2011-12-q2",
        as_of="2011-09-30",
        published_at="2011-11-03T09:00:00.000000Z",
        note="Quarter 2 2011/12 report of the Chief Executive's Service",
        corrects=None,
        findings="/v1/findings?organisation=barnet",
    )

    id: int
    """The release's id."""
    organisation: str
    """The organisation whose facts it made public."""
    service: str | None
    """The slug of the service that it is of; null where it is of the whole organisation."""
    period: str | None
    """The period that it reports."""
    as_of: DateText | None
    """The date that it speaks of."""
    published_at: Instant
    """When it came into force."""
    note: str
    """What it says of itself."""
    corrects: int | None
    """The id of the release that it puts right; null where it corrects none."""
    findings: str
    """Where the findings about the organisation's figures are."""


class ReleasePage(Page):
    """A page of releases."""

    items: list[ReleaseOut]
    """The releases."""
