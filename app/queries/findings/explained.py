"""What the printed inputs of a figure may hide that would explain it."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import ceil, floor
from typing import TYPE_CHECKING

from app.queries.findings.found import Hidden, number_text
from app.rules.hidden import explaining, joint_example, shortest
from app.rules.printed import explained_by_rounding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.rules.printed import Interval, Printed

_PLACES = (6, 12, 18)
"""The ends of an interval are written with at most so many places, the fewest that keep them apart."""


def explained(
    derive: Callable[[Mapping[str, Fraction]], Fraction | None],
    shown: Mapping[str, Printed],
    printed: Printed,
) -> tuple[Hidden, ...]:
    """The values that explain a printed figure: of every input that alone can, or of the fewest together.

    None if nothing that the inputs may hide gives it.
    """
    alone = tuple(hidden for name in sorted(shown) for hidden in _alone(derive, name, shown[name], printed))
    if alone:
        return alone
    for count in range(2, len(shown) + 1):
        for names in combinations(sorted(shown), count):
            varied = {name: shown[name] for name in names}
            reached = explained_by_rounding(derive, varied, printed)
            if reached and (example := joint_example(derive, varied, printed)):
                return tuple(
                    _hidden(name, varied[name], varied[name].hidden, example[name], alone=False)
                    for name in names
                )
    return ()


def _alone(
    derive: Callable[[Mapping[str, Fraction]], Fraction | None], name: str, shown: Printed, printed: Printed
) -> list[Hidden]:
    intervals, exact = explaining(lambda value: derive({name: value}), shown, printed)
    return [
        _hidden(name, shown, each, shortest(each, shown.places), alone=True, exact=exact)
        for each in intervals
        if each.low < each.high
    ]


def _hidden(
    name: str,
    shown: Printed,
    interval: Interval,
    example: Fraction | None,
    *,
    alone: bool,
    exact: bool = True,
) -> Hidden:
    apart = (n for n in _PLACES if ceil(interval.low * 10**n) < floor(interval.high * 10**n))
    places = next(apart, _PLACES[-1])
    low, low_included = _inwards(interval.low, ceil, places, interval.low_included)
    high, high_included = _inwards(interval.high, floor, places, interval.high_included)
    return Hidden(
        input=name,
        shown=number_text(shown.value, max(shown.places, 0)),
        low=number_text(low, places),
        low_included=low_included,
        high=number_text(high, places),
        high_included=high_included,
        alone=alone,
        exact=exact,
        example=None if example is None else number_text(example, _PLACES[-1]),
    )


def _inwards(
    end: Fraction,
    towards: Callable[[Fraction], int],
    places: int,
    included: bool,  # noqa: FBT001 - an end and whether it belongs go together
) -> tuple[Fraction, bool]:
    """An end as it is written: one with more places gives way to the next that lies inside, which belongs."""
    units = end * 10**places
    return (end, included) if units.denominator == 1 else (Fraction(towards(units), 10**places), True)
