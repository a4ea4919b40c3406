"""Rows of risk registers."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

from app.imports.cells import Key, Level, OptionalDay, OptionalLevel, PeriodId, Progress, Whole
from app.imports.rows import Row
from app.imports.slugs import slug
from app.rules.vocabulary import Treatment

_LEVELS = 5
_HIGHEST = 25


class ControlStatus(StrEnum):
    """How far a control has come."""

    approved = "approved"
    in_progress = "in_progress"
    completed = "completed"


class RiskMatrixRow(Row):
    """A level of impact or probability, or a band of ratings."""

    matrix: Key
    kind: Literal["impact", "probability", "band"]
    low: Whole
    high: Whole
    code: str | None = None
    label: str

    @property
    def slug(self) -> str:
        """The code, or what the label gives where there is none."""
        return self.code or slug(self.label)

    def _faults(self) -> Iterable[tuple[str, str]]:
        highest = _HIGHEST if self.kind == "band" else _LEVELS
        if not 1 <= self.low <= highest:
            yield "low", f"is outside 1 to {highest}"
        if not self.low <= self.high <= highest:
            yield "high", f"is outside low to {highest}"
        if self.kind != "band" and self.low != self.high:
            yield "high", "differs from low, and a level is one number"


class RiskRow(Row):
    """A risk and where it stands in a period."""

    code: Key
    title: str
    category: str | None = None
    service: str
    period: PeriodId
    matrix: str
    impact: Level
    probability: Level
    treatment: Treatment
    target_date: OptionalDay = None
    priority: str | None = None
    board_timing: str | None = None
    target_impact: OptionalLevel = None
    target_probability: OptionalLevel = None

    def _faults(self) -> Iterable[tuple[str, str]]:
        if (self.target_impact is None) != (self.target_probability is None):
            yield "target_impact", "and target_probability are given together or not at all"


class RiskControlRow(Row):
    """Something that is done to make a risk smaller."""

    risk: str
    description: str
    status: ControlStatus | None = None
    percent_complete: Progress = None


class HeatMapRow(Row):
    """How many risks one cell of the printed heat map counts."""

    service: str
    period: PeriodId
    matrix: str
    impact: Level
    probability: Level
    count: Whole
