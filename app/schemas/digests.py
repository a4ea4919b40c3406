"""Digests on the wire: what went wrong in a period, portfolio by portfolio."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.queries.digests import DIGESTS
from app.rules.vocabulary import Status
from app.schemas.queries import Asked, Order, Paging, Periods, View, Words
from app.schemas.scorecards.exceptions import HighRisk, OverdueAction, Overspend
from app.schemas.scorecards.links import OrganisationLink, PeriodLink, ReleaseLink, ServiceLink
from app.schemas.scorecards.measures import MeasureOut
from app.schemas.wire import DateText, Page, Wire, example

_ID = "barnet/2011-12-q2"
_HREF = f"/v1/digests/{_ID}"
MOST_TOLD = 24
"""How many digests a feed may hold."""


class DigestsQuery(Paging):
    """What the list of digests may be asked."""

    organisation: Words = []
    """Only digests of this organisation, such as `barnet`; repeat for more than one."""
    period: Periods = []
    """Only digests of this period, by id or label; repeat for more than one."""
    sort: Annotated[str, Order(DIGESTS)] = "id"
    """The column to sort by."""


class FeedQuery(Asked):
    """What the feed of digests may be asked."""

    view: ClassVar[Literal[View.released]] = View.released  # type: ignore[misc]  # a feed has what is public
    as_of: ClassVar[None] = None  # type: ignore[misc]  # as above, now

    organisation: Words = []
    """Only digests of this organisation, such as `barnet`; repeat for more than one."""
    limit: Annotated[int, Field(ge=1, le=MOST_TOLD)] = 12
    """Of how many periods at most; the newest come first."""


class DigestLink(Wire):
    """An organisation and period that has a digest."""

    model_config = example(
        id=_ID,
        organisation="barnet",
        period="2011-12-q2",
        period_label="2011/12 Q2",
        period_start="2011-07-01",
        period_end="2011-09-30",
        services=1,
        href=_HREF,
    )

    id: str
    """Organisation and period."""
    organisation: str
    """The organisation that reports."""
    period: str
    """The reporting period."""
    period_label: str
    """The reporting period as a report writes it."""
    period_start: DateText
    """The first day of the period."""
    period_end: DateText
    """The last day of the period, included."""
    services: int
    """How many services report."""
    href: str
    """Where the digest is."""


class DigestPage(Page):
    """A page of digests."""

    items: list[DigestLink]
    """The organisations and periods that have one."""


class ChangedMeasure(MeasureOut):
    """A measure whose status is another than in the period before."""

    model_config = example(
        id=122,
        indicator_key="3002",
        indicator_code="3002",
        title="% of telephone calls answered within 20 seconds",
        measure_set="corporate_plan",
        unit="percent",
        state="reported",
        outturn="55.8",
        target="75.0000",
        target_variance="-25.6",
        status="missed",
        status_label="Red",
        status_colour="red",
        previous="48.3000",
        direction_of_travel="improved",
        direction_label="▲",
        direction_variance="15.5",
        href="/v1/observations/122",
        explain="/v1/observations/122/explain",
        status_before="near",
        status_label_before="Amber",
    )

    status_before: Status
    """Its status in the period before."""
    status_label_before: str | None
    """The council's word for that."""


class PortfolioOut(Wire):
    """What went wrong in a portfolio, the worst of each kind first, as on a scorecard."""

    id: Annotated[str, Field(examples=[f"{_ID}/chief-executives-service"])]
    """Organisation, period and the portfolio's service."""
    service: ServiceLink
    """The portfolio: a service of that kind or, where there is none above a service, the one at the top."""
    services: Annotated[list[str], Field(examples=[["chief-executives-service"]])]
    """The slugs of the services in it that report of the period."""
    measures: Annotated[int, Field(examples=[24])]
    """How many measures they report."""
    missed: list[MeasureOut]
    """Targets missed, the furthest below in percent of the target first, those without a percentage last."""
    became_missed: list[ChangedMeasure]
    """Targets missed that were not in the period before, in the order of the report."""
    recovered: list[ChangedMeasure]
    """Targets missed in the period before that are near, met or exceeded now, in the order of the report."""
    overspends: list[Overspend]
    """Budget lines over budget, the most pounds first."""
    high_risks: list[HighRisk]
    """Risks in the top band of their matrix, the highest rating first."""
    overdue_actions: list[OverdueAction]
    """Actions overdue on the date of their report, the longest first."""


class DigestOut(Wire):
    """What went wrong in a period, for the members who answer for it."""

    id: Annotated[str, Field(examples=[_ID])]
    """Organisation and period."""
    href: Annotated[str, Field(examples=[_HREF])]
    """Where the digest is."""
    organisation: OrganisationLink
    """Who reports."""
    period: PeriodLink
    """For when."""
    release: ReleaseLink | None
    """The release that everything is read from; null where nothing is released."""
    compared_with: Annotated[str | None, Field(examples=["2011-12-q1"])]
    """The period before, if anything is reported of it; else nothing became missed, and nothing recovered."""
    portfolios: list[PortfolioOut]
    """The portfolios that report, in its order; where nothing went wrong the lists are empty."""
