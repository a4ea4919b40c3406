"""Money, actions, risks and posts of a scorecard, on the wire."""

from typing import Annotated

from pydantic import Field

from app.rules.vocabulary import BudgetStatus
from app.schemas.scorecards.measures import StatusCount
from app.schemas.wire import DecimalText, Wire, example

_TABLE = "organisation=barnet&service=chief-executives-service&period=2011-12-q2"


class MoneyOut(Wire):
    """Amounts in pounds, and what follows from them."""

    original_budget: DecimalText | None
    """The budget at the start of the year."""
    approved_budget: DecimalText | None
    """A capital budget as last approved."""
    additions: DecimalText | None
    """Additions to a capital budget, or deletions where negative."""
    slippage: DecimalText | None
    """Capital spending brought forward, or slipped where negative."""
    revised_budget: DecimalText | None
    """The budget now."""
    forecast: DecimalText | None
    """What the year is expected to cost."""
    variation: DecimalText | None
    """Pounds by which the year is heading over its budget; an underspend is negative."""
    variation_percent: DecimalText | None
    """A revenue variation as a percentage of the revised budget, to one place."""
    slippage_percent: DecimalText | None
    """Slippage as a percentage of the approved budget, to no places."""
    status: BudgetStatus
    """Over, on or under budget."""


class BudgetLineLink(MoneyOut):
    """A line that a total adds up."""

    model_config = example(
        id=100,
        description="Library Services",
        original_budget="5738000.00",
        revised_budget="5738000.00",
        forecast="5796000.00",
        variation="58000.00",
        variation_percent="1.0",
        status="overspend",
        comment="Set aside for winter maintenance; stock and temporary staff budgets may offset it",
        href="/v1/budget-variances/100",
        explain="/v1/budget-variances/100/explain",
    )

    id: int
    """The line's lasting id."""
    description: str
    """What the line is for."""
    comment: str | None
    """Why it varies."""
    href: str
    """Where it is."""
    explain: str
    """Where it is explained."""


class BudgetOut(MoneyOut):
    """A revenue or capital table: its lines added up, and the lines."""

    model_config = example(
        currency="GBP",
        original_budget="10558000.00",
        revised_budget="11299000.00",
        forecast="11316000.00",
        variation="17000.00",
        variation_percent="0.2",
        status="overspend",
        href=f"/v1/budget-variances/totals?{_TABLE}&kind=revenue",
        lines=[],
    )

    currency: str
    """The currency of every amount: GBP."""
    href: str
    """Where the total is listed."""
    lines: list[BudgetLineLink]
    """The lines, in the order of the report."""


class ActionCounts(Wire):
    """The actions that stand under the period, by status."""

    total: Annotated[int, Field(examples=[12])]
    """How many there are."""
    statuses: list[StatusCount]
    """How many have each word for a status."""


class InitiativeLink(Wire):
    """An initiative, as the council states it."""

    model_config = example(
        id=150,
        title="Launch the Tell Us Once Service (TUO)",
        priority="Better services with less money",
        status="Work initiated/ mostly achieved",
        href="/v1/initiatives/150",
    )

    id: int
    """The initiative's lasting id."""
    title: str
    """What it is."""
    priority: str | None
    """The corporate priority that it serves."""
    status: str | None
    """Its status in the council's words."""
    href: str
    """Where it is."""


class ProjectLink(Wire):
    """A project, as the council states it."""

    model_config = example(
        id=350,
        title="Priorities and Spending Review",
        status="Green",
        direction=None,
        href="/v1/projects/350",
    )

    id: int
    """The project's lasting id."""
    title: str
    """What it is."""
    status: str | None
    """Its status in the council's words."""
    direction: str | None
    """Which way it goes, in the council's words."""
    href: str
    """Where it is."""


class HeatMapCount(Wire):
    """The risks of one impact and probability."""

    model_config = example(
        impact=4,
        impact_label="Major",
        probability=3,
        probability_label="Possible",
        rating=12,
        band="Medium High",
        registered=3,
        published=3,
    )

    impact: int
    """The impact, from 1."""
    impact_label: str | None
    """The council's word for it."""
    probability: int
    """The probability, from 1."""
    probability_label: str | None
    """The council's word for it."""
    rating: int
    """Impact times probability."""
    band: str | None
    """The council's word for the rating."""
    registered: int
    """How many risks the register has there."""
    published: int | None
    """How many the report prints there; null where it prints no heat map."""


class HeatMapOut(Wire):
    """Where the risks stand that are rated at least so high."""

    rating_min: Annotated[int, Field(examples=[12])]
    """The rating from which risks are counted."""
    registered: Annotated[int, Field(examples=[3])]
    """How many the register has."""
    published: Annotated[int | None, Field(examples=[3])]
    """How many the report prints; null where it prints no heat map."""
    href: Annotated[str, Field(examples=[f"/v1/risks/heat-map?{_TABLE}&rating_min=12"])]
    """Where the cells are listed."""
    cells: list[HeatMapCount]
    """The cells with a risk in the register or a count in print, by impact and probability."""


class RiskCounts(Wire):
    """The risks of the period."""

    total: Annotated[int, Field(examples=[3])]
    """How many the register has, whatever their rating."""
    heat_map: HeatMapOut
    """Where they stand."""


class EstablishmentLink(Wire):
    """Posts that exist and posts that are filled, in full-time equivalents."""

    model_config = example(
        id=160,
        establishment_total="235.00",
        occupancy_total="230.00",
        occupancy_variance="-5.00",
        href="/v1/workforce-establishment/160",
        explain="/v1/workforce-establishment/160/explain",
    )

    id: int
    """The table's lasting id."""
    establishment_total: DecimalText | None
    """Posts that exist."""
    occupancy_total: DecimalText | None
    """Posts that are filled."""
    occupancy_variance: DecimalText | None
    """Occupancy less establishment; negative where posts stand empty."""
    href: str
    """Where it is."""
    explain: str
    """Where it is explained."""


class ProfileLink(Wire):
    """One dimension of a workforce profile: how many staff it divides."""

    model_config = example(
        dimension="gender",
        base="160.00",
        href="/v1/workforce-profiles?organisation=bath-and-north-east-somerset"
        "&service=customers&period=2004-05&dimension=gender",
    )

    dimension: str
    """What the staff are told apart by."""
    base: DecimalText | None
    """How many staff the profile is over, as the report states it."""
    href: str
    """Where its categories are listed."""


class WorkforceOut(Wire):
    """The headline figures of the workforce."""

    establishment: list[EstablishmentLink]
    """Posts that exist and are filled."""
    profiles: list[ProfileLink]
    """The dimensions of its profile."""
