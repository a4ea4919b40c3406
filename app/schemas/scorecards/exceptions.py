"""What went wrong, on the wire."""

from app.rules.vocabulary import BudgetKind, Movement
from app.schemas.scorecards.measures import MeasureOut
from app.schemas.wire import DateText, DecimalText, Wire, example


class OverdueAction(Wire):
    """An action that was due before the date of its report."""

    model_config = example(
        id=400,
        code="FP1922_02",
        title="Implement web based Financial Management Software",
        due_date="2019-06-30",
        progress="90.00",
        status="overdue",
        status_label="Overdue",
        status_colour="red",
        href="/v1/actions/400",
        explain="/v1/actions/400/explain",
    )

    id: int
    """The action's lasting id."""
    code: str | None
    """Its code as printed."""
    title: str
    """What is to be done."""
    due_date: DateText | None
    """When it was due."""
    progress: DecimalText | None
    """How far it is, from 0 to 100."""
    status: str
    """Its status: overdue."""
    status_label: str | None
    """The council's word for it."""
    status_colour: str | None
    """The council's colour for it."""
    href: str
    """Where it is."""
    explain: str
    """Where it is explained."""


class HighRisk(Wire):
    """A risk in the top band of its matrix."""

    model_config = example(
        id=300,
        code="ST0072",
        title="Failing PSN compliance cuts off secure mail and DWP access",
        rating=20,
        band="High",
        target_rating=8,
        target_band="Medium High",
        movement="new",
        href="/v1/risks/300",
        explain="/v1/risks/300/explain",
    )

    id: int
    """The assessment's lasting id."""
    code: str
    """The risk's code."""
    title: str
    """What could go wrong."""
    rating: int
    """Impact times probability."""
    band: str
    """The council's word for that rating."""
    target_rating: int | None
    """The rating that it should come to."""
    target_band: str | None
    """The council's word for that one."""
    movement: Movement | None
    """Which way the rating went since the period before."""
    href: str
    """Where it is, with its controls."""
    explain: str
    """Where it is explained."""


class Overspend(Wire):
    """A budget line over its budget."""

    model_config = example(
        id=100,
        kind="revenue",
        description="Library Services",
        variation="58000.00",
        variation_percent="1.0",
        comment="Set aside for winter maintenance; stock and temporary staff budgets may offset it",
        href="/v1/budget-variances/100",
        explain="/v1/budget-variances/100/explain",
    )

    id: int
    """The line's lasting id."""
    kind: BudgetKind
    """Revenue or capital."""
    description: str
    """What the line is for."""
    variation: DecimalText
    """Pounds over budget."""
    variation_percent: DecimalText | None
    """The same as a percentage of a revised revenue budget."""
    comment: str | None
    """Why it varies."""
    href: str
    """Where it is."""
    explain: str
    """Where it is explained."""


class ExceptionsOut(Wire):
    """What went wrong, in the order in which a director reads it; ties keep the order of the report."""

    missed: list[MeasureOut]
    """Targets missed, the furthest below in percent of the target first, those without a percentage last."""
    worsened: list[MeasureOut]
    """Measures that got worse, by percent of their baseline the most first, those without one last."""
    overdue_actions: list[OverdueAction]
    """Actions overdue, the longest first."""
    high_risks: list[HighRisk]
    """Risks in the top band of their matrix, the highest rating first."""
    overspends: list[Overspend]
    """Budget lines over budget, the most pounds first."""
