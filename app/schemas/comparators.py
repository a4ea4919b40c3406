"""Figures of others on the wire: comparators that reports state, and peers that report the same."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from app.imports.indicators import ComparatorKind
from app.queries.comparators import COMPARATORS
from app.rules.vocabulary import Basis, NoStanding, Polarity, Standing, Unit
from app.schemas.queries import Amount, OfPeriods, Order, Paging, Words
from app.schemas.wire import DecimalText, Page, Wire, example

MatchedBy = TypeAliasType(
    "MatchedBy", Annotated[Literal["code", "key"], Field(description="What indicators are known by.")]
)


class ComparatorQuery(OfPeriods, Paging):
    """What the list of comparators may be asked."""

    kind: list[ComparatorKind] = []
    """Only comparators of this kind; repeat for more than one."""
    indicator_key: Words = []
    """Only rows of the indicator with this key; repeat for more than one."""
    indicator_code: Words = []
    """Only rows of the indicator with this code; repeat for more than one."""
    standing: list[Standing] = []
    """Only rows where the outturn stands like this; repeat for more than one."""
    significant: bool | None = None
    """Only survey measures that differ from the comparator by more than chance, or only those that do not."""
    difference_min: Amount | None = None
    """Only rows whose outturn is above the comparator by at least this, in the unit."""
    difference_max: Amount | None = None
    """Only rows whose outturn is above the comparator by at most this, in the unit."""
    lag_months_min: Amount | None = None
    """Only comparators whose own period ended at least this many months before."""
    lag_months_max: Amount | None = None
    """Only comparators whose own period ended at most this many months before."""
    sort: Annotated[str, Order(COMPARATORS)] = "id"
    """The column to sort by."""


_CUMBRIA = {
    "id": 130,
    "organisation": "barnet",
    "service": "chief-executives-service",
    "period": "2011-12-q2",
    "indicator_id": 21,
    "indicator_key": "3002",
    "indicator_code": "3002",
    "title": "% of telephone calls answered within 20 seconds",
    "unit": "percent",
    "decimals": 1,
    "polarity": "higher_is_better",
    "kind": "neighbour",
    "name": "Cumbria",
    "comparator_period": "Q1 2011/12",
    "comparator_period_id": "2011-12-q1",
    "source": None,
    "scope": "Statistical neighbours",
    "comparator_unit": "percent",
    "value": "86.4600",
    "observation_id": 93,
    "outturn": "55.8",
    "difference": "-30.6571",
    "standing": "worse",
    "standing_reason": None,
    "lag_months": 3,
    "significant": None,
}


class ComparatorOut(Wire):
    """Somebody else's figure beside a measure, and how the outturn stands beside it."""

    model_config = example(**_CUMBRIA)

    id: int
    """The comparator's lasting id."""
    organisation: str
    """The organisation whose report states it."""
    service: str
    """The slug of the service."""
    period: str
    """The reporting period that it stands in."""
    indicator_id: int
    """The indicator's lasting id."""
    indicator_key: str
    """The indicator's name within the organisation."""
    indicator_code: str | None
    """The indicator's code as printed."""
    title: str
    """The indicator's title."""
    unit: Unit
    """The unit of the indicator."""
    decimals: int
    """How many decimals the outturn is shown with."""
    polarity: Polarity
    """Which way the measure is good."""
    kind: ComparatorKind
    """Whose figure it is."""
    name: str
    """The council, or the average, in the report's words."""
    comparator_period: str | None
    """The comparator's own period, in the report's words."""
    comparator_period_id: str | None
    """That period; null where the words name none."""
    source: str | None
    """Where the figure comes from."""
    scope: str | None
    """Whom or what it covers."""
    comparator_unit: Unit
    """The unit of the comparator's figure."""
    value: DecimalText | None
    """The comparator's figure, in its own unit."""
    observation_id: int | None
    """The observation that it stands beside; null where the report has none."""
    outturn: DecimalText | None
    """What the organisation achieved, as it is shown; it is compared unrounded."""
    difference: DecimalText | None
    """Outturn less comparator, in the unit, to four places; null where the units differ."""
    standing: Standing | None
    """Better, the same or worse than the comparator by polarity; above or below where neither is good."""
    standing_reason: NoStanding | None
    """Why there is no standing."""
    lag_months: int | None
    """How many calendar months before the observation's period the comparator's own ends; negative for
    a later one, null where its period cannot be read."""
    significant: bool | None
    """Whether a survey differs from the comparator by more than chance; null for what is no survey."""


