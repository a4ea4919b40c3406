"""Budget lines, from "Budgets" of the domain."""

# ruff: noqa: PLR0913, PLR0917 - a rule names every operand it weighs, and so does its oracle

from fractions import Fraction

from tests.rules.oracle.arithmetic import Number, half_away, percent_of


def _less(left: Number, right: Number) -> Number:
    return None if left is None or right is None else left - right


def _total(*parts: Number) -> Number:
    return None if None in parts else sum((part or Fraction(0) for part in parts), Fraction(0))


def revised_budget(
    kind: str, stated_revised: Number, approved: Number, additions: Number, slippage: Number
) -> Number:
    """Capital: revised = approved + additions + slippage."""
    exact = _total(approved, additions, slippage) if kind == "capital" else stated_revised
    return half_away(exact, 2, 2)


def variation(
    kind: str,
    stated_revised: Number,
    approved: Number,
    additions: Number,
    slippage: Number,
    forecast: Number,
) -> Number:
    """Forecast - revised; for capital forecast, or revised where no forecast, - approved."""
    if kind == "capital":
        expected = _total(approved, additions, slippage) if forecast is None else forecast
        return half_away(_less(expected, approved), 2, 2)
    return half_away(_less(forecast, stated_revised), 2, 2)


def variation_percent(kind: str, stated_revised: Number, forecast: Number) -> Number:
    """Percent of revised budget, 1 place; revenue only."""
    if kind != "revenue":
        return None
    return half_away(percent_of(_less(forecast, stated_revised), stated_revised), 1, 1)


def slippage_percent(kind: str, slippage: Number, approved: Number) -> Number:
    """Slippage / approved, 0 places; capital only."""
    return half_away(percent_of(slippage, approved), 0, 0) if kind == "capital" else None


def budget_status(
    kind: str,
    stated_revised: Number,
    approved: Number,
    additions: Number,
    slippage: Number,
    forecast: Number,
) -> str:
    """Overspend positive."""
    gap = variation(kind, stated_revised, approved, additions, slippage, forecast)
    if gap is None:
        return "no_data"
    return "overspend" if gap > 0 else "underspend" if gap < 0 else "on_budget"
