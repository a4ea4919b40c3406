"""Types of cells: what each kind of column takes, and what is noted when it is normalised.

A validator is handed the text of a cell; with a list as context it leaves its notes there, as
(column, text, note). Words are written as the vocabulary has them; nothing is guessed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BeforeValidator, TypeAdapter, ValidationInfo
from pydantic_core import PydanticCustomError

from app.imports.dates import is_dated, read_day
from app.imports.numbers import Grammar, read_number
from app.rules.nodes import Kind
from app.rules.periods import parse_period
from app.rules.tracing import COUNT, LINE_MONEY, MEASURE, PERCENT, QUANTITY

Reader = Callable[[str], tuple[Any, Sequence[str]]]

_TURNED = re.compile(
    r"[0-9]+\.0+|[0-9]+(\.[0-9]+)?E[+-][0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}.*"
    r"|[0-9]{1,2}[-/](Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)([-/][0-9]{2,4})?"
    r"|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[-/][0-9]{2,4}"
    r"|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}"
)
_PLAIN: set[object] = {Decimal, date, int, bool, str, type(None)}
_FLAGS = {"yes": True, "no": False}
_CENTURY = 100
_LEVELS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """A validator that reads text, and lets through what is a value already."""

    reader: Reader

    def __call__(self, value: object, info: ValidationInfo) -> object:
        """The value of a cell; its notes are left in the context."""
        if not isinstance(value, str):
            return value
        try:
            read, notes = self.reader(value)
        except ValueError as refused:
            raise refusal(str(refused)) from None
        if info.context is not None:
            info.context.extend((info.field_name, value, note) for note in notes)
        return read


def _cell(reader: Reader) -> BeforeValidator:
    return BeforeValidator(Reading(reader))


def column_reader(annotation: object, metadata: Sequence[object]) -> Reader:
    """What reads the texts of a column one by one, refusing with ValueError.

    Where a column's type says no more than its own reader, pydantic is not asked in between.
    """
    readings = [said.func for said in metadata if isinstance(said, BeforeValidator)]
    checks: list[Any] = [said.func for said in metadata if isinstance(said, AfterValidator)]
    whole = len(readings) + len(checks) == len(metadata)
    if whole and len(readings) == 1 and isinstance(readings[0], Reading) and _arms(annotation) <= _PLAIN:
        return _checked(readings[0].reader, checks)
    annotated: Any = Annotated[annotation, *(metadata or [None])]
    return _adapted(TypeAdapter(annotated))


def _arms(annotation: object) -> set[object]:
    return set(get_args(annotation) or [annotation])


def _checked(reader: Reader, checks: Sequence[Callable[[Any], Any]]) -> Reader:
    if not checks:
        return reader

    def read(text: str) -> tuple[Any, Sequence[str]]:
        value, notes = reader(text)
        for check in checks:
            value = check(value)
        return value, notes

    return read


def _adapted(adapter: TypeAdapter[Any]) -> Reader:
    def read(text: str) -> tuple[Any, Sequence[str]]:
        notes: list[tuple[str, str, str]] = []
        value = adapter.validator.validate_python(text, context=notes)
        return value, [note for *_, note in notes]

    return read


def refusal(reason: str) -> PydanticCustomError:
    """An error of a cell that says only its reason."""
    return PydanticCustomError("cell", "{reason}", {"reason": reason})


def is_code(annotation: object, metadata: Sequence[object] = ()) -> bool:
    """Whether a column holds codes, which a spreadsheet may have turned into something else."""
    if any(isinstance(said, AfterValidator) and said.func is _as_typed for said in metadata):
        return True
    return any(is_code(*_parts(arm)) for arm in get_args(annotation))


def _parts(annotation: object) -> tuple[object, Sequence[object]]:
    return annotation, getattr(annotation, "__metadata__", ())


def _number(kind: Kind, *, percent: bool = False, thousands: bool = False) -> Reader:
    grammar = Grammar(kind, percent=percent, thousands=thousands)
    return lambda text: read_number(text, grammar)


def _absent(reader: Reader) -> Reader:
    """A dash says that there is no figure."""
    return lambda text: (None, ["a dash is read as no figure"]) if text == "-" else reader(text)


def _nil(reader: Reader) -> Reader:
    """A dash in a table of money says nil."""
    return lambda text: (Decimal(0), ["a dash is read as nil"]) if text == "-" else reader(text)


def _number_or_day(text: str) -> tuple[Decimal | date, Sequence[str]]:
    is_figure = text.replace(".", "", 1).isdigit()  # most are, and no day is
    return read_day(text) if not is_figure and is_dated(text) else _measure(text)


def _whole(text: str) -> tuple[int, Sequence[str]]:
    value, notes = _number(COUNT)(text)
    if value < 0:
        raise ValueError("is below zero")
    return int(value), notes


def _period(text: str) -> tuple[str, Sequence[str]]:
    name = parse_period(text).id
    return name, [f"is read as {name}"] if name != text else []


def _flag(text: str) -> tuple[bool, Sequence[str]]:
    if text not in _FLAGS:
        raise ValueError("is neither yes nor no nor empty")
    return _FLAGS[text], []


def _as_typed(code: str) -> str:
    if _TURNED.fullmatch(code):
        raise refusal("looks like a code that a spreadsheet has turned into a number or a date")
    return code


def _undivided(key: str) -> str:
    if "/" in key:
        raise refusal("has a slash, which parts keys from one another")
    return key


def _not_negative(value: Decimal | None) -> Decimal | None:
    if value is not None and value < 0:
        raise refusal("is below zero")
    return value


def _progress(value: Decimal | None) -> Decimal | None:
    if value is not None and not 0 <= value <= _CENTURY:
        raise refusal("is outside 0 to 100")
    return value


def _level(value: int | None) -> int | None:
    if value is not None and not 1 <= value <= _LEVELS:
        raise refusal("is not a level from 1 to 5")
    return value


_measure = _number(MEASURE, percent=True, thousands=True)
_quantity = _number(QUANTITY, thousands=True)
_percent = _number(PERCENT, percent=True)
_amount = _number(Kind("amount", places=5, bound=LINE_MONEY.bound * 1000), thousands=True)

Code = Annotated[str, AfterValidator(_as_typed)]
"""A code, always text."""
Key = Annotated[str, AfterValidator(_as_typed), AfterValidator(_undivided)]
"""What identifies a row inside its organisation; it may stand in the key of another row."""
PeriodId = Annotated[str, _cell(_period)]
Day = Annotated[date, _cell(read_day)]
OptionalDay = Annotated[date | None, _cell(read_day)]
Flag = Annotated[bool, _cell(_flag)]
OptionalFlag = Annotated[bool | None, _cell(_flag)]
Whole = Annotated[int, _cell(_whole)]
Level = Annotated[int, _cell(_whole), AfterValidator(_level)]
OptionalLevel = Annotated[int | None, _cell(_whole), AfterValidator(_level)]
Measure = Annotated[Decimal, _cell(_measure)]
OptionalMeasure = Annotated[Decimal | None, _cell(_absent(_measure))]
MeasureOrDay = Annotated[Decimal | date | None, _cell(_absent(_number_or_day))]
"""A value in its indicator's unit, which may be a day."""
Quantity = Annotated[Decimal, _cell(_quantity), AfterValidator(_not_negative)]
OptionalQuantity = Annotated[Decimal | None, _cell(_absent(_quantity))]
Base = Annotated[Decimal | None, _cell(_absent(_quantity)), AfterValidator(_not_negative)]
"""A denominator. Zero is kept: what is divided by it is missing."""
OptionalPercent = Annotated[Decimal | None, _cell(_absent(_percent))]
OptionalShare = Annotated[Decimal | None, _cell(_absent(_percent)), AfterValidator(_not_negative)]
Progress = Annotated[Decimal | None, _cell(_absent(_percent)), AfterValidator(_progress)]
Amount = Annotated[Decimal | None, _cell(_nil(_amount))]
"""Money in the unit that its row states; its width is checked in pounds."""
