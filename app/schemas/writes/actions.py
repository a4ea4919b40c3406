"""What a council said it would do, as it is written."""

from app.schemas.wire import example
from app.schemas.writes.fields import (
    Code,
    Day,
    Flag,
    Key,
    Name,
    Period,
    Progress,
    Stated,
    Text,
    Whole,
)


class ActionIn(Stated):
    """A task with a due date, as it is written; its status follows."""

    model_config = example(
        organisation="broxtowe",
        key="FP1922_02",
        code="FP1922_02",
        title="Implement web based Financial Management Software",
        description="Accounts management on the web for New Ways of Working",
        service="resources",
        section="Finance Services",
        progress="90",
        due_date="2019-06-30",
        due_text="30-Jun-2019",
        as_of="2019-09-10",
        comment="Updated, tested and rolled out in summer 2019; finance staff still give support",
    )

    key: Key
    """Its name within the organisation, which its code need not be: codes may repeat."""
    code: Code | None = None
    """Its code as printed."""
    title: Text
    """Its title."""
    description: Text | None = None
    """What is to be done."""
    service: Name
    """The slug of the service."""
    section: Text | None = None
    """The section of the report it stands in."""
    progress: Progress | None = None
    """How far it has come, 0 to 100 percent."""
    start_date: Day | None = None
    """When it starts."""
    due_date: Day | None = None
    """When it is due; none where the report prints no date that exists."""
    due_text: Text | None = None
    """The due date as printed."""
    as_of: Day
    """The date that the status is judged by."""
    cancelled: Flag = False
    """Whether it was called off."""
    comment: Text | None = None
    """What the council says of it."""


class InitiativeIn(Stated):
    """An improvement under a corporate priority, with its milestones, as it is written."""

    model_config = example(
        organisation="barnet",
        key="tell-us-once",
        service="chief-executives-service",
        period="2011-12-q2",
        priority="Better services with less money",
        objective="Customer-centric council",
        title="Launch the Tell Us Once Service (TUO)",
        milestone="Electronic birth and death notices by September 2011; "
        "registrars trained to use the service",
        status="Work initiated/ mostly achieved",
        comment="Software fault at the national department moves go-live to 31 October 2011; "
        "access granted, training booked",
        next_milestone="Half (50%) of death registrations choose the face to face interview",
    )

    key: Key
    """Its name within the service and period."""
    service: Name
    """The slug of the service."""
    period: Period
    """The period, by id or by label."""
    priority: Text | None = None
    """The corporate priority it serves."""
    objective: Text | None = None
    """The strategic objective it serves."""
    title: Text
    """What it is."""
    milestone: Text | None = None
    """What this period should bring."""
    status: Text | None = None
    """How far it came, in the council's words."""
    comment: Text | None = None
    """What the council says of it."""
    next_milestone: Text | None = None
    """What the next period should bring."""


class ProjectIn(Stated):
    """A project, with the status and the direction that the council gives it, as it is written."""

    model_config = example(
        organisation="barnet",
        key="priorities-and-spending-review",
        service="commissioning-group",
        period="2013-14-q2",
        title="Priorities and Spending Review",
        status="Green",
        comment="Workshops well prepared; first proformas drafted",
    )

    key: Key
    """Its name within the service and period."""
    service: Name
    """The slug of the service."""
    period: Period
    """The period, by id or by label."""
    title: Text
    """What it is."""
    status: Text | None = None
    """Its status, in the council's words."""
    direction: Text | None = None
    """Which way it goes, in the council's words."""
    comment: Text | None = None
    """What the council says of it."""


class InterventionIn(Stated):
    """How far the council steps in over a measure, as it is written."""

    model_config = example(
        organisation="barnet",
        indicator="5001",
        service="commissioning-group",
        period="2013-14-q2",
        level=1,
        reason="No intervention needed",
    )

    indicator: Name
    """The key of the indicator."""
    service: Name
    """The slug of the service."""
    period: Period
    """The period, by id or by label."""
    level: Whole
    """How far the council steps in: the greater the further."""
    reason: Text | None = None
    """Why."""
