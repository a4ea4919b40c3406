"""Releases on the wire."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.entities.revisions import BEYOND_IDS
from app.queries.releases import PROPOSALS, RELEASES
from app.schemas.queries import Order, Paging, Periods, Words
from app.schemas.wire import DateText, Page, Wire, example
from app.schemas.writes.fields import Day, Name, Period, Text

Instant = Annotated[
    str,
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2011-11-03T09:00:00.000000Z"]}),
]
"""A moment as RFC 3339 writes it, in UTC."""


def _moment(value: object) -> datetime:
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        with suppress(ValueError, OverflowError):
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
    raise PydanticCustomError("not_an_instant", "must be an instant such as 2027-02-03T09:00:00Z")


_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2027-02-03T09:00:00Z"]}),
]
"""A moment that a body states, with its zone."""


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
        findings="/v1/findings?organisation=barnet&as_of=2011-11-03T09:00:00.000000Z",
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
    """Where the findings about the organisation's figures are, as they were when it came out."""


class ReleasePage(Page):
    """A page of releases."""

    items: list[ReleaseOut]
    """The releases."""


class ReleaseIn(BaseModel):
    """What is to be made public: an organisation's drafts, or those of one service's period."""

    model_config = ConfigDict(
        **example(
            organisation="barnet",
            note="Quarter 3 2011/12 report of the Chief Executive's Service",
            period="2011-12-q3",
            as_of="2011-12-31",
            publish_at="2027-02-03T09:00:00Z",
        ),
        extra="forbid",
        use_attribute_docstrings=True,
    )

    organisation: Name
    """The id of the organisation."""
    note: Text
    """What the release says of itself: what it is, and of a correction what it puts right and why."""
    period: Period | None = None
    """The period that it reports; with a service, the one that it is of."""
    as_of: Day | None = None
    """The date that it speaks of."""
    service: Name | None = None
    """The slug of a service: only what is new of it and those below it in the period is published."""
    publish_at: Moment | None = None
    """When it comes into force; at once unless a moment to come is given."""
    corrects: Annotated[int, Field(strict=True, ge=1, lt=BEYOND_IDS)] | None = None
    """The id of the release that it puts right."""


class ProposalOut(Wire):
    """A release that somebody else has to approve."""

    model_config = example(
        id=1,
        organisation="barnet",
        service=None,
        period="2011-12-q3",
        as_of="2011-12-31",
        note="Quarter 3 2011/12 report of the Chief Executive's Service",
        publish_at=None,
        corrects=None,
        made_by="key:ab12cd34",
        made_at="2012-02-01T10:00:00.000000Z",
        ended_by=None,
        ended_at=None,
        release=None,
    )

    id: int
    """The proposal's id."""
    organisation: str
    """The organisation whose drafts are to be published."""
    service: str | None
    """The slug of the service that it is of; null where it is of the whole organisation."""
    period: str | None
    """The period that it reports."""
    as_of: DateText | None
    """The date that it speaks of."""
    note: str
    """What the release is to say of itself."""
    publish_at: Instant | None
    """When it is to come into force; null for at once."""
    corrects: int | None
    """The id of the release that it puts right."""
    made_by: str
    """Who proposed it."""
    made_at: Instant
    """When it was proposed."""
    ended_by: str | None
    """Who approved or withdrew it."""
    ended_at: Instant | None
    """When that was."""
    release: int | None
    """The id of the release that came of it; null while it waits, or where it was withdrawn."""


class ProposalQuery(Paging):
    """What the list of proposals may be asked."""

    organisation: Annotated[Words, Field(min_length=1)]
    """The organisation whose proposals are listed; repeat for more than one."""
    sort: Annotated[str, Order(PROPOSALS)] = "id"
    """The column to sort by."""


class ProposalPage(Page):
    """A page of proposals."""

    items: list[ProposalOut]
    """The proposals."""
