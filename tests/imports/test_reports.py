"""Folders of CSV files: which files, headers and lines are taken."""

from pathlib import Path

import pytest

from app.imports.problems import Problem
from app.imports.reports import read_report
from tests.imports.examples import columns_of, write_file, write_report

DEMO = Path(__file__).parents[2] / "app" / "demo"
FOLDERS = sorted(path.parent for path in DEMO.glob("*/organisation.csv"))
HEADER = "name,parent,kind,lead"


def read_services(tmp_path: Path, text: str | bytes) -> tuple[list[str], list[Problem], list[str]]:
    """The services, the problems and the notices of a services.csv."""
    folder = write_report(tmp_path / "report")
    content = text if isinstance(text, bytes) else text.encode()
    (folder / "services.csv").write_bytes(content)
    report = read_report(folder)
    return (
        [service.slug for service in report.services],
        list(report.problems),
        [f"{notice.row}: {notice.reason}" for notice in report.notices],
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_demo_report_reads_without_a_problem(folder: Path) -> None:
    report = read_report(folder)

    assert report.problems == ()
    assert report.name == folder.name
    assert report.observations


def test_there_are_demo_reports_to_read() -> None:
    assert len(FOLDERS) >= 5


def test_columns_go_by_their_header_in_any_order(tmp_path: Path) -> None:
    services, problems, _ = read_services(tmp_path, "kind,lead,name,parent\ndirectorate,,Front Office,\n")

    assert (services, problems) == (["front-office"], [])


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    services, problems, _ = read_services(tmp_path, f"\ufeff{HEADER}\r\nFront Office,,directorate,\r\n")

    assert (services, problems) == (["front-office"], [])


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("name,parent,kind", [("lead", "is a missing column")]),
        ("name,parent,kind,lead,boss", [("boss", "is an unknown column")]),
        ("name,parent,kind,lead,lead", [("lead", "stands in the header twice")]),
        ("name,parent,sort,lead", [("kind", "is a missing column"), ("sort", "is an unknown column")]),
        (
            "",
            [
                ("name", "is a missing column"),
                ("parent", "is a missing column"),
                ("kind", "is a missing column"),
                ("lead", "is a missing column"),
            ],
        ),
    ],
)
def test_a_header_is_refused_once_and_not_on_every_row(
    tmp_path: Path, header: str, told: list[tuple[str, str]]
) -> None:
    _, problems, _ = read_services(tmp_path, f"{header}\nFront Office,,directorate,\n")

    assert [(problem.column, problem.reason) for problem in problems] == told
    assert {(problem.file, problem.row) for problem in problems} == {("services.csv", 1)}


@pytest.mark.parametrize("line", ["Front Office,,directorate", "Front Office,,directorate,,,"])
def test_a_misaligned_row_is_refused_and_the_next_one_read(tmp_path: Path, line: str) -> None:
    text = f"{HEADER}\n{line}\nBack Office,,directorate,\n"

    services, problems, _ = read_services(tmp_path, text)

    assert services == ["back-office"]
    assert [(problem.row, problem.value) for problem in problems] == [(2, line)]
    assert "cells and the header has 4" in problems[0].reason


def test_rows_count_as_in_a_spreadsheet(tmp_path: Path) -> None:
    text = f'{HEADER}\n"Front\nOffice",,directorate,\n\nBack Office,,team,\n'

    services, problems, _ = read_services(tmp_path, text)

    assert services == ["front-office"]
    assert [problem.row for problem in problems] == [4]


def test_page_breaks_and_group_rows_are_passed_over_with_a_notice(tmp_path: Path) -> None:
    text = f"{HEADER}\nDirectorates,,,\nFront Office,,directorate,\n,,,\n{HEADER}\nIT ,,directorate,\n"

    services, problems, notices = read_services(tmp_path, text)

    assert (services, problems) == (["front-office", "it"], [])
    assert notices == [
        "2: a group row is passed over",
        "4: an empty row is passed over",
        "5: a repeated header is passed over",
        "6: spaces around it, or non-breaking, are tidied",
    ]


def test_a_control_character_is_refused(tmp_path: Path) -> None:
    services, problems, _ = read_services(tmp_path, f"{HEADER}\nFront\x00Office,,directorate,\n")

    assert services == []
    assert [problem.reason for problem in problems] == ["has a control character in it"]


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    _, problems, _ = read_services(tmp_path, f"{HEADER}\nCafé,,directorate,\n".encode("latin-1"))

    assert problems[0] == Problem("services.csv", 1, "", "", "is not UTF-8")


def test_a_file_that_is_not_csv_is_refused(tmp_path: Path) -> None:
    _, problems, _ = read_services(tmp_path, f'{HEADER}\n"Front" Office,,directorate,\n')

    assert problems[0].reason.startswith("is not CSV: ")


def test_a_long_cell_is_cut_short_in_its_problem(tmp_path: Path) -> None:
    _, problems, _ = read_services(tmp_path, f"{HEADER}\nFront Office,,{'x' * 5000},\n")

    assert problems[0].value == "x" * 100


def test_a_file_that_no_report_has_is_refused(tmp_path: Path) -> None:
    folder = write_report(tmp_path / "report")
    (folder / "observation.csv").write_text("indicator\n")
    (folder / "README.md").write_text("anything")

    problems = read_report(folder).problems

    assert problems == (Problem("observation.csv", 1, "", "", "is no file of a report"),)


def test_a_file_may_be_left_out_but_for_the_first_two(tmp_path: Path) -> None:
    folder = write_report(tmp_path / "report")
    for name in ("risks", "organisation", "release"):
        (folder / f"{name}.csv").unlink()

    report = read_report(folder)

    assert [(problem.file, problem.reason) for problem in report.problems] == [
        ("organisation.csv", "has 0 rows; one is needed"),
        ("release.csv", "has 0 rows; one is needed"),
    ]
    assert report.risks == ()


def test_a_second_organisation_is_refused(tmp_path: Path) -> None:
    folder = write_report(tmp_path / "report")
    rows = [{"id": name, "name": name, "area_code": "E09000001"} for name in ("one", "two")]
    write_file(folder / "organisation.csv", columns_of("organisation"), rows)

    problems = read_report(folder).problems

    assert [problem.reason for problem in problems] == ["has 2 rows; one is needed"]
