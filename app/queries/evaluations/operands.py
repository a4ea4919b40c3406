"""Rows of operands as a request states them, made facts: exact, of the right kind, and in one unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.errors import Fault, escaped
from app.rules.catalogue import words_of
from app.rules.vocabulary import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from app.rules.evaluation import Answer
    from app.rules.nodes import Kind, Operand

Facts = dict[str, Any]
Cell = Callable[[Any], "Answer"]
"""What makes a fact of a cell. Raises UnfitError for one that is none."""

MOST_ROWS = 1000
MOST_FAULTS = 1000
"""As many faults as are told; more are not looked for."""
_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_RATIO = re.compile(r"(-?[0-9]+)/([0-9]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST = 60
"""No number of any kind has more characters, nor the name of an operand."""
_MEASURED = frozenset({"measure", "ratio"})
_UNITS = {"money": (Unit.pounds,), "percent": (Unit.percent, Unit.points)}
"""What a number of a kind can only be in."""


class UnfitError(ValueError):
    """A cell is no fact of its operand; `code` says in a lasting word why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Form:
    """What a row may state, and what is supposed where it does not."""

    def __init__(
        self,
        operands: Iterable[Operand],
        defaults: Mapping[str, Answer] | None = None,
        lacking: Callable[[Facts], Iterable[str]] = lambda _: (),
    ) -> None:
        """`lacking` completes the facts of a row, and names those that it cannot do without."""
        self.operands = {operand.name: operand for operand in operands}
        self._readers = {name: cell_reader(operand) for name, operand in self.operands.items()}
        self._defaults: Facts = {**dict.fromkeys(self.operands), **(defaults or {})}
        self._lacking = lacking

    def read(self, rows: Iterable[Any]) -> tuple[list[Facts], list[Fault]]:
        """The facts of each row, and everything that is wrong with them."""
        found: list[Facts] = []
        faults: list[Fault] = []
        for place, row in enumerate(rows):
            if len(faults) >= MOST_FAULTS:
                break
            found.append(self._row(row, f"/rows/{place}", faults))
        return found, faults

    def _row(self, row: Any, pointer: str, faults: list[Fault]) -> Facts:  # noqa: ANN401 - any JSON value
        facts = dict(self._defaults)
        if not isinstance(row, dict):
            faults.append(Fault("not_an_object", "must be an object", pointer=pointer))
            return facts
        before = len(faults)
        units: dict[str, Any] = {}
        for name, value in row.items():
            if len(faults) >= MOST_FAULTS:
                break
            read, cell = self._readers.get(name), value
            if read is None:
                faults.extend(self._unknown(name, value, f"{pointer}/{escaped(name)}", units))
                continue
            if isinstance(cell, dict):
                faults.extend(_measured(cell, f"{pointer}/{name}"))
                units |= {name: cell["unit"]} if "unit" in cell else {}
                cell = cell.get("value")
            if cell is not None:
                try:
                    facts[name] = read(cell)
                except UnfitError as error:
                    faults.append(Fault(error.code, str(error), pointer=f"{pointer}/{name}"))
        if units:
            faults.extend(self._mixed(units, pointer))
        if len(faults) == before:
            lacking = self._lacking(facts)
            faults.extend(Fault("missing", "is required", pointer=f"{pointer}/{name}") for name in lacking)
        return facts

    def _unknown(self, name: str, value: Any, at: str, units: dict[str, Any]) -> Iterator[Fault]:  # noqa: ANN401 - any JSON value
        if name == "unit":
            units[name] = value
            return
        near = get_close_matches(name[:_LONGEST], self.operands, 3) or sorted(self.operands)
        yield Fault("unknown_operand", f"is no operand here; {_either('near', near)}", pointer=at)

    def _mixed(self, units: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
        """What is in another unit than what it is held against, or than it can be."""
        first: tuple[str, str] | None = None
        for name in sorted(units, key=lambda name: name != "unit"):
            unit, at = units[name], f"{pointer}/{name}" if name == "unit" else f"{pointer}/{name}/unit"
            if not isinstance(unit, str) or unit not in set(Unit):
                yield Fault("unknown_value", _either("must be one of", Unit), pointer=at)
                continue
            allowed = self._allowed(name)
            if allowed and unit not in allowed:
                yield Fault("mixed_units", f"must be {' or '.join(allowed)}", pointer=at)
            elif allowed is not None and not allowed:
                yield Fault("mixed_units", "has no unit", pointer=at)
            elif allowed is None and first is None:
                first = name, unit
            elif allowed is None and first is not None and first[1] != unit:
                yield Fault("mixed_units", f"is {unit}, and {first[0]} is {first[1]}", pointer=at)

    def _allowed(self, name: str) -> tuple[str, ...] | None:
        """The units that an operand may be in; None for a measure, which may be in any."""
        kinds = {operand.kind.name for operand in self.operands.values()}
        if name == "unit":
            return None if kinds & _MEASURED else next((_UNITS[k] for k in _UNITS if k in kinds), ())
        kind = self.operands[name].kind.name
        return None if kind in _MEASURED else _UNITS.get(kind, ())


def cell_reader(operand: Operand) -> Cell:
    """What makes a fact of a cell of an operand."""
    match operand.kind.name:
        case "text":
            return _words(words_of(operand))
        case "flag":
            return _flag
        case "day":
            return _day
        case _:
            return _number(operand.kind)


def _measured(cell: dict[str, Any], at: str) -> Iterator[Fault]:
    """What is wrong with a cell that states its unit."""
    for name in cell.keys() - {"value", "unit"}:
        yield Fault("unknown", "is not known here", pointer=f"{at}/{escaped(name)}")
    for name in sorted({"value", "unit"} - cell.keys()):
        yield Fault("missing", "is required", pointer=f"{at}/{name}")


def _either(how: str, words: Iterable[str]) -> str:
    return f"{how}: {', '.join(words)}"


def _words(words: tuple[str, ...]) -> Cell:
    known = frozenset(words)

    def read(cell: Any) -> Answer:  # noqa: ANN401 - any JSON value
        if not isinstance(cell, str) or not cell.isprintable():
            raise UnfitError("not_a_text", "must be a text of printable characters")
        if known and cell not in known:
            raise UnfitError("unknown_value", _either("must be one of", words))
        return cell

    return read


def _flag(cell: Any) -> Answer:  # noqa: ANN401 - any JSON value
    if not isinstance(cell, bool):
        raise UnfitError("not_a_truth", "must be true or false")
    return cell


def _day(cell: Any) -> Answer:  # noqa: ANN401 - any JSON value
    try:
        if isinstance(cell, str) and _DAY.fullmatch(cell):
            return Fraction(date.fromisoformat(cell).toordinal())
    except ValueError:  # such as 31 April
        pass
    raise UnfitError("not_a_date", "must be a date such as 2011-09-30")


def _number(kind: Kind) -> Cell:
    places, bound, is_ratio = kind.places, kind.bound, kind.name == "ratio"
    scale = 10**places

    def read(cell: Any) -> Answer:  # noqa: ANN401 - any JSON value
        text = cell if isinstance(cell, str) else _text(cell)
        if len(text) > _LONGEST:
            raise _too_wide(kind)
        if is_ratio:
            return _ratio(kind, text)
        found = _NUMBER.fullmatch(text)
        if found is None:
            raise UnfitError("not_a_decimal", "must be a decimal number such as 12.5")
        sign, whole, after = found[1], found[2], (found[3] or "").rstrip("0")
        if len(after) > places:
            raise UnfitError("too_precise", f"must have at most {places} decimal places")
        units = int(whole + after.ljust(places, "0"))
        if units > bound:
            raise _too_wide(kind)
        if sign and units and not kind.signed:
            raise UnfitError("out_of_range", "must not be negative")
        return Fraction(-units if sign else units, scale)

    return read


def _ratio(kind: Kind, text: str) -> Fraction:
    """A decimal number, or a whole number over a whole number."""
    if not (_NUMBER.fullmatch(text) or _RATIO.fullmatch(text)):
        message = "must be a decimal number such as 12.5, or a fraction such as 7974400/142903"
        raise UnfitError("not_a_decimal", message)
    try:
        number = Fraction(text)
    except ZeroDivisionError:
        raise UnfitError("not_a_decimal", "must not be divided by zero") from None
    if max(abs(number.numerator), number.denominator) > kind.bound:
        raise _too_wide(kind)
    return number


def _text(cell: Any) -> str:  # noqa: ANN401 - any JSON value
    """A JSON number in plain digits."""
    if isinstance(cell, bool) or not isinstance(cell, int | Decimal):
        raise UnfitError("not_a_decimal", 'must be a decimal number such as 12.5 or "12.5"')
    if isinstance(cell, Decimal):
        exponent = cell.as_tuple().exponent
        if abs(cell.adjusted()) > _LONGEST or not -_LONGEST <= int(exponent) <= _LONGEST:
            raise UnfitError("too_wide", "is too wide to be held exactly")
        return format(cell, "f")
    return str(cell)


def _too_wide(kind: Kind) -> UnfitError:
    if kind.name == "ratio":
        return UnfitError("too_wide", f"must be a fraction of whole numbers up to {kind.bound}")
    most = f"{kind.bound // 10**kind.places}"
    return UnfitError("too_wide", f"must be at most {most}, with at most {kind.places} decimal places")
