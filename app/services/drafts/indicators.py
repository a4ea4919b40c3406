"""Measures as facts to write: definitions, targets, observations, comparators, breakdowns."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from app.imports.actions import InterventionRow
from app.imports.indicators import ComparatorRow, EqualityRow, ObservationRow, TargetRow
from app.imports.reports import Report
from app.services.drafting import Draft, SubjectKey, draft

Measured = TargetRow | ObservationRow | ComparatorRow | EqualityRow | InterventionRow


def indicators(report: Report) -> Iterator[Draft]:
    """An indicator by its key, in the order of the file."""
    for position, row in enumerate(report.indicators, 1):
        refers = {"service_id": SubjectKey("service", row.service)}
        yield draft("indicator", row.key, ("indicators.csv", row), refers, position=position)


def figures(report: Report) -> Iterator[Draft]:
    """Targets and observations, by indicator, service and period; a day is its day number."""
    for target in report.targets:
        value, limit = day_number(target.value), day_number(target.amber_limit)
        source = ("targets.csv", target)
        yield draft("target", _key(target), source, _of(target), value=value, amber_limit=limit)
    for observed in report.observations:
        yield draft(
            "observation",
            _key(observed),
            ("observations.csv", observed),
            _of(observed),
            value=day_number(observed.value),
            previous_value=day_number(observed.previous_value),
        )


def beside(report: Report) -> Iterator[Draft]:
    """Comparators by kind and name, and the groups of a breakdown by theirs."""
    for comparator in report.comparators:
        key = f"{_key(comparator)}/{comparator.kind}/{comparator.name}"
        yield draft("comparator", key, ("comparators.csv", comparator), _of(comparator))
    for group in report.equalities:
        key, source = f"{_key(group)}/{group.group}", ("equalities.csv", group)
        yield draft("equality_group", key, source, _of(group), name=group.group)


def interventions(report: Report) -> Iterator[Draft]:
    """How far the council steps in, by indicator, service and period."""
    for row in report.interventions:
        yield draft("intervention", _key(row), ("interventions.csv", row), _of(row))


def day_number(value: Decimal | date | None) -> Decimal | None:
    """A value as it is stored: a day by its number, 1 for 0001-01-01."""
    return Decimal(value.toordinal()) if isinstance(value, date) else value


def _key(row: Measured) -> str:
    return f"{row.indicator}/{row.service}/{row.period}"


def _of(row: Measured) -> dict[str, SubjectKey]:
    return {
        "indicator_id": SubjectKey("indicator", row.indicator),
        "service_id": SubjectKey("service", row.service),
    }
