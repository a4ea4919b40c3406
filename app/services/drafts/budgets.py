"""Budget lines as facts to write, in pounds."""

from collections.abc import Iterator

from app.imports.budgets import AMOUNTS
from app.imports.reports import Report
from app.services.drafting import Draft, SubjectKey, draft


def budget_lines(report: Report) -> Iterator[Draft]:
    """A budget line by its key, service and period, in the order of the file."""
    for position, row in enumerate(report.budget_lines, 1):
        yield draft(
            "budget_line",
            f"{row.key}/{row.service}/{row.period}",
            ("budget_lines.csv", row),
            {"service_id": SubjectKey("service", row.service)},
            position=position,
            **{column: row.pounds(column) for column in AMOUNTS},
        )
