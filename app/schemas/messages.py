"""What webhooks are sent: a message for each kind of event, as Standard Webhooks lays it out."""

from typing import Annotated, Literal

from pydantic import Field

from app.rules.vocabulary import Status
from app.schemas.releases import Instant
from app.schemas.wire import DateText, DecimalText, Wire, example
from app.services.webhooks import Event

_AT = "2011-11-03T09:00:00.000000Z"
_RELEASE = {
    "id": 2,
    "published_at": _AT,
    "note": "Quarter 2 2011/12 report of the Chief Executive's Service",
    "as_of": "2011-09-30",
    "period": "2011-12-q2",
    "service": None,
    "corrects": None,
    "href": "/v1/releases/2",
}
_MEASURE = {
    "id": 122,
    "indicator_key": "3002",
    "title": "% of telephone calls answered within 20 seconds",
    "service": "chief-executives-service",
    "before": {"period": "2011-12-q1", "status": "near", "status_label": "Amber"},
    "after": {"period": "2011-12-q2", "status": "missed", "status_label": "Red"},
    "href": "/v1/observations/122",
    "explain": "/v1/observations/122/explain",
}
_ACTION = {
    "id": 400,
    "code": "FP1922_02",
    "title": "Implement web based Financial Management Software",
    "service": "resources",
    "due_date": "2019-06-30",
    "progress": "90.00",
    "as_of": "2019-09-10",
    "status": "overdue",
    "status_label": "Overdue",
    "href": "/v1/actions/400",
    "explain": "/v1/actions/400/explain",
}


class ReleaseTold(Wire):
    """A release that came into force."""

    model_config = example(**_RELEASE)

    id: int
    """The release's id."""
    published_at: Instant
    """When it came into force."""
    note: str
    """What it says of itself."""
    as_of: DateText | None
    """The date that it speaks of."""
    period: str | None
    """The period that it reports."""
    service: str | None
    """The slug of the service that it is of; null where it is of the whole organisation."""
    corrects: int | None
    """The id of the release that it puts right; null where it corrects none."""
    href: str
    """Where it is."""


class StandingTold(Wire):
    """A period, and the status of a measure in it."""

    model_config = example(period="2011-12-q2", status="missed", status_label="Red")

    period: str
    """The period."""
    status: Status
    """Where the outturn stood against its target."""
    status_label: str | None
    """The council's word for that."""


class TransitionTold(Wire):
    """A measure that became missed, or recovered."""

    model_config = example(**_MEASURE)

    id: int
    """The observation's lasting id."""
    indicator_key: str
    """The indicator's name within the organisation."""
    title: str
    """The indicator's title."""
    service: str
    """The slug of the service."""
    before: StandingTold
    """Where it stood before the release: in the same period or, of a new one, in the newest before it."""
    after: StandingTold
    """Where it stands now."""
    href: str
    """Where the observation is."""
    explain: str
    """Where it is explained."""


class ActionTold(Wire):
    """An action that became overdue."""

    model_config = example(**_ACTION)

    id: int
    """The action's lasting id."""
    code: str | None
    """Its code as printed."""
    title: str
    """What is to be done."""
    service: str
    """The slug of the service."""
    due_date: DateText
    """When it was due."""
    progress: DecimalText | None
    """How far it was, from 0 to 100, by its report."""
    as_of: DateText
    """The date that its report speaks of."""
    status: str
    """Its status on that date: it may not have been overdue then."""
    status_label: str | None
    """The council's word for that."""
    href: str
    """Where the action is."""
    explain: str
    """Where it is explained."""


class ReleasePublishedData(Wire):
    """That a release came into force."""

    model_config = example(organisation="barnet", release=_RELEASE)

    organisation: str
    """The organisation whose facts it made public."""
    release: ReleaseTold
    """The release."""


class StatusChangedData(ReleasePublishedData):
    """What became missed and what recovered with a release."""

    model_config = example(
        organisation="barnet",
        release=_RELEASE,
        became_missed_total=1,
        became_missed=[_MEASURE],
        recovered_total=0,
        recovered=[],
    )

    became_missed_total: int
    """How many measures became missed."""
    became_missed: list[TransitionTold]
    """Those of the newest periods, at most twenty."""
    recovered_total: int
    """How many measures recovered."""
    recovered: list[TransitionTold]
    """Those of the newest periods, at most twenty."""


class ActionOverdueData(Wire):
    """That an action became overdue: by the report that a release published, or as its day passed."""

    model_config = example(organisation="broxtowe", release=None, overdue_on="2019-07-01", action=_ACTION)

    organisation: str
    """The organisation whose action it is."""
    release: ReleaseTold | None
    """The release whose report has it overdue; null where its day passed since the last report."""
    overdue_on: DateText
    """The day on which it was found overdue: of the report, or in London."""
    action: ActionTold
    """The action."""


class _Told(Wire):
    """What every message has."""

    timestamp: Annotated[Instant, Field(examples=[_AT])]
    """When it happened, whenever the message is sent."""


class ReleasePublished(_Told):
    """A release came into force."""

    type: Literal[Event.release_published]
    """What is told."""
    data: ReleasePublishedData
    """The release."""


class StatusChanged(_Told):
    """Measures became missed or recovered with a release."""

    type: Literal[Event.status_changed]
    """What is told."""
    data: StatusChangedData
    """The measures."""


class ActionOverdue(_Told):
    """An action became overdue."""

    type: Literal[Event.action_overdue]
    """What is told."""
    data: ActionOverdueData
    """The action."""


MESSAGES: tuple[type[Wire], ...] = (ReleasePublished, StatusChanged, ActionOverdue)
