"""Amounts as a sentence gives them: in their unit, with thousands set apart, and rounding stated."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from app.rules.evaluation import half_up
from app.rules.vocabulary import Unit
from app.rules.wording import decimal

_SUFFIXES = {
    Unit.percent: "%",
    Unit.days: " days",
    Unit.seconds: " seconds",
    Unit.minutes: " minutes",
    Unit.fte: " FTE",
    Unit.points: " points",
}
_PLURALS = ("days", "seconds", "minutes", "points")
_SHOWN_PLACES = 4
"""How many places an amount is given to where it is not rounded to fewer; "…" says that more follow."""


class Measure(NamedTuple):
    """How a measure is spoken of: its title, its unit, its places, and what its numerator counts."""

    title: str
    unit: str
    decimals: int
    counted: str | None = None

    def rounded(self, value: Fraction) -> str:
        """A value in the unit, rounded half up to the places of the measure."""
        return self._in_unit(value, digits(half_up(value, self.decimals), self.decimals))

    def exactly(self, value: Fraction) -> str:
        """A value in the unit, as it is used: at least to the places of the measure, "…" where it goes on."""
        return self._in_unit(value, digits(value, self.decimals))

    def gap(self, value: Fraction) -> str:
        """A difference in the unit, "about" where it is rounded; between percentages it counts points."""
        if self.unit == Unit.percent:
            return self._replace(unit=Unit.points).gap(value)
        if self.unit == Unit.date:
            return self._replace(unit=Unit.days, decimals=0).gap(value)
        shown = half_up(abs(value), self.decimals)
        if shown == abs(value) or not shown:
            return _single(self.exactly(abs(value)), abs(value))
        return f"about {_single(self.rounded(abs(value)), shown)}"

    def _in_unit(self, value: Fraction, text: str) -> str:
        if self.unit == Unit.yes_no and value in {0, 1}:
            return "yes" if value else "no"
        if self.unit == Unit.date and value.denominator == 1 and value > 0:
            return day(value)
        if self.unit == Unit.pounds:
            return pounds_of(text if "." not in text or "…" in text else with_places(text, 2))
        return f"{text}{_SUFFIXES.get(Unit(self.unit), '')}"


def _single(text: str, value: Fraction) -> str:
    """One day, and not one days."""
    return text[:-1] if value == 1 and text.endswith(_PLURALS) else text


def digits(value: Fraction, least: int = 0) -> str:
    """A number's digits with its thousands set apart, to so many places at least."""
    text = grouped(decimal(value, max(least, _SHOWN_PLACES)))
    return text if "…" in text or not least else with_places(text, least)


def with_places(text: str, least: int) -> str:
    """Digits to so many places at least."""
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest.ljust(least, '0')}"


def grouped(text: str) -> str:
    """A number's text with its thousands set apart."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    more = "…" if whole.endswith("…") else ""
    return f"{sign}{int(whole.removesuffix('…')):,}{more}{point}{rest}"


def pounds_of(text: str) -> str:
    """Digits as pounds, the sign before them."""
    return f"-£{text[1:]}" if text.startswith("-") else f"£{text}"


def pounds(value: Fraction) -> str:
    """Pounds, with pence where there are any."""
    return pounds_of(digits(value, 0 if value.denominator == 1 else 2))


def percent(value: Fraction, places: int) -> str:
    """A percentage rounded half up to some places."""
    return f"{digits(half_up(value, places), places)}%"


def day(value: Fraction) -> str:
    """A day by its number, as people write it."""
    when = date.fromordinal(int(value))
    return f"{when.day} {when:%B %Y}"


def days(count: Fraction) -> str:
    """So many days."""
    return f"{digits(count)} day{'' if count == 1 else 's'}"
