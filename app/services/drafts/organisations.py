"""Services as facts to write."""

from collections.abc import Iterator

from app.imports.reports import Report
from app.services.drafting import Draft, SubjectKey, draft


def services(report: Report) -> Iterator[Draft]:
    """A service by its slug, in the order of the file."""
    for position, row in enumerate(report.services, 1):
        refers = {"parent_id": SubjectKey("service", row.parent)} if row.parent else {}
        absent = {} if row.parent else {"parent_id": None}
        source = ("services.csv", row)
        yield draft("service", row.slug, source, refers, position=position, **absent)
