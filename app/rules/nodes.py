"""The inert tree that a rule is: built once, read on numbers and as SQL.

Numbers are exact rationals. A missing operand makes a number missing and a test unknown; a test that
is unknown does not hold, as in SQL. Nothing here computes: see `evaluation` and the compiler.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Kind:
    """What an operand holds: its decimal places, and the greatest whole number of its last place."""

    name: str
    places: int = 0
    bound: int = 0
    signed: bool = True


class Node:
    """Anything a rule is made of; numbers, texts and tests alike."""

    __slots__ = ()

    def __add__(self, other: Value) -> Node:
        return Sum(self, node(other))

    def __radd__(self, other: Value) -> Node:
        return Sum(node(other), self)

    def __sub__(self, other: Value) -> Node:
        return Sum(self, Product(Constant(Fraction(-1)), node(other)))

    def __rsub__(self, other: Value) -> Node:
        return node(other) - self

    def __mul__(self, other: Value) -> Node:
        return Product(self, node(other))

    def __rmul__(self, other: Value) -> Node:
        return Product(node(other), self)

    def __truediv__(self, other: Value) -> Node:
        return Quotient(self, node(other))

    def __rtruediv__(self, other: Value) -> Node:
        return Quotient(node(other), self)

    def __neg__(self) -> Node:
        return Product(Constant(Fraction(-1)), self)

    def __lt__(self, other: Value) -> Node:
        return Compare("<", self, node(other))

    def __le__(self, other: Value) -> Node:
        return Compare("<=", self, node(other))

    def __gt__(self, other: Value) -> Node:
        return Compare(">", self, node(other))

    def __ge__(self, other: Value) -> Node:
        return Compare(">=", self, node(other))

    def equals(self, other: Value) -> Node:
        """Whether two numbers are the same, exactly."""
        return Compare("=", self, node(other))

    def among(self, *words: str) -> Node:
        """Whether a text is one of some words."""
        return Among(self, tuple(str(word) for word in words))

    def __and__(self, other: Node) -> Node:
        return Both(self, other)

    def __or__(self, other: Node) -> Node:
        return Either(self, other)

    def __invert__(self) -> Node:
        return Opposite(self)

    def parts(self) -> Iterator[Node]:
        """The nodes that this one is made of."""
        for field in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            yield from _nodes(getattr(self, field.name))


Value = Node | Fraction | int
Comparison = Literal["<", "<=", ">", ">=", "="]


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


@dataclass(frozen=True, slots=True)
class Operand(Node):
    """A named raw fact."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A number, or a word."""

    value: Fraction | str


@dataclass(frozen=True, slots=True)
class Absent(Node):
    """A number or a word that is missing, always."""


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """Two numbers added."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Product(Node):
    """Two numbers multiplied."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Quotient(Node):
    """Missing where the divisor is zero."""

    top: Node
    bottom: Node


@dataclass(frozen=True, slots=True)
class Absolute(Node):
    """A number without its sign."""

    of: Node


@dataclass(frozen=True, slots=True)
class Root(Node):
    """The square root, cut off after some places; missing for a negative number."""

    of: Node
    places: int


@dataclass(frozen=True, slots=True)
class Rounded(Node):
    """Half up, away from zero, to some places; missing where it would not fit a 64-bit whole number.

    `scale` is the number of places the answer is kept in, the same for every row of a column; where
    a row asks for more, the answer is missing.
    """

    of: Node
    places: Node
    scale: int


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """Two numbers compared, exactly."""

    sign: Comparison
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Among(Node):
    """Whether a word is one of some."""

    of: Node
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing(Node):
    """Whether there is no value."""

    of: Node


@dataclass(frozen=True, slots=True)
class Both(Node):
    """Whether two tests hold."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Either(Node):
    """Whether one of two tests holds."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Opposite(Node):
    """Whether a test does not hold."""

    of: Node


@dataclass(frozen=True, slots=True)
class Cases(Node):
    """The answer of the first test that holds."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


ABSENT = Absent()


def node(value: Value | str) -> Node:
    """A constant made a node; a node as it is."""
    if isinstance(value, Node):
        return value
    return Constant(str(value) if isinstance(value, str) else Fraction(value))


def cases(*branches: tuple[Node, Value | str], otherwise: Value | str = ABSENT) -> Node:
    """The answer of the first test that holds; tried in order."""
    return Cases(tuple((test, node(answer)) for test, answer in branches), node(otherwise))


def missing(of: Node) -> Node:
    """Whether there is no value to reason with."""
    return Missing(of)


def present(of: Node) -> Node:
    """Whether there is a value to reason with."""
    return Opposite(Missing(of))


def size(of: Node) -> Node:
    """The magnitude, without its sign."""
    return Absolute(of)


def root(of: Node, places: int) -> Node:
    """The square root, cut off after some places, so that every reader finds the same digits."""
    return Root(of, places)


def rounded(of: Node, places: Value, scale: int | None = None) -> Node:
    """Half up to some places; a column whose places vary by row states one scale for all."""
    places = node(places)
    if scale is None:
        if not (isinstance(places, Constant) and isinstance(places.value, Fraction)):
            message = "a rounding whose places vary by row needs a scale"
            raise TypeError(message)
        scale = int(places.value)
    return Rounded(of, places, scale)


def operands(tree: Node) -> tuple[Operand, ...]:
    """The raw facts that a tree reads, each once, in order of first appearance."""
    found: dict[str, Operand] = {}
    waiting = [tree]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Operand):
            found.setdefault(current.name, current)
        waiting.extend(reversed(list(current.parts())))
    return tuple(found.values())


def replaced(tree: Node, by: Callable[[Node], Node | None]) -> Node:
    """A tree in which some nodes stand for others; None keeps a node, and looks at its parts."""
    other = by(tree)
    if other is not None:
        return other
    changes = {}
    for field in fields(tree):  # type: ignore[arg-type]  # every subclass is a dataclass
        value = getattr(tree, field.name)
        changed = _replaced(value, by)
        if changed is not value:
            changes[field.name] = changed
    return replace(tree, **changes) if changes else tree  # type: ignore[type-var]  # as above


def _replaced(value: object, by: Callable[[Node], Node | None]) -> object:
    if isinstance(value, Node):
        return replaced(value, by)
    if isinstance(value, tuple):
        items = tuple(_replaced(item, by) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return value


def substituted(tree: Node, trees: Mapping[str, Node]) -> Node:
    """A tree in which other trees stand for some operands, by name."""
    return replaced(tree, lambda part: trees.get(part.name) if isinstance(part, Operand) else None)


def unrounded(tree: Node) -> Node:
    """A tree without its last rounding: what is rounded afresh at another precision."""
    match tree:
        case Rounded(of, _, _):
            return of
        case Cases(branches, otherwise):
            return Cases(
                tuple((test, unrounded(answer)) for test, answer in branches),
                unrounded(otherwise),
            )
    return tree
