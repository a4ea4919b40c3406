"""How far chance reaches in a survey: intervals, significance, and one word for a front end."""

from fractions import Fraction

from app.rules.nodes import ABSENT, Node, cases, missing, present, root, rounded
from app.rules.tracing import Base, Count, Flag, Measure, Quantity, Ratio, Text, rule
from app.rules.vocabulary import SurveyBadge, TargetKind

Z = Fraction(196, 100)
"""The normal deviate of a 95% interval."""
ROOT_PLACES = 12


def _bound(numerator: Node, denominator: Node, side: int) -> Node:
    chance = numerator / denominator
    spread = root(chance * (1 - chance) / denominator + Z * Z / 4 / denominator / denominator, ROOT_PLACES)
    centre = chance + Z * Z / 2 / denominator
    return rounded(100 * (centre + side * Z * spread) / (1 + Z * Z / denominator), 1)


@rule
def interval_low(numerator: Quantity, denominator: Base, sample: Flag) -> Node:
    """The lower end of the 95% Wilson interval of a survey share, percent to one place.

    Source: E. B. Wilson, Probable Inference, 1927, as Barnet 2013/14 reports its residents'
    survey.
    """
    return cases((sample, _bound(numerator, denominator, -1)))


@rule
def interval_high(numerator: Quantity, denominator: Base, sample: Flag) -> Node:
    """The upper end of the 95% Wilson interval of a survey share, percent to one place.

    Source: E. B. Wilson, Probable Inference, 1927, as Barnet 2013/14 reports its residents'
    survey.
    """
    return cases((sample, _bound(numerator, denominator, +1)))


@rule
def significant(numerator: Quantity, denominator: Base, sample: Flag, other: Ratio) -> Node:
    """Whether another percentage lies outside the survey's 95% Wilson interval.

    Compared without the interval: the other share lies outside where the squared gap is more than
    z squared times its own variance, so no rounding of the bounds can decide.

    Source: E. B. Wilson, Probable Inference, 1927; Barnet 2013/14 calls measure 5001
    significant in these cases.
    """
    share = other / 100
    gap = numerator / denominator - share
    return cases(
        (
            sample & present(numerator) & present(other),
            gap * gap * denominator > share * (1 - share) * (Z * Z),
        ),
    )


@rule
def significance_badge(
    numerator: Quantity, denominator: Base, sample: Flag, target: Ratio, target_kind: Text, met: Flag
) -> Node:
    """What a survey says of its target, in one word: met or missed clearly, or within sampling error.

    It follows from `met` and `significant_against_target`: where the target lies outside the survey's
    95% interval it is clearly met or clearly missed, as `met` has it; where it lies inside, chance
    alone may explain the gap, whichever way that goes. Missing for what is no sample, without a
    target, and for a target that is not one figure to lie in or out: a range, a direction, the future.

    Source: this service's method; Barnet 2013/14 says of its survey measures whether a gap is
    significant.
    """
    clear = significant(numerator, denominator, sample, target)
    single = target_kind.among(TargetKind.value, TargetKind.limit)
    return cases(
        (missing(clear) | missing(met) | missing(target_kind) | ~single, ABSENT),
        (~clear, SurveyBadge.within_sampling_error),
        (met, SurveyBadge.met_clearly),
        otherwise=SurveyBadge.missed_clearly,
    )


@rule
def significance_of_group(value: Measure, responses: Count, overall: Measure) -> Node:
    """Whether the overall percentage lies outside the 95% interval of a group's answers.

    As for a survey share, with the group's percentage in place of numerator over denominator.

    Source: E. B. Wilson, Probable Inference, 1927, for the equalities tables of Barnet 2013/14.
    """
    share, whole = value / 100, overall / 100
    gap = share - whole
    return cases(
        (
            present(gap) & (responses > 0),
            gap * gap * responses > whole * (1 - whole) * (Z * Z),
        ),
    )
