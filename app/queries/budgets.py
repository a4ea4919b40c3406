"""Budget lines with their variation, and the totals of a table's lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Subquery, and_, case, func, literal_column, select

from app.entities import BudgetLine, Service
from app.queries.columns import Field, chosen, derived, fields, units
from app.queries.listings import Listing
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.rules import budgets as rules
from app.rules.vocabulary import BudgetKind

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from app.db.compiler import Dialect
    from app.queries.editions import Edition

_MONEY = ("original_budget", "approved_budget", "additions", "slippage", "forecast")
_DERIVED = {
    "revised_budget": rules.revised_budget,
    "variation": rules.variation,
    "variation_percent": rules.variation_percent,
    "slippage_percent": rules.slippage_percent,
    "status": rules.budget_status,
}

LINE_FIELDS = (
    *fields("id", "number"),
    *fields("organisation service period kind description currency"),
    *fields("original_budget approved_budget additions slippage forecast", "units", 2),
    *fields("revised_budget variation", "units", 2),
    *fields("variation_percent", "units", 1),
    *fields("slippage_percent", "units", 0),
    *fields("status comment"),
)
TOTAL_FIELDS = (
    *fields("id organisation service period kind currency"),
    *fields("lines", "number"),
    *fields("original_budget approved_budget additions slippage forecast", "units", 2),
    *fields("revised_budget variation", "units", 2),
    *fields("variation_percent", "units", 1),
    *fields("slippage_percent", "units", 0),
    *fields("status"),
)


def _lines() -> Subquery:
    v, b, s = releases_in_force(), table(BudgetLine, "b"), table(Service, "s")
    return (
        select(
            b.c.id,
            b.c.organisation_id.label("organisation"),
            s.c.slug.label("service"),
            b.c.period_id.label("period"),
            b.c.kind,
            b.c.description,
            b.c.comment,
            *(b.c[name] for name in (*_MONEY, "revised_budget")),
        )
        .join(v, in_force(b, v))
        .join(s, and_(s.c.id == b.c.service_id, visible(s.c, v.c.revision)))
        .subquery("f")
    )


def _totals() -> Subquery:
    """Lines added up by table; a capital line without a forecast counts with its revised budget."""
    f = _lines()
    revised = f.c.approved_budget + f.c.additions + f.c.slippage
    expected = case(
        (f.c.kind == BudgetKind.capital, func.coalesce(f.c.forecast, revised)), else_=f.c.forecast
    )
    table_of = (f.c.organisation, f.c.service, f.c.period, f.c.kind)
    sums = [
        _whole_sum(expected if name == "forecast" else f.c[name]).label(name)
        for name in (*_MONEY, "revised_budget")
    ]
    return select(*table_of, func.count().label("lines"), *sums).group_by(*table_of).subquery("f")


def _whole_sum(amount: ColumnElement[Any]) -> ColumnElement[Any]:
    """A sum, missing where any line's amount is missing."""
    return case((func.count(amount) == func.count(), func.sum(amount)))


def _judged(
    f: Subquery, columns_of: tuple[Field, ...], dialect: Dialect, **given: ColumnElement[Any]
) -> Subquery:
    places = {
        "kind": "f.kind",
        "stated_revised": "f.revised_budget",
        "approved": "f.approved_budget",
        **{name: f"f.{name}" for name in ("additions", "slippage", "forecast")},
    }
    answers: dict[str, ColumnElement[Any]] = {
        **{name: units(name, f.c[name], 2, dialect) for name in _MONEY},
        **{name: derived(name, rule, places, dialect) for name, rule in _DERIVED.items()},
        "currency": literal_column("'GBP'").label("currency"),
        **given,
    }
    return select(*chosen(columns_of, f, answers)).subquery("r")


def budget_rows(edition: Edition) -> Subquery:
    """Every budget line in force, with its derived columns."""
    return _judged(_lines(), LINE_FIELDS, edition.dialect)


def total_rows(edition: Edition) -> Subquery:
    """The totals of every service's revenue and capital table, by the rules of their lines."""
    f = _totals()
    row_id = f.c.organisation + "/" + f.c.service + "/" + f.c.period + "/" + f.c.kind
    return _judged(f, TOTAL_FIELDS, edition.dialect, id=row_id.label("id"))


BUDGET_VARIANCES = Listing("budget-variances", LINE_FIELDS, budget_rows)
BUDGET_TOTALS = Listing("budget-variances/totals", TOTAL_FIELDS, total_rows)
