"""Money planned, moved and forecast, in pounds."""

from decimal import Decimal

from sqlmodel import Field

from app.entities.columns import MoneyColumn
from app.entities.revisions import Fact


class BudgetLine(Fact, table=True):
    """A line of a revenue or capital table. Totals are not lines; they are worked out."""

    __tablename__ = "budget_line"
    read_by = (("service_id", "period_id"),)

    service_id: int = Field(foreign_key="subject.id")
    period_id: str = Field(foreign_key="period.id")
    kind: str
    description: str
    position: int
    money_unit: str
    original_budget: Decimal | None = Field(default=None, sa_type=MoneyColumn)
    revised_budget: Decimal | None = Field(default=None, sa_type=MoneyColumn)
    approved_budget: Decimal | None = Field(default=None, sa_type=MoneyColumn)
    additions: Decimal | None = Field(default=None, sa_type=MoneyColumn)
    slippage: Decimal | None = Field(default=None, sa_type=MoneyColumn)
    forecast: Decimal | None = Field(default=None, sa_type=MoneyColumn)
    comment: str | None = None
