"""Levels of escalation stand in escalation schemes, and nothing else does."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.imports.problems import ReportRefusedError
from app.imports.reports import read_report
from app.services.loading import load_report
from tests.imports.examples import EXAMPLE, Cells, write_report

LEVELS: Cells = EXAMPLE["schemes"] | {"id": "levels", "name": "Levels", "measure_set": "escalation"}
LEVEL: Cells = {
    "scheme": "levels",
    "position": "1",
    "condition": "at least 3 missed",
    "code": "level_1",
    "label": "Watch",
}
STATUS: Cells = LEVEL | {"condition": "met", "code": "met", "label": "Green"}


def refused(session: Session, folder: Path) -> list[tuple[str, int, str]]:
    """Where a report is refused when it is loaded."""
    report = read_report(folder)
    assert report.problems == ()
    with pytest.raises(ReportRefusedError) as caught:
        load_report(session, report, "test")
    return [(problem.file, problem.row, problem.column) for problem in caught.value.problems]


def test_an_escalation_scheme_is_taken(session: Session, tmp_path: Path) -> None:
    folder = write_report(tmp_path, {"schemes": [LEVELS], "scheme_clauses": [LEVEL]})

    assert load_report(session, read_report(folder), "test").added > 0


@pytest.mark.parametrize(
    "clause", [LEVEL | {"scheme": "anyshire-plan", "position": "2"}, STATUS], ids=["level", "status"]
)
def test_a_clause_of_the_other_kind_is_refused(session: Session, tmp_path: Path, clause: Cells) -> None:
    folder = write_report(tmp_path, {"schemes": [LEVELS], "scheme_clauses": [clause]})

    assert refused(session, folder) == [("scheme_clauses.csv", 3, "code")]


def test_a_clause_is_held_against_a_scheme_of_an_earlier_report(session: Session, tmp_path: Path) -> None:
    first = write_report(tmp_path / "first", {"schemes": [LEVELS], "scheme_clauses": [LEVEL]})
    load_report(session, read_report(first), "first")
    later = write_report(tmp_path / "later", {"scheme_clauses": [STATUS | {"position": "2"}]})

    assert refused(session, later) == [("scheme_clauses.csv", 3, "code")]


def test_a_scheme_does_not_become_one_for_levels(session: Session, tmp_path: Path) -> None:
    first = write_report(tmp_path / "first", {"schemes": [LEVELS], "scheme_clauses": [LEVEL]})
    load_report(session, read_report(first), "first")
    later = write_report(tmp_path / "later", {"schemes": [LEVELS | {"measure_set": "service_plan"}]})

    assert refused(session, later) == [("schemes.csv", 3, "measure_set")]


def test_no_measure_is_judged_by_levels(session: Session, tmp_path: Path) -> None:
    folder = write_report(tmp_path, indicators={"measure_set": "escalation"})

    assert refused(session, folder) == [("indicators.csv", 2, "measure_set")]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"code": "level_1", "condition": "met"}, "condition"),
        ({"code": "met", "condition": "at least 3 missed"}, "condition"),
        ({"code": "level_4", "condition": "at least 3 missed"}, "code"),
    ],
)
def test_a_clause_is_in_the_words_of_its_kind(tmp_path: Path, cells: Cells, column: str) -> None:
    report = read_report(write_report(tmp_path, scheme_clauses=cells))

    assert [(problem.file, problem.column) for problem in report.problems] == [("scheme_clauses.csv", column)]
