"""Series of an indicator on the wire: what may be asked, points and gaps, and where the year is heading."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.rules.periods import PeriodKind
from app.rules.vocabulary import Baseline, Basis, Direction, State, Status
from app.schemas.organisations import IndicatorOut
from app.schemas.queries import PeriodName, UnderPremises, Words
from app.schemas.wire import DateText, DecimalText, Wire, example


class SeriesQuery(UnderPremises):
    """What the series of an indicator may be asked."""

    service: Words = []
    """Only series of the service with this slug; repeat for more than one."""
    since: Annotated[PeriodName | None, Field(alias="from")] = None
    """Only points whose period ends in this period or later, by id or label; gaps before the first
    observation are shown then."""
    until: Annotated[PeriodName | None, Field(alias="to")] = None
    """Only points whose period ends in this period or earlier, by id or label; gaps after the last
    observation are shown then."""


_PROJECTION: dict[str, Any] = {
    "stated_as": "projection",
    "value": "57.48",
    "exact": "1437/25",
    "basis": "outturn x 12 / 3 months",
    "months_elapsed": 3,
    "beyond_whole": False,
    "year": "2019-20",
    "against": "100.0000",
    "status": "missed",
    "status_label": "Red",
    "status_colour": "red",
    "reason": None,
}
_POINT: dict[str, Any] = {
    "period": "2019-20-q1",
    "label": "2019/20 Q1",
    "start": "2019-04-01",
    "end": "2019-06-30",
    "gap": False,
    "reported_in": "2019-20-q1",
    "covers": None,
    "observation_id": 950,
    "href": "/v1/observations/950",
    "state": "reported",
    "outturn": "14.37",
    "target": "25.0000",
    "status": "missed",
    "status_label": "Red",
    "status_colour": "red",
    "direction_of_travel": "worsened",
    "direction_basis": "share_of_last_year",
    "baseline_period": "2018-19",
    "provisional": False,
    "estimated": False,
    "revised": False,
    "projection": _PROJECTION,
}


class ProjectionOut(Wire):
    """What a cumulative measure reaches by the end of the year at its pace so far; it is no outturn."""

    model_config = example(**_PROJECTION)

    stated_as: Literal["projection"]
    """That it is a projection."""
    value: DecimalText | None
    """The projection, half up to the indicator's decimals."""
    exact: Annotated[str, Field(examples=["400/3"])]
    """The projection as it is judged, unrounded: a whole number or a fraction."""
    basis: Annotated[str, Field(examples=["outturn x 12 / 6 months"])]
    """How it is worked out, in words."""
    months_elapsed: int
    """The months since April that the outturn has gathered."""
    beyond_whole: bool
    """Whether it passes 100 percent, which a share of a whole cannot: then the pace so far will not last."""
    year: str | None
    """The financial year whose end it is for."""
    against: DecimalText | None
    """The annual target; null where there is none, or none with a figure."""
    status: Status | None
    """Where the projection stands against the annual target, by the scheme that judges the point."""
    status_label: str | None
    """The council's word for that."""
    status_colour: str | None
    """The council's colour for that."""
    reason: str | None
    """Why there is no status."""


class PointOut(Wire):
    """A period of a series: an observation, or a gap where nothing was reported."""

    model_config = example(**_POINT)

    period: str
    """The period that is its place in the series: the one that the figure covers, or, where such do not
    lie end to end, the reporting period."""
    label: str
    """That period as a report writes it."""
    start: DateText
    """Its first day."""
    end: DateText
    """Its last day, included."""
    gap: bool
    """Whether there is no observation; all that follows is null then. A figure that is reported as absent
    is no gap, and has its state."""
    reported_in: str | None
    """The reporting period of the observation."""
    covers: str | None
    """What the figure really covers, where it differs from `period`."""
    observation_id: int | None
    """The observation's lasting id."""
    href: str | None
    """Where the observation is."""
    state: State | None
    """Whether there is a value, and if not, why."""
    outturn: DecimalText | None
    """The value achieved, half up to the indicator's decimals."""
    target: DecimalText | None
    """The target that applies to the observation, in the unit."""
    status: Status | None
    """Where the outturn stands against that target, by the scheme of the observation's own day."""
    status_label: str | None
    """The council's word for the status."""
    status_colour: str | None
    """The council's colour for the status."""
    direction_of_travel: Direction | None
    """Better or worse than the baseline, or higher or lower where neither is good."""
    direction_basis: Baseline | None
    """Which earlier value the direction rests on."""
    baseline_period: str | None
    """The period of that value, where it is known."""
    provisional: bool | None
    """Whether the value may still change."""
    estimated: bool | None
    """Whether the value is an estimate."""
    revised: bool | None
    """Whether the value replaces one published before."""
    projection: ProjectionOut | None
    """Where the year is heading: of cumulative measures only, at the last point that has an outturn."""


_SERIES: dict[str, Any] = {
    "service": "ict-and-business-transformation",
    "covers": "quarter",
    "reported_by": "quarter",
    "basis": "actual",
    "gaps_known": True,
    "points": [_POINT],
}


_INDICATOR: dict[str, Any] = {
    "id": 212,
    "organisation": "broxtowe",
    "service": "ict-and-business-transformation",
    "indicator_key": "ITLocal_04",
    "indicator_code": "ITLocal_04",
    "title": "BBSi Programme Completion",
    "section": "ICT and Business Transformation Key Performance Indicators 2019/20",
    "measure_set": "kpi",
    "unit": "percent",
    "decimals": 2,
    "polarity": "higher_is_better",
    "nature": "cumulative",
    "calculation": "given",
    "baseline": "share_of_last_year",
    "workforce": False,
    "sample": False,
    "data_only": False,
    "counted": None,
    "note": None,
}


class SeriesOut(Wire):
    """Figures of one service that can stand in one line, in order of time."""

    model_config = example(**_SERIES)

    service: str
    """The slug of the service that reports them."""
    covers: PeriodKind
    """The kind of what the figures really cover; quarters, rolling years and days never share a series."""
    reported_by: PeriodKind
    """The kind of the points' own periods: another where what is covered does not lie end to end."""
    basis: Basis
    """What happened, or what the year is expected to give."""
    gaps_known: bool
    """Whether gaps can be told: not between days, nor between stretches of a report's own choice."""
    points: list[PointOut]
    """The points, gaps included."""


class IndicatorSeries(Wire):
    """All series of one indicator."""

    model_config = example(indicator=_INDICATOR, series=[_SERIES])

    indicator: IndicatorOut
    """The definition of the measure."""
    series: list[SeriesOut]
    """Its series, by service, kind of what is covered, and basis."""
