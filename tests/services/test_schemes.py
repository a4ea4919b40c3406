"""A scheme with a gap is not taken, and one that was released is not rewritten."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.imports.problems import Problem, ReportRefusedError
from app.imports.reports import read_report
from app.services.loading import Loaded, load_report
from app.services.releases import publish_release
from tests.imports.examples import EXAMPLE, Cells, write_report

CLAUSE = EXAMPLE["scheme_clauses"]
FIRST: Cells = {"condition": "met", "code": "met", "label": "Green", "colour": "green", "points": "1"}
SECOND: Cells = CLAUSE | {"position": "2", "condition": "otherwise", "code": "missed", "label": "Red"}
SCHEME: Cells = EXAMPLE["schemes"]


def load(session: Session, folder: Path, *, release: bool = False, correct: bool = False) -> Loaded:
    """Load a folder, and release it if it is to be seen."""
    report = read_report(folder)
    assert report.problems == ()
    loaded = load_report(session, report, "test", correct=correct)
    if release and loaded.revision_id is not None:
        publish_release(session, loaded.organisation_id, loaded.revision_id, note="test")
    return loaded


def refused(session: Session, folder: Path) -> list[Problem]:
    """Why a folder is not taken."""
    with pytest.raises(ReportRefusedError) as caught:
        load(session, folder)
    return list(caught.value.problems)


def sound(folder: Path, **files: Cells) -> Path:
    """A report with a scheme of two clauses."""
    files = {"scheme_clauses": FIRST} | files
    return write_report(folder, {"scheme_clauses": [SECOND]}, **files)


def test_a_scheme_with_a_gap_is_refused_with_an_example(session: Session, tmp_path: Path) -> None:
    [problem] = refused(session, write_report(tmp_path, scheme_clauses=FIRST))

    assert (problem.file, problem.row, problem.column) == ("scheme_clauses.csv", 2, "condition")
    assert problem.reason.startswith("leaves a gap: no clause holds with polarity higher is better")
    assert "target 100" in problem.reason
    assert "outturn 99" in problem.reason


def test_a_gap_is_looked_for_in_all_clauses_of_a_scheme(session: Session, tmp_path: Path) -> None:
    load(session, sound(tmp_path / "first"))
    later = write_report(
        tmp_path / "later", scheme_clauses=SECOND | {"condition": "within 5% of target", "code": "near"}
    )

    [problem] = refused(session, later)

    assert "leaves a gap" in problem.reason


def test_a_draft_of_a_scheme_may_be_rewritten(session: Session, tmp_path: Path) -> None:
    load(session, sound(tmp_path / "first"))

    assert load(session, sound(tmp_path / "later", scheme_clauses=FIRST | {"points": "2"})).changed == 1


@pytest.mark.parametrize(
    "cells", [{"points": "2"}, {"label": "Good"}, {"code": "exceeded"}, {"colour": "blue"}]
)
def test_a_released_clause_is_not_rewritten(session: Session, tmp_path: Path, cells: Cells) -> None:
    load(session, sound(tmp_path / "first"), release=True)

    [problem] = refused(session, sound(tmp_path / "later", scheme_clauses=FIRST | cells))

    assert (problem.file, problem.row) == ("scheme_clauses.csv", 2)
    assert "was released" in problem.reason
    assert "plan@2" in problem.reason


def test_no_clause_joins_a_released_scheme(session: Session, tmp_path: Path) -> None:
    load(session, sound(tmp_path / "first"), release=True)
    third = SECOND | {"position": "3"}
    later = write_report(tmp_path / "later", {"scheme_clauses": [SECOND, third]}, scheme_clauses=FIRST)

    [problem] = refused(session, later)

    assert problem.row == 4


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("effective_from", {"effective_from": "2011-05-01"}),
        ("dead_band_units", {"dead_band_units": "1"}),
        ("variance_convention", {"variance_convention": "none"}),
        ("effective_to", {"effective_to": "2011-08-31"}),
    ],
)
def test_a_released_scheme_keeps_what_its_statuses_go_by(
    session: Session, tmp_path: Path, column: str, cells: Cells
) -> None:
    load(session, sound(tmp_path / "first"), release=True)

    [problem] = refused(session, sound(tmp_path / "later", schemes=cells))

    assert (problem.file, problem.column) == ("schemes.csv", column)


def test_a_released_scheme_may_end_after_what_it_judged(session: Session, tmp_path: Path) -> None:
    load(session, sound(tmp_path / "first"), release=True)
    second = SCHEME | {"id": "anyshire-plan@2", "effective_from": "2011-10-01"}
    clauses = [SECOND, *({**clause, "scheme": second["id"]} for clause in (CLAUSE | FIRST, SECOND))]
    later = write_report(
        tmp_path / "later",
        {"schemes": [second], "scheme_clauses": clauses},
        schemes={"effective_to": "2011-09-30"},
        scheme_clauses=FIRST,
    )

    loaded = load(session, later)

    assert (loaded.added, loaded.changed) == (3, 1)


def test_a_scheme_that_has_ended_is_not_cut_shorter(session: Session, tmp_path: Path) -> None:
    """What was reported after it ended says nothing of what it judged before."""
    ended = {"effective_to": "2011-09-30"}
    later_figure = EXAMPLE["observations"] | {"period": "2011-12-q4"}
    folder = write_report(
        tmp_path / "first",
        {"scheme_clauses": [SECOND], "observations": [later_figure]},
        schemes=ended,
        scheme_clauses=FIRST,
    )
    load(session, folder, release=True)

    [problem] = refused(session, sound(tmp_path / "later", schemes={"effective_to": "2011-08-31"}))

    assert (problem.file, problem.column) == ("schemes.csv", "effective_to")


def test_a_correction_says_so(session: Session, tmp_path: Path) -> None:
    load(session, sound(tmp_path / "first"), release=True)
    later = sound(tmp_path / "later", scheme_clauses=FIRST | {"points": "2"})

    assert load(session, later, correct=True).changed == 1


@pytest.mark.parametrize("key", ["plan@1", "plan@02", "plan@", "plan@x", "@2"])
def test_a_version_is_a_number_from_2_on(tmp_path: Path, key: str) -> None:
    folder = write_report(tmp_path, schemes={"id": key}, scheme_clauses={"scheme": key})

    problems = [problem for problem in read_report(folder).problems if problem.file == "schemes.csv"]

    assert [problem.column for problem in problems] == ["id"]
