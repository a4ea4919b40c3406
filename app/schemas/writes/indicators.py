"""Measures as they are written: their definitions, their targets and what was achieved."""

from app.rules.vocabulary import (
    Baseline,
    Basis,
    Calculation,
    Convention,
    Nature,
    Polarity,
    State,
    TargetKind,
    Unit,
)
from app.schemas.wire import example
from app.schemas.writes.fields import (
    Code,
    Day,
    Flag,
    Key,
    MeasureOrDay,
    Name,
    Period,
    Places,
    Quantity,
    Share,
    Stated,
    Text,
)


class IndicatorIn(Stated):
    """The definition of a measure, as it is written."""

    model_config = example(
        organisation="barnet",
        key="3002",
        code="3002",
        title="% of telephone calls answered within 20 seconds",
        service="chief-executives-service",
        section="Performance",
        measure_set="corporate_plan",
        unit="percent",
        decimals=1,
        polarity="higher_is_better",
        nature="ratio",
        calculation="share",
        baseline="previous_period",
        counted="calls answered in time",
    )

    key: Key
    """Its name within the organisation: its code, or a slug where it has none."""
    code: Code | None = None
    """Its code as printed: a text, even where it looks like a number."""
    title: Text
    """Its title."""
    service: Name
    """The slug of the service that owns it."""
    section: Text | None = None
    """The section of the report it stands in."""
    measure_set: Name
    """The set of measures it belongs to; with the date it decides the scheme."""
    unit: Unit
    """What its value counts."""
    decimals: Places
    """How many decimals its outturn is shown with."""
    polarity: Polarity
    """Which way it is good."""
    nature: Nature
    """What its value is over time."""
    calculation: Calculation
    """How its outturn follows from numerator and denominator."""
    baseline: Baseline | None = None
    """Which earlier value it is compared with; none where the report compares with none."""
    variance_convention: Convention | None = None
    """How the council prints its variance from target, where that is not as its scheme says."""
    workforce: Flag = False
    """Whether it measures the workforce."""
    sample: Flag = False
    """Whether it comes from a survey, so that its error is stated."""
    data_only: Flag = False
    """Whether it is kept for information and never judged."""
    counted: Text | None = None
    """What its numerator counts, in a few words."""
    note: Text | None = None
    """What should be known about it."""


class TargetIn(Stated):
    """What a measure should reach in a period, as it is written."""

    model_config = example(
        organisation="barnet",
        indicator="3002",
        service="chief-executives-service",
        period="2011-12-q2",
        kind="value",
        value="75.0",
        note="Called a revised target in the commentary",
    )

    indicator: Name
    """The key of the indicator."""
    service: Name
    """The slug of the service whose target it is."""
    period: Period
    """The period it is for, by id or by label; it says whether the target is annual or profiled."""
    kind: TargetKind
    """What the target asks for."""
    value: MeasureOrDay | None = None
    """What should be reached, in the unit; a date where the unit is one."""
    range_percent: Share | None = None
    """How far off a target of kind range the outturn may be, in percent of it."""
    amber_limit: MeasureOrDay | None = None
    """The least good value that is still near the target, in the unit."""
    amber_strict: Flag = False
    """Whether the amber limit itself is no longer near."""
    amber_percent: Share | None = None
    """How far off the target is still near, in percent of it."""
    note: Text | None = None
    """What should be known about it."""


class ObservationIn(Stated):
    """What was reported for one measure, service and period: a value, or its numerator and denominator."""

    model_config = example(
        organisation="barnet",
        indicator="3002",
        service="chief-executives-service",
        period="2011-12-q2",
        numerator="159488",
        denominator="285806",
        state="reported",
        previous_value="48.3",
        previous_period="2011-12-q1",
    )

    indicator: Name
    """The key of the indicator."""
    service: Name
    """The slug of the service that reports it."""
    period: Period
    """The reporting period, by id or by label."""
    covers: Period | None = None
    """The period that the figure really covers, where it differs."""
    value: MeasureOrDay | None = None
    """The value as reported, where it is given whole; a date where the unit is one."""
    numerator: Quantity | None = None
    """The numerator as reported."""
    denominator: Quantity | None = None
    """The denominator as reported."""
    state: State
    """Whether there is a value, and if not, why."""
    basis: Basis = Basis.actual
    """What happened, or what the year is expected to give."""
    as_of: Day | None = None
    """The date that the value speaks of."""
    provisional: Flag = False
    """Whether the value may still change."""
    estimated: Flag = False
    """Whether the value is an estimate."""
    revised: Flag = False
    """Whether the value replaces one published before."""
    footnote: Text | None = None
    """What the report says below the table."""
    previous_value: MeasureOrDay | None = None
    """The value before, as this report states it."""
    previous_period: Period | None = None
    """The period of that value."""
