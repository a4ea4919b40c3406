"""Where an outturn stands beside the figures of others: better or worse, how late, in which quartile."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.rules.indicators import headroom
from app.rules.nodes import ABSENT, Node, cases, missing, rounded, size
from app.rules.surveys import significance_of_group
from app.rules.tracing import Count, Flag, Measure, Ratio, Text, rule
from app.rules.vocabulary import NoStanding, Polarity, Standing, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 4
"""How many organisations must report before a quartile is one."""


@rule
def comparable(value: Measure, same_unit: Flag) -> Node:
    """A comparator's value, where it is in the unit of the measure; missing where the units differ.

    Source: this service's method; a report may print a comparator in another unit than its
    measure.
    """
    return cases((same_unit, value))


@rule
def comparator_difference(outturn: Ratio, other: Ratio) -> Node:
    """Outturn less comparator, in the unit, to four places; the sign says above or below, not good or bad.

    Source: the commentaries of both Barnet reports, which hold an outturn against the figures
    of others.
    """
    return rounded(outturn - other, 4)


@rule
def standing(outturn: Ratio, other: Ratio, target: Ratio, polarity: Text) -> Node:
    """Better, the same or worse than another figure by polarity; above or below where neither is good.

    Both are compared as they are, without rounding. A measure that should be closest to its target is
    better where it is closer to its own target than the other figure is. Missing without either figure.

    Source: this service's method: the direction of travel, with another council in place of
    another period.
    """
    ours, theirs = size(outturn - target), size(other - target)
    higher = polarity.among(Polarity.higher_is_better)
    lower = polarity.among(Polarity.lower_is_better)
    closest = polarity.among(Polarity.closest_to_target)
    return cases(
        (missing(outturn) | missing(other), ABSENT),
        (closest & missing(target), ABSENT),
        (closest & (ours < theirs), Standing.better),
        (closest & (ours > theirs), Standing.worse),
        (closest, Standing.same),
        (outturn.equals(other), Standing.same),
        (higher & (outturn > other), Standing.better),
        (lower & (outturn < other), Standing.better),
        (higher | lower, Standing.worse),
        (outturn > other, Standing.above),
        otherwise=Standing.below,
    )


@rule
def standing_reason(outturn: Ratio, value: Measure, same_unit: Flag, target: Ratio, polarity: Text) -> Node:
    """Why an outturn has no standing beside a comparator; missing where it has one.

    Source: this service's method: nothing is left out without a reason.
    """
    return cases(
        (missing(value), NoStanding.no_value),
        (missing(same_unit) | ~same_unit, NoStanding.units_differ),
        (missing(outturn), NoStanding.no_outturn),
        (polarity.among(Polarity.closest_to_target) & missing(target), NoStanding.no_target),
    )


@rule
def lag_months(period_month: Count, comparator_month: Count) -> Node:
    """How many months before the observation's period the comparator's own ends.

    Both are calendar months counted from the year 0; the day of the month does not count. Negative
    where the comparator is the later one.

    Source: this service's method; Bath and North East Somerset 2004 compares with figures of
    2002/03.
    """
    return rounded(period_month - comparator_month, 0)


@rule
def peer_reason(
    outturn: Ratio, target: Ratio, polarity: Text, same_unit: Flag, same_polarity: Flag, alone: Flag
) -> Node:
    """Why an organisation's figure is not compared with those of others; missing where it is.

    `alone` says that the organisation has no second figure for the measure and period: where several
    services report it, none of them speaks for the organisation.

    Source: this service's method: nothing is left out without a reason.
    """
    return cases(
        (missing(outturn), NoStanding.no_outturn),
        (missing(same_unit) | ~same_unit, NoStanding.units_differ),
        (missing(same_polarity) | ~same_polarity, NoStanding.polarity_differs),
        (missing(alone) | ~alone, NoStanding.several_services),
        (polarity.among(Polarity.closest_to_target) & missing(target), NoStanding.no_target),
    )


@rule
def merit(outturn: Ratio, target: Ratio, polarity: Text) -> Node:
    """What figures are ranked by, the greatest first, in the unit to six places.

    The figure itself where higher is better, its opposite where lower is, and the opposite of its
    distance from the organisation's own target where it should be close to that. Missing for a
    contextual measure, which has no best.

    Source: this service's method: one order for figures of any polarity.
    """
    return rounded(
        cases(
            (polarity.among(Polarity.higher_is_better), outturn),
            (polarity.among(Polarity.lower_is_better), -outturn),
            otherwise=headroom(outturn, target, polarity),
        ),
        6,
    )


@rule
def quartile(rank: Count, count: Count) -> Node:
    """The quarter that a rank is in, 1 the best, where at least four are ranked.

    The best quartile is those ranks that no more than a quarter of the organisations reach, and so on:
    a rank that ties share puts all of them in the better quarter.

    Source: this service's method; Bath and North East Somerset 2004 compares with the best
    quarter of councils.
    """
    quarters = 4 * rank
    return cases(
        (missing(rank) | missing(count) | (count < FEWEST), ABSENT),
        (quarters <= count, 1),
        (quarters <= 2 * count, 2),
        (quarters <= 3 * count, 3),
        otherwise=4,
    )


@rule
def group_differs(value: Measure, responses: Count, overall: Measure, unit: Text) -> Node:
    """Whether a group's answer differs from everyone's by more than chance; only for percentages.

    Source: E. B. Wilson, Probable Inference, 1927, for the equalities tables of Barnet 2013/14.
    """
    return cases((unit.among(Unit.percent), significance_of_group(value, responses, overall)))


def mean(values: Sequence[Fraction]) -> Fraction | None:
    """The sum over the number, exactly; missing where there are none."""
    return sum(values, Fraction()) / len(values) if values else None


def median(values: Sequence[Fraction]) -> Fraction | None:
    """The value in the middle, or halfway between the two in the middle, exactly."""
    if not values:
        return None
    ordered, middle = sorted(values), len(values) // 2
    if len(values) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def best_quartile(best_first: Sequence[Fraction]) -> Fraction | None:
    """The least good value of the best quarter: what it takes to be in quartile 1; of four at least."""
    return best_first[len(best_first) // 4 - 1] if len(best_first) >= FEWEST else None
