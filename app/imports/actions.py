"""Rows of what a council said it would do, and of what it says about it."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

from app.imports.cells import Code, Flag, Key, OptionalDay, PeriodId, Progress, Whole
from app.imports.rows import Row


class NoteKind(StrEnum):
    """What a note is about."""

    achievement = "achievement"
    issue = "issue"
    action_needed = "action_needed"
    dependency = "dependency"
    commentary = "commentary"
    threat = "threat"
    opportunity = "opportunity"
    not_achieved = "not_achieved"
    scope = "scope"


class ActionRow(Row):
    """A task with a due date; a date that does not exist is kept as printed, in due_text alone."""

    key: Key
    code: Code | None = None
    title: str
    description: str | None = None
    service: str
    section: str | None = None
    progress: Progress = None
    start_date: OptionalDay = None
    due_date: OptionalDay = None
    due_text: str | None = None
    as_of: OptionalDay = None
    cancelled: Flag = False
    comment: str | None = None

    def _faults(self) -> Iterable[tuple[str, str]]:
        if self.start_date and self.due_date and self.due_date < self.start_date:
            yield "due_date", "is before start_date"


class InitiativeRow(Row):
    """An improvement under a priority, with its milestones."""

    key: Key
    service: str
    period: PeriodId
    priority: str | None = None
    objective: str | None = None
    title: str
    milestone: str | None = None
    status: str | None = None
    comment: str | None = None
    next_milestone: str | None = None


class ProjectRow(Row):
    """A project, with its status and direction as printed."""

    key: Key
    service: str
    period: PeriodId
    title: str
    status: str | None = None
    direction: str | None = None
    comment: str | None = None


class InterventionRow(Row):
    """How far the council steps in over a measure."""

    indicator: str
    service: str
    period: PeriodId
    level: Whole
    reason: str | None = None


class NoteRow(Row):
    """A few words about a service or a measure."""

    kind: Literal["service", "indicator"]
    subject: str
    period: PeriodId
    note_kind: NoteKind
    position: Whole
    text: str
