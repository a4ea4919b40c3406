"""Risk registers as facts to write."""

from collections import Counter
from collections.abc import Iterator

from app.imports.reports import Report
from app.services.drafting import Draft, SubjectKey, draft


def risks(report: Report) -> Iterator[Draft]:
    """A risk by its code, its assessment by code and period, its controls by their order."""
    for position, risk in enumerate(report.risks, 1):
        source = ("risks.csv", risk)
        service = {"service_id": SubjectKey("service", risk.service)}
        yield draft("risk", risk.code, source, service, position=position)
        key = f"{risk.code}/{risk.period}"
        yield draft("risk_assessment", key, source, {"risk_id": SubjectKey("risk", risk.code)})
    times = Counter[str]()
    for control in report.risk_controls:
        times[control.risk] += 1
        position = times[control.risk]
        refers = {"risk_id": SubjectKey("risk", control.risk)}
        key, line = f"{control.risk}/{position}", ("risk_controls.csv", control)
        yield draft("risk_control", key, line, refers, position=position)


def matrices(report: Report) -> Iterator[Draft]:
    """The levels and bands of a matrix by their code, so that a band keeps its identity."""
    for row in report.risk_matrices:
        key = f"{row.matrix}/{row.kind}/{row.slug}"
        yield draft("risk_matrix_level", key, ("risk_matrices.csv", row), {}, code=row.slug)
    for cell in report.heat_map:
        place = f"{cell.matrix}/{cell.impact}-{cell.probability}"
        refers = {"service_id": SubjectKey("service", cell.service)}
        key, source = f"{place}/{cell.service}/{cell.period}", ("heat_map.csv", cell)
        yield draft("heat_map_cell", key, source, refers)