class ComparatorPage(Page):
    """A page of comparators."""

    items: list[ComparatorOut]
    """The comparators."""


_PLACE = {
    "count": 4,
    "rank": 3,
    "rank_reason": None,
    "quartile": 3,
    "best": "86.460000",
    "best_quartile": "86.460000",
    "median": "64.401444",
    "mean": "65.068222",
    "standing_against_median": "worse",
    "standing_against_mean": "worse",
}


class PlaceOut(Wire):
    """Where a figure stands among others; all numbers are in the unit, to six places."""

    model_config = example(**_PLACE)

    count: int
    """How many figures are compared, this one included where it has an outturn."""
    rank: int | None
    """1 for the best by polarity; those that tie share a rank."""
    rank_reason: NoStanding | None
    """Why there is no rank."""
    quartile: int | None
    """The quarter that the rank is in, 1 the best; null where fewer than four are compared."""
    best: DecimalText | None
    """The best value; null for a contextual measure, which has none."""
    best_quartile: DecimalText | None
    """The least good value of the best quarter: what it takes to be in quartile 1."""
    median: DecimalText | None
    """The value in the middle, or halfway between the two in the middle."""
    mean: DecimalText | None
    """The sum of the values over their number; councils count alike, whatever their size."""
    standing_against_median: Standing | None
    """How this figure stands beside the median."""
    standing_against_mean: Standing | None
    """How this figure stands beside the mean."""


_BARNET = {
    "id": 93,
    "organisation": "barnet",
    "service": "chief-executives-service",
    "title": "% of telephone calls answered within 20 seconds",
    "unit": "percent",
    "basis": "actual",
    "outturn": "55.8",
    "outturn_unrounded": "55.802887",
    "rank": 1,
    "quartile": None,
    "reason": None,
}


class PeerOut(Wire):
    """What one organisation reports for the same indicator and period."""

    model_config = example(**_BARNET)

    id: int
    """The observation's lasting id."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service that reports it."""
    title: str
    """The indicator's title there."""
    unit: Unit
    """What the value counts."""
    basis: Basis
    """What happened, or what the year is expected to give."""
    outturn: DecimalText | None
    """The value achieved, as it is shown."""
    outturn_unrounded: DecimalText | None
    """The value achieved to six places: the one that is compared."""
    rank: int | None
    """1 for the best by polarity; those that tie share a rank."""
    quartile: int | None
    """The quarter that the rank is in, 1 the best."""
    reason: NoStanding | None
    """Why it is listed and not compared."""


class PeersOut(Wire):
    """An observation among the organisations that report the same, and among its stated comparators.

    The same indicator is the one with the same code, because councils that report one national or
    regional measure print its code, and name it each in their own way. A measure without a code is the
    same as another without one that has its key. Where unit or polarity differ it is another measure
    that goes by the same code: it is listed, and not compared.
    """

    model_config = example(
        id=93,
        organisation="barnet",
        service="chief-executives-service",
        period="2011-12-q2",
        indicator_key="3002",
        indicator_code="3002",
        title="% of telephone calls answered within 20 seconds",
        unit="percent",
        polarity="higher_is_better",
        outturn="55.8",
        outturn_unrounded="55.802887",
        target="75.0000",
        matched_by="code",
        among_organisations={
            **_PLACE,
            "count": 1,
            "rank": 1,
            "quartile": None,
            **dict.fromkeys(("best", "median", "mean"), "55.802887"),
            "best_quartile": None,
            "standing_against_median": "same",
            "standing_against_mean": "same",
        },
        organisations=[_BARNET],
        among_neighbours=_PLACE,
        comparators=[_CUMBRIA],
    )

    id: int
    """The observation's lasting id."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service that reports it."""
    period: str
    """The reporting period, the same for all organisations."""
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
    outturn: DecimalText | None
    """The value achieved, as it is shown."""
    outturn_unrounded: DecimalText | None
    """The value achieved to six places: the one that is compared."""
    target: DecimalText | None
    """The target that applies; a measure that should be close to it is ranked by how close it is."""
    matched_by: MatchedBy
    """What the indicators of other organisations are known by."""
    among_organisations: PlaceOut
    """Where it stands among organisations in force."""
    organisations: list[PeerOut]
    """Their figures, the best first, and then those that are not compared; never more than there are
    services that report."""
    among_neighbours: PlaceOut | None
    """Where it stands among the neighbours that its report names, whose periods may be others: see the
    lag of each; null where it names none that can be compared."""
    comparators: list[ComparatorOut]
    """All that its report states beside it: neighbours, averages, the best quartile."""
