"""Rows of measures: their definitions, targets, observations, comparators and group breakdowns."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import ValidationInfo, model_validator

from app.imports.cells import (
    Base,
    Code,
    Flag,
    Key,
    Measure,
    MeasureOrDay,
    OptionalDay,
    OptionalFlag,
    OptionalMeasure,
    OptionalQuantity,
    OptionalShare,
    PeriodId,
    Whole,
)
from app.imports.rows import Aliases, Row
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

_PLACES = 4
_RATIO = re.compile(r"([0-9,]+) ?/ ?([0-9,]+)")
_WITH_VALUE = (TargetKind.value, TargetKind.limit, TargetKind.range)


class ComparatorKind(StrEnum):
    """Whose figure stands beside a measure."""

    neighbour = "neighbour"
    national = "national"
    council_average = "council_average"
    best_quartile = "best_quartile"
    local_population = "local_population"


class IndicatorRow(Row):
    """The definition of a measure."""

    aliases: ClassVar[Aliases] = {
        "key": ("indicator key",),
        "code": ("indicator code",),
        "title": ("indicator title",),
        "decimals": ("decimal places",),
    }

    later = frozenset({"counted"})

    key: Key
    """What identifies the indicator within its council."""
    code: Code | None = None
    """The code that the report prints, always text."""
    title: str
    """What is measured."""
    service: str
    """Slug of the service that answers for it."""
    section: str | None = None
    """Heading of the report under which it stands."""
    measure_set: str
    """Set of measures that one status scheme judges."""
    unit: Unit
    """Unit of its figures."""
    decimals: Whole
    """Decimal places to which its figures are shown, 0 to 4."""
    polarity: Polarity
    """Which way is good."""
    nature: Nature
    """How periods of it compare."""
    calculation: Calculation
    """How its outturn follows from numerator and denominator."""
    baseline: Baseline | None = None
    """What its direction of travel is measured from."""
    variance_convention: Convention | None = None
    """How its target variance is printed, where not as its scheme says."""
    workforce: Flag = False
    """Whether it is a measure of the workforce."""
    sample: Flag = False
    """Whether its figures come from a sample, as in a survey."""
    data_only: Flag = False
    """Whether it is shown without a status."""
    counted: str | None = None
    """What its numerator counts, in a few words."""
    note: str | None = None
    """Anything else about it, in a few words."""

    def _faults(self) -> Iterable[tuple[str, str]]:
        if self.decimals > _PLACES:
            yield "decimals", "is outside 0 to 4"


class TargetRow(Row):
    """What a measure should reach in a period."""

    aliases: ClassVar[Aliases] = {
        "indicator": ("measure", "indicator key"),
        "value": ("target", "target value"),
    }

    indicator: str
    """Key of the indicator."""
    service: str
    """Slug of the service."""
    period: PeriodId
    """Period that the target is for; a year for an annual target."""
    kind: TargetKind
    """What sort of target it is."""
    value: MeasureOrDay = None
    """The target, in the unit of its indicator."""
    range_percent: OptionalShare = None
    """How far either side of the value is still on target, percent."""
    amber_limit: MeasureOrDay = None
    """The last value that is still amber, in the unit of its indicator."""
    amber_strict: Flag = False
    """Whether the amber limit itself is no longer amber."""
    amber_percent: OptionalShare = None
    """How far from the target is still amber, percent."""
    note: str | None = None
    """Anything else about it, in a few words."""

    def _faults(self) -> Iterable[tuple[str, str]]:
        if self.kind in _WITH_VALUE and self.value is None:
            yield "value", f"is empty, and a target of kind {self.kind} needs one"
        if self.kind not in (*_WITH_VALUE, TargetKind.future) and self.value is not None:
            yield "value", f"stands with a target of kind {self.kind}, which has none"
        if (self.kind == TargetKind.range) != (self.range_percent is not None):
            yield "range_percent", "belongs to a target of kind range, and to no other"
        if self.amber_strict and self.amber_limit is None:
            yield "amber_strict", "stands without an amber_limit"
        if self.amber_limit is not None and self.amber_percent is not None:
            yield "amber_percent", "stands beside an amber_limit; only one can hold"


class ObservationRow(Row):
    """One measure, service and period: a value, or its numerator and denominator, or a state."""

    aliases: ClassVar[Aliases] = {
        "indicator": ("measure", "indicator key"),
        "value": ("actual", "result", "outturn"),
        "as_of": ("as at",),
        "previous_value": ("previous outturn", "previous result"),
    }

    indicator: str
    """Key of the indicator."""
    service: str
    """Slug of the service."""
    period: PeriodId
    """Period that is reported."""
    covers: PeriodId | None = None
    """Period that the figure covers, where it is another."""
    value: MeasureOrDay = None
    """The outturn in the unit of its indicator, where it has no numerator and denominator."""
    numerator: OptionalQuantity = None
    """What is divided."""
    denominator: Base = None
    """What it is divided by."""
    state: State
    """Whether there is a figure, and if not, why."""
    basis: Basis = Basis.actual
    """Whether the figure is what happened or what the full year is estimated to be."""
    as_of: OptionalDay = None
    """Day on which the figure was taken."""
    provisional: Flag = False
    """Whether the figure is provisional."""
    estimated: Flag = False
    """Whether the figure is estimated."""
    revised: Flag = False
    """Whether the figure was revised."""
    footnote: str | None = None
    """Footnote to the figure, in a few words."""
    previous_value: MeasureOrDay = None
    """The previous outturn that the report prints, in the unit of its indicator."""
    previous_period: PeriodId | None = None
    """Period of the previous outturn."""

    @model_validator(mode="before")
    @classmethod
    def _split(cls, cells: Any, info: ValidationInfo) -> Any:  # noqa: ANN401 - pydantic's own types
        """A numerator cell that prints both figures: 159488/285806."""
        if not isinstance(cells, dict) or cells.get("denominator") is not None:
            return cells
        found = _RATIO.fullmatch(str(cells.get("numerator")))
        if not found:
            return cells
        if info.context is not None:
            info.context.append(("numerator", found[0], "is read as numerator/denominator"))
        return {**cells, "numerator": found[1], "denominator": found[2]}

    def _faults(self) -> Iterable[tuple[str, str]]:
        ratio = self.numerator is not None and self.denominator is not None
        if self.numerator is not None and self.denominator is None:
            yield "numerator", "stands without a denominator"
        if self.denominator is not None and self.numerator is None:
            yield "denominator", "stands without a numerator"
        if self.value is not None and ratio:
            yield "value", "stands beside its numerator and denominator, which give it"
        given = self.value is not None or ratio
        if self.state == State.reported and not given:
            yield "state", "is reported, and there is no figure"
        if self.state != State.reported and given:
            yield "state", f"is {self.state}, and there is a figure"
        if self.previous_period and self.previous_value is None:
            yield "previous_period", "stands without a previous_value"


class ComparatorRow(Row):
    """Somebody else's figure beside a measure."""

    aliases: ClassVar[Aliases] = {
        "indicator": ("measure", "indicator key"),
        "name": ("comparator",),
    }

    indicator: str
    """Key of the indicator."""
    service: str
    """Slug of the service."""
    period: PeriodId
    """Period of the figure that it stands beside."""
    kind: ComparatorKind
    """Whose figure it is."""
    name: str
    """Name of the council or the average."""
    value: OptionalMeasure = None
    """The figure, in its own unit."""
    unit: Unit
    """Unit of the figure."""
    comparator_period: str | None = None
    """Period of the figure, as printed."""
    source: str | None = None
    """Where the figure is from."""
    scope: str | None = None
    """What the figure covers, where it is not the same."""


class EqualityRow(Row):
    """One group's answer in a survey measure."""

    aliases: ClassVar[Aliases] = {
        "indicator": ("measure", "indicator key"),
        "value": ("result", "outturn"),
        "responses": ("respondents",),
    }

    indicator: str
    """Key of the survey measure."""
    service: str
    """Slug of the service."""
    period: PeriodId
    """Period of the survey."""
    group: str
    """The group of people."""
    position: Whole
    """Its place among the groups, a whole number."""
    value: Measure
    """The group's answer, in the unit of its indicator."""
    responses: Whole
    """How many answered, a whole number."""
    previous_value: OptionalMeasure = None
    """The group's previous answer, in the unit of its indicator."""
    previous_significant: OptionalFlag = None
    """Whether the report calls the change significant."""
