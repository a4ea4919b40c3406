"""What changed between two releases, on the wire: cell by cell, and in the statuses that follow."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from app.queries.changes.kinds import KINDS
from app.queries.transitions import Turn
from app.rules.vocabulary import Status
from app.schemas.queries import OfPeriods, Paging, Words
from app.schemas.releases import Instant
from app.schemas.wire import Page, Wire, example

ChangeMade = TypeAliasType(
    "ChangeMade",
    Annotated[Literal["added", "changed", "retired"], Field(description="What became of a fact.")],
)
FactKind = StrEnum("FactKind", {name: name for name in KINDS})  # type: ignore[misc]  # the kinds are not written twice
"""What sort of fact it is: the name that the audit has for it."""
End = Annotated[
    str | None,
    Field(min_length=1, max_length=40, examples=["7", "2012-03-31", "2012-03-31T09:00:00Z"]),
]


class Between(OfPeriods):
    """Between which two states, and whose."""

    since: Annotated[End, Field(alias="from")] = None
    """What it is held against: a release by its id, or what was public at a moment, or at the end of a day in
    London. Without it, what the release before had made public; of drafts, what is public."""
    until: Annotated[End, Field(alias="to")] = None
    """What is held against that, in the same words; without it, what there is now."""
    indicator_key: Words = []
    """Only rows of the measure with this key; repeat for more than one."""


class ChangeFilters(Between):
    """What the cells that changed may be asked for."""

    kind: Annotated[list[FactKind], Field(max_length=30)] = []
    """Only facts of this kind; repeat for more than one."""


class ChangeQuery(ChangeFilters, Paging):
    """What the list of cells that changed may be asked."""


class StatusChangeFilters(Between):
    """What the statuses that changed may be asked for."""

    transition: Annotated[list[Turn], Field(max_length=10)] = []
    """Only what became missed, what recovered, or what changed otherwise; repeat for more than one."""


class StatusChangeQuery(StatusChangeFilters, Paging):
    """What the list of statuses that changed may be asked."""


class ChangeOut(Wire):
    """One cell: a field of a fact that says something else than before."""

    model_config = example(
        organisation="barnet",
        kind="observation",
        id=122,
        href="/v1/observations/122",
        key="3002/customer-services/2011-12-q2",
        title="% of calls answered",
        service="customer-services",
        period="2011-12-q2",
        indicator_key="3002",
        change="changed",
        field="numerator",
        old="159488.00",
        new="160012.00",
        release=7,
        reason="Recount of the second quarter",
        published_at="2011-11-17T09:00:00.000000Z",
    )

    organisation: str
    """Whose fact it is."""
    kind: FactKind
    """What sort of fact it is."""
    id: int
    """The fact's lasting id."""
    href: str | None
    """Where it is read; null for a risk apart from its assessments, and for what is retired."""
    key: str
    """Its natural key."""
    title: str | None
    """Its title, or that of the measure or the risk that it is about, if there is one."""
    service: str | None
    """The slug of the service that it belongs to, if it belongs to one."""
    period: str | None
    """The period that it is of, if it is of one."""
    indicator_key: str | None
    """The key of the measure that it is about, if it is about one."""
    change: ChangeMade
    """Whether the fact is new, says something else, or is no more."""
    field: str
    """The field, as it is called where the fact is written."""
    old: str | int | bool | None
    """What it said before: decimals and days as text, other facts by their natural keys; null for nothing."""
    new: str | int | bool | None
    """What it says after."""
    release: int | None
    """The release that brought it; null for a draft."""
    reason: str | None
    """What that release says of itself; of a draft, why it was made."""
    published_at: Instant | None
    """When that release came into force; null for a draft."""


class ChangePage(Page):
    """A page of cells that changed, by organisation, kind of fact, id and field."""

    items: list[ChangeOut]
    """The cells."""


class StoodAt(Wire):
    """How an observation stood at one end."""

    model_config = example(
        id=122,
        period="2011-12-q2",
        status="missed",
        status_label="Red",
        scheme="barnet-corporate-plan",
        explain="/v1/observations/122/explain?as_of=2011-11-17T09:00:00.000000Z",
    )

    id: int
    """The observation; of one that is new, the newest earlier one of its measure stands before it."""
    period: str
    """Its period."""
    status: Status
    """Its status."""
    status_label: str | None
    """What its council calls that."""
    scheme: str | None
    """The scheme that judged it."""
    explain: str
    """Where it is explained, as it stood."""


class StatusChangeOut(Wire):
    """An observation whose status is another than before."""

    model_config = example(
        organisation="barnet",
        id=122,
        indicator_id=5,
        indicator_key="3002",
        title="% of telephone calls answered within 20 seconds",
        service="chief-executives-service",
        period="2011-12-q2",
        transition="became_missed",
        before={
            "id": 122,
            "period": "2011-12-q2",
            "status": "near",
            "status_label": "Amber",
            "scheme": "barnet-corporate-plan",
            "explain": "/v1/observations/122/explain?as_of=2011-11-03T09:00:00.000000Z",
        },
        after={
            "id": 122,
            "period": "2011-12-q2",
            "status": "missed",
            "status_label": "Red",
            "scheme": "barnet-corporate-plan",
            "explain": "/v1/observations/122/explain?as_of=2011-11-17T09:00:00.000000Z",
        },
    )

    organisation: str
    """Whose it is."""
    id: int
    """The observation's lasting id."""
    indicator_id: int
    """The lasting id of its measure."""
    indicator_key: str
    """The key of its measure."""
    title: str
    """The title of its measure."""
    service: str
    """The slug of its service."""
    period: str
    """Its period."""
    transition: Turn
    """Whether it became missed, recovered from that to near or better, or changed otherwise."""
    before: StoodAt
    """What it is held against."""
    after: StoodAt
    """How it stands."""


class StatusChangePage(Page):
    """A page of statuses that changed, by organisation, measure and id."""

    items: list[StatusChangeOut]
    """The observations."""
