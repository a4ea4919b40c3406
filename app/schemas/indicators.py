"""Observations on the wire: raw facts and everything derived from them."""

from typing import Annotated

from pydantic import Field

from app.queries.observations import OBSERVATIONS
from app.rules.vocabulary import (
    Baseline,
    Basis,
    Calculation,
    Direction,
    Nature,
    Polarity,
    State,
    Status,
    SurveyBadge,
    TargetKind,
    Unit,
)
from app.schemas.queries import Amount, OfPeriods, Order, Paging, UnderPremises, Words
from app.schemas.wire import DateText, DecimalText, Page, Wire, example


class OfMeasures(OfPeriods):
    """Whose rows, for when, and of which measures."""

    indicator_code: Words = []
    """Only rows of the indicator with this code; repeat for more than one."""
    indicator_key: Words = []
    """Only rows of the indicator with this key; repeat for more than one."""
    section: Words = []
    """Only rows of this section of a report; repeat for more than one."""
    measure_set: Words = []
    """Only rows of this measure set; repeat for more than one."""
    unit: list[Unit] = []
    """Only rows in this unit; repeat for more than one."""
    polarity: list[Polarity] = []
    """Only rows of this polarity; repeat for more than one."""
    state: list[State] = []
    """Only rows in this state; repeat for more than one."""


class ObservationFilters(UnderPremises, OfMeasures):
    """Which observations: raw and derived columns alike."""

    status: list[Status] = []
    """Only rows of this status; repeat for more than one."""
    status_year_end: list[Status] = []
    """Only rows of this status against the full year's target; repeat for more than one."""
    direction_of_travel: list[Direction] = []
    """Only rows that went this way; repeat for more than one."""
    outturn_min: Amount | None = None
    """Only rows whose outturn, as shown, is at least this."""
    outturn_max: Amount | None = None
    """Only rows whose outturn, as shown, is at most this."""
    target_difference_min: Amount | None = None
    """Only rows whose difference from target is at least this, in the unit."""
    target_difference_max: Amount | None = None
    """Only rows whose difference from target is at most this, in the unit."""
    target_variance_min: Amount | None = None
    """Only rows whose variance from target is at least this percentage; positive is better."""
    target_variance_max: Amount | None = None
    """Only rows whose variance from target is at most this percentage; positive is better."""
    direction_variance_min: Amount | None = None
    """Only rows that moved by at least this percentage of their baseline."""
    direction_variance_max: Amount | None = None
    """Only rows that moved by at most this percentage of their baseline."""
    significant_against_target: bool | None = None
    """Only survey measures that differ from target by more than chance, or only those that do not."""
    significant_against_previous: bool | None = None
    """Only survey measures that moved by more than chance, or only those that did not."""
    significance_badge: list[SurveyBadge] = []
    """Only survey measures with this badge; repeat for more than one."""


class ObservationQuery(ObservationFilters, Paging):
    """What the list of observations may be asked."""

    sort: Annotated[str, Order(OBSERVATIONS)] = "id"
    """The column to sort by."""


