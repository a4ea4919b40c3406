"""Where an answer changes as one number moves: the bands that a tree cuts the number line into."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from typing import TYPE_CHECKING, NamedTuple

from app.rules.evaluation import Answer, reader
from app.rules.nodes import (
    ABSENT,
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
    Rounded,
    Sum,
    node,
    operands,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from app.rules.evaluation import Read

    Facts = Mapping[str, Answer]
    _Liner = Callable[[Facts], tuple["_Line", ...]]

_Line = tuple[Fraction, Fraction]
"""How a number moves with the one that is varied: slope, and value at zero."""
_ONE, _NONE = Fraction(1), Fraction(0)
_YES, _NO = node(1) >= node(0), node(1) < node(0)
_MOST_KEPT = 512
"""How many settled trees one that is varied keeps ready."""


class Band(NamedTuple):
    """A stretch of the number line with one answer; an end that is None has no end."""

    low: Fraction | None
    low_included: bool
    high: Fraction | None
    high_included: bool
    answer: Answer

    def holds(self, value: Fraction) -> bool:
        """Whether a number lies in it."""
        above = self.low is None or self.low < value or (self.low_included and self.low == value)
        below = self.high is None or value < self.high or (self.high_included and self.high == value)
        return above and below


class Varied:
    """A tree of which one operand moves.

    Rows whose words and flags are the same, and that lack the same numbers, differ in nothing but
    numbers: what is left of the tree for them is worked out once.
    """

    def __init__(self, tree: Node, name: str) -> None:
        """Know which facts settle the tree."""
        self._tree, self._name = tree, name
        self._others = tuple(operand for operand in operands(tree) if operand.name != name)
        self._settled: dict[tuple[Answer, ...], _Settled] = {}

    def bands(self, facts: Facts) -> list[Band]:
        """The answers from the least to the greatest value of the operand that moves, the others as they are.

        The tree is read at every point where one of its comparisons may turn, and once between them, so
        the bands are exact as long as it compares what moves in straight lines.
        """
        key = tuple(_settling(operand, facts) for operand in self._others)
        settled = self._settled.get(key)
        if settled is None:
            if len(self._settled) >= _MOST_KEPT:
                self._settled.clear()
            settled = self._settled[key] = _Settled(_folded(self._tree, self._name, facts), self._name)
        return settled.bands(facts)


def _settling(operand: Operand, facts: Facts) -> Answer:
    """What of a fact settles a tree: a word or a flag itself, of a number whether there is one."""
    value = facts[operand.name]
    return value is not None if isinstance(value, Fraction) else value


class _Settled:
    """What is left of a tree to move through, for rows that differ in nothing but numbers."""

    def __init__(self, tree: Node, name: str) -> None:
        self._name = name
        self._read = reader(tree)
        compared = [part for part in _parts(tree) if isinstance(part, Compare) and _moves(part, name)]
        self._compared = [(_liner(part.left, name), _liner(part.right, name)) for part in compared]

    def bands(self, facts: Facts) -> list[Band]:
        points = sorted(set(self._turns(facts)))
        known = dict(facts)
        found: list[Band] = []

        def add(low: Fraction | None, high: Fraction | None, sample: Fraction) -> None:
            known[self._name] = sample
            answer = self._read(known)
            here = low == high and low is not None
            if found and found[-1].answer == answer:
                found[-1] = found[-1]._replace(high=high, high_included=here)
            else:
                found.append(Band(low, here, high, here, answer))

        add(None, points[0] if points else None, points[0] - 1 if points else Fraction(0))
        for point, following in pairwise((*points, None)):
            assert point is not None  # noqa: S101 - only the last is none, and nothing follows it
            add(point, point, point)
            add(point, following, point + 1 if following is None else (point + following) / 2)
        return found

    def _turns(self, facts: Facts) -> Iterator[Fraction]:
        """Every value at which a comparison may turn."""
        for left, right in self._compared:
            for (slope, start), (other_slope, other_start) in product(left(facts), right(facts)):
                if slope != other_slope:
                    yield (other_start - start) / (slope - other_slope)


def _moves(tree: Node, name: str) -> bool:
    return any(operand.name == name for operand in operands(tree))


def _parts(tree: Node) -> Iterator[Node]:
    yield tree
    for part in tree.parts():
        yield from _parts(part)


def _folded(tree: Node, name: str, facts: Facts) -> Node:  # noqa: C901 - one line a node, all in one place
    """A tree with every test that words, flags and missing numbers settle already made."""
    match tree:
        case Operand():
            return _known(tree, name, facts)
        case Among(Operand() as of) if of.name != name:
            value = facts[of.name]
            return ABSENT if value is None else _YES if value in tree.words else _NO
        case Missing(of):
            left = _folded(of, name, facts)
            return _YES if left == ABSENT else _NO if isinstance(left, Operand | Constant) else Missing(left)
        case Opposite(of):
            left = _folded(of, name, facts)
            return _NO if left == _YES else _YES if left == _NO else _kept(Opposite(left), left)
        case Both() | Either():
            return _joined(tree, name, facts)
        case Cases():
            return _cases(tree, name, facts)
        case Absolute(of):
            left = _folded(of, name, facts)
            return _kept(Absolute(left), left)
        case Rounded(of, places, scale):
            sides = _folded(of, name, facts), _folded(places, name, facts)
            return _kept(Rounded(*sides, scale), *sides)
        case Sum(one, other) | Product(one, other) | Quotient(one, other):
            sides = _folded(one, name, facts), _folded(other, name, facts)
            return _kept(type(tree)(*sides), *sides)
        case Compare(sign, one, other):
            sides = _folded(one, name, facts), _folded(other, name, facts)
            return tree if tree in {_YES, _NO} else _kept(Compare(sign, *sides), *sides)
    return tree


def _known(tree: Operand, name: str, facts: Facts) -> Node:
    """An operand: missing, a flag that is known, a word, or a number that stays."""
    value = facts[tree.name] if tree.name != name else Fraction(0)
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, str):
        return Constant(value)
    return ABSENT if value is None else tree


def _kept(tree: Node, *parts: Node) -> Node:
    """A tree; missing where one of its parts is."""
    return ABSENT if any(isinstance(part, Absent) for part in parts) else tree


def _joined(tree: Both | Either, name: str, facts: Facts) -> Node:
    """Two tests joined, as far as one of them does not decide."""
    left, right = _folded(tree.left, name, facts), _folded(tree.right, name, facts)
    deciding, idle = (_YES, _NO) if isinstance(tree, Either) else (_NO, _YES)
    if deciding in {left, right}:
        return deciding
    if left == idle:
        return right
    return left if right == idle or left == right == ABSENT else type(tree)(left, right)


def _cases(tree: Cases, name: str, facts: Facts) -> Node:
    """The cases that may still apply."""
    branches: list[tuple[Node, Node]] = []
    otherwise = tree.otherwise
    for test, answer in tree.branches:
        tried = _folded(test, name, facts)
        if tried == _YES:
            otherwise = answer
            break
        if tried not in {_NO, ABSENT}:
            branches.append((tried, _folded(answer, name, facts)))
    last = _folded(otherwise, name, facts)
    return Cases(tuple(branches), last) if branches else last


def _liner(tree: Node, name: str) -> _Liner:
    """The straight lines that a number moves along, as a function of facts: one for each sign and case."""
    if not _moves(tree, name):
        return _still(reader(tree))
    match tree:
        case Operand():
            return lambda _: ((_ONE, _NONE),)
        case Sum(left, right):
            return _pairs(_liner(left, name), _liner(right, name), _added)
        case Product(left, right):
            return _pairs(_liner(left, name), _liner(right, name), _multiplied)
        case Quotient(top, bottom):
            return _pairs(_liner(top, name), _liner(bottom, name), _divided)
        case Rounded(of):  # as exact as its places: what moves has no more of them
            return _liner(of, name)
        case Absolute(of):
            lines = _liner(of, name)
            return lambda facts: tuple(line for a, b in lines(facts) for line in ((a, b), (-a, -b)))
        case Cases(branches, otherwise):
            answers = [_liner(answer, name) for answer in (*(answer for _, answer in branches), otherwise)]
            return lambda facts: tuple(line for lines in answers for line in lines(facts))
    return lambda _: ()


def _still(read: Read) -> _Liner:
    def lines(facts: Facts) -> tuple[_Line, ...]:
        value = read(facts)
        return ((_NONE, value),) if isinstance(value, Fraction) else ()

    return lines


def _pairs(left: _Liner, right: _Liner, joined: Callable[[_Line, _Line], _Line | None]) -> _Liner:
    def lines(facts: Facts) -> tuple[_Line, ...]:
        pairs = (joined(one, other) for one, other in product(left(facts), right(facts)))
        return tuple(line for line in pairs if line is not None)

    return lines


def _added(one: _Line, other: _Line) -> _Line:
    return one[0] + other[0], one[1] + other[1]


def _multiplied(one: _Line, other: _Line) -> _Line | None:
    """None where both move: that is no straight line."""
    (a, b), (c, d) = one, other
    return None if a and c else (a * d + b * c, b * d)


def _divided(one: _Line, other: _Line) -> _Line | None:
    """None where the divisor moves, or is zero."""
    (a, b), (c, d) = one, other
    return None if c or not d else (a / d, b / d)
