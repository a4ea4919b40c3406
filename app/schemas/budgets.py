"""Budget lines and totals on the wire."""

from typing import Annotated

from app.queries.budgets import BUDGET_TOTALS, BUDGET_VARIANCES
from app.rules.vocabulary import BudgetKind, BudgetStatus
from app.schemas.queries import Amount, OfPeriods, Order, Paging
from app.schemas.wire import DecimalText, Page, Wire, example


class BudgetFilters(OfPeriods):
    """Which budget rows: raw and derived columns alike."""

    kind: list[BudgetKind] = []
    """Only revenue, or only capital."""
    status: list[BudgetStatus] = []
    """Only rows of this status; repeat for more than one."""
    variation_min: Amount | None = None
    """Only rows whose variation is at least this, in pounds; an overspend is positive."""
    variation_max: Amount | None = None
    """Only rows whose variation is at most this, in pounds; an overspend is positive."""
    variation_percent_min: Amount | None = None
    """Only rows whose variation is at least this percentage of the revised budget."""
    variation_percent_max: Amount | None = None
    """Only rows whose variation is at most this percentage of the revised budget."""


class BudgetVarianceQuery(BudgetFilters, Paging):
    """What the list of budget lines may be asked."""

    sort: Annotated[str, Order(BUDGET_VARIANCES)] = "id"
    """The column to sort by."""


class BudgetTotalQuery(BudgetFilters, Paging):
    """What the list of budget totals may be asked."""

    sort: Annotated[str, Order(BUDGET_TOTALS)] = "id"
    """The column to sort by."""


class Budget(Wire):
    """The money of a line or of a total, in pounds, and what follows from it."""

    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service whose table it stands in."""
    period: str
    """The reporting period."""
    kind: BudgetKind
    """Revenue or capital."""
    currency: str
    """The currency of every amount: GBP."""
    original_budget: DecimalText | None
    """The budget at the start of the year."""
    approved_budget: DecimalText | None
    """A capital budget as last approved."""
    additions: DecimalText | None
    """Additions to a capital budget, or deletions where negative."""
    slippage: DecimalText | None
    """Capital spending brought forward, or slipped where negative."""
    forecast: DecimalText | None
    """What the year is expected to cost."""
    revised_budget: DecimalText | None
    """The budget now: stated for revenue; approved, additions and slippage together for capital."""
    variation: DecimalText | None
    """Pounds by which the year is heading over its budget; an underspend is negative."""
    variation_percent: DecimalText | None
    """A revenue variation as a percentage of the revised budget, to one place."""
    slippage_percent: DecimalText | None
    """Slippage as a percentage of the approved budget, to no places."""
    status: BudgetStatus
    """Over, on or under budget."""


_MONEY = {
    "currency": "GBP",
    "approved_budget": None,
    "additions": None,
    "slippage": None,
    "slippage_percent": None,
}


class BudgetVarianceOut(Budget):
    """A line of a revenue or capital table."""

    model_config = example(
        id=140,
        organisation="barnet",
        service="chief-executives-service",
        period="2011-12-q2",
        kind="revenue",
        description="Library Services",
        original_budget="5738000.00",
        forecast="5796000.00",
        revised_budget="5738000.00",
        variation="58000.00",
        variation_percent="1.0",
        status="overspend",
        comment="Set aside for winter maintenance; stock and temporary staff budgets may offset it",
        **_MONEY,
    )

    id: int
    """The line's lasting id."""
    description: str
    """What the line is for."""
    comment: str | None
    """Why it varies."""


class BudgetVariancePage(Page):
    """A page of budget lines."""

    items: list[BudgetVarianceOut]
    """The budget lines."""


class BudgetTotalOut(Budget):
    """The lines of one table added up."""

    model_config = example(
        id="barnet/chief-executives-service/2011-12-q2/revenue",
        organisation="barnet",
        service="chief-executives-service",
        period="2011-12-q2",
        kind="revenue",
        lines=5,
        original_budget="10558000.00",
        forecast="11316000.00",
        revised_budget="11299000.00",
        variation="17000.00",
        variation_percent="0.2",
        status="overspend",
        **_MONEY,
    )

    id: str
    """Organisation, service, period and kind."""
    lines: int
    """How many lines are added up."""


class BudgetTotalPage(Page):
    """A page of budget totals."""

    items: list[BudgetTotalOut]
    """The totals."""
