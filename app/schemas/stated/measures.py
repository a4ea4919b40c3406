"""Targets and interventions on the wire, as councils state them."""

from typing import Annotated

from app.queries.stated import INTERVENTIONS, TARGETS
from app.rules.vocabulary import TargetKind, Unit
from app.schemas.queries import Amount, OfPeriods, Order, Paging, Words
from app.schemas.wire import DecimalText, Page, Wire, example


class OfIndicators(OfPeriods):
    """Of which measures."""

    indicator_key: Words = []
    """Only rows of the indicator with this key; repeat for more than one."""
    indicator_code: Words = []
    """Only rows of the indicator with this code; repeat for more than one."""


class OfIndicator(Wire):
    """Which measure a row is of, whose, and when."""

    id: int
    """The row's lasting id."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service that reports it."""
    period: str
    """The period."""
    indicator_id: int
    """The indicator's lasting id."""
    indicator_key: str
    """The indicator's name within the organisation."""
    indicator_code: str | None
    """The indicator's code as printed."""
    title: str
    """The indicator's title."""
    unit: Unit
    """What its values count; a date is its day number, 1 for 0001-01-01."""


class TargetQuery(OfIndicators, Paging):
    """What the list of targets may be asked."""

    kind: list[TargetKind] = []
    """Only targets of this kind; repeat for more than one."""
    sort: Annotated[str, Order(TARGETS)] = "id"
    """The column to sort by."""


class TargetOut(OfIndicator):
    """What a measure should reach in a period; the period says whether it is of the year or of a part."""

    model_config = example(
        id=98,
        organisation="barnet",
        service="chief-executives-service",
        period="2011-12-q2",
        indicator_id=74,
        indicator_key="3002",
        indicator_code="3002",
        title="% of telephone calls answered within 20 seconds",
        unit="percent",
        kind="value",
        value="75.0000",
        range_percent=None,
        amber_limit=None,
        amber_strict=False,
        amber_percent=None,
        note="Called a revised target in the commentary",
    )

    kind: TargetKind
    """What the target asks for."""
    value: DecimalText | None
    """What should be reached, in the unit, to four places; null for a target that names no value."""
    range_percent: DecimalText | None
    """How far either side of the value still meets it, in percent."""
    amber_limit: DecimalText | None
    """Up to which outturn a miss is near, in the unit."""
    amber_strict: bool
    """Whether the limit itself is a miss that is not near."""
    amber_percent: DecimalText | None
    """How far from the value a miss is near, in percent of it."""
    note: str | None
    """What there is to say of the target."""


class TargetPage(Page):
    """A page of targets."""

    items: list[TargetOut]
    """The targets."""


class InterventionQuery(OfIndicators, Paging):
    """What the list of interventions may be asked."""

    level_min: Amount | None = None
    """Only interventions of at least this level."""
    level_max: Amount | None = None
    """Only interventions of at most this level."""
    sort: Annotated[str, Order(INTERVENTIONS)] = "id"
    """The column to sort by."""


class IndicatorIntervention(OfIndicator):
    """How far a council says that it steps in over a measure."""

    model_config = example(
        id=431,
        organisation="barnet",
        service="commissioning-group",
        period="2013-14-q2",
        indicator_id=406,
        indicator_key="narrative-complaints-on-time",
        indicator_code=None,
        title="Complaints responded to on time",
        unit="percent",
        level=2,
        reason="Action plan to improve complaint handling in Quarter 3",
    )

    level: int
    """The council's level of intervention; a greater one is further."""
    reason: str | None
    """Why it steps in, in a few words."""


class InterventionPage(Page):
    """A page of interventions."""

    items: list[IndicatorIntervention]
    """The interventions."""
