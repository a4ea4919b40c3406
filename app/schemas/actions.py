"""Actions, initiatives and projects on the wire."""

from typing import Annotated

from pydantic import Field

from app.queries.actions import ACTIONS_LIST, INITIATIVES, PROJECTS
from app.rules.vocabulary import ActionStatus
from app.schemas.queries import Amount, OfPeriods, OfServices, Order, Paging, UnderScheme, Words
from app.schemas.wire import DateText, DecimalText, Page, Wire, example


class ActionPremises(UnderScheme):
    """By whose rule actions are judged."""

    judges_actions = True

    scheme: Annotated[str | None, Field(min_length=1, max_length=200, examples=["broxtowe-actions"])] = None
    """Judge every action by this scheme instead of its council's own: by id, or by name as in
    `broxtowe-actions`, `broxtowe-actions@2` for its second version; without a version it is the newest."""


class ActionQuery(ActionPremises, OfServices, Paging):
    """What the list of actions may be asked."""

    section: Words = []
    """Only actions of this section of a report; repeat for more than one."""
    code: Words = []
    """Only the action with this code; repeat for more than one."""
    status: list[ActionStatus] = []
    """Only actions of this status; repeat for more than one."""
    published_status: Words = []
    """Only actions whose report prints this status; repeat for more than one."""
    progress_min: Amount | None = None
    """Only actions that have come at least this far, in percent."""
    progress_max: Amount | None = None
    """Only actions that have come at most this far, in percent."""
    cancelled: bool | None = None
    """Only actions that were cancelled, or only the others."""
    sort: Annotated[str, Order(ACTIONS_LIST)] = "id"
    """The column to sort by."""


class ActionOut(Wire):
    """A task with a due date, as it stood on the date of its report."""

    model_config = example(
        id=400,
        organisation="broxtowe",
        service="resources",
        section="Finance Services",
        code="FP1922_02",
        title="Implement web based Financial Management Software",
        description="Accounts management on the web for New Ways of Working",
        progress="90.00",
        start_date=None,
        due_date="2019-06-30",
        due_text="30-Jun-2019",
        as_of="2019-09-10",
        cancelled=False,
        scheme="broxtowe-actions",
        status="overdue",
        status_label="Overdue",
        status_colour="red",
        published_status="Overdue",
        comment="Updated, tested and rolled out in summer 2019; finance staff still give support",
    )

    id: int
    """The action's lasting id."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service."""
    section: str | None
    """The section of the report it stands in."""
    code: str | None
    """Its code as printed."""
    title: str
    """Its title."""
    description: str | None
    """What is to be done."""
    progress: DecimalText | None
    """How far it has come, in percent."""
    start_date: DateText | None
    """When it starts."""
    due_date: DateText | None
    """When it is due; null where the report prints no date that exists."""
    due_text: str | None
    """The due date as printed."""
    as_of: DateText
    """The date that the status is judged by."""
    cancelled: bool
    """Whether it was called off."""
    scheme: str | None
    """The scheme that gives the status."""
    status: ActionStatus | str
    """Where it stands."""
    status_label: str | None
    """The council's word for the status."""
    status_colour: str | None
    """The council's colour for the status."""
    published_status: str | None
    """The status that the report prints."""
    comment: str | None
    """What the council says of it."""


class ActionPage(Page):
    """A page of actions."""

    items: list[ActionOut]
    """The actions."""


class StatedFilters(OfPeriods):
    """Which rows that a council states as they are."""

    status: Words = []
    """Only rows of this status, in the council's words; repeat for more than one."""


class InitiativeQuery(StatedFilters, Paging):
    """What the list of initiatives may be asked."""

    priority: Words = []
    """Only initiatives under this corporate priority; repeat for more than one."""
    sort: Annotated[str, Order(INITIATIVES)] = "id"
    """The column to sort by."""


class InitiativeOut(Wire):
    """An improvement under a corporate priority, with its milestones."""

    model_config = example(
        id=170,
        organisation="barnet",
        service="chief-executives-service",
        period="2011-12-q2",
        priority="Sharing opportunities, sharing responsibilities",
        objective="Support the development of the Big Society",
        title="Launch of the Big Society Bank by June 2011",
        milestone="40 good ideas through to full application by August 2011",
        status="Achieved",
        comment="79 ideas came in, over 55 of them good; 32 taken forward, still 4.5 times the fund",
        next_milestone="75% of the £200k given to qualifying projects by 31 December 2011",
    )

    id: int
    """The initiative's lasting id."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service."""
    period: str
    """The period."""
    priority: str | None
    """The corporate priority it serves."""
    objective: str | None
    """The strategic objective it serves."""
    title: str
    """What it is."""
    milestone: str | None
    """What this period should bring."""
    status: str | None
    """How far it came, in the council's words."""
    comment: str | None
    """What the council says of it."""
    next_milestone: str | None
    """What the next period should bring."""


class InitiativePage(Page):
    """A page of initiatives."""

    items: list[InitiativeOut]
    """The initiatives."""


class ProjectQuery(StatedFilters, Paging):
    """What the list of projects may be asked."""

    sort: Annotated[str, Order(PROJECTS)] = "id"
    """The column to sort by."""


class ProjectOut(Wire):
    """A project, with the status and the direction that the council gives it."""

    model_config = example(
        id=180,
        organisation="barnet",
        service="commissioning-group",
        period="2013-14-q2",
        title="Priorities and Spending Review",
        status="Green",
        direction=None,
        comment="Workshops well prepared; first proformas drafted",
    )

    id: int
    """The project's lasting id."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service."""
    period: str
    """The period."""
    title: str
    """What it is."""
    status: str | None
    """Its status, in the council's words."""
    direction: str | None
    """Which way it goes, in the council's words."""
    comment: str | None
    """What the council says of it."""


class ProjectPage(Page):
    """A page of projects."""

    items: list[ProjectOut]
    """The projects."""
