"""The plain reader: a tree on plain values, in exact fractions."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from app.rules.nodes import (
    Absent,
    Absolute,
    Among,
    Both,
    Cases,
    Compare,
    Constant,
    Either,
    Missing,
    Node,
    Operand,
    Opposite,
    Product,
    Quotient,
    Root,
    Rounded,
    Sum,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Raw = Fraction | Decimal | int | str | date | None
Answer = Fraction | str | bool | None

WIDEST = 2**63
"""A rounded answer is smaller than this in whole units of its scale, or it is missing."""


def evaluate(tree: Node, facts: Mapping[str, Raw]) -> Answer:
    """A tree's answer; None where it is missing or unknown."""
    return _Reader(facts).read(tree)


def plain(value: Raw) -> Answer:
    """A raw value as the reader holds it: a number as a fraction, a date as its day number."""
    if value is None or isinstance(value, str | bool | Fraction):
        return value
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return Fraction(value)


def half_up(value: Fraction, places: int) -> Fraction:
    """To some places, a half going away from zero."""
    top, bottom = abs(value.numerator) * 10**places, value.denominator
    units = (2 * top + bottom) // (2 * bottom)
    return Fraction(units if value >= 0 else -units, 10**places)


class _Reader:
    def __init__(self, facts: Mapping[str, Raw]) -> None:
        self.facts = facts

    def read(self, tree: Node) -> Answer:  # noqa: C901 - one answer a node, all in one place
        match tree:
            case Operand(name):
                return plain(self.facts[name])
            case Constant(value):
                return value
            case Absent():
                return None
            case Missing(of):
                return self.read(of) is None
            case Opposite(of):
                answer = self.read(of)
                return None if answer is None else not answer
            case Both(left, right):
                return self._both(left, right)
            case Either(left, right):
                either = self._both(Opposite(left), Opposite(right))
                return None if either is None else not either
            case Among(of, words):
                answer = self.read(of)
                return None if answer is None else answer in words
            case Cases(branches, otherwise):
                for test, result in branches:
                    if self.read(test):
                        return self.read(result)
                return self.read(otherwise)
            case Compare(sign, left, right):
                a, b = self.number(left), self.number(right)
                return None if a is None or b is None else _COMPARE[sign](a, b)
        return self.number(tree)

    def number(self, tree: Node) -> Fraction | None:
        """A numeric node's answer."""
        match tree:
            case Sum(left, right):
                a, b = self.number(left), self.number(right)
                return None if a is None or b is None else a + b
            case Product(left, right):
                a, b = self.number(left), self.number(right)
                return None if a is None or b is None else a * b
            case Quotient(top, bottom):
                a, b = self.number(top), self.number(bottom)
                return None if a is None or not b else a / b
            case Absolute(of):
                a = self.number(of)
                return None if a is None else abs(a)
            case Root(of, places):
                return _root(self.number(of), places)
            case Rounded(of, places, scale):
                return _rounded(self.number(of), self.number(places), scale)
        return cast("Fraction | None", self.read(tree))

    def _both(self, left: Node, right: Node) -> bool | None:
        first = self.read(left)
        if first is False:
            return False
        second = self.read(right)
        if second is False:
            return False
        return None if first is None or second is None else True


_COMPARE = {
    "<": Fraction.__lt__,
    "<=": Fraction.__le__,
    ">": Fraction.__gt__,
    ">=": Fraction.__ge__,
    "=": Fraction.__eq__,
}


def _root(value: Fraction | None, places: int) -> Fraction | None:
    if value is None or value < 0:
        return None
    shifted = value.numerator * value.denominator * 10 ** (2 * places)
    return Fraction(math.isqrt(shifted) // value.denominator, 10**places)


def _rounded(value: Fraction | None, places: Fraction | None, scale: int) -> Fraction | None:
    if value is None or places is None or not 0 <= places <= scale:
        return None
    answer = half_up(value, int(places))
    return answer if abs(answer) * 10**scale < WIDEST else None
