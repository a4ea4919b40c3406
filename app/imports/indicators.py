"""Rows of measures: their definitions, targets, observations, comparators and group breakdowns."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

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
from app.imports.rows import Row
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

    later = frozenset({"counted"})

    key: Key
    code: Code | None = None
    title: str
    service: str
    section: str | None = None
    measure_set: str
    unit: Unit
    decimals: Whole
    polarity: Polarity
    nature: Nature
    calculation: Calculation
    baseline: Baseline | None = None
    variance_convention: Convention | None = None
    workforce: Flag = False
    sample: Flag = False
    data_only: Flag = False
    counted: str | None = None
    note: str | None = None

    def _faults(self) -> Iterable[tuple[str, str]]:
        if self.decimals > _PLACES:
            yield "decimals", "is outside 0 to 4"


class TargetRow(Row):
    """What a measure should reach in a period."""

    indicator: str
    service: str
    period: PeriodId
    kind: TargetKind
    value: MeasureOrDay = None
    range_percent: OptionalShare = None
    amber_limit: MeasureOrDay = None
    amber_strict: Flag = False
    amber_percent: OptionalShare = None
    note: str | None = None

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

    indicator: str
    service: str
    period: PeriodId
    covers: PeriodId | None = None
    value: MeasureOrDay = None
    numerator: OptionalQuantity = None
    denominator: Base = None
    state: State
    basis: Basis = Basis.actual
    as_of: OptionalDay = None
    provisional: Flag = False
    estimated: Flag = False
    revised: Flag = False
    footnote: str | None = None
    previous_value: MeasureOrDay = None
    previous_period: PeriodId | None = None

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

    indicator: str
    service: str
    period: PeriodId
    kind: ComparatorKind
    name: str
    value: OptionalMeasure = None
    unit: Unit
    comparator_period: str | None = None
    source: str | None = None
    scope: str | None = None


class EqualityRow(Row):
    """One group's answer in a survey measure."""

    indicator: str
    service: str
    period: PeriodId
    group: str
    position: Whole
    value: Measure
    responses: Whole
    previous_value: OptionalMeasure = None
    previous_significant: OptionalFlag = None
