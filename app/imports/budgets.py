"""Rows of money."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from app.imports.cells import Amount, Key, PeriodId
from app.imports.numbers import check_width
from app.imports.rows import Aliases, Row
from app.rules.tracing import LINE_MONEY
from app.rules.vocabulary import BudgetKind

AMOUNTS = (
    "original_budget",
    "revised_budget",
    "approved_budget",
    "additions",
    "slippage",
    "forecast",
)
_REVENUE = {"original_budget", "revised_budget", "forecast"}
_CAPITAL = {"approved_budget", "additions", "slippage", "forecast"}


class MoneyUnit(StrEnum):
    """What a printed 1 stands for."""

    pounds = "pounds"
    thousand_pounds = "thousand_pounds"


class BudgetLineRow(Row):
    """A line of a revenue or capital table."""

    aliases: ClassVar[Aliases] = {
        "description": ("budget line",),
        "original_budget": ("original",),
        "revised_budget": ("revised",),
        "approved_budget": ("approved",),
        "additions": ("additions/deletions",),
        "slippage": ("slippage/accelerated spend",),
        "forecast": ("forecast outturn", "projected outturn"),
    }

    entangled = AMOUNTS

    key: Key
    """What identifies the line within its council."""
    service: str
    """Slug of the service whose money it is."""
    period: PeriodId
    """Period that the row is about."""
    kind: BudgetKind
    """Whether the line is revenue or capital."""
    description: str
    """What the money is for."""
    money_unit: MoneyUnit
    """What 1 stands for in the amounts of this row."""
    original_budget: Amount = None
    """Revenue: the budget as first set, in the money unit."""
    revised_budget: Amount = None
    """Revenue: the budget as it stands now, in the money unit."""
    approved_budget: Amount = None
    """Capital: the budget as approved, in the money unit."""
    additions: Amount = None
    """Capital: additions and deletions, in the money unit."""
    slippage: Amount = None
    """Capital: slippage and accelerated spend, in the money unit."""
    forecast: Amount = None
    """What the year is expected to come to, in the money unit."""
    comment: str | None = None
    """What the council says of it."""

    def pounds(self, column: str) -> Decimal | None:
        """What a column says, in pounds."""
        amount: Decimal | None = getattr(self, column)
        if amount is None:
            return None
        return amount * (1000 if self.money_unit == MoneyUnit.thousand_pounds else 1)

    @model_validator(mode="before")
    @classmethod
    def _one_unit(cls, cells: Any) -> Any:  # noqa: ANN401 - pydantic's own types
        """8,861K in a table of thousands could be eight million or eight thousand million."""
        if not isinstance(cells, dict) or cells.get("money_unit") != MoneyUnit.thousand_pounds:
            return cells
        twice = [c for c in AMOUNTS if str(cells.get(c)).rstrip("*)").endswith("K")]
        if twice:
            reason = "is ambiguous: the column is in thousands and the figure says so too"
            faults = [(column, reason) for column in twice]
            raise PydanticCustomError("row", "cells disagree", {"faults": faults})
        return cells

    def _faults(self) -> Iterable[tuple[str, str]]:
        theirs = _REVENUE if self.kind == BudgetKind.revenue else _CAPITAL
        for column in AMOUNTS:
            pounds = self.pounds(column)
            if pounds is None:
                continue
            if column not in theirs:
                yield column, f"does not belong to a {self.kind} line"
            try:
                check_width(pounds, LINE_MONEY)
            except ValueError as refused:
                yield column, f"{refused} in pounds"
