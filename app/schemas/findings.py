"""Findings on the wire: what does not come back from the raw facts, what contradicts what, and why."""

from typing import Annotated

from pydantic import Field

from app.queries.findings.found import Check
from app.queries.findings.listing import FINDINGS
from app.rules.vocabulary import FindingKind
from app.schemas.queries import OfPeriods, Order, Paging, Words
from app.schemas.wire import DecimalText, Disclosed, Page, Wire, example


class FindingFilters(OfPeriods):
    """Which findings."""

    kind: list[FindingKind] = []
    """Only findings of this kind; repeat for more than one."""
    field: Words = []
    """Only findings about this field; repeat for more than one."""
    check: list[Check] = []
    """Only what this check found; repeat for more than one."""


class FindingQuery(FindingFilters, Paging):
    """What the list of findings may be asked."""

    sort: Annotated[str, Order(FINDINGS)] = "id"
    """The column to sort by."""


class FindingRowsQuery(FindingFilters):
    """What the findings as CSV may be asked; they come all at once."""

    sort: Annotated[str, Order(FINDINGS)] = "id"
    """The column to sort by."""


class FindingSubject(Wire):
    """What a finding is about."""

    model_config = example(
        kind="observation",
        id=123,
        key="3003/chief-executives-service/2011-12-q2",
        href="/v1/observations/123",
    )

    kind: str
    """The kind of fact, such as `observation`, `action` or `heat_map_cell`."""
    id: int | None
    """The fact's lasting id; null where it is several facts together."""
    key: str
    """What names it in the report's data."""
    href: str | None
    """The address of the row, where it has one."""


class FindingInput(Wire):
    """An operand that a finding rests on."""

    model_config = example(name="outturn", value="3.5")

    name: str
    """The operand."""
    value: str
    """Its value, as text; a number without an end is given to six places."""


class HiddenValues(Wire):
    """What a printed input may have been before it was rounded, that explains the printed figure."""

    model_config = example(
        input="previous",
        shown="6.4",
        low="6.369427",
        low_included=True,
        high="6.381039",
        high_included=True,
        alone=True,
        exact=True,
        example="6.37",
    )

    input: str
    """The input."""
    shown: DecimalText
    """The input as printed."""
    low: DecimalText
    """The least such value; one without an end gives way to the next above it, of six places or more."""
    low_included: bool
    """Whether `low` itself explains the figure."""
    high: DecimalText
    """The greatest such value; one without an end gives way to the next below it, of six places or more."""
    high_included: bool
    """Whether `high` itself explains the figure."""
    alone: bool
    """Whether every value of the interval explains the figure, the other inputs as printed; if not, the
    interval is all that the input can hide, and `example` explains it with the other examples."""
    exact: bool
    """Whether the interval is all that explains it; if not, it was searched in 4,096ths of what is hidden."""
    example: DecimalText | None
    """One such value, with as few decimals as there may be."""


class FindingOut(Wire):
    """A printed figure that does not come back from the raw facts, or facts that contradict one another."""

    model_config = example(
        id="barnet/heat_map/commissioning-group/2013-14-q2/5/4",
        organisation="barnet",
        release=2,
        service="commissioning-group",
        period="2013-14-q2",
        subject={
            "kind": "heat_map_cell",
            "id": 401,
            "key": "commissioning-group Catastrophic x Likely",
            "href": None,
        },
        field="heat_map",
        place="heat map",
        published="1",
        derived="0",
        check="heat_map",
        kind="inconsistent",
        reason="heat map and register disagree: the register has no risk rated 20 there",
        state="reported",
        inputs=[
            {"name": "impact", "value": "5"},
            {"name": "probability", "value": "4"},
            {"name": "rating", "value": "20"},
            {"name": "registered", "value": "0"},
            {"name": "least_rating_registered", "value": "12"},
        ],
        explained_by=[],
    )

    id: str
    """Organisation, check and the fact that states it."""
    organisation: str
    """The organisation that reports it."""
    release: int | None
    """The release that first published it; null of a draft."""
    service: str | None
    """The slug of the service."""
    period: str | None
    """The reporting period."""
    subject: FindingSubject
    """What it is about."""
    field: str
    """The field of the subject."""
    place: str
    """Where the report prints it."""
    published: str | None
    """What the report prints, as text; null where it prints nothing."""
    derived: str | None
    """What follows from the raw facts; null where nothing does."""
    check: Check
    """What found it."""
    kind: FindingKind
    """What sort of difference it is."""
    reason: str
    """Why the two differ."""
    state: Disclosed
    """Whether what it found is withheld, since it follows from counts of people."""
    inputs: list[FindingInput]
    """The operands that the derived value rests on."""
    explained_by: list[HiddenValues]
    """For `input_rounding`: the hidden values of printed inputs that explain the figure."""


class FindingPage(Page):
    """A page of findings."""

    items: list[FindingOut]
    """The findings."""


class FindingSummaryQuery(FindingFilters):
    """What a count of findings may be asked."""

    group_by: str = "kind"
    """Columns to count by, separated by commas: `organisation`, `service`, `period`, `kind`, `check`,
    `field`."""


class FindingCount(Wire):
    """How many findings fall together; the columns that were not asked for are null."""

    model_config = example(
        organisation="thurrock",
        service=None,
        period=None,
        kind="published_error",
        check="direction_baseline",
        field=None,
        count=3,
    )

    organisation: str | None
    """The organisation."""
    service: str | None
    """The slug of the service."""
    period: str | None
    """The reporting period."""
    kind: FindingKind | None
    """What sort of difference it is."""
    check: Check | None
    """What found them."""
    field: str | None
    """The field."""
    count: int
    """How many findings."""


class FindingSummary(Wire):
    """Counts of findings."""

    items: list[FindingCount]
    """The counts, in the order of the columns asked for."""
    total: Annotated[int, Field(examples=[3])]
    """How many findings were counted."""
