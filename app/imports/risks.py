"""Rows of risk registers."""

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar, Literal

from app.imports.cells import Key, Level, OptionalDay, OptionalLevel, PeriodId, Progress, Whole
from app.imports.rows import Aliases, Row
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
    """Name of the matrix."""
    kind: Literal["impact", "probability", "band"]
    """Whether the row is a level of impact or probability, or a band of ratings."""
    low: Whole
    """The level, or the lowest rating of the band."""
    high: Whole
    """The level again, or the highest rating of the band."""
    code: str | None = None
    """Code of the level or band; it follows from the label where empty."""
    label: str
    """What the council calls it."""

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

    aliases: ClassVar[Aliases] = {
        "code": ("risk code", "risk id"),
        "title": ("risk", "risk title"),
        "probability": ("likelihood",),
        "target_probability": ("target likelihood",),
    }

    code: Key
    """What identifies the risk within its council."""
    title: str
    """What might happen, in a few words."""
    category: str | None = None
    """What sort of risk it is."""
    service: str
    """Slug of the service that owns it."""
    period: PeriodId
    """Period of the assessment."""
    matrix: str
    """Name of the matrix that rates it."""
    impact: Level
    """Level of impact now, 1 to 5."""
    probability: Level
    """Level of probability now, 1 to 5."""
    treatment: Treatment
    """What is done about the risk."""
    target_date: OptionalDay = None
    """Day by which the target is to be reached."""
    priority: str | None = None
    """Priority in the council's own words."""
    board_timing: str | None = None
    """When the board is assured, in the council's own words."""
    target_impact: OptionalLevel = None
    """Level of impact aimed at, 1 to 5."""
    target_probability: OptionalLevel = None
    """Level of probability aimed at, 1 to 5."""

    def _faults(self) -> Iterable[tuple[str, str]]:
        if (self.target_impact is None) != (self.target_probability is None):
            yield "target_impact", "and target_probability are given together or not at all"


class RiskControlRow(Row):
    """Something that is done to make a risk smaller."""

    aliases: ClassVar[Aliases] = {
        "risk": ("risk code", "risk id"),
        "description": ("control", "control action"),
        "percent_complete": ("progress", "% complete"),
    }

    risk: str
    """Code of the risk."""
    description: str
    """What is done, in a few words."""
    status: ControlStatus | None = None
    """How far the control has come."""
    percent_complete: Progress = None
    """How far it is done, percent from 0 to 100."""


class HeatMapRow(Row):
    """How many risks one cell of the printed heat map counts."""

    aliases: ClassVar[Aliases] = {
        "probability": ("likelihood",),
    }

    service: str
    """Slug of the service whose heat map it is."""
    period: PeriodId
    """Period of the heat map."""
    matrix: str
    """Name of the matrix."""
    impact: Level
    """Level of impact, 1 to 5."""
    probability: Level
    """Level of probability, 1 to 5."""
    count: Whole
    """How many risks the cell counts."""
