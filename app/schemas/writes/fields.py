"""The types that bodies are made of: a cell's own checks behind a form in which nothing is coerced.

A validator of `app.imports.cells` lets a value through that is no text, and checks it as one that a
file states. Here a JSON value is made such a value, or refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictBool,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.imports import cells
from app.imports.disclosure import HIGHEST_THRESHOLD
from app.queries.evaluations.operands import UnfitError, cell_reader
from app.rules.nodes import Kind, Operand
from app.rules.tracing import COUNT, LINE_MONEY, MEASURE, PERCENT, QUANTITY
from app.schemas.documented import Documented
from app.schemas.queries import PeriodName

_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_UNBREAKING = re.compile("[\xa0\u202f]")
_BREAK = re.compile(r"[\t\n\r]")
_MOST = COUNT.bound - 1
_CONTROLS = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f"
_BLANKS = r"\t\n\r \u0085\u1680\u2000-\u200a\u2028\u2029\u205f\u3000"
_NARROW = r"\u00a0\u202f"


def _written(inner: str) -> dict[str, Any]:
    """How a text is written that has some characters nowhere, and no blanks at its ends."""
    end = f"[^{_CONTROLS}{_NARROW}{_BLANKS}]"
    return {"pattern": f"^{end}([^{_CONTROLS}{_NARROW}{inner}]*{end})?$"}


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """How a value is written in JSON, and what makes the value that a cell checks of it."""

    read: Callable[[Any], object]
    schema: dict[str, Any]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read first, and then check as a cell is checked."""
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the form, whatever a cell may hold."""
        return dict(self.schema)


def _tidy(text: str) -> str:
    if _UNFIT.search(text):
        raise PydanticCustomError("malformed", "must have no control characters in it")
    if text != text.strip() or _UNBREAKING.search(text):
        raise PydanticCustomError("malformed", "must have no spaces around it, and none that do not break")
    return text


_TEXT, _LINE = _written(""), _written(r"\t\n\r")


def _line(most: int = 400) -> AfterValidator:
    """A line of so many bytes: what names of 400 are joined to fits into an index of PostgreSQL."""

    def line(text: str) -> str:
        if _BREAK.search(text):
            raise PydanticCustomError("malformed", "must be a single line")
        if len(text.encode()) > most:
            raise PydanticCustomError("wrong_length", f"must have at most {most} bytes in UTF-8")
        return _tidy(text)

    return AfterValidator(line)


def _decimal(kind: Kind, sign: str = "-?") -> Form:
    """An exact decimal, as text or as a JSON number, that a column of its kind holds.

    Without a sign it is described as not below zero, which the cell checks.
    """
    read, scale = cell_reader(Operand("", kind)), 10**kind.places

    def number(value: Any) -> Decimal:  # noqa: ANN401 - any JSON value
        try:
            units = Decimal(str(read(value) * scale))
        except UnfitError as unfit:
            raise PydanticCustomError(unfit.code, str(unfit)) from None
        if abs(units) >= kind.bound:
            raise PydanticCustomError("too_wide", f"must be less than {kind.bound // scale}")
        return units.scaleb(-kind.places)

    whole = len(str(kind.bound)) - 1 - kind.places
    pattern = rf"^{sign}[0-9]{{1,{whole}}}(\.[0-9]{{1,{kind.places}}})?$"
    return Form(number, {"type": "string", "format": "decimal", "pattern": pattern, "examples": ["55.8"]})


def _day(value: Any) -> date:  # noqa: ANN401 - any JSON value
    try:
        if isinstance(value, str) and _DATED.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:  # such as 31 April
        pass
    raise PydanticCustomError("not_a_date", "must be a date such as 2011-09-30")


def _measure_or_day(value: Any) -> object:  # noqa: ANN401 - any JSON value
    return _day(value) if isinstance(value, str) and _DATED.fullmatch(value) else _MEASURE.read(value)


def _integer(low: int, high: int) -> Form:
    """A whole number between two, both included."""

    def whole(value: Any) -> int:  # noqa: ANN401 - any JSON value
        if isinstance(value, bool) or not isinstance(value, int):
            raise PydanticCustomError("not_a_whole_number", "must be a whole number")
        if not low <= value <= high:
            raise PydanticCustomError("out_of_range", f"must be from {low} to {high}")
        return value

    return Form(whole, {"type": "integer", "minimum": low, "maximum": high})


_MEASURE = _decimal(MEASURE)
_DAY = Form(_day, {"type": "string", "format": "date", "examples": ["2011-09-30"]})
_EITHER = Form(_measure_or_day, {"anyOf": [_MEASURE.schema, _DAY.schema], "examples": ["55.8"]})

Text = Annotated[str, Field(min_length=1, max_length=20_000, json_schema_extra=_TEXT), AfterValidator(_tidy)]
"""A few words or many."""
Name = Annotated[str, Field(min_length=1, max_length=200, json_schema_extra=_LINE), _line()]
"""Words that name a fact, or another one."""
Pair = Annotated[str, Field(min_length=1, max_length=401, json_schema_extra=_LINE), _line(801)]
"""A name, or two with a slash between them."""
Code = Annotated[cells.Code, Field(min_length=1, max_length=200, json_schema_extra=_LINE), _line()]
"""A code, always text."""
Key = Annotated[cells.Key, Field(min_length=1, max_length=200, json_schema_extra=_LINE), _line()]
"""What identifies a fact inside its organisation; it may stand in the key of another."""
Period = PeriodName
"""A period, by id or by label."""
Flag = StrictBool
Measure = Annotated[cells.Measure, _MEASURE]
MeasureOrDay = Annotated[cells.MeasureOrDay, _EITHER]
"""A value in its indicator's unit, which may be a day."""
Quantity = Annotated[cells.Quantity, _decimal(QUANTITY, sign="")]
Percent = Annotated[cells.OptionalPercent, _decimal(PERCENT)]
Share = Annotated[cells.OptionalShare, _decimal(PERCENT, sign="")]
"""Percentage points, not below zero."""
Progress = Annotated[cells.Progress, _decimal(PERCENT, sign="")]
Pounds = Annotated[cells.Amount, _decimal(LINE_MONEY)]
Day = Annotated[cells.Day, _DAY]
Whole = Annotated[cells.Whole, _integer(0, _MOST)]
Places = Annotated[cells.Whole, _integer(0, 4)]
"""How many decimals a measure is shown with."""
Rated = Annotated[cells.Whole, _integer(1, 25)]
"""A rating, or a level of impact or probability."""
Level = Annotated[cells.Level, _integer(1, 5)]
Few = Annotated[cells.Whole, _integer(1, HIGHEST_THRESHOLD)]
"""So many people as a policy of small counts may name."""


class Stated(Documented):
    """A body that states a fact; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    organisation: Name
    """The id of the organisation that reports it."""
