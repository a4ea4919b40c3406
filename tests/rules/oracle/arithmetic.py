"""Missing inputs, and rounding half away from zero."""

import math
from collections.abc import Callable
from fractions import Fraction
from functools import wraps
from inspect import signature
from typing import TypeVar

from tests.rules.readers import WIDEST

Number = Fraction | None
A = TypeVar("A")


def needs(*names: str) -> Callable[[Callable[..., A]], Callable[..., A | None]]:
    """Missing where any of some inputs is."""

    def decorate(function: Callable[..., A]) -> Callable[..., A | None]:
        taken = signature(function)

        @wraps(function)
        def total(*args: object, **kwargs: object) -> A | None:
            given = taken.bind(*args, **kwargs).arguments
            return None if any(given[name] is None for name in names) else function(*args, **kwargs)

        return total

    return decorate


def half_away(value: Number, places: int, kept: int) -> Number:
    """To some places; missing where the answer, in units of those kept, is not a 64-bit whole."""
    if value is None or not 0 <= places <= kept:
        return None
    units = math.floor(abs(value) * 10**places + Fraction(1, 2))
    answer = Fraction(units, 10**places) * (-1 if value < 0 else 1)
    return answer if abs(answer) * 10**kept <= WIDEST else None


def percent_of(part: Number, whole: Number) -> Number:
    """100 x part / whole; missing over nothing."""
    if part is None or whole is None or whole == 0:
        return None
    return 100 * part / whole
