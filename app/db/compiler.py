"""The SQL reader: a rule's tree as one SQL expression, exact on SQLite and on PostgreSQL.

PostgreSQL has exact decimals. SQLite has whole numbers of 63 bits, and a wider product turns into a
float without a word. So each expression's greatest magnitude is known when it is compiled: where it
could be too wide, SQLite is asked row by row whether it was, and such a row is handed to the plain
reader of the same tree. No row is ever answered from a float.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from app.db.wholes import NULL, WIDEST, Ratio, Whole, common, expression
from app.rules.evaluation import Raw, Read, reader
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
    operands,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Dialect = Literal["sqlite", "postgresql"]
Column = str | tuple[str, str]
"""Where an operand stands: an SQL name, or the names of a ratio's top and bottom."""

MISSING = Ratio(NULL)
_exact: dict[str, tuple[Read, int, tuple[Operand, ...]]] = {}


class RuleTooWideError(ValueError):
    """A rule's unrounded answer could leave the whole numbers that SQLite keeps; refused when compiled."""


def compile_rule(tree: Node, columns: Mapping[str, Column], dialect: Dialect) -> str:
    """A tree as an SQL expression: a text, a truth, or a rounded number as whole units of its scale."""
    compiler = _Compiler(columns, dialect)
    if is_text(tree):
        return compiler.text(tree)
    if is_test(tree):
        return compiler.test(tree)
    scale = _scale(tree)
    units = compiler.number(tree) * Ratio(Whole(10**scale))
    return str(units.top) if dialect == "sqlite" else f"CAST({units.top} AS BIGINT)"


def compile_ratio(tree: Node, columns: Mapping[str, Column], dialect: Dialect) -> tuple[str, str]:
    """A number's tree, unrounded, as the SQL expressions of its top and its bottom.

    Raises RuleTooWideError where either could be wider than SQLite keeps.
    """
    ratio = _Compiler(columns, dialect).number(tree)
    if max(ratio.top.reach, ratio.bottom.reach) > WIDEST:
        message = f"could reach {max(ratio.top.reach, ratio.bottom.reach)}: {tree}"
        raise RuleTooWideError(message)
    top, bottom = str(ratio.top), str(ratio.bottom)
    if dialect == "sqlite":
        return top, bottom
    return f"CAST({top} AS NUMERIC)", f"CAST({bottom} AS NUMERIC)"


def exact_answer(key: str, *values: int | str | None) -> int | str | None:
    """The plain reader's answer for one row, in whole units; SQLite calls it where 63 bits are short."""
    read, power, needed = _exact[key]
    facts: dict[str, Raw] = {}
    waiting = iter(values)
    for operand in needed:
        value = next(waiting)
        if operand.kind.name == "ratio":
            bottom = next(waiting)
            facts[operand.name] = None if value is None or not bottom else Fraction(int(value), int(bottom))
        elif operand.kind.name == "flag":
            facts[operand.name] = None if value is None else bool(value)
        elif isinstance(value, int):
            facts[operand.name] = Fraction(value, 10**operand.kind.places)
        else:
            facts[operand.name] = value
    answer = read(facts)
    return int(answer * power) if isinstance(answer, Fraction) else answer


def is_text(tree: Node) -> bool:
    """Whether a tree answers with a word."""
    match tree:
        case Operand(_, kind):
            return kind.name == "text"
        case Constant(value):
            return isinstance(value, str)
        case Cases(branches, otherwise):
            return any(is_text(answer) for _, answer in branches) or is_text(otherwise)
    return False


def is_test(tree: Node) -> bool:
    """Whether a tree answers with yes or no."""
    match tree:
        case Operand(_, kind):
            return kind.name == "flag"
        case Cases(branches, otherwise):
            return any(is_test(answer) for _, answer in branches) or is_test(otherwise)
    return isinstance(tree, Compare | Among | Missing | Both | Either | Opposite)


def _scale(tree: Node) -> int:
    """The places that a rounded number is kept in, the same in every branch."""
    match tree:
        case Rounded(_, _, scale):
            return scale
        case Cases(branches, otherwise):
            scales = {_scale(node) for _, node in (*branches, (otherwise, otherwise)) if node != Absent()}
            if len(scales) == 1:
                return scales.pop()
        case Operand(_, kind):
            return kind.places
        case Constant():
            return 0
        case Sum(left, right):
            return max(_scale(left), _scale(right))
        case Product(left, right):
            return _scale(left) + _scale(right)
        case Absolute(of):
            return _scale(of)
    message = f"a column needs a rounded number: {tree}"
    raise TypeError(message)


