"""Rows of a council's status schemes."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator

from app.imports.cells import Day, Key, OptionalDay, OptionalPercent, Whole, refusal
from app.imports.rows import Row
from app.rules.schemes import UnknownConditionError, condition
from app.rules.vocabulary import ActionStatus, Convention, Direction, Status

_CODES = dict.fromkeys((*Status, *ActionStatus))


def _status(code: str) -> str:
    if code not in _CODES:
        raise refusal(f"is not one of {', '.join(_CODES)}")
    return code


class SchemeRow(Row):
    """A scheme for one measure set, between two dates."""

    id: Key
    name: str
    measure_set: str
    effective_from: Day
    effective_to: OptionalDay = None
    variance_convention: Convention
    note: str | None = None

    def _faults(self) -> Iterable[tuple[str, str]]:
        if self.effective_to and self.effective_to < self.effective_from:
            yield "effective_to", "is before effective_from"


class SchemeClauseRow(Row):
    """One clause: a condition in words, and what follows from it."""

    scheme: str
    position: Whole
    condition: str
    code: Annotated[str, AfterValidator(_status)]
    label: str
    colour: Literal["green", "amber", "red", "grey", "blue"] | None = None
    points: OptionalPercent = None

    def _faults(self) -> Iterable[tuple[str, str]]:
        try:
            condition(self.condition)
        except UnknownConditionError:
            yield "condition", "is outside the vocabulary of conditions"


class DirectionLabelRow(Row):
    """A word or an arrow for a direction; the first of a direction is the one shown."""

    scheme: str
    code: Direction
    label: str
