"""The second reader of a tree: a formula in words, with the names of its operands or with their values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

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

LAST_DAY = date.max.toordinal()
"""The number of the last day that has a date."""
_OR, _AND, _TEST, _SUM, _PRODUCT, _ATOM = range(6)
_SHOWN_PLACES = 6
_MINUS, _ZERO = Constant(Fraction(-1)), Constant(Fraction(0))
_BLANK = "\0"
_AFTER_SIGN = ("+ ", "− ", "× ", "÷ ", "−")
_NAMES = {
    "sample": "a survey sample",
    "data_only": "shown only as data",
    "earlier": "earlier outturn",
    "year_earlier": "outturn a year before",
    "previous": "previous outturn",
    "stated_previous": "previous outturn as stated",
    "stated_period": "period of the previous outturn",
    "stated_revised": "revised budget",
    "met": "the target is met",
}
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "=": "="}
_TURNED = {"<": "≥", "<=": ">", ">": "≤", ">=": "<", "=": "≠"}


def spoken(name: str) -> str:
    """An operand's name, or a word of the vocabulary, as a person says it."""
    return name.replace("_", " ")


def called(operand: Operand) -> str:
    """An operand by its name."""
    return _NAMES.get(operand.name) or spoken(operand.name)


def without(operand: Operand) -> str:
    """That an operand is missing."""
    return f"{'unknown whether' if operand.kind.name == 'flag' else 'no'} {called(operand)}"


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


def wording(tree: Node) -> str:
    """A tree in words and arithmetic signs."""
    return _Writer().write(tree, _OR)


class Blank(NamedTuple):
    """A place for an operand's value: what the operand is called, and whether its name stands before it."""

    name: str
    called: str
    day: bool
    named: bool

    def filled(self, value: Answer, text: str, before: str) -> str:
        """The value as it reads there; a negative number stands in brackets after a sign."""
        if value is None:
            return "none" if self.named else f"(no {self.called})"
        if self.day and isinstance(value, Fraction) and 1 <= value <= LAST_DAY:
            return date.fromordinal(int(value)).isoformat()
        return f"({text})" if text.startswith("-") and before.endswith(_AFTER_SIGN) else text


class Spoken(dict[str, str]):
    """Facts as a person reads them, each put in words when it is first asked for."""

    def __init__(self, facts: Mapping[str, Answer]) -> None:
        """Nothing is in words yet."""
        super().__init__()
        self._facts = facts

    def __missing__(self, name: str) -> str:
        """A fact in words."""
        text = self[name] = told(self._facts[name])
        return text


class Form(NamedTuple):
    """A tree in words with blanks for the values of its operands; each blank follows a text."""

    texts: tuple[str, ...]
    blanks: tuple[Blank, ...]

    def filled(self, facts: Mapping[str, Answer], spoken: Spoken) -> str:
        """The words with the values of some facts, which are put in words once."""
        said = [self.texts[0]]
        for blank, text in zip(self.blanks, self.texts[1:], strict=True):
            name = blank.name
            said.extend((blank.filled(facts[name], spoken[name], said[-1]), text))
        return "".join(said)


def form(tree: Node) -> Form:
    """A tree in words as a form to be filled in."""
    writer = _Writer(blanks=[])
    texts = writer.write(tree, _OR).split(_BLANK)
    return Form(tuple(texts), tuple(writer.blanks or ()))


class _Writer:
    def __init__(self, blanks: list[Blank] | None = None) -> None:
        self.blanks = blanks

    def write(self, tree: Node, within: int) -> str:
        """A tree, in brackets where what stands around it binds more closely."""
        text, level = _WRITERS[type(tree)](self, tree)
        return f"({text})" if level < within else text

    def operand(self, tree: Operand) -> tuple[str, int]:
        if tree.kind.name == "flag":
            return self.named(tree), _TEST
        return self.blank(tree) or called(tree), _ATOM

    def named(self, tree: Node) -> str:
        """What a test is about: an operand by its name, and its value in brackets after it."""
        if not isinstance(tree, Operand):
            return f"({self.write(tree, _OR)})"
        blank = self.blank(tree, named=True)
        return f"{called(tree)} ({blank})" if blank else called(tree)

    def blank(self, tree: Operand, *, named: bool = False) -> str:
        """A blank for an operand's value, where blanks are wanted."""
        if self.blanks is None:
            return ""
        self.blanks.append(Blank(tree.name, called(tree), tree.kind.name == "day", named))
        return _BLANK

    def constant(self, tree: Constant) -> tuple[str, int]:
        below = isinstance(tree.value, Fraction) and tree.value < 0
        return told(tree.value), _SUM if below else _ATOM

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
        places = tree.places.value if isinstance(tree.places, Constant) else None
        said = rounding(tree, places if isinstance(places, Fraction) else None)
        return f"{self.write(tree.of, _SUM)}, {said}", _AND

    def compare(self, tree: Compare) -> tuple[str, int]:
        return self._compared(tree, _SIGNS)

    def _compared(self, tree: Compare, signs: Mapping[str, str]) -> tuple[str, int]:
        tree = _plainly(tree)
        left, right = self.write(tree.left, _SUM), self.write(tree.right, _SUM)
        return f"{left} {signs[tree.sign]} {right}", _TEST

    def among(self, tree: Among) -> tuple[str, int]:
        return f"{self.named(tree.of)} is {' or '.join(map(spoken, tree.words))}", _TEST

    def missing(self, tree: Missing) -> tuple[str, int]:
        return f"{self.named(tree.of)} is missing", _TEST

    def opposite(self, tree: Opposite) -> tuple[str, int]:
        match tree.of:
            case Missing(of):
                return f"{self.named(of)} is given", _TEST
            case Among(of, words):
                return f"{self.named(of)} is not {' or '.join(map(spoken, words))}", _TEST
            case Compare():
                return self._compared(tree.of, _TURNED)
            case Opposite(of):
                return self.write(of, _TEST), _TEST
            case Operand():
                return f"not {self.named(tree.of)}", _TEST
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


def rounding(tree: Rounded, places: Answer) -> str:
    """How a number is rounded, in words; to how many places, where that is known."""
    if not isinstance(places, Fraction):
        return f"rounded half up to its {wording(tree.places)}"
    return f"rounded half up to {int(places)} place{'' if places == 1 else 's'}"


def _plainly(tree: Compare) -> Compare:
    """A comparison of a difference with zero as one of its two parts; any other as it is."""
    if tree.right == _ZERO:
        match tree.left:
            case Sum(left, Product(minus, right)) if minus == _MINUS:
                return Compare(tree.sign, left, right)
            case Product(minus, Sum(left, Product(second, right))) if minus == second == _MINUS:
                return Compare(tree.sign, right, left)
    return tree


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