def quoted(word: str) -> str:
    """A word as an SQL literal."""
    return "'" + word.replace("'", "''") + "'"


class _Compiler:
    def __init__(self, columns: Mapping[str, Column], dialect: Dialect) -> None:
        self.columns = columns
        self.sqlite = dialect == "sqlite"

    def text(self, tree: Node) -> str:
        match tree:
            case Operand(name):
                return str(self.columns[name])
            case Constant(value):
                return quoted(str(value))
            case Cases(branches, otherwise):
                whens = " ".join(f"WHEN {self.test(t)} THEN {self.text(a)}" for t, a in branches)
                return f"(CASE {whens} ELSE {self.text(otherwise)} END)"
        return "NULL"

    def test(self, tree: Node) -> str:
        match tree:
            case Operand(name):
                return str(self.columns[name])
            case Both(left, right):
                return f"({self.test(left)} AND {self.test(right)})"
            case Either(left, right):
                return f"({self.test(left)} OR {self.test(right)})"
            case Opposite(of):
                return f"(NOT {self.test(of)})"
            case Among(of, words):
                return f"({self.text(of)} IN ({', '.join(map(quoted, words))}))"
            case Missing(of):
                return self.missing(of)
            case Compare():
                return self.compare(tree)
            case Cases(branches, otherwise):
                whens = " ".join(f"WHEN {self.test(t)} THEN {self.test(a)}" for t, a in branches)
                return f"(CASE {whens} ELSE {self.test(otherwise)} END)"
        return "NULL"

    def missing(self, of: Node) -> str:
        if is_text(of):
            return f"({self.text(of)} IS NULL)"
        if is_test(of):
            return f"({self.test(of)} IS NULL)"
        atoms = dict.fromkeys(self.number(of).top.atoms)
        parts = [f"{atom.sql} IS NULL" for atom in atoms]
        return f"({' OR '.join(parts)})" if parts else "(1 = 0)"

    def compare(self, tree: Compare) -> str:
        left, right, _ = common(self.number(tree.left), self.number(tree.right))
        reduced = Ratio(left, right).reduced()
        left, right = reduced.top, reduced.bottom
        native = f"({left} {tree.sign} {right})"
        if _has_root(tree) and self.sqlite:
            return self.handed_over(tree)
        if not self.sqlite or max(left.reach, right.reach) <= WIDEST:
            return native
        return self.guarded(f"({left}) - ({right})", native, tree)

    def number(self, tree: Node) -> Ratio:
        match tree:
            case Operand():
                return self.operand(tree)
            case Constant(value):
                value = Fraction(value)
                return Ratio(Whole(value.numerator), Whole(value.denominator))
            case Sum(left, right):
                return self.number(left) + self.number(right)
            case Product(left, right):
                return self.number(left) * self.number(right)
            case Quotient(top, bottom):
                return self.number(top).over(self.number(bottom))
            case Absolute(of):
                ratio = self.number(of)
                return Ratio(ratio.top.magnitude(), ratio.bottom)
            case Rounded():
                return self.rounded(tree)
            case Root():
                return self.root(tree)
            case Cases():
                return self.cases(tree)
        return MISSING

    def operand(self, tree: Operand) -> Ratio:
        column, kind = self.columns[tree.name], tree.kind
        if isinstance(column, tuple):
            top, bottom = column
            positive = expression(bottom, kind.bound, signed=False)
            return Ratio(expression(top, kind.bound), positive)
        if kind.name == "day":
            days = (
                f"CAST(julianday({column}) - 1721424.5 AS INTEGER)"
                if self.sqlite
                else f"CAST({column} - DATE '0001-01-01' + 1 AS NUMERIC)"
            )
            return Ratio(expression(days, kind.bound))
        if self.sqlite:
            units = expression(column, kind.bound, signed=kind.signed)
            return Ratio(units, Whole(10**kind.places))
        return Ratio(expression(f"CAST({column} AS NUMERIC)", kind.bound, signed=kind.signed))

    def cases(self, tree: Cases) -> Ratio:
        tests = [self.test(test) for test, _ in tree.branches]
        ratios = [self.number(answer).reduced() for _, answer in tree.branches]
        ratios.append(self.number(tree.otherwise).reduced())
        bottoms = {ratio.bottom for ratio in ratios if ratio != MISSING}
        if len(bottoms) == 1:
            return Ratio(_case(tests, [ratio.top for ratio in ratios]), bottoms.pop())
        return Ratio(
            _case(tests, [ratio.top for ratio in ratios]),
            _case(tests, [ratio.bottom for ratio in ratios]),
        )

    def rounded(self, tree: Rounded) -> Ratio:
        if self.sqlite and _has_root(tree):
            return Ratio(expression(self.handed_over(tree), WIDEST), Whole(10**tree.scale))
        power, rest = self.powers(tree)
        ratio = (self.number(tree.of) * Ratio(power)).reduced()
        top, bottom = ratio.top * Whole(2), ratio.bottom * Whole(2)
        units = ratio.top
        if bottom != Whole(2):
            dividend = top + ratio.bottom.carrying(ratio.top)
            units = expression(self.divide(dividend, bottom), dividend.reach, signed=dividend.negative)
            widest = max(dividend.reach, bottom.reach)
        else:
            widest = units.reach
            if not self.sqlite:  # a decimal there need not be whole; `round` goes half up as we do
                text = f"round(CAST({units} AS NUMERIC))"
                units = expression(text, widest, signed=units.negative)
        units *= rest
        if max(widest, units.reach) > WIDEST:
            units = self.narrow(units, tree)
        return Ratio(units, Whole(10**tree.scale))

    def powers(self, tree: Rounded) -> tuple[Whole, Whole]:
        """Ten to the places, and ten to what is left of the scale."""
        if isinstance(tree.places, Constant):
            places = int(tree.places.value)
            return Whole(10**places), Whole(10 ** (tree.scale - places))
        column = self.number(tree.places).top
        whens = [f"WHEN {n} THEN {{}}" for n in range(tree.scale + 1)]
        up = " ".join(when.format(10**n) for n, when in enumerate(whens))
        down = " ".join(when.format(10 ** (tree.scale - n)) for n, when in enumerate(whens))
        return (
            expression(f"(CASE {column} {up} END)", 10**tree.scale, signed=False),
            expression(f"(CASE {column} {down} END)", 10**tree.scale, signed=False),
        )

    def divide(self, top: Whole, bottom: Whole) -> str:
        """The quotient of two wholes, cut off toward zero."""
        return f"({top} / {bottom})" if self.sqlite else f"div({top}, {bottom})"

    def narrow(self, units: Whole, tree: Rounded) -> Whole:
        """The units where they are exact and fit 64 bits; missing where they do not fit."""
        if self.sqlite:
            # Less than nothing, because -2^63 is a whole number and its opposite is not.
            return expression(self.guarded(f"-({units})", str(units), tree), WIDEST)
        return expression(f"(CASE WHEN abs({units}) <= {WIDEST} THEN {units} END)", WIDEST)

    def root(self, tree: Root) -> Ratio:
        """On PostgreSQL only; on SQLite the rounding or comparison around it is handed over."""
        ratio = self.number(tree.of)
        digits = "0." + "0" * 40
        shifted = f"({ratio.top} * {ratio.bottom} * {10 ** (2 * tree.places)} + {digits})"
        text = f"div(sqrt(CASE WHEN {ratio.top} >= 0 THEN {shifted} END), {ratio.bottom})"
        return Ratio(expression(text, WIDEST, signed=False), Whole(10**tree.places))

    def guarded(self, probe: str, native: str, tree: Node) -> str:
        return f"(CASE typeof({probe}) WHEN 'real' THEN {self.handed_over(tree)} ELSE {native} END)"

    def handed_over(self, tree: Node) -> str:
        """A call of the plain reader on this row's operands."""
        needed = operands(tree)
        key = hashlib.sha256(repr(tree).encode()).hexdigest()[:16]
        _exact[key] = (reader(tree), 1 if is_test(tree) else 10 ** _scale(tree), needed)
        names = [quoted(key)]
        for operand in needed:
            if operand.kind.name == "day":
                names.append(str(self.operand(operand).top))
                continue
            column = self.columns[operand.name]
            names.extend(column if isinstance(column, tuple) else (column,))
        return f"outturn_exact({', '.join(names)})"


def _case(tests: list[str], wholes: list[Whole]) -> Whole:
    whens = " ".join(f"WHEN {t} THEN {whole}" for t, whole in zip(tests, wholes, strict=False))
    signed = any(whole.negative for whole in wholes)
    bound = max(whole.reach for whole in wholes)
    return expression(f"(CASE {whens} ELSE {wholes[-1]} END)", bound, signed=signed)


def _has_root(tree: Node) -> bool:
    return isinstance(tree, Root) or any(_has_root(part) for part in tree.parts())
