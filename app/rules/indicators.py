"""Outturn, target and direction of travel of an indicator.

The first rules give unrounded numbers that the others start from: `outturn`, `target_now`,
`target_year_end`, `baseline`. Percent is always a percentage, 55.8 and not 0.558.
"""

from app.rules.nodes import Node, cases, missing, present, rounded, size
from app.rules.surveys import interval_high, interval_low, significance_badge, significant
from app.rules.tracing import (
    Base,
    Count,
    Measure,
    Months,
    Percent,
    Quantity,
    Ratio,
    Step,
    Text,
    rule,
)
from app.rules.vocabulary import (
    Baseline,
    Calculation,
    Convention,
    Direction,
    Nature,
    Polarity,
    TargetKind,
)


def headroom(outturn: Node, target: Node, polarity: Node) -> Node:
    """How far an outturn is on the good side of a target, in the unit; missing if contextual."""
    gap = outturn - target
    return cases(
        (polarity.among(Polarity.higher_is_better), gap),
        (polarity.among(Polarity.lower_is_better), -gap),
        (polarity.among(Polarity.closest_to_target), -size(gap)),
    )


@rule
def outturn(value: Measure, numerator: Quantity, denominator: Base, calculation: Text) -> Node:
    """The value achieved: given, or worked out from numerator and denominator, unrounded.

    A share is 100 x n / d, an average n / d, a growth 100 x (n / d - 1), a difference n - d.
    Missing where the denominator is zero. The title of a measure does not decide its calculation.

    Source: the counts beside the percentages of both Barnet reports, 3002 and 3009 of 2011/12
    among them.
    """
    return cases(
        (missing(numerator) | missing(denominator), value),
        (calculation.among(Calculation.share), 100 * numerator / denominator),
        (calculation.among(Calculation.average), numerator / denominator),
        (calculation.among(Calculation.growth), 100 * (numerator / denominator - 1)),
        (calculation.among(Calculation.difference), numerator - denominator),
        otherwise=value,
    )


@rule
def target_now(
    period_target: Measure,
    annual_target: Measure,
    nature: Text,
    months: Months,
    months_elapsed: Months,
) -> Node:
    """The target that an outturn of this period is held against, in the unit.

    A target stated for the period wins. Otherwise a flow takes its months' share of the annual
    target, a cumulative measure the share of the year gone; the others take the annual target as it is.

    Source: the profiled targets of Barnet 2011/12 and the annual targets of Thurrock 2016/17;
    shares of the year are this service's method.
    """
    return cases(
        (present(period_target), period_target),
        (nature.among(Nature.flow), annual_target * months / 12),
        (nature.among(Nature.cumulative), annual_target * months_elapsed / 12),
        otherwise=annual_target,
    )


@rule
def baseline(
    stated_previous: Measure,
    earlier: Ratio,
    basis: Text,
    nature: Text,
    months: Months,
    months_elapsed: Months,
    decimals: Count,
) -> Node:
    """The earlier value that an outturn is compared with, in the unit.

    A figure that the report states as its previous outturn wins. A share of last year is last year's
    figure by months over twelve, rounded half up to the decimals of the measure.

    Source: Barnet 2011/12 against the quarter before; Thurrock 2016/17 against a share of last
    year.
    """
    gone = cases((nature.among(Nature.cumulative), months_elapsed), otherwise=months)
    return cases(
        (present(stated_previous), stated_previous),
        (
            basis.among(Baseline.share_of_last_year),
            rounded(earlier * gone / 12, decimals, scale=4),
        ),
        otherwise=earlier,
    )


@rule
def outturn_rounded(outturn: Ratio, decimals: Count) -> Node:
    """The outturn as it is shown, half up to the measure's decimals.

    Source: every report prints its outturns to the decimals of the measure.
    """
    return rounded(outturn, decimals, scale=4)


@rule
def outturn_unrounded(outturn: Ratio) -> Node:
    """The outturn to six places: enough to check a derivation by hand.

    Source: this service's method, for checking by hand.
    """
    return rounded(outturn, 6)


