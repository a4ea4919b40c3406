"""Promises and notes as facts to write."""

from collections.abc import Iterator
from datetime import date

from app.imports.reports import Report
from app.services.drafting import Draft, SubjectKey, draft


def actions(report: Report, as_of: date) -> Iterator[Draft]:
    """An action by its key; where it states no date of its own, the report's holds."""
    for position, row in enumerate(report.actions, 1):
        source, day = ("actions.csv", row), row.as_of or as_of
        yield draft("action", row.key, source, _of(row.service), position=position, as_of=day)


def undertakings(report: Report) -> Iterator[Draft]:
    """Initiatives and projects, by key, service and period, in the order of their files."""
    for position, row in enumerate(report.initiatives, 1):
        key, source = f"{row.key}/{row.service}/{row.period}", ("initiatives.csv", row)
        yield draft("initiative", key, source, _of(row.service), position=position)
    for position, project in enumerate(report.projects, 1):
        key = f"{project.key}/{project.service}/{project.period}"
        line = ("projects.csv", project)
        yield draft("project", key, line, _of(project.service), position=position)


def notes(report: Report) -> Iterator[Draft]:
    """Notes by what they are about, period, kind and position."""
    for row in report.notes:
        key = f"{row.kind}/{row.subject}/{row.period}/{row.note_kind}/{row.position}"
        subject = {"subject_id": SubjectKey(row.kind, row.subject)}
        yield draft("note", key, ("notes.csv", row), subject, kind=row.note_kind)


def _of(service: str) -> dict[str, SubjectKey]:
    return {"service_id": SubjectKey("service", service)}
