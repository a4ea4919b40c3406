"""Printed figures as facts to write, each hung on the fact that it is about."""

from collections.abc import Iterator

from app.imports.published import PublishedKind, PublishedRow
from app.imports.reports import Report
from app.services.drafting import Draft, SubjectKey, draft


def published(report: Report) -> Iterator[Draft]:
    """A printed figure by what it is about, its field and its place, in the order of the file."""
    for position, row in enumerate(report.published, 1):
        kind, field = _subject(row), _field(row)
        where = f"{row.service}/{row.period}/{row.field}/{row.place}"
        source, refers = ("published.csv", row), {"subject_id": kind}
        yield draft(
            "published_figure",
            f"{row.kind}/{row.subject}/{where}",
            source,
            refers,
            field=field,
            position=position,
        )


def _subject(row: PublishedRow) -> SubjectKey:
    """The fact that a figure is about; a total or a rating is about its service."""
    where = f"{row.service}/{row.period}"
    head, _, tail = row.subject.partition("/")
    match row.kind:
        case PublishedKind.observation:
            return SubjectKey("observation", f"{row.subject}/{where}")
        case PublishedKind.budget_line:
            return SubjectKey("budget_line", f"{row.subject}/{where}")
        case PublishedKind.risk:
            return SubjectKey("risk_assessment", f"{row.subject}/{row.period}")
        case PublishedKind.workforce_establishment:
            return SubjectKey("establishment", f"{row.subject}/{row.period}")
        case PublishedKind.workforce_profile:
            return SubjectKey("profile_count", f"{row.subject}/{where}")
        case PublishedKind.equality:
            return SubjectKey("equality_group", f"{head}/{where}/{tail}")
        case PublishedKind.action:
            return SubjectKey("action", row.subject)
        case PublishedKind.scorecard:
            return SubjectKey("service", row.subject)
    return SubjectKey("service", row.service)


def _field(row: PublishedRow) -> str:
    if row.kind == PublishedKind.budget_total:
        return f"budget_total:{row.subject}:{row.field}"
    if row.kind == PublishedKind.scorecard:
        return f"scorecard:{row.field}"
    return row.field
