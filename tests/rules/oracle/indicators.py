"""Outturn, target, baseline, variance and direction, from "Indicators" 1 to 6 of the domain."""

# ruff: noqa: PLR0913, PLR0917 - a rule names every operand it weighs, and so does its oracle

from fractions import Fraction

from tests.rules.oracle.arithmetic import Number, half_away, needs, percent_of


def outturn(value: Number, numerator: Number, denominator: Number, calculation: str) -> Number:
    """1. By calculation, where both parts are known; division by zero gives missing."""
    if numerator is None or denominator is None or calculation == "given":
        return value
    if calculation == "difference":
        return numerator - denominator
    if denominator == 0:
        return None
    times = numerator / denominator
    return {"share": 100 * times, "average": times, "growth": 100 * (times - 1)}[calculation]


def target_now(
    period_target: Number, annual_target: Number, nature: str, months: Number, months_elapsed: Number
) -> Number:
    """6. An explicit target wins; flows and cumulative measures take the elapsed share."""
    if period_target is not None:
        return period_target
    share: Number = Fraction(1)
    if nature == "flow":
        share = None if months is None else months / 12
    if nature == "cumulative":
        share = None if months_elapsed is None else months_elapsed / 12
    return None if annual_target is None or share is None else annual_target * share


def baseline(
    stated_previous: Number,
    earlier: Number,
    basis: str | None,
    nature: str,
    months: Number,
    months_elapsed: Number,
    decimals: Number,
) -> Number:
    """5. As stated; or a share of last year, rounded to the measure's decimals; or unrounded."""
    if stated_previous is not None or basis != "share_of_last_year":
        return earlier if stated_previous is None else stated_previous
    gone = months_elapsed if nature == "cumulative" else months
    if earlier is None or gone is None or decimals is None:
        return None
    return half_away(earlier * gone / 12, int(decimals), 4)


def year_end_projection(
    value: Number,
    numerator: Number,
    denominator: Number,
    calculation: str,
    nature: str,
    months_elapsed: Number,
) -> Number:
    """The pace of a part of a year, kept up for twelve months; for cumulative measures alone."""
    so_far = outturn(value, numerator, denominator, calculation)
    if nature != "cumulative" or so_far is None or months_elapsed is None:
        return None
    return so_far / months_elapsed * 12 if 0 < months_elapsed < 12 else None


def outturn_rounded(outturn: Number, decimals: Number) -> Number:
    """To the indicator's decimals."""
    return None if decimals is None else half_away(outturn, int(decimals), 4)


def outturn_unrounded(outturn: Number) -> Number:
    """To six places."""
    return half_away(outturn, 6, 6)


def target_rounded(target: Number) -> Number:
    """To four places."""
    return half_away(target, 4, 4)


@needs("outturn", "target")
def target_difference(outturn: Fraction, target: Fraction) -> Number:
    """The plain difference in the unit."""
    return half_away(outturn - target, 4, 4)


def better_by(outturn: Number, target: Number, polarity: str) -> Number:
    """How much better than a target, in the unit; for a contextual measure nothing is better."""
    if outturn is None or target is None:
        return None
    return {
        "higher_is_better": outturn - target,
        "lower_is_better": target - outturn,
        "closest_to_target": -abs(outturn - target),
    }.get(polarity)


@needs("outturn", "target")
def target_variance(outturn: Fraction, target: Fraction, polarity: str) -> Number:
    """2. The normalised figure: relative, signed so that positive is better."""
    return half_away(percent_of(better_by(outturn, target, polarity), abs(target)), 1, 1)


@needs("outturn", "target")
def target_variance_as_reported(outturn: Fraction, target: Fraction, convention: str | None) -> Number:
    """2. By the council's convention."""
    part = {
        "unsigned_relative": abs(target - outturn),
        "signed_relative": target - outturn,
        "relative_to_budget": outturn - target,
    }.get(convention or "none")
    return half_away(percent_of(part, target), 1, 1)


def target_met(
    outturn: Number,
    target: Number,
    previous: Number,
    polarity: str,
    target_kind: str | None,
    range_percent: Number,
) -> bool | None:
    """3. From polarity and target kind."""
    if target_kind in {"reduction", "increase", "no_increase", "no_decrease"}:
        return _against_baseline(outturn, previous, target_kind)
    if outturn is None or target is None:
        return None
    if target_kind == "limit":
        strict = {"lower_is_better": outturn < target, "higher_is_better": outturn > target}
        return strict.get(polarity)
    if target_kind == "range":
        if range_percent is None:
            return None
        return abs(outturn - target) <= abs(target) * range_percent / 100
    gap = better_by(outturn, target, polarity)
    return None if gap is None else gap >= 0


@needs("outturn", "previous")
def _against_baseline(outturn: Fraction, previous: Fraction, kind: str) -> bool:
    return {
        "reduction": outturn < previous,
        "increase": outturn > previous,
        "no_increase": outturn <= previous,
        "no_decrease": outturn >= previous,
    }[kind]


def direction_of_travel(outturn: Number, previous: Number, target: Number, polarity: str) -> str:
    """4. Better or worse, not up or down; rose and fell where nothing is better."""
    if outturn is None or previous is None:
        return "not_comparable"
    if polarity == "closest_to_target":
        if target is None:
            return "not_comparable"
        gain = abs(previous - target) - abs(outturn - target)
    else:
        gain = previous - outturn if polarity == "lower_is_better" else outturn - previous
    if gain == 0:
        return "unchanged"
    if polarity == "contextual":
        return "rose" if gain > 0 else "fell"
    return "improved" if gain > 0 else "worsened"


def direction_settled(
    outturn: Number,
    previous: Number,
    target: Number,
    polarity: str,
    dead_band_percent: Number,
    dead_band_units: Number,
) -> str:
    """4. With a dead band a small change is none."""
    direction = direction_of_travel(outturn, previous, target, polarity)
    if direction == "not_comparable" or outturn is None or previous is None:
        return direction
    change = abs(outturn - previous)
    within_units = dead_band_units is not None and change <= dead_band_units
    within_share = dead_band_percent is not None and change <= abs(previous) * dead_band_percent / 100
    return "unchanged" if within_units or within_share else direction


@needs("outturn", "previous")
def direction_difference(outturn: Fraction, previous: Fraction) -> Number:
    """The plain difference in the unit."""
    return half_away(outturn - previous, 4, 4)


@needs("outturn", "previous")
def direction_variance(outturn: Fraction, previous: Fraction) -> Number:
    """4. 100 x |outturn - previous| / previous; the denominator keeps its sign."""
    return half_away(percent_of(abs(outturn - previous), previous), 1, 1)


def direction_basis(
    stated_previous: Number, earlier: Number, stated_period: str | None, basis: str | None
) -> str | None:
    """5. Every direction carries its basis."""
    if stated_previous is not None:
        return basis if stated_period is not None and basis is not None else "as_stated"
    return "none" if earlier is None else basis
