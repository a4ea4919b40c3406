"""Measures in brief on the wire, and how many have each status and direction."""

from typing import Annotated

from pydantic import Field

from app.rules.vocabulary import Direction, State, Status, Unit
from app.schemas.wire import DecimalText, Wire, example


class StatusCount(Wire):
    """How many measures, or actions, have one word for a status."""

    model_config = example(label="GREEN", statuses=["met"], colour="green", count=9, percent="82")

    label: str | None
    """The council's word; null for what no clause of a scheme holds for."""
    statuses: list[str]
    """The statuses that it stands for."""
    colour: str | None
    """The council's colour for it."""
    count: int
    """How many there are."""
    percent: DecimalText | None
    """Of all, those without data included; half up to no places, null where there are none."""


class DirectionCount(Wire):
    """How many measures went one way."""

    model_config = example(direction="improved", label="▲", count=8, percent="33")

    direction: Direction
    """The way."""
    label: str | None
    """The council's word or arrow for it, where some measure has it."""
    count: int
    """How many measures went that way."""
    percent: DecimalText | None
    """Of all measures, half up to no places; null where there are none."""


class MeasureOut(Wire):
    """An observation in brief."""

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
    )

    id: int
    """The observation's lasting id."""
    indicator_key: str
    """The indicator's name within the organisation."""
    indicator_code: str | None
    """The indicator's code as printed."""
    title: str
    """The indicator's title."""
    measure_set: str
    """The set of measures that it belongs to."""
    unit: Unit
    """What the value counts."""
    state: State
    """Whether there is a value, and if not, why."""
    outturn: DecimalText | None
    """The value achieved, half up to the indicator's decimals."""
    target: DecimalText | None
    """The target that applies to the period, in the unit."""
    target_variance: DecimalText | None
    """Percent of the target by which the outturn is better (positive) or worse."""
    status: Status
    """Where the outturn stands against its target."""
    status_label: str | None
    """The council's word for the status."""
    status_colour: str | None
    """The council's colour for the status."""
    previous: DecimalText | None
    """The value that the outturn is compared with, in the unit."""
    direction_of_travel: Direction
    """Better or worse than that value, or higher or lower where neither is good."""
    direction_label: str | None
    """The council's word or arrow for the direction."""
    direction_variance: DecimalText | None
    """100 x |outturn - previous| / previous, to one place; the divisor keeps its sign."""
    href: str
    """Where the observation is."""
    explain: str
    """Where it is explained."""


class SectionOut(Wire):
    """The measures of one section of the report."""

    section: Annotated[str | None, Field(examples=["Attendance"])]
    """The section; null where the report has none."""
    total: Annotated[int, Field(examples=[3])]
    """How many measures it has."""
    statuses: list[StatusCount]
    """How many have each word for a status."""
    measures: list[MeasureOut]
    """The measures, in the order of the report."""
