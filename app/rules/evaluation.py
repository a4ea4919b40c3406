"""The plain reader: a tree on plain values, in exact fractions.

A tree is made a function once, and read as often as there are rows.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

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

Raw = Fraction | Decimal | int | str | date | None
Answer = Fraction | str | bool | None
Facts = Mapping[str, Raw]
Read = Callable[[Facts], Answer]
"""A tree as a function of facts."""
_Number = Callable[[Facts], Fraction | None]

_PLAIN = frozenset({Fraction, str, bool, type(None)})
_MINUS = Constant(Fraction(-1))
WIDEST = 2**63
"""A rounded answer is smaller than this in whole units of its scale, or it is missing."""


def evaluate(tree: Node, facts: Facts) -> Answer:
    """A tree's answer; None where it is missing or unknown."""
    return reader(tree)(facts)


def reader(tree: Node) -> Read:
    """A tree as a function of facts, whose answer is None where it is missing or unknown."""
    return _READERS[type(tree)](tree)


def plain(value: Raw) -> Answer:
    """A raw value as the reader holds it: a number as a fraction, a date as its day number."""
    if value is None or isinstance(value, str | bool | Fraction):
        return value
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return Fraction(value)


def half_up(value: Fraction, places: int) -> Fraction:
    """To some places, a half going away from zero."""
    return Fraction(_units(value, places), 10**places)


def _units(value: Fraction, places: int) -> int:
    """Half up to some places, in whole units of the last."""
    top, bottom = value.numerator, value.denominator
    scale: int = 10**places
    units = (2 * abs(top) * scale + bottom) // (2 * bottom)
    return units if top >= 0 else -units


def _number(tree: Node) -> _Number:
    return cast("_Number", reader(tree))


def _operand(tree: Operand) -> Read:
    name = tree.name

    def read(facts: Facts) -> Answer:
        value = facts[name]
        return value if type(value) in _PLAIN else plain(value)  # type: ignore[return-value]  # such a type

    return read


def _constant(tree: Constant) -> Read:
    value = tree.value
    return lambda _: value


def _absent(_: Absent) -> Read:
    return lambda _: None


def _missing(tree: Missing) -> Read:
    of = reader(tree.of)
    return lambda facts: of(facts) is None


def _opposite(tree: Opposite) -> Read:
    of = reader(tree.of)

    def read(facts: Facts) -> Answer:
        answer = of(facts)
        return None if answer is None else not answer

    return read


def _both(tree: Both) -> Read:
    left, right = reader(tree.left), reader(tree.right)

    def read(facts: Facts) -> Answer:
        first = left(facts)
        if first is False:
            return False
        second = right(facts)
        if second is False:
            return False
        return None if first is None or second is None else True

    return read


def _either(tree: Either) -> Read:
    left, right = reader(tree.left), reader(tree.right)

    def read(facts: Facts) -> Answer:
        first = left(facts)
        if first is True:
            return True
        second = right(facts)
        if second is True:
            return True
        return None if first is None or second is None else False

    return read


def _among(tree: Among) -> Read:
    of, words = reader(tree.of), tree.words

    def read(facts: Facts) -> Answer:
        answer = of(facts)
        return None if answer is None else answer in words

    return read


def _cases(tree: Cases) -> Read:
    branches = [(reader(test), reader(answer)) for test, answer in tree.branches]
    otherwise = reader(tree.otherwise)

    def read(facts: Facts) -> Answer:
        for test, answer in branches:
            if test(facts):
                return answer(facts)
        return otherwise(facts)

    return read


_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}


def _compare(tree: Compare) -> Read:
    left, right, holds = _number(tree.left), _number(tree.right), _COMPARE[tree.sign]

    def read(facts: Facts) -> Answer:
        a, b = left(facts), right(facts)
        if a is None or b is None:
            return None
        # Across, in whole numbers: a fraction asks what it is compared with, every time.
        return holds(a.numerator * b.denominator, b.numerator * a.denominator)

    return read


def _sum(tree: Sum) -> Read:
    match tree.right:
        case Product(left=minus, right=less) if minus == _MINUS:
            return _difference(tree.left, less)
    left, right = _number(tree.left), _number(tree.right)

    def read(facts: Facts) -> Answer:
        a, b = left(facts), right(facts)
        return None if a is None or b is None else a + b

    return read


def _difference(of: Node, less: Node) -> Read:
    left, right = _number(of), _number(less)

    def read(facts: Facts) -> Answer:
        a, b = left(facts), right(facts)
        return None if a is None or b is None else a - b

    return read


def _product(tree: Product) -> Read:
    left, right = _number(tree.left), _number(tree.right)

    def read(facts: Facts) -> Answer:
        a, b = left(facts), right(facts)
        return None if a is None or b is None else a * b

    return read


def _quotient(tree: Quotient) -> Read:
    top, bottom = _number(tree.top), _number(tree.bottom)

    def read(facts: Facts) -> Answer:
        a, b = top(facts), bottom(facts)
        return None if a is None or not b else a / b

    return read


def _absolute(tree: Absolute) -> Read:
    of = _number(tree.of)

    def read(facts: Facts) -> Answer:
        a = of(facts)
        return None if a is None else abs(a)

    return read


def _root(tree: Root) -> Read:
    of, places = _number(tree.of), tree.places

    def read(facts: Facts) -> Answer:
        value = of(facts)
        if value is None or value < 0:
            return None
        shifted = value.numerator * value.denominator * 10 ** (2 * places)
        return Fraction(math.isqrt(shifted) // value.denominator, 10**places)

    return read


def _rounded(tree: Rounded) -> Read:
    of, places_of, scale = _number(tree.of), _number(tree.places), tree.scale

    def read(facts: Facts) -> Answer:
        value, asked = of(facts), places_of(facts)
        if value is None or asked is None or not 0 <= (places := int(asked)) <= scale:
            return None
        units = _units(value, places)
        return Fraction(units, 10**places) if abs(units) * 10 ** (scale - places) < WIDEST else None

    return read


_READERS: dict[type[Node], Callable[[Any], Read]] = {
    Operand: _operand,
    Constant: _constant,
    Absent: _absent,
    Missing: _missing,
    Opposite: _opposite,
    Both: _both,
    Either: _either,
    Among: _among,
    Cases: _cases,
    Compare: _compare,
    Sum: _sum,
    Product: _product,
    Quotient: _quotient,
    Absolute: _absolute,
    Root: _root,
    Rounded: _rounded,
}
