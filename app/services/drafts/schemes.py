"""Status schemes as facts to write."""

from collections import Counter
from collections.abc import Iterator

from app.imports.reports import Report
from app.services.drafting import Draft, SubjectKey, draft


def schemes(report: Report) -> Iterator[Draft]:
    """A scheme by its id, its clauses by their position, its labels by direction and order."""
    for scheme in report.schemes:
        yield draft("scheme", scheme.id, ("schemes.csv", scheme), {})
    for clause in report.scheme_clauses:
        key = f"{clause.scheme}/{clause.position}"
        yield draft("scheme_clause", key, ("scheme_clauses.csv", clause), _of(clause.scheme))
    times = Counter[tuple[str, str]]()
    for label in report.direction_labels:
        times[label.scheme, label.code] += 1
        position = times[label.scheme, label.code]
        key = f"{label.scheme}/{label.code}/{position}"
        source = ("direction_labels.csv", label)
        yield draft("direction_label", key, source, _of(label.scheme), position=position)


def _of(scheme: str) -> dict[str, SubjectKey]:
    return {"scheme_id": SubjectKey("scheme", scheme)}
