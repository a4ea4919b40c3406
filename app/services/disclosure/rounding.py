"""What of a count may be told: which counts are small, and what a rounded number says of the count."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

Figure = int | Decimal


class Span(NamedTuple):
    """Whole units from the lowest to the highest, both included."""

    low: int
    high: int

    def holds(self, units: int) -> bool:
        """Whether these units lie in the span."""
        return self.low <= units <= self.high


@dataclass(frozen=True)
class Policy:
    """How small counts are kept from being told; all but `places` is in persons, or posts.

    A count of 1 or more and below `threshold` is withheld. Others are rounded, half up, to a multiple of
    `rounding`. What is withheld must not be bounded within `width`. Figures have `places` decimals: none for
    persons, two for full-time equivalents.

    A `lasting` policy tells a number only where every count that rounds to it might be told. So it
    withholds 0 too, which rounds as 1 does, and 10 to 12, which round as 9 does: a number that says more
    than its rounding bounds the count too closely once it is known that one person came or went.

    Raises:
        ValueError: where no withheld count could be safe.
    """

    threshold: int = 10
    rounding: int = 5
    width: int = 4
    places: int = 0
    lasting: bool = True

    def __post_init__(self) -> None:
        if min(self.threshold, self.rounding) < 1 or min(self.width, self.places) < 0:
            raise ValueError(f"{self} is no policy")
        if self.small.high - self.small.low < self.need:
            raise ValueError(f"counts below {self.threshold} lie within {self.width} of one another")

    @property
    def unit(self) -> int:
        """How many of the smallest figure make one person."""
        return int(10**self.places)

    @property
    def need(self) -> int:
        """By how many units a withheld figure must be open."""
        return self.width * self.unit + 1

    @cached_property
    def small(self) -> Span:
        """The units that are always withheld."""
        if not self.lasting:
            return Span(1, self.threshold * self.unit - 1)
        first = -(-self.threshold // self.rounding) * self.rounding
        while self._rounding_to(first).low < self.threshold * self.unit:
            first += self.rounding
        return Span(0, self._rounding_to(first).low - 1)

    def units(self, figure: Figure) -> int:
        """A figure in whole units, exactly.

        Raises:
            ValueError: where it is negative or has more places than the policy.
        """
        units = Decimal(figure) * self.unit
        if units < 0 or units != int(units):
            raise ValueError(f"{figure} is no count of {self.places} places")
        return int(units)

    def figure(self, units: int) -> Decimal:
        """Units as the figure that they stand for."""
        return Decimal(units).scaleb(-self.places)

    def rounded(self, units: int) -> int:
        """The multiple of `rounding` that is nearest, in persons; half up."""
        step = self.rounding * self.unit
        return (2 * units + step) // (2 * step) * self.rounding

    def told(self, number: int) -> Span:
        """The units that a published number may stand for, to whoever knows the policy.

        Raises:
            ValueError: where the policy publishes no such number.
        """
        low, high = self._rounding_to(number)
        if self.small.holds(low):
            low = self.small.high + 1
        if self.small.holds(high):
            high = self.small.low - 1
        if number % self.rounding or low > high:
            raise ValueError(f"{number} is not published by {self}")
        return Span(low, high)

    def _rounding_to(self, number: int) -> Span:
        """The units that round to a number, small ones among them."""
        step = self.rounding * self.unit
        low = number * self.unit - step // 2
        return Span(max(low, 0), low + step - 1)
