"""Rows of what a council said it would do, and of what it says about it."""

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar, Literal

from app.imports.cells import Code, Flag, Key, OptionalDay, PeriodId, Progress, Whole
from app.imports.rows import Aliases, Row


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

    aliases: ClassVar[Aliases] = {
        "title": ("action", "task"),
        "progress": ("percent complete", "% complete"),
        "due_date": ("due",),
        "start_date": ("start",),
    }

    key: Key
    """What identifies the action within its council."""
    code: Code | None = None
    """The code that the report prints; it may stand more than once."""
    title: str
    """What is to be done, in a few words."""
    description: str | None = None
    """More about it."""
    service: str
    """Slug of the service that does it."""
    section: str | None = None
    """Heading of the report under which it stands."""
    progress: Progress = None
    """How far it is done, percent from 0 to 100."""
    start_date: OptionalDay = None
    """First day of the work."""
    due_date: OptionalDay = None
    """Day by which it should be done."""
    due_text: str | None = None
    """The due date as printed."""
    as_of: OptionalDay = None
    """Day for which the row holds, where it is not the report's."""
    cancelled: Flag = False
    """Whether it was given up."""
    comment: str | None = None
    """What the council says of it."""

    def _faults(self) -> Iterable[tuple[str, str]]:
        if self.start_date and self.due_date and self.due_date < self.start_date:
            yield "due_date", "is before start_date"


class InitiativeRow(Row):
    """An improvement under a priority, with its milestones."""

    aliases: ClassVar[Aliases] = {
        "title": ("initiative",),
    }

    key: Key
    """What identifies the initiative within its council."""
    service: str
    """Slug of the service that leads it."""
    period: PeriodId
    """Period that the row is about."""
    priority: str | None = None
    """Corporate priority that it serves."""
    objective: str | None = None
    """Objective that it serves."""
    title: str
    """What is improved, in a few words."""
    milestone: str | None = None
    """What was to be reached this period."""
    status: str | None = None
    """Status in the council's own words."""
    comment: str | None = None
    """What the council says of it."""
    next_milestone: str | None = None
    """What is to be reached next period."""


class ProjectRow(Row):
    """A project, with its status and direction as printed."""

    aliases: ClassVar[Aliases] = {
        "title": ("project",),
        "direction": ("direction of travel",),
    }

    key: Key
    """What identifies the project within its council."""
    service: str
    """Slug of the service that runs it."""
    period: PeriodId
    """Period that the row is about."""
    title: str
    """Name of the project."""
    status: str | None = None
    """Status in the council's own words."""
    direction: str | None = None
    """Direction of travel in the council's own words."""
    comment: str | None = None
    """What the council says of it."""


class InterventionRow(Row):
    """How far the council steps in over a measure."""

    aliases: ClassVar[Aliases] = {
        "indicator": ("measure", "indicator key"),
        "level": ("intervention level",),
    }

    indicator: str
    """Key of the indicator."""
    service: str
    """Slug of the service."""
    period: PeriodId
    """Period that the row is about."""
    level: Whole
    """How far the council steps in, a whole number."""
    reason: str | None = None
    """Why, in a few words."""


class NoteRow(Row):
    """A few words about a service or a measure."""

    aliases: ClassVar[Aliases] = {
        "text": ("note",),
    }

    kind: Literal["service", "indicator"]
    """Whether the note is about a service or an indicator."""
    subject: str
    """Slug of the service, or key of the indicator."""
    period: PeriodId
    """Period that the note is about."""
    note_kind: NoteKind
    """What sort of note it is."""
    position: Whole
    """Its place among the notes of its subject, a whole number."""
    text: str
    """The note, in a few words."""