@rule
def target_rounded(target: Ratio) -> Node:
    """The target that applies, to four places.

    Source: this service's method; no report prints a target to more places.
    """
    return rounded(target, 4)


@rule
def target_difference(outturn: Ratio, target: Ratio) -> Node:
    """Outturn less target, in the unit, to four places; the sign says above or below, not good or bad.

    Source: the commentaries of both Barnet reports, which tell how far an outturn is from its
    target.
    """
    return rounded(outturn - target, 4)


@rule
def target_variance(outturn: Ratio, target: Ratio, polarity: Text) -> Node:
    """Percent of the target by which the outturn is better (positive) or worse, to one place.

    Missing for a zero target, which has no percentage, and for a contextual measure.

    Source: this service's method: one sign for all councils.
    """
    return rounded(100 * headroom(outturn, target, polarity) / size(target), 1)


@rule
def target_variance_as_reported(outturn: Ratio, target: Ratio, convention: Text) -> Node:
    """The variance from target as the council prints it, percent to one place.

    Unsigned relative: 100 x |target - outturn| / target (Barnet, Corporate Plan). Signed relative,
    blind to polarity: 100 x (target - outturn) / target (Barnet, HR). Relative to budget:
    100 x (outturn / target - 1) (Barnet, total paybill).

    Source: the variance columns of Barnet 2011/12: Corporate Plan, HR, total paybill.
    """
    gap = target - outturn
    return rounded(
        cases(
            (convention.among(Convention.unsigned_relative), 100 * size(gap) / target),
            (convention.among(Convention.signed_relative), 100 * gap / target),
            (convention.among(Convention.relative_to_budget), -100 * gap / target),
        ),
        1,
    )


@rule
def target_met(
    outturn: Ratio,
    target: Ratio,
    previous: Ratio,
    polarity: Text,
    target_kind: Text,
    range_percent: Percent,
) -> Node:
    """Whether the target is met: from polarity and the kind of target, never from a printed sign.

    A limit is strict, and needs a good direction. A range is met at its edges. "Reduction" and
    "increase" compare with the baseline, strictly; "no increase" and "no decrease" allow an equal
    figure.

    Source: Barnet 2011/12 and 2013/14, Bath and North East Somerset 2004, and the limits and
    reductions of Thurrock 2016/17.
    """
    kind = target_kind.among
    higher = polarity.among(Polarity.higher_is_better)
    lower = polarity.among(Polarity.lower_is_better)
    gap = headroom(outturn, target, polarity)
    return cases(
        (kind(TargetKind.reduction), outturn < previous),
        (kind(TargetKind.increase), outturn > previous),
        (kind(TargetKind.no_increase), outturn <= previous),
        (kind(TargetKind.no_decrease), outturn >= previous),
        (kind(TargetKind.limit), cases((lower, outturn < target), (higher, outturn > target))),
        (kind(TargetKind.range), 100 * size(outturn - target) <= size(target) * range_percent),
        otherwise=gap >= 0,
    )


@rule
def direction_of_travel(outturn: Ratio, previous: Ratio, target: Ratio, polarity: Text) -> Node:
    """Improved, unchanged or worsened by polarity; rose, fell or unchanged where there is none.

    A measure that should be closest to its target improves when it comes closer; without a target,
    or without either figure, it is not comparable.

    Source: the arrows of both Barnet reports, and "better", "worse", "higher", "lower" of
    Thurrock 2016/17.
    """
    closer = size(outturn - target)
    before = size(previous - target)
    higher = polarity.among(Polarity.higher_is_better)
    lower = polarity.among(Polarity.lower_is_better)
    closest = polarity.among(Polarity.closest_to_target)
    return cases(
        (missing(outturn) | missing(previous), Direction.not_comparable),
        (closest & missing(target), Direction.not_comparable),
        (closest & (closer < before), Direction.improved),
        (closest & (closer > before), Direction.worsened),
        (closest, Direction.unchanged),
        (outturn.equals(previous), Direction.unchanged),
        (higher & (outturn > previous), Direction.improved),
        (lower & (outturn < previous), Direction.improved),
        (higher | lower, Direction.worsened),
        (outturn > previous, Direction.rose),
        otherwise=Direction.fell,
    )