class ObservationOut(Wire):
    """One measure, service and period: what was reported, and what follows from it."""

    model_config = example(
        id=93,
        organisation="barnet",
        service="chief-executives-service",
        period="2011-12-q2",
        period_label="2011/12 Q2",
        period_start="2011-07-01",
        period_end="2011-09-30",
        covers=None,
        indicator_id=21,
        indicator_key="3002",
        indicator_code="3002",
        title="% of telephone calls answered within 20 seconds",
        section="Performance",
        measure_set="corporate_plan",
        unit="percent",
        decimals=1,
        polarity="higher_is_better",
        nature="ratio",
        calculation="share",
        workforce=False,
        sample=False,
        data_only=False,
        value=None,
        numerator="159488.00",
        denominator="285806.00",
        state="reported",
        basis="actual",
        as_of=None,
        provisional=False,
        estimated=False,
        revised=False,
        footnote=None,
        outturn="55.8",
        outturn_unrounded="55.802887",
        target_kind="value",
        target="75.0000",
        target_difference="-19.1971",
        target_variance="-25.6",
        target_variance_as_reported="25.6",
        scheme="barnet-corporate-plan",
        status="missed",
        status_label="Red",
        status_colour="red",
        status_points="-1.00",
        status_year_end=None,
        direction_of_travel="improved",
        direction_label="▲",
        direction_variance="15.5",
        direction_basis="previous_period",
        baseline_period="2011-12-q1",
        previous="48.3000",
        interval_low=None,
        interval_high=None,
        significant_against_target=None,
        significant_against_previous=None,
        significance_badge=None,
    )

    id: int
    """The observation's lasting id."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service that reports it."""
    period: str
    """The reporting period."""
    period_label: str
    """The reporting period as a report writes it."""
    period_start: DateText
    """The first day of the reporting period."""
    period_end: DateText
    """The last day of the reporting period, included."""
    covers: str | None
    """The period that the figure really covers, where it differs."""
    indicator_id: int
    """The indicator's lasting id."""
    indicator_key: str
    """The indicator's name within the organisation."""
    indicator_code: str | None
    """The indicator's code as printed."""
    title: str
    """The indicator's title."""
    section: str | None
    """The section of the report it stands in."""
    measure_set: str
    """The set of measures it belongs to."""
    unit: Unit
    """What the value counts. Yes is 1, no is 0; a date is its day number, 1 for 0001-01-01."""
    decimals: int
    """How many decimals the outturn is shown with."""
    polarity: Polarity
    """Which way the measure is good."""
    nature: Nature
    """What the value is over time."""
    calculation: Calculation
    """How the outturn follows from numerator and denominator."""
    workforce: bool
    """Whether it measures the workforce."""
    sample: bool
    """Whether it comes from a survey."""
    data_only: bool
    """Whether it is kept for information and never judged."""
    value: DecimalText | None
    """The value as reported, where it is given whole."""
    numerator: DecimalText | None
    """The numerator as reported."""
    denominator: DecimalText | None
    """The denominator as reported."""
    state: State
    """Whether there is a value, and if not, why."""
    basis: Basis
    """What happened, or what the year is expected to give."""
    as_of: DateText | None
    """The date that the value speaks of."""
    provisional: bool
    """Whether the value may still change."""
    estimated: bool
    """Whether the value is an estimate."""
    revised: bool
    """Whether the value replaces one published before."""
    footnote: str | None
    """What the report says below the table."""
    outturn: DecimalText | None
    """The value achieved, half up to the indicator's decimals; every derivation uses it unrounded."""
    outturn_unrounded: DecimalText | None
    """The value achieved to six places."""
    target_kind: TargetKind | None
    """What the target asks for."""
    target: DecimalText | None
    """The target that applies to this period, in the unit, to four places."""
    target_difference: DecimalText | None
    """Outturn less target, in the unit, to four places."""
    target_variance: DecimalText | None
    """Percent of the target by which the outturn is better (positive) or worse, to one place."""
    target_variance_as_reported: DecimalText | None
    """The variance by the council's own convention, percent to one place."""
    scheme: str | None
    """The status scheme in force for the measure set at the period's end."""
    status: Status
    """Where the outturn stands against its target now."""
    status_label: str | None
    """The council's word for the status."""
    status_colour: str | None
    """The council's colour for the status."""
    status_points: DecimalText | None
    """What the status counts in the council's rating; null where it does not count."""
    status_year_end: Status | None
    """Where the outturn stands against the full year's target; null without one."""
    direction_of_travel: Direction
    """Better or worse than the baseline, or higher or lower where neither is good."""
    direction_label: str | None
    """The council's word or arrow for the direction."""
    direction_variance: DecimalText | None
    """100 x |outturn - previous| / previous, to one place; the divisor keeps its sign."""
    direction_basis: Baseline
    """Which earlier value the direction rests on."""
    baseline_period: str | None
    """The period of that value, where it is known."""
    previous: DecimalText | None
    """That value, in the unit, to four places."""
    interval_low: DecimalText | None
    """The lower end of a survey's 95% Wilson interval, percent."""
    interval_high: DecimalText | None
    """The upper end of a survey's 95% Wilson interval, percent."""
    significant_against_target: bool | None
    """Whether a survey differs from target by more than chance."""
    significant_against_previous: bool | None
    """Whether a survey differs from its baseline by more than chance."""
    significance_badge: SurveyBadge | None
    """What a survey says of its target: within sampling error where the target lies inside its 95%
    interval, and else clearly met or clearly missed; null for what is no sample, and where there is
    no single figure to meet."""


class ObservationPage(Page):
    """A page of observations."""

    items: list[ObservationOut]
    """The observations."""


class SummaryQuery(ObservationFilters):
    """What a count of observations may be asked."""

    group_by: str = "status"
    """Columns to count by, separated by commas: `organisation`, `service`, `period`, `section`,
    `measure_set`, `status`, `status_label`."""


class SummaryRow(Wire):
    """How many observations fall together; the columns that were not asked for are null."""

    model_config = example(
        organisation="bath-and-north-east-somerset",
        service=None,
        period="2004-05",
        section=None,
        measure_set=None,
        status="met",
        status_label=None,
        count=9,
        total=11,
        percent="82",
    )

    organisation: str | None
    """The organisation."""
    service: str | None
    """The slug of the service."""
    period: str | None
    """The reporting period."""
    section: str | None
    """The section of the report."""
    measure_set: str | None
    """The set of measures."""
    status: Status | None
    """The status."""
    status_label: str | None
    """The council's word for the status."""
    count: int
    """How many observations."""
    total: int
    """How many there are in the same group, whatever their status; rows without data included."""
    percent: DecimalText | None
    """Count over total, percent, half up to no places."""


class Summary(Wire):
    """Counts of observations."""

    items: list[SummaryRow]
    """The counts, in the order of the columns asked for."""
    total: Annotated[int, Field(examples=[11])]
    """How many observations were counted."""
