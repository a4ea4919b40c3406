"""What councils state of their small counts, as facts to write."""

from collections.abc import Iterator

from app.imports.reports import Report
from app.services.drafting import Draft, draft


def policies(report: Report) -> Iterator[Draft]:
    """A policy by the list that it is about, so that a list has one."""
    for row in report.disclosure_policies:
        yield draft("disclosure_policy", row.counts.value, ("disclosure_policies.csv", row), {})
