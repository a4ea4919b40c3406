"""Rows of a council's status schemes."""

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator

from app.imports.cells import (
    Day,
    Key,
    OptionalDay,
    OptionalMeasure,
    OptionalPercent,
    OptionalShare,
    Whole,
    refusal,
)
from app.imports.rows import Row
from app.rules.escalation import escalation_condition
from app.rules.schemes import UnknownConditionError, condition
from app.rules.vocabulary import ActionStatus, Convention, Direction, EscalationLevel, Status

_KEY = re.compile(r"[^@]+(@([2-9]|[1-9][0-9]{1,5}))?")
_CODES = dict.fromkeys((*Status, *ActionStatus, *EscalationLevel))


def _status(code: str) -> str:
    if code not in _CODES:
        raise refusal(f"is not one of {', '.join(_CODES)}")
    return code


def _version(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise refusal("is not a name, or a name and a later version, as plan@2")
    return key


class SchemeRow(Row):
    """A scheme for one measure set, between two dates; `plan@2` is the second version of `plan`."""

    later = frozenset({"dead_band_percent", "dead_band_units"})

    id: Annotated[Key, AfterValidator(_version)]
    """What identifies the scheme; plan@2 is the second version of plan."""
    name: str
    """Name of the scheme."""
    measure_set: str
    """Set of measures that it judges."""
    effective_from: Day
    """First day on which it is in force."""
    effective_to: OptionalDay = None
    """Last day on which it is in force; empty while it is."""
    variance_convention: Convention
    """How the council prints a target variance."""
    dead_band_percent: OptionalShare = None
    """Changes up to so many percent count as unchanged."""
    dead_band_units: OptionalMeasure = None
    """Changes up to so much, in the unit of the measure, count as unchanged."""
    note: str | None = None
    """Anything else about it, in a few words."""

    @property
    def slug(self) -> str:
        """The name that its versions share."""
        return self.id.partition("@")[0]

    @property
    def version(self) -> int:
        """Which of the versions of that name it is, from 1."""
        return int(self.id.partition("@")[2] or 1)

    def _faults(self) -> Iterable[tuple[str, str]]:
        if self.effective_to and self.effective_to < self.effective_from:
            yield "effective_to", "is before effective_from"
        if self.dead_band_percent is not None and self.dead_band_units is not None:
            yield "dead_band_units", "stands beside dead_band_percent; a scheme has one of them"
        if self.dead_band_units is not None and self.dead_band_units < 0:
            yield "dead_band_units", "is below zero"


class SchemeClauseRow(Row):
    """One clause: a condition in words, and what follows from it."""

    scheme: str
    """The scheme's id."""
    position: Whole
    """Its place among the clauses, which are tried in order."""
    condition: str
    """When it applies, in the vocabulary of conditions."""
    code: Annotated[str, AfterValidator(_status)]
    """The normalised status that follows."""
    label: str
    """What the council calls that status."""
    colour: Literal["green", "amber", "red", "grey", "blue"] | None = None
    """Colour that the council gives it."""
    points: OptionalPercent = None
    """Points that it counts towards a rating."""

    @property
    def escalates(self) -> bool:
        """Whether it gives a scorecard a level, and no measure a status."""
        return self.code in set(EscalationLevel)

    def _faults(self) -> Iterable[tuple[str, str]]:
        known = escalation_condition if self.escalates else condition
        try:
            known(self.condition)
        except UnknownConditionError:
            yield "condition", "is outside the vocabulary of conditions"


class DirectionLabelRow(Row):
    """A word or an arrow for a direction; the first of a direction is the one shown."""

    scheme: str
    """The scheme's id."""
    code: Direction
    """The normalised direction."""
    label: str
    """What the council prints for it."""
