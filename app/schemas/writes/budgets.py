"""Budget lines as they are written, in pounds."""

from app.imports.budgets import MoneyUnit
from app.rules.vocabulary import BudgetKind
from app.schemas.wire import example
from app.schemas.writes.fields import Key, Name, Period, Pounds, Stated, Text


class BudgetLineIn(Stated):
    """A line of a revenue or capital table, as it is written; every amount is in pounds."""

    model_config = example(
        organisation="barnet",
        key="library-services",
        service="chief-executives-service",
        period="2011-12-q2",
        kind="revenue",
        description="Library Services",
        money_unit="thousand_pounds",
        original_budget="5738000",
        revised_budget="5738000",
        forecast="5796000",
        comment="Set aside for winter maintenance; stock and temporary staff budgets may offset it",
    )

    key: Key
    """Its name within the table."""
    service: Name
    """The slug of the service whose table it stands in."""
    period: Period
    """The reporting period, by id or by label."""
    kind: BudgetKind
    """Revenue or capital."""
    description: Text
    """What the line is for."""
    money_unit: MoneyUnit = MoneyUnit.pounds
    """What the document prints in, and is held against; the amounts here are in pounds all the same."""
    original_budget: Pounds | None = None
    """The budget at the start of the year; of a revenue line."""
    revised_budget: Pounds | None = None
    """The budget now; of a revenue line."""
    approved_budget: Pounds | None = None
    """The budget as last approved; of a capital line."""
    additions: Pounds | None = None
    """Additions to the budget, or deletions where negative; of a capital line."""
    slippage: Pounds | None = None
    """Spending brought forward, or slipped where negative; of a capital line."""
    forecast: Pounds | None = None
    """What the year is expected to cost."""
    comment: Text | None = None
    """Why it varies."""
