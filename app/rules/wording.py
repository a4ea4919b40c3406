"""The second reader of a tree: a formula in words, with the names of its operands or with their values."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.rules.evaluation import evaluate
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
    Root,
    Rounded,
    Sum,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.rules.evaluation import Answer

Name = Callable[[Operand], str]
"""What stands for an operand in a number's formula."""

_OR, _AND, _TEST, _SUM, _PRODUCT, _ATOM = range(6)
_SHOWN_PLACES = 6
_MINUS = Constant(Fraction(-1))
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "=": "="}
_TURNED = {"<": "≥", "<=": ">", ">": "≤", ">=": "<", "=": "≠"}


def spoken(name: str) -> str:
    """An operand's name, or a word of the vocabulary, as a person says it."""
    return name.replace("_", " ")


def called(operand: Operand) -> str:
    """An operand by its name."""
    return spoken(operand.name)


def valued(facts: Mapping[str, Answer]) -> Name:
    """Operands by their values."""

    def name(operand: Operand) -> str:
        value = facts[operand.name]
        return f"(no {called(operand)})" if value is None else told(value)

    return name


def told(answer: Answer) -> str:
    """An answer as a person reads it: a number to six places at most, and "…" where more follow."""
    if answer is None:
        return "nothing"
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, str):
        return spoken(answer)
    return decimal(answer, _SHOWN_PLACES)


def decimal(number: Fraction, places: int) -> str:
    """A number in decimals without needless zeros, cut off with "…" after some places."""
    units, rest = divmod(abs(number.numerator) * 10**places, number.denominator)
    digits = str(units).rjust(places + 1, "0")
    whole, after = (digits[:-places], digits[-places:]) if places else (digits, "")
    after = after if rest else after.rstrip("0")
    sign = "-" if number < 0 else ""
    return f"{sign}{whole}{'.' if after else ''}{after}{'…' if rest else ''}"


def wording(tree: Node, name: Name = called) -> str:
    """A tree in words and arithmetic signs."""
    return _Writer(name).write(tree, _OR)


class _Writer:
    def __init__(self, name: Name) -> None:
        self.name = name

    def write(self, tree: Node, within: int) -> str:
        """A tree, in brackets where what stands around it binds more closely."""
        text, level = _WRITERS[type(tree)](self, tree)
        return f"({text})" if level < within else text

    def operand(self, tree: Operand) -> tuple[str, int]:
        if tree.kind.name == "flag":
            return called(tree), _TEST
        return self.name(tree), _ATOM

    def constant(self, tree: Constant) -> tuple[str, int]:
        return told(tree.value), _ATOM

    def absent(self, _: Absent) -> tuple[str, int]:
        return "nothing", _ATOM

    def sum(self, tree: Sum) -> tuple[str, int]:
        left = self.write(tree.left, _SUM)
        if isinstance(tree.right, Product) and tree.right.left == _MINUS:
            return f"{left} − {self.write(tree.right.right, _PRODUCT)}", _SUM
        match tree.right:
            case Constant(Fraction() as value) if value < 0:
                return f"{left} − {told(-value)}", _SUM
        return f"{left} + {self.write(tree.right, _SUM)}", _SUM

    def product(self, tree: Product) -> tuple[str, int]:
        if tree.left == _MINUS:
            return f"−{self.write(tree.right, _ATOM)}", _PRODUCT
        return f"{self.write(tree.left, _PRODUCT)} × {self.write(tree.right, _PRODUCT)}", _PRODUCT

    def quotient(self, tree: Quotient) -> tuple[str, int]:
        return f"{self.write(tree.top, _PRODUCT)} ÷ {self.write(tree.bottom, _ATOM)}", _PRODUCT

    def absolute(self, tree: Absolute) -> tuple[str, int]:
        return f"|{self.write(tree.of, _SUM)}|", _ATOM

    def root(self, tree: Root) -> tuple[str, int]:
        return f"√({self.write(tree.of, _SUM)})", _ATOM

    def rounded(self, tree: Rounded) -> tuple[str, int]:
        return f"{self.write(tree.of, _SUM)}, {rounding(tree, {})}", _AND

    def compare(self, tree: Compare) -> tuple[str, int]:
        return self._compared(tree, _SIGNS)

    def _compared(self, tree: Compare, signs: Mapping[str, str]) -> tuple[str, int]:
        left, right = self.write(tree.left, _SUM), self.write(tree.right, _SUM)
        return f"{left} {signs[tree.sign]} {right}", _TEST

    def among(self, tree: Among) -> tuple[str, int]:
        return f"{_subject(tree.of)} is {' or '.join(map(spoken, tree.words))}", _TEST

    def missing(self, tree: Missing) -> tuple[str, int]:
        return f"there is no {_subject(tree.of)}", _TEST

    def opposite(self, tree: Opposite) -> tuple[str, int]:
        match tree.of:
            case Missing(of):
                return f"there is {_subject(of)}", _TEST
            case Among(of, words):
                return f"{_subject(of)} is not {' or '.join(map(spoken, words))}", _TEST
            case Compare():
                return self._compared(tree.of, _TURNED)
        return f"not ({self.write(tree.of, _OR)})", _TEST

    def both(self, tree: Both) -> tuple[str, int]:
        return f"{self.write(tree.left, _AND)} and {self.write(tree.right, _AND)}", _AND

    def either(self, tree: Either) -> tuple[str, int]:
        return f"{self.write(tree.left, _OR)} or {self.write(tree.right, _OR)}", _OR

    def cases(self, tree: Cases) -> tuple[str, int]:
        said = [f"if {self.write(test, _OR)}: {self.write(answer, _SUM)}" for test, answer in tree.branches]
        if tree.otherwise != ABSENT:
            said.append(f"otherwise: {self.write(tree.otherwise, _SUM)}")
        return "; ".join(said), _OR


def rounding(tree: Rounded, facts: Mapping[str, Answer]) -> str:
    """How a number is rounded, in words; to how many places, where that is known."""
    places = evaluate(tree.places, facts) if facts or isinstance(tree.places, Constant) else None
    if not isinstance(places, Fraction):
        return f"rounded half up to its {wording(tree.places)}"
    return f"rounded half up to {int(places)} place{'' if places == 1 else 's'}"


def _subject(tree: Node) -> str:
    """What a test is about: an operand's name stays, whatever it is, as its value says nothing there."""
    return called(tree) if isinstance(tree, Operand) else f"value of ({wording(tree)})"


_WRITERS: dict[type[Node], Callable[[_Writer, Any], tuple[str, int]]] = {
    Operand: _Writer.operand,
    Constant: _Writer.constant,
    Absent: _Writer.absent,
    Sum: _Writer.sum,
    Product: _Writer.product,
    Quotient: _Writer.quotient,
    Absolute: _Writer.absolute,
    Root: _Writer.root,
    Rounded: _Writer.rounded,
    Compare: _Writer.compare,
    Among: _Writer.among,
    Missing: _Writer.missing,
    Opposite: _Writer.opposite,
    Both: _Writer.both,
    Either: _Writer.either,
    Cases: _Writer.cases,
}
