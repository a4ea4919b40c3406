"""The digits that a printed input hides: which of them give a figure that depends on it.

Every figure that a report derives is, as one input moves, a straight line over a straight line. Three
readings settle such a ratio and others check it, so the ends of an interval are exact. Where a figure
turns, as a size does at nought, the interval is searched in ever smaller parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import count, islice, pairwise, product
from typing import NamedTuple

from app.rules.evaluation import half_up
from app.rules.printed import Interval, Printed

_SAMPLES = 6
_DEEPEST = 12
"""How often an interval is halved in search of a turn: to a part in 4,096."""
_STEPS = 64
_MOST_PLACES = 18
_Figure = Callable[[Fraction], Fraction | None]
_Figures = Callable[[Mapping[str, Fraction]], Fraction | None]
_Inverse = Callable[[Fraction], Fraction]


class Explaining(NamedTuple):
    """The values of one input that alone give a figure; `exact` unless a turn was only searched for."""

    intervals: tuple[Interval, ...]
    exact: bool


def explaining(derive: _Figure, shown: Printed, printed: Printed) -> Explaining:
    """Which hidden values of one printed input give the printed figure.

    None where none does, or where the figure does not depend on the input.
    """
    possible = shown.hidden
    found: list[Interval] = []
    exact = True
    if len({derive(x) for x in _samples(possible.low, possible.high)}) == 1:
        return Explaining((), exact)
    for low, high, inverse in _parts(derive, possible.low, possible.high, _DEEPEST):
        exact = exact and inverse is not None
        ends = low > possible.low or possible.low_included, high < possible.high or possible.high_included
        piece = _giving(derive, inverse, Interval(low, ends[0], high, ends[1]), printed.hidden)
        if piece is not None and found and found[-1].high == piece.low:
            found[-1] = found[-1]._replace(high=piece.high, high_included=piece.high_included)
        elif piece is not None:
            found.append(piece)
    return Explaining(tuple(found), exact)


def joint_example(
    derive: _Figures, shown: Mapping[str, Printed], printed: Printed
) -> dict[str, Fraction] | None:
    """Hidden values of several inputs that together give the printed figure, as short as they may be.

    Looked for from the shown values towards each corner of what they may hide; None where no corner
    lies beyond the figure, where the figure cannot be derived on the way, or where it takes more decimals
    than a number has here.
    """
    wanted = printed.hidden
    sides = [(each.hidden.low, each.hidden.high) for each in shown.values()]
    for corner in product(*sides):
        ends = dict(zip(shown, corner, strict=True))
        share = _share(derive, shown, ends, wanted)
        if share is not None:
            return _shortened(derive, shown, _between(shown, ends, share), wanted)
    return None


def shortest(interval: Interval, places: int) -> Fraction | None:
    """The number of fewest decimals in an interval, of at least some places."""
    for more in islice(count(max(places, 0)), _MOST_PLACES):
        unit = Fraction(1, 10**more)
        first = -(-interval.low // unit) * unit
        for number in (first, first + unit):
            if interval.holds(number):
                return number
    return None


def _samples(low: Fraction, high: Fraction) -> list[Fraction]:
    return [low + (high - low) * part / (_SAMPLES - 1) for part in range(_SAMPLES)]


def _parts(
    derive: _Figure, low: Fraction, high: Fraction, depth: int
) -> Iterator[tuple[Fraction, Fraction, _Inverse | None]]:
    """An interval in as few parts as the figure has turns; of the last halves some have no inverse."""
    inverse = _inverse(derive, low, high)
    if inverse is not None or not depth:
        yield low, high, inverse
        return
    middle = (low + high) / 2
    yield from _parts(derive, low, middle, depth - 1)
    yield from _parts(derive, middle, high, depth - 1)


def _inverse(derive: _Figure, low: Fraction, high: Fraction) -> _Inverse | None:
    """The input that gives a figure, where the figure is a steady ratio of straight lines; None elsewhere.

    The ratio is Thiele's continued fraction through three readings, turned round.
    """
    xs = _samples(low, high)
    ys = [y for y in map(derive, xs) if y is not None]
    if len(ys) < _SAMPLES or len({(b > a) - (b < a) for a, b in pairwise(ys)}) > 1 or ys[0] == ys[1]:
        return None
    slope = (xs[1] - xs[0]) / (ys[1] - ys[0])
    bend = (xs[2] - xs[0]) / (ys[2] - ys[0]) - slope
    turn = (xs[2] - xs[1]) / bend if bend else None

    def inverse(y: Fraction) -> Fraction:
        above = y - ys[0]
        if turn is None:
            return xs[0] + above * slope
        return (above * xs[1] - above * slope * turn - turn * xs[0]) / (above - turn)

    if any(y - ys[0] == turn for y in ys):
        return None
    return inverse if [inverse(y) for y in ys] == xs else None


def _giving(derive: _Figure, inverse: _Inverse | None, part: Interval, wanted: Interval) -> Interval | None:
    """The values in a steady part whose figure is wanted; of a part that is not steady, all or none."""
    if inverse is None:
        figures = [derive(x) for x in _samples(part.low, part.high)]
        return part if all(figure is not None and wanted.holds(figure) for figure in figures) else None
    first, last = derive(part.low), derive(part.high)
    assert first is not None  # noqa: S101 - a part that has an inverse was read at both ends
    assert last is not None  # noqa: S101 - as above
    sign = 1 if first < last else -1
    ends = [(wanted.low, wanted.low_included), (wanted.high, wanted.high_included)][::sign]
    (reached, with_reached), (left, with_left) = ends
    if sign * reached > sign * last or sign * left < sign * first:
        return None
    found = part
    if sign * reached >= sign * first:
        low = inverse(reached)
        found = found._replace(low=low, low_included=with_reached and part.holds(low))
    if sign * left <= sign * last:
        high = inverse(left)
        found = found._replace(high=high, high_included=with_left and part.holds(high))
    return found if found.low < found.high or found.holds(found.low) else None


def _share(
    derive: _Figures, shown: Mapping[str, Printed], ends: Mapping[str, Fraction], wanted: Interval
) -> Fraction | None:
    """How far to go from the shown values to a corner for the figure to be as wanted."""
    start, far = derive(_between(shown, ends, Fraction(0))), derive(ends)
    if start is None or far is None or _apart(start, far, wanted):
        return None
    rises = start < far
    near, beyond = Fraction(0), Fraction(1)
    for _ in range(_STEPS):
        middle = (near + beyond) / 2
        figure = derive(_between(shown, ends, middle))
        if figure is None:
            return None
        if wanted.holds(figure):
            return middle
        if (figure <= wanted.low) == rises:
            near = middle
        else:
            beyond = middle
    return None


def _apart(start: Fraction, far: Fraction, wanted: Interval) -> bool:
    """Whether neither end of a way is wanted, nor anything between."""
    return max(start, far) < wanted.low or min(start, far) > wanted.high


def _between(
    shown: Mapping[str, Printed], ends: Mapping[str, Fraction], share: Fraction
) -> dict[str, Fraction]:
    return {name: each.value + (ends[name] - each.value) * share for name, each in shown.items()}


def _shortened(
    derive: _Figures, shown: Mapping[str, Printed], point: Mapping[str, Fraction], wanted: Interval
) -> dict[str, Fraction] | None:
    """A point with as few decimals as still give the figure wanted."""
    for more in range(1, _MOST_PLACES):
        near = {name: half_up(point[name], max(each.places, 0) + more) for name, each in shown.items()}
        figure = derive(near)
        hidden = all(each.hidden.holds(near[name]) for name, each in shown.items())
        if figure is not None and hidden and wanted.holds(figure):
            return near
    return None
