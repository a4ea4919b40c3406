"""The 95% Wilson interval, from "Indicators" 7 of the domain, without a square root."""

from bisect import bisect_left
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from tests.rules.oracle.arithmetic import Number, half_away, needs, percent_of

Z = Fraction(196, 100)


class Interval(NamedTuple):
    """The centre of an interval, and the square of the half of its width; parts of one."""

    centre: Fraction
    spread_squared: Fraction


def wilson(numerator: Fraction, denominator: Fraction) -> Interval:
    """The centre and the half width, as textbooks print them."""
    share = numerator / denominator
    scale = 1 + Z**2 / denominator
    centre = (share + Z**2 / (2 * denominator)) / scale
    inside = share * (1 - share) / denominator + Z**2 / (4 * denominator**2)
    return Interval(centre, Z**2 * inside / scale**2)


@needs("numerator", "denominator")
def interval_low(
    numerator: Fraction,
    denominator: Fraction,
    sample: bool | None,  # noqa: FBT001 - a fact, passed by name
) -> Number:
    """Thousandths whose lower edges the interval's lower end reaches: it rounds half up."""
    if not sample or denominator == 0:
        return None
    centre, spread = wilson(numerator, denominator)
    if spread < 0:
        return None
    return _thousandths(lambda edge: edge > centre or (centre - edge) ** 2 < spread)


@needs("numerator", "denominator")
def interval_high(
    numerator: Fraction,
    denominator: Fraction,
    sample: bool | None,  # noqa: FBT001 - a fact, passed by name
) -> Number:
    """Thousandths whose lower edges the interval's upper end reaches."""
    if not sample or denominator == 0:
        return None
    centre, spread = wilson(numerator, denominator)
    if spread < 0:
        return None
    return _thousandths(lambda edge: edge > centre and (edge - centre) ** 2 > spread)


def _thousandths(beyond: Callable[[Fraction], bool]) -> Fraction:
    """Percent to one place: as many edges 0.0005, 0.0015 ... as do not lie beyond the end."""
    edges = [Fraction(2 * n - 1, 2000) for n in range(1, 1002)]
    return Fraction(bisect_left(edges, 1, key=beyond), 10)


@needs("numerator", "denominator", "sample", "other")
def significant(
    numerator: Fraction,
    denominator: Fraction,
    sample: bool,  # noqa: FBT001 - a fact, passed by name
    other: Fraction,
) -> bool | None:
    """Whether another percentage lies outside the interval."""
    if not sample or denominator == 0:
        return None
    centre, spread = wilson(numerator, denominator)
    return (other / 100 - centre) ** 2 > spread


def significance_badge(  # noqa: PLR0913, PLR0917 - a rule names every operand, and so does its oracle
    numerator: Number,
    denominator: Number,
    sample: bool | None,  # noqa: FBT001 - a fact, passed by name
    target: Number,
    target_kind: str | None,
    met: bool | None,  # noqa: FBT001 - a fact, passed by name
) -> str | None:
    """Whether met, where the target lies outside the interval; one figure only."""
    clear = significant(numerator, denominator, sample, target)
    if clear is None or met is None or target_kind not in {"value", "limit"}:
        return None
    if clear:
        return "met_clearly" if met else "missed_clearly"
    return "within_sampling_error"


def status_share(part: Number, whole: Number) -> Number:
    """Percentages over the total, no places."""
    return half_away(percent_of(part, whole), 0, 0)


@needs("value", "overall")
def group_variation(value: Fraction, overall: Fraction) -> Number:
    """Variation from overall in points."""
    return half_away(value - overall, 1, 1)


@needs("value", "responses", "overall")
def significance_of_group(value: Fraction, responses: Fraction, overall: Fraction) -> bool | None:
    """Whether the overall percentage lies outside the interval of the group's."""
    if responses == 0:
        return None
    centre, spread = wilson(value / 100 * responses, responses)
    return (overall / 100 - centre) ** 2 > spread