@rule
def direction_settled(
    outturn: Ratio,
    previous: Ratio,
    target: Ratio,
    polarity: Text,
    dead_band_percent: Percent,
    dead_band_units: Measure,
) -> Node:
    """The direction of travel, unchanged where the change lies within the dead band of the scheme.

    The band is in the unit, or in percent of the baseline; a change as wide as the band lies within it.
    Without a band only an equal figure is unchanged.

    Source: this service's method for councils that publish a dead band; no report of the demo
    has one.
    """
    change = size(outturn - previous)
    within_units = present(dead_band_units) & (change <= dead_band_units)
    share = size(previous) * dead_band_percent
    within = within_units | (present(dead_band_percent) & (100 * change <= share))
    pointless = polarity.among(Polarity.closest_to_target) & missing(target)
    return cases(
        (missing(outturn) | missing(previous), Direction.not_comparable),
        (within & ~pointless, Direction.unchanged),
        otherwise=direction_of_travel(outturn, previous, target, polarity),
    )


@rule
def direction_difference(outturn: Ratio, previous: Ratio) -> Node:
    """Outturn less baseline, in the unit, to four places; the sign says up or down, not good or bad.

    Source: the commentaries of Barnet 2013/14, which tell by how much a figure dropped or rose.
    """
    return rounded(outturn - previous, 4)


@rule
def direction_variance(outturn: Ratio, previous: Ratio) -> Node:
    """100 x |outturn - previous| / previous, percent to one place; the divisor keeps its sign.

    So a negative previous figure gives a negative variance even for an improvement, as Barnet 3009.

    Source: the column "DoT variance" of both Barnet reports.
    """
    return rounded(100 * size(outturn - previous) / previous, 1)


@rule
def direction_basis(stated_previous: Measure, earlier: Ratio, stated_period: Text, basis: Text) -> Node:
    """Which earlier value the direction rests on; "as_stated" where a report names no period.

    Source: this service's method: a direction always tells what it rests on.
    """
    return cases(
        (present(stated_previous) & present(stated_period) & present(basis), basis),
        (present(stated_previous), Baseline.as_stated),
        (missing(earlier), Baseline.none),
        otherwise=basis,
    )


@rule
def status_share(part: Count, whole: Count) -> Node:
    """How much of a whole set of measures has one status, percent to no places.

    The whole counts those without data too, as Bath and North East Somerset prints it.

    Source: the counts and percentages of Bath and North East Somerset 2004.
    """
    return rounded(100 * part / whole, 0)


@rule
def group_variation(value: Measure, overall: Measure) -> Node:
    """A group's answer less the overall answer to the same question, in points to one place.

    Source: the equalities tables of Barnet 2013/14.
    """
    return rounded(value - overall, 1)


_EARLIER, _YEAR_EARLIER = (
    {name: f"{when}_{name}" for name in ("value", "numerator", "denominator")}
    for when in ("earlier", "year_earlier")
)
YEAR = {name: f"year_{name}" for name in ("target", "target_kind", "range_percent")}
"""What the full year's target is known by, where a rule asks for the target of now."""

STEPS = (
    Step("outturn", outturn, shown=outturn_rounded),
    Step("target", target_now, shown=target_rounded),
    Step("year_target", target_now, {"period_target": "annual_target"}, target_rounded),
    Step("earlier", outturn, _EARLIER),
    Step("year_earlier", outturn, _YEAR_EARLIER),
    Step("previous", baseline, shown=target_rounded),
    Step("target_difference", target_difference),
    Step("target_variance", target_variance),
    Step("target_variance_as_reported", target_variance_as_reported),
    Step("met", target_met),
    Step("met_year_end", target_met, YEAR),
    Step("direction_of_travel", direction_settled),
    Step("direction_variance", direction_variance),
    Step("direction_basis", direction_basis),
    Step("interval_low", interval_low),
    Step("interval_high", interval_high),
    Step("significant_against_target", significant, {"other": "target"}),
    Step("significant_against_previous", significant, {"other": "previous"}),
    Step("significance_badge", significance_badge),
)
"""From an observation's raw facts to all that its rules derive."""
