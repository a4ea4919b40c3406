"""Posts and people as facts to write."""

from collections.abc import Iterator

from app.imports.reports import Report
from app.services.drafting import Draft, SubjectKey, draft


def workforce(report: Report) -> Iterator[Draft]:
    """An establishment by service and period, a count by its dimension and category too."""
    for row in report.workforce_establishment:
        key, source = f"{row.service}/{row.period}", ("workforce_establishment.csv", row)
        yield draft("establishment", key, source, _of(row.service))
    for position, count in enumerate(report.workforce_profiles, 1):
        yield draft(
            "profile_count",
            f"{count.dimension}/{count.category}/{count.service}/{count.period}",
            ("workforce_profiles.csv", count),
            _of(count.service),
            position=position,
            headcount=count.count,
        )


def _of(service: str) -> dict[str, SubjectKey]:
    return {"service_id": SubjectKey("service", service)}
