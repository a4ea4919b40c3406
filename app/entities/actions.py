"""What a council said it would do."""

from datetime import date
from decimal import Decimal

from sqlmodel import Field

from app.entities.columns import PercentColumn
from app.entities.revisions import Fact


class Action(Fact, table=True):
    """A task with a due date. A date that does not exist is kept as printed, without a date."""

    read_by = (("service_id",),)

    code: str | None = None
    title: str
    description: str | None = None
    service_id: int = Field(foreign_key="subject.id")
    section: str | None = None
    progress: Decimal | None = Field(default=None, sa_type=PercentColumn)
    start_date: date | None = None
    due_date: date | None = None
    due_text: str | None = None
    as_of: date
    cancelled: bool
    comment: str | None = None
    position: int


class Initiative(Fact, table=True):
    """An improvement under a corporate priority, with its milestones."""

    read_by = (("service_id", "period_id"),)

    service_id: int = Field(foreign_key="subject.id")
    period_id: str = Field(foreign_key="period.id")
    priority: str | None = None
    objective: str | None = None
    title: str
    milestone: str | None = None
    status: str | None = None
    comment: str | None = None
    next_milestone: str | None = None
    position: int


class Project(Fact, table=True):
    """A project, with the status and the direction that the council gives it."""

    read_by = (("service_id", "period_id"),)

    service_id: int = Field(foreign_key="subject.id")
    period_id: str = Field(foreign_key="period.id")
    title: str
    status: str | None = None
    direction: str | None = None
    comment: str | None = None
    position: int


class Intervention(Fact, table=True):
    """How far a council steps in over a measure, and why."""

    read_by = (("indicator_id", "service_id", "period_id"),)

    indicator_id: int = Field(foreign_key="subject.id")
    service_id: int = Field(foreign_key="subject.id")
    period_id: str = Field(foreign_key="period.id")
    level: int
    reason: str | None = None
