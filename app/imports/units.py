"""Figures against the unit of their indicator, which another file or an earlier report states."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.imports.problems import PERCENT_SIGN, Problem
from app.imports.reports import Report
from app.rules.vocabulary import Polarity, Unit

_PLAINLY_POINTS = 20
"""A target of so many percent is in points; a bare 0.97 against it is a spreadsheet's 97%."""


class Meaning(NamedTuple):
    """What an indicator's figures are, and which way is good."""

    unit: str
    polarity: str


class Figure(NamedTuple):
    """A cell with a figure of an indicator."""

    file: str
    row: int
    column: str
    indicator: str
    value: Decimal | date


def misfits(report: Report, meanings: Mapping[str, Meaning]) -> Iterator[Problem]:
    """Figures that their indicator cannot mean; those of an unknown indicator are passed over."""
    signed = {notice[:3] for notice in report.notices if notice.reason == PERCENT_SIGN}
    targets = {t.indicator: t.value for t in report.targets if isinstance(t.value, Decimal)}
    for figure in _figures(report):
        meaning = meanings.get(figure.indicator)
        if meaning is None:
            continue
        percent = figure[:3] in signed
        reason = _against_unit(figure.value, meaning.unit, percent=percent)
        if figure.file == "observations.csv" and figure.column == "value" and not percent:
            reason = reason or _as_share(figure.value, meaning, targets.get(figure.indicator))
        if reason:
            yield Problem(*figure[:3], str(figure.value), reason)


def _figures(report: Report) -> Iterator[Figure]:
    for observed in report.observations:
        for column in ("value", "previous_value"):
            if (value := getattr(observed, column)) is not None:
                line, indicator = observed.line, observed.indicator
                yield Figure("observations.csv", line, column, indicator, value)
    for target in report.targets:
        for column in ("value", "amber_limit"):
            if (value := getattr(target, column)) is not None:
                yield Figure("targets.csv", target.line, column, target.indicator, value)


def _against_unit(value: Decimal | date, unit: str, *, percent: bool) -> str | None:
    if isinstance(value, date) != (unit == Unit.date):
        return f"does not fit the unit of its indicator, {unit}"
    if percent and unit != Unit.percent:
        return f"has a percent sign, and the unit of its indicator is {unit}"
    if unit == Unit.yes_no and value not in {0, 1}:
        return "is neither 1 for yes nor 0 for no"
    return None


def _as_share(value: Decimal | date, meaning: Meaning, target: Decimal | None) -> str | None:
    """A spreadsheet keeps 97% as 0.97; with a percent sign a figure is taken at its word."""
    if (
        meaning == (Unit.percent, Polarity.higher_is_better)
        and isinstance(value, Decimal)
        and target is not None
        and 0 < value < 1
        and target >= _PLAINLY_POINTS
    ):
        return "is a share where points are expected; write 97 for 97%, or 0.97% if it is so small"
    return None
