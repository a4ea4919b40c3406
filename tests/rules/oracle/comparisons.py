"""Figures beside those of others, from "Vocabulary" and the issue's "Comparators", by hand."""

# ruff: noqa: FBT001, PLR0913, PLR0917 - a rule names every operand it weighs, truths too, and so does its oracle

from fractions import Fraction

from tests.rules.oracle.arithmetic import Number, half_away, needs
from tests.rules.oracle.surveys import significance_of_group


def comparable(value: Number, same_unit: bool | None) -> Number:
    """Only in the same unit."""
    return value if same_unit else None


@needs("outturn", "other")
def comparator_difference(outturn: Fraction, other: Fraction) -> Number:
    """Outturn less comparator, in the unit."""
    return half_away(outturn - other, 4, 4)


def _goodness(value: Fraction, target: Number, polarity: str) -> Number:
    if polarity == "closest_to_target":
        return None if target is None else -abs(value - target)
    return {"higher_is_better": value, "lower_is_better": -value}.get(polarity)


@needs("outturn", "other")
def standing(outturn: Fraction, other: Fraction, target: Number, polarity: str) -> str | None:
    """Better, same, worse by polarity; higher, lower for contextual."""
    if polarity == "contextual":
        return {1: "above", 0: "same", -1: "below"}[(outturn > other) - (outturn < other)]
    ours, theirs = _goodness(outturn, target, polarity), _goodness(other, target, polarity)
    if ours is None or theirs is None:
        return None
    return {1: "better", 0: "same", -1: "worse"}[(ours > theirs) - (ours < theirs)]


def standing_reason(
    outturn: Number, value: Number, same_unit: bool | None, target: Number, polarity: str
) -> str | None:
    """The first thing that is missing."""
    reasons = {
        "no_value": value is None,
        "units_differ": not same_unit,
        "no_outturn": outturn is None,
        "no_target": polarity == "closest_to_target" and target is None,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


@needs("period_month", "comparator_month")
def lag_months(period_month: Fraction, comparator_month: Fraction) -> Number:
    """Months from the one to the other."""
    return period_month - comparator_month


def peer_reason(
    outturn: Number,
    target: Number,
    polarity: str,
    same_unit: bool | None,
    same_polarity: bool | None,
    alone: bool | None,
) -> str | None:
    """The first thing that sets a figure apart."""
    reasons = {
        "no_outturn": outturn is None,
        "units_differ": not same_unit,
        "polarity_differs": not same_polarity,
        "several_services": not alone,
        "no_target": polarity == "closest_to_target" and target is None,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


@needs("outturn")
def merit(outturn: Fraction, target: Number, polarity: str) -> Number:
    """How good, to six places."""
    return half_away(_goodness(outturn, target, polarity), 6, 6)


@needs("rank", "count")
def quartile(rank: Fraction, count: Fraction) -> Number:
    """The least quarter, of four or more, that the rank does not go beyond."""
    if count < 4:
        return None
    return next(Fraction(n) for n in (1, 2, 3, 4) if n == 4 or rank / count <= Fraction(n, 4))


def group_differs(value: Number, responses: Number, overall: Number, unit: str) -> bool | None:
    """Percentages only."""
    return significance_of_group(value, responses, overall) if unit == "percent" else None
