"""Where an answer changes as one number moves: the bands that a tree cuts the number line into."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from typing import TYPE_CHECKING, NamedTuple

from app.rules.evaluation import Answer, Read, reader
from app.rules.nodes import (
    ABSENT,
    Absolute,
    Both,
    Cases,
    Compare,
    Constant,
    Either,
    Node,
    Operand,
    Product,
    Quotient,
    Rounded,
    Sum,
    node,
    replaced,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_Line = tuple[Fraction, Fraction]
"""How a number moves with the one that is varied: slope, and value at zero."""
_YES, _NO = node(1) >= node(0), node(1) < node(0)


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
    """A tree of which one operand moves."""

    def __init__(self, tree: Node, name: str) -> None:
        """Make the parts that stand still ready to be read."""
        self._tree, self._name = tree, name
        self._moving: dict[int, bool] = {}
        self._still: dict[int, Read] = {}
        self._look(tree)

    def bands(self, facts: Mapping[str, Answer]) -> list[Band]:
        """The answers from the least to the greatest value of the operand that moves, the others as they are.

        The tree is read at every point where one of its comparisons may turn, and once between them, so
        the bands are exact as long as it compares what moves in straight lines.
        """
        tree = self._settled(self._tree, facts)
        read = reader(tree)
        points = sorted(set(_turns(tree)))
        found: list[Band] = []

        def add(low: Fraction | None, high: Fraction | None, sample: Fraction) -> None:
            answer = read({self._name: sample})
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

    def _look(self, tree: Node) -> bool:
        """Whether a part moves; one that does not is made ready to be read."""
        parts = [self._look(part) for part in tree.parts()]
        moving = any(parts) or (isinstance(tree, Operand) and tree.name == self._name)
        self._moving[id(tree)] = moving
        if not moving:
            self._still[id(tree)] = reader(tree)
        return moving

    def _settled(self, tree: Node, facts: Mapping[str, Answer]) -> Node:
        """The tree with what stands still read, and nothing left but what moves."""

        def settled(part: Node) -> Node | None:
            if not self._moving[id(part)]:
                return _constant(self._still[id(part)](facts))
            if isinstance(part, Cases):
                return self._cases(part, facts)
            if isinstance(part, Both | Either):
                return self._joined(part, facts)
            return None

        return replaced(tree, settled)

    def _cases(self, tree: Cases, facts: Mapping[str, Answer]) -> Node:
        branches = []
        for test, answer in tree.branches:
            if self._moving[id(test)]:
                branches.append((self._settled(test, facts), self._settled(answer, facts)))
            elif self._still[id(test)](facts):
                otherwise = self._settled(answer, facts)
                break
        else:
            otherwise = self._settled(tree.otherwise, facts)
        return Cases(tuple(branches), otherwise) if branches else otherwise

    def _joined(self, tree: Both | Either, facts: Mapping[str, Answer]) -> Node:
        """What two tests joined come to where one of them is known."""
        for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
            if not self._moving[id(one)]:
                known = self._still[id(one)](facts)
                if known is isinstance(tree, Either):
                    return _constant(known)
                if known is not None:
                    return self._settled(other, facts)
        return type(tree)(self._settled(tree.left, facts), self._settled(tree.right, facts))


def _constant(answer: Answer) -> Node:
    """An answer as a tree."""
    if answer is None:
        return ABSENT
    if isinstance(answer, bool):
        return _YES if answer else _NO
    return Constant(answer)


def _turns(tree: Node) -> Iterator[Fraction]:
    """Every value at which a comparison in a settled tree may turn."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        waiting.extend(part.parts())
        if isinstance(part, Compare):
            for (slope, start), (other_slope, other_start) in product(_lines(part.left), _lines(part.right)):
                if slope != other_slope:
                    yield (other_start - start) / (slope - other_slope)


def _lines(tree: Node) -> Iterator[_Line]:  # noqa: C901, PLR0912 - one line a node, all in one place
    """The straight lines that a number of a settled tree moves along: one for each sign and case."""
    match tree:
        case Operand():
            yield Fraction(1), Fraction(0)
        case Constant(value) if isinstance(value, Fraction):
            yield Fraction(0), value
        case Sum(left, right):
            for (a, b), (c, d) in product(_lines(left), _lines(right)):
                yield a + c, b + d
        case Product(left, right):
            for (a, b), (c, d) in product(_lines(left), _lines(right)):
                if not a or not c:
                    yield a * d + b * c, b * d
        case Quotient(top, bottom):
            for (a, b), (c, d) in product(_lines(top), _lines(bottom)):
                if not c and d:
                    yield a / d, b / d
        case Rounded(of):  # as exact as its places: what moves has no more of them
            yield from _lines(of)
        case Absolute(of):
            for a, b in _lines(of):
                yield from ((a, b), (-a, -b))
        case Cases(branches, otherwise):
            for answer in (*(answer for _, answer in branches), otherwise):
                yield from _lines(answer)
