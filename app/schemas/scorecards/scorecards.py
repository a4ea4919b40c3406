"""Scorecards on the wire: their list, one of them, and one of its ratings explained."""

from typing import Annotated, Literal

from pydantic import Field

from app.queries.scorecards.subjects import SCORECARDS
from app.schemas.explanations import NotDerived, OperandUsed, StepTaken
from app.schemas.queries import OfPeriods, Order, Paging, UnderPremises
from app.schemas.scorecards.exceptions import ExceptionsOut
from app.schemas.scorecards.figures import (
    ActionCounts,
    BudgetOut,
    InitiativeLink,
    ProjectLink,
    RiskCounts,
    WorkforceOut,
)
from app.schemas.scorecards.links import (
    OrganisationLink,
    PeriodLink,
    ReleaseLink,
    SchemeLink,
    ServiceLink,
)
from app.schemas.scorecards.measures import DirectionCount, SectionOut, StatusCount
from app.schemas.scorecards.ratings import RatingOut, ScoredOut, SubtotalOut, UnscoredOut
from app.schemas.scorecards.stated import EscalationOut, InterventionOut, NoteOut
from app.schemas.wire import DateText, DecimalText, Page, Wire, example

_ID = "barnet/chief-executives-service/2011-12-q2"
_HREF = f"/v1/scorecards/{_ID}"


class ScorecardsQuery(OfPeriods, Paging):
    """What the list of scorecards may be asked."""

    sort: Annotated[str, Order(SCORECARDS)] = "id"
    """The column to sort by."""


class ScorecardQuery(UnderPremises):
    """What a scorecard may be asked."""

    risk_rating_min: Annotated[int, Field(ge=1, le=10000, examples=[12])] = 1
    """Count only risks rated at least this in the heat map."""


class ScorecardLink(Wire):
    """A service and period that has a scorecard, with how much is reported."""

    model_config = example(
        id=_ID,
        organisation="barnet",
        service="chief-executives-service",
        service_name="Chief Executive's Service",
        period="2011-12-q2",
        period_label="2011/12 Q2",
        period_start="2011-07-01",
        period_end="2011-09-30",
        observations=24,
        budget_lines=6,
        risks=3,
        href=_HREF,
    )

    id: str
    """Organisation, service and period."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service."""
    service_name: str
    """The name of the service."""
    period: str
    """The reporting period."""
    period_label: str
    """The reporting period as a report writes it."""
    period_start: DateText
    """The first day of the period."""
    period_end: DateText
    """The last day of the period, included."""
    observations: int
    """How many observations there are."""
    budget_lines: int
    """How many budget lines there are."""
    risks: int
    """How many risks are assessed."""
    href: str
    """Where the scorecard is."""


class ScorecardPage(Page):
    """A page of scorecards."""

    items: list[ScorecardLink]
    """The services and periods that have one."""


class ScorecardOut(Wire):
    """What a service's report for a period opens with, worked out, and linked to the rows it comes from."""

    id: Annotated[str, Field(examples=[_ID])]
    """Organisation, service and period."""
    href: Annotated[str, Field(examples=[_HREF])]
    """Where the scorecard is."""
    organisation: OrganisationLink
    """Who reports."""
    service: ServiceLink
    """Which service it is about. What belongs to a service below it stands on that one's scorecard."""
    period: PeriodLink
    """For when."""
    release: ReleaseLink
    """The release that everything is read from."""
    schemes: list[SchemeLink]
    """The schemes that judge its measures."""
    revenue: BudgetOut | None
    """The revenue table; null without one."""
    capital: BudgetOut | None
    """The capital table; null without one."""
    ratings: list[RatingOut]
    """The rating of each measure set, in the order of the report."""
    measures: Annotated[int, Field(examples=[24])]
    """How many measures there are."""
    statuses: list[StatusCount]
    """How many have each word for a status; every word that the schemes could give is there."""
    directions: list[DirectionCount]
    """How many went each way; every way is there."""
    exceptions: ExceptionsOut
    """What went wrong."""
    achievements: list[NoteOut]
    """What the service achieved, as the report states it."""
    challenges: list[NoteOut]
    """Issues, threats and what was not achieved, as the report states them."""
    actions_needed: list[NoteOut]
    """What is to be done, as the report states it."""
    notes: list[NoteOut]
    """What else the report states of the service, and then of its measures in order."""
    interventions: list[InterventionOut]
    """How far the council says that it steps in over measures."""
    escalation: EscalationOut | None
    """How far it steps in over the service, by its own rule; null where it has none in force."""
    actions: ActionCounts
    """The actions of the service that stand under the period: it is the last that had ended by the date
    that their report speaks of, or else the last that had begun."""
    initiatives: list[InitiativeLink]
    """The initiatives, in the order of the report."""
    projects: list[ProjectLink]
    """The projects, in the order of the report."""
    risks: RiskCounts
    """The risks."""
    workforce: WorkforceOut
    """The workforce."""
    sections: list[SectionOut]
    """The measures by section, in the order of the report."""


class RatingSubject(Wire):
    """What is explained: a measure set's rating."""

    model_config = example(
        kind="rating",
        id=f"{_ID}/hr",
        href=f"{_HREF}/ratings/hr/explain",
        organisation="barnet",
        service="chief-executives-service",
        period="2011-12-q2",
        title="HR",
    )

    kind: Literal["rating"]
    """What is explained."""
    id: str
    """Organisation, service, period and measure set."""
    href: str
    """Where this explanation is."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service."""
    period: str
    """The reporting period."""
    title: str
    """The measure set as a person says it."""


class RatingExplanation(Wire):
    """A rating explained: which measures make it, how they add up, and which it leaves out and why."""

    subject: RatingSubject
    """What is explained."""
    sentence: Annotated[
        str, Field(examples=["HR is rated -4.5: four reds at -1 each and one amber at -0.5."])
    ]
    """The whole in plain words."""
    rating: Annotated[DecimalText | None, Field(examples=["-4.50"])]
    """The sum of points; null where no measure counts, which is not a rating of zero."""
    scheme: SchemeLink | None
    """The scheme that gives the points; null where none was in force."""
    operands: list[OperandUsed]
    """The points that add up, with where they stand."""
    steps: list[StepTaken]
    """How they add up; empty where there is no rating."""
    not_derived: list[NotDerived]
    """Why there is no rating, where there is none."""
    subtotals: list[SubtotalOut]
    """The measures by what they count, the fewest points first."""
    scored: list[ScoredOut]
    """The measures that count."""
    unscored: list[UnscoredOut]
    """The measures that do not, and why."""
