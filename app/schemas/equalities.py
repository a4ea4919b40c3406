"""Group breakdowns of survey measures on the wire."""

from typing import Annotated

from app.queries.equalities import EQUALITIES
from app.rules.vocabulary import Polarity, Unit
from app.schemas.queries import Amount, OfPeriods, Order, Paging, Words
from app.schemas.wire import DecimalText, Disclosed, Page, Wire, example


class EqualityQuery(OfPeriods, Paging):
    """What the list of group breakdowns may be asked."""

    indicator_key: Words = []
    """Only rows of the indicator with this key; repeat for more than one."""
    indicator_code: Words = []
    """Only rows of the indicator with this code; repeat for more than one."""
    group: Words = []
    """Only this group, in the report's words; repeat for more than one."""
    significant: bool | None = None
    """Only groups that differ from everyone by more than chance, or only those that do not."""
    variation_min: Amount | None = None
    """Only groups above everyone by at least this, in points."""
    variation_max: Amount | None = None
    """Only groups above everyone by at most this, in points."""
    sort: Annotated[str, Order(EQUALITIES)] = "id"
    """The column to sort by."""


class EqualityOut(Wire):
    """One group's answer in a survey measure, beside the answer of everyone asked."""

    model_config = example(
        id=425,
        organisation="barnet",
        service="commissioning-group",
        period="2013-14-q2",
        indicator_id=408,
        indicator_key="eq-get-on-well",
        indicator_code=None,
        title="85% of residents agree that people from different backgrounds get on well together in Barnet",
        unit="percent",
        polarity="higher_is_better",
        group="55 to 64",
        position=3,
        value="78.0000",
        responses=185,
        overall="84.0000",
        variation="-6.0",
        significant=True,
        previous="83.0000",
        direction_difference="-5.0000",
        previous_significant=False,
        state="reported",
    )

    id: int
    """The row's lasting id."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service that reports it."""
    period: str
    """The reporting period."""
    indicator_id: int
    """The indicator's lasting id."""
    indicator_key: str
    """The indicator's name within the organisation."""
    indicator_code: str | None
    """The indicator's code as printed."""
    title: str
    """The indicator's title."""
    unit: Unit
    """What the value counts."""
    polarity: Polarity
    """Which way the measure is good."""
    group: str
    """The group, in the report's words."""
    position: int
    """Its place in the breakdown; everyone asked stands first."""
    value: DecimalText | None
    """The group's answer."""
    responses: int | None
    """How many of the group answered; the public reads it rounded, and nothing of a small group."""
    overall: DecimalText | None
    """The answer of everyone asked; null where the breakdown has none, or more than one."""
    variation: DecimalText | None
    """The group's answer less that of everyone, in points to one place."""
    significant: bool | None
    """Whether the answer of everyone lies outside the 95% interval of the group's; null for what is no
    percentage."""
    previous: DecimalText | None
    """The group's answer in the survey before."""
    direction_difference: DecimalText | None
    """Its answer less its answer before, in the unit; the sign says up or down, not good or bad."""
    previous_significant: bool | None
    """Whether the report says that the group differed significantly in the survey before; null where it
    says nothing."""
    state: Disclosed
    """Whether something of the row is withheld."""


class EqualityPage(Page):
    """A page of group breakdowns."""

    items: list[EqualityOut]
    """The groups."""
