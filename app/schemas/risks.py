"""Risks and heat maps on the wire."""

from typing import Annotated

from pydantic import Field

from app.queries.risks import HEAT_MAP, RISKS
from app.rules.vocabulary import Movement, Treatment
from app.schemas.queries import Amount, OfPeriods, Order, Paging, Words
from app.schemas.wire import DateText, DecimalText, Page, Wire, example


class RiskFilters(OfPeriods):
    """Which risks: raw and derived columns alike."""

    band: Words = []
    """Only rows in this band, in the council's words; repeat for more than one."""
    rating_min: Amount | None = None
    """Only rows rated at least this."""
    rating_max: Amount | None = None
    """Only rows rated at most this."""


class RiskQuery(RiskFilters, Paging):
    """What the list of risks may be asked."""

    code: Words = []
    """Only the risk with this code; repeat for more than one."""
    target_band: Words = []
    """Only risks that should come to this band; repeat for more than one."""
    treatment: list[Treatment] = []
    """Only risks treated this way; repeat for more than one."""
    movement: list[Movement] = []
    """Only risks that moved this way; repeat for more than one."""
    overdue: bool | None = None
    """Only risks whose target date had passed at the end of the period, or only the others."""
    sort: Annotated[str, Order(RISKS)] = "id"
    """The column to sort by."""


class ControlOut(Wire):
    """Something done to make a risk smaller."""

    model_config = example(
        description="Follow up data actions owned by services", status="approved", percent_complete="30.00"
    )

    description: str
    """What is done."""
    status: str | None
    """How far it is agreed or done, in the council's words."""
    percent_complete: DecimalText | None
    """How far it is done, in percent."""


class RiskOut(Wire):
    """A risk as it stood in a period."""

    model_config = example(
        id=151,
        organisation="barnet",
        service="chief-executives-service",
        period="2011-12-q2",
        code="ST0039",
        title="Data quality: weak data misleads policy decisions",
        category="Reputational",
        impact=4,
        probability=3,
        rating=12,
        band="Medium High",
        target_impact=3,
        target_probability=2,
        target_rating=6,
        target_band="Medium Low",
        movement="new",
        treatment="treat",
        target_date="2012-03-31",
        priority="normal",
        board_timing=None,
        overdue=False,
        as_of="2011-09-30",
        controls=[
            {
                "description": "Follow up data actions owned by services",
                "status": "approved",
                "percent_complete": "30.00",
            }
        ],
    )

    id: int
    """The assessment's lasting id."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service whose register it stands in."""
    period: str
    """The period it was assessed in."""
    code: str
    """The risk's code."""
    title: str
    """What could go wrong, in a few words."""
    category: str | None
    """What sort of risk it is."""
    impact: int
    """How bad it would be, 1 to 5."""
    probability: int
    """How likely it is, 1 to 5."""
    rating: int | None
    """Impact by probability."""
    band: str | None
    """The band of the rating on the council's matrix."""
    target_impact: int | None
    """The impact it should come to."""
    target_probability: int | None
    """The probability it should come to."""
    target_rating: int | None
    """The rating it should come to."""
    target_band: str | None
    """The band it should come to."""
    movement: Movement | None
    """Which way the rating went since the period before."""
    treatment: Treatment
    """What is done about it."""
    target_date: DateText | None
    """When it should have come to its target."""
    priority: str | None
    """How urgent that is."""
    board_timing: str | None
    """How often the board looks at it."""
    overdue: bool
    """Whether the target date had passed at `as_of` and the risk was still treated; false without a date."""
    as_of: DateText
    """The end of the period, which `overdue` is judged by."""
    controls: list[ControlOut]
    """What is done to make it smaller."""


class RiskPage(Page):
    """A page of risks."""

    items: list[RiskOut]
    """The risks."""


class HeatMapQuery(RiskFilters, Paging):
    """What a heat map may be asked."""

    sort: Annotated[str, Order(HEAT_MAP)] = "id"
    """The column to sort by."""


class HeatMapCell(Wire):
    """One cell of a heat map, by impact and probability and not by axis."""

    model_config = example(
        id="barnet/commissioning-group/2013-14-q2/5/4",
        organisation="barnet",
        service="commissioning-group",
        period="2013-14-q2",
        impact=5,
        impact_label="Catastrophic",
        probability=4,
        probability_label="Likely",
        rating=20,
        band="High",
        registered=0,
        published=1,
    )

    id: str
    """Organisation, service, period, impact and probability."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service whose heat map it is."""
    period: str
    """The period."""
    impact: int
    """How bad, 1 to 5."""
    impact_label: str | None
    """The council's word for the impact."""
    probability: int
    """How likely, 1 to 5."""
    probability_label: str | None
    """The council's word for the probability."""
    rating: int
    """Impact by probability."""
    band: str | None
    """The band of the rating."""
    registered: int
    """How many risks of the register stand here."""
    published: int | None
    """How many risks the report prints here; null where it prints no heat map."""


class HeatMapPage(Page):
    """A page of heat-map cells, with the risks that the whole question counts."""

    items: list[HeatMapCell]
    """The cells."""
    registered: Annotated[int, Field(examples=[9])]
    """How many risks the registers count under the same filters, whatever the page."""
    published: Annotated[int | None, Field(examples=[10])]
    """How many risks the reports print under the same filters, whatever the page."""
