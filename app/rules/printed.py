"""Figures as printed, and whether a derived figure agrees with one at its printed precision."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from app.rules.evaluation import half_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ABSENT = frozenset({"", "n/a", "na", "not known", "unknown", "awaited"})
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+")
_CLOCK = re.compile(r"([0-9]+):([0-5][0-9])")
_THOUSANDS = 1000
_MOST_INPUTS = 6


class Interval(NamedTuple):
    """Numbers from one end to another; of an end that is not included, any number short of it."""

    low: Fraction
    low_included: bool
    high: Fraction
    high_included: bool

    def holds(self, value: Fraction) -> bool:
        """Whether a number lies in it."""
        above = self.low < value or (self.low_included and self.low == value)
        return above and (value < self.high or (self.high_included and self.high == value))


class Printed(NamedTuple):
    """A number as a document shows it, and the places it shows."""

    value: Fraction
    places: int

    @property
    def half(self) -> Fraction:
        """Half a unit of the last place shown: how far the hidden number may lie from the shown one."""
        return Fraction(1, 2) / Fraction(10) ** self.places

    @property
    def hidden(self) -> Interval:
        """Every number that is printed so: a half goes up, below nought as well, so one end is not."""
        low, high = self.value - self.half, self.value + self.half
        return Interval(low, self.value > 0, high, self.value < 0)


def read_printed(text: str) -> Printed | None:
    """The number in a printed text, or None where it holds none.

    Brackets and a minus are negative, a lone dash is nil, minutes and seconds become seconds, a K
    means thousands; signs, units and arrows around the number are passed over.
    """
    plain = text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-").strip()
    if plain.lower() in _ABSENT:
        return None
    if plain in {"-", "\N{EN DASH}"}:
        return Printed(Fraction(0), 0)
    if clock := _CLOCK.fullmatch(plain):
        return Printed(Fraction(int(clock[1]) * 60 + int(clock[2])), 0)
    found = _NUMBER.search(plain)
    if found is None:
        return None
    digits = found[0].replace(",", "")
    places = len(digits.partition(".")[2])
    value = Fraction(digits)
    if plain[found.end() :].startswith("K"):
        value, places = value * _THOUSANDS, places - 3
    before = plain[: found.start()]
    if before.rstrip("£ ").endswith(("-", "(")) or before.endswith("-£"):
        value = -value
    return Printed(value, places)


def agrees(derived: Fraction, printed: Printed) -> bool:
    """Whether a derived number, unrounded, is printed as this text shows it."""
    return _to_places(derived, printed.places) == printed.value


def explained_by_rounding(
    derive: Callable[[Mapping[str, Fraction]], Fraction | None],
    shown: Mapping[str, Printed],
    printed: Printed,
) -> bool:
    """Whether hidden digits of the printed inputs can give the printed figure.

    Each input may lie half a unit of its last printed place to either side. The figure is derived
    at every corner of that box, and between the extremes it can take any value.
    """
    if not shown or len(shown) > _MOST_INPUTS:
        return False
    sides = [(each.value - each.half, each.value + each.half) for each in shown.values()]
    corners = [derive(dict(zip(shown, corner, strict=True))) for corner in product(*sides)]
    found = [corner for corner in corners if corner is not None]
    if not found:
        return False
    low, high = printed.value - printed.half, printed.value + printed.half
    return min(found) < high and max(found) > low


def _to_places(value: Fraction, places: int) -> Fraction:
    if places >= 0:
        return half_up(value, places)
    unit = Fraction(10**-places)
    return half_up(value / unit, 0) * unit
