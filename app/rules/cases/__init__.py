"""Worked cases: for each rule a table of operands and the answer, with figures of the five reports."""

from app.rules.cases import (
    actions,
    budgets,
    comparisons,
    indicators,
    projections,
    risks,
    surveys,
    targets,
    workforce,
)
from app.rules.cases.tables import Case, Worked

TABLES: tuple[Worked, ...] = (
    *indicators.TABLES,
    *targets.TABLES,
    *projections.TABLES,
    *surveys.TABLES,
    *comparisons.TABLES,
    *budgets.TABLES,
    *risks.TABLES,
    *workforce.TABLES,
    *actions.TABLES,
)

__all__ = ["TABLES", "Case", "Worked"]
