"""Others' figures as they are written: comparators, and the answers of groups."""

from app.imports.indicators import ComparatorKind
from app.rules.vocabulary import Unit
from app.schemas.wire import example
from app.schemas.writes.fields import Flag, Measure, Name, Period, Stated, Text, Whole


class ComparatorIn(Stated):
    """Somebody else's figure beside a measure, as it is written."""

    model_config = example(
        organisation="barnet",
        indicator="3002",
        service="chief-executives-service",
        period="2011-12-q2",
        kind="neighbour",
        name="Cumbria",
        value="86.46",
        unit="percent",
        comparator_period="Q1 2011/12",
        scope="Statistical neighbours",
    )

    indicator: Name
    """The key of the indicator."""
    service: Name
    """The slug of the service."""
    period: Period
    """The reporting period that it stands in, by id or by label."""
    kind: ComparatorKind
    """Whose figure it is."""
    name: Name
    """The council, or the average, in the report's words."""
    value: Measure | None = None
    """The comparator's figure, in its own unit."""
    unit: Unit
    """The unit of the comparator's figure."""
    comparator_period: Text | None = None
    """The comparator's own period, in the report's words."""
    source: Text | None = None
    """Where the figure comes from."""
    scope: Text | None = None
    """Whom or what it covers."""


class EqualityIn(Stated):
    """One group's answer in a survey measure, as it is written."""

    model_config = example(
        organisation="barnet",
        indicator="eq-get-on-well",
        service="commissioning-group",
        period="2013-14-q2",
        group="55 to 64",
        position=3,
        value="78",
        responses=185,
        previous_value="83",
        previous_significant=False,
    )

    indicator: Name
    """The key of the indicator."""
    service: Name
    """The slug of the service that reports it."""
    period: Period
    """The reporting period, by id or by label."""
    group: Name
    """The group, in the report's words."""
    position: Whole
    """Its place in the breakdown; everyone asked stands first, at 1."""
    value: Measure
    """The group's answer."""
    responses: Whole
    """How many of the group answered."""
    previous_value: Measure | None = None
    """The group's answer in the survey before."""
    previous_significant: Flag | None = None
    """Whether the report says that the group differed significantly then; none where it says nothing."""
