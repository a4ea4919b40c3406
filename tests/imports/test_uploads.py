"""What officers send: the same rows, problems and notices from CSV and from a workbook."""

import csv
from io import BytesIO, StringIO
from typing import Any, get_args

import pytest
from openpyxl import Workbook

from app.errors import OutturnError, RefusedImport, UnsupportedMediaType
from app.imports import tables, uploads
from app.imports.headers import columns_headed
from app.imports.problems import PERCENT_SIGN, Problem, Remarks
from app.imports.reports import KINDS
from app.imports.sandbox.reading import csv_sheets
from app.imports.sandbox.sheets import Sheet, sheet_of
from app.imports.sandbox.workbooks import workbook_sheets
from app.imports.uploads import CSV, KEPT, XLSX, Format, Upload, format_of, read_upload, typed_upload
from tests.imports.examples import EXAMPLE, Cells, columns_of
from tests.imports.test_rows import ELSEWHERE, REFUSED

VALUE = {"numerator": "", "denominator": ""}
FORMATS = get_args(Format)
Lines = list[list[Any]]


def lines_of(file: str, *rows: Cells) -> Lines:
    """The example of a file with these cells changed, once for each."""
    columns = columns_of(file)
    changed = [{**EXAMPLE[file], **row} for row in rows or ({},)]
    return [columns, *([row.get(column, "") for column in columns] for row in changed)]


def as_csv(lines: Lines) -> bytes:
    text = StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def as_xlsx(lines: Lines, title: str = "Sheet1") -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for line in lines:
        sheet.append([cell or None for cell in line])
    for row in sheet:
        for cell in row:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def read(form: str, file: str, lines: Lines) -> Upload:
    """A file of one kind, sent in a format and parsed in this process."""
    sheets = csv_sheets(as_csv(lines)) if form == "csv" else workbook_sheets(as_xlsx(lines))
    return typed_upload(sheets, file.replace("_", "-"))


def cells_of(upload: Upload) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.reason) for problem in upload.report.problems]


@pytest.mark.parametrize("form", FORMATS)
def test_what_reports_refuse_is_refused_in_a_file_too(form: str) -> None:
    """Every case of the rows' own tests, one line each, one file for each kind."""
    for file in sorted({file for file, *_ in REFUSED} - {"organisation", "release"}):
        cases = [case[1:] for case in REFUSED if case[0] == file]

        upload = read(form, file, lines_of(file, *({column: value} for column, value, _ in cases)))

        for line, (column, value, reason) in enumerate(cases, 2):
            where = ELSEWHERE.get((file, column, value), column)
            told = [told for row, name, told in cells_of(upload) if (row, name) == (line, where)]
            assert told, (file, column, value)
            assert told[0].startswith(reason)


NORMALISED = {
    "8,861K": "8861000",
    "84,617": "84617",
    "2151": "2151",
    "(43)": "-43",
    "90%": "90",
    "9.3*": "9.3",
    " 9.3\xa0": "9.3",
    "<b>9.3</b>": "9.3",
    "**9.3**": "9.3",
    "30-Sept-2011": "2011-09-30",
}
"""Cells of figures, and what they mean."""


@pytest.mark.parametrize("form", FORMATS)
def test_figures_are_normalised_and_noted(form: str) -> None:
    texts = [{**VALUE, "value": text} for text in NORMALISED]

    upload = read(form, "observations", lines_of("observations", *texts))

    assert cells_of(upload) == []
    assert [str(row.value) for row in upload.report.observations] == list(NORMALISED.values())
    assert {notice.row for notice in upload.report.notices} == {2, 3, 5, 6, 7, 8, 9, 10, 11}


@pytest.mark.parametrize("form", FORMATS)
def test_both_figures_in_one_cell_and_labels_of_periods_are_read(form: str) -> None:
    cells = {"numerator": "159488/285,806", "denominator": "", "period": "Qtr 1 2011/12"}

    upload = read(form, "observations", lines_of("observations", cells))

    row = upload.report.observations[0]
    assert (str(row.numerator), str(row.denominator), row.period) == ("159488", "285806", "2011-12-q1")
    assert upload.notice_total == 3


@pytest.mark.parametrize("form", FORMATS)
def test_page_breaks_and_group_rows_are_passed_over(form: str) -> None:
    header, row = lines_of("risk_controls")
    group = ["Finance", *[""] * (len(header) - 1)]

    upload = read(form, "risk_controls", [header, row, group, [""] * len(header), header, row])

    assert [row.line for row in upload.report.risk_controls] == [2, 6]
    assert [(notice.row, notice.reason) for notice in upload.report.notices] == [
        (3, "a group row is passed over"),
        (4, "an empty row is passed over"),
        (5, "a repeated header is passed over"),
    ]


def test_a_short_row_is_refused() -> None:
    header, row = lines_of("risk_controls")

    upload = read("csv", "risk_controls", [header, row[:-1], [*row, "more"]])

    assert cells_of(upload) == [
        (2, "", "has 3 cells and the header has 4"),
        (3, "", "has 5 cells and the header has 4"),
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_a_cell_beside_the_table_is_refused_with_its_row(form: str) -> None:
    header, row = lines_of("risk_controls")

    upload = read(form, "risk_controls", [[*header, ""], [*row, ""], [*row, "stray"]])

    assert cells_of(upload) == [(3, "", "stands in a column without a heading")]
    assert len(upload.report.risk_controls) == 2


@pytest.mark.parametrize("form", FORMATS)
def test_looks_wrong_and_is_kept(form: str) -> None:
    actions = lines_of(
        "actions", {}, {"key": "IT2"}, {"key": "IT3", "due_date": "", "due_text": "31-Apr-2020"}
    )
    profiles = lines_of("workforce_profiles", {"base": "158"})
    targets = lines_of("targets", {}, {"indicator": "a"}, {"indicator": "b", "period": "2011-12"})

    warned = [
        [warning.column for warning in read(form, file, lines).report.warnings]
        for file, lines in (("actions", actions), ("workforce_profiles", profiles), ("targets", targets))
    ]

    assert warned == [["code", "code", "code", "due_text"], ["base"], ["period"]]


def test_a_problem_names_sheet_row_column_value_and_class() -> None:
    header, row = lines_of("observations", VALUE)
    row[header.index("value")], row[header.index("state")] = True, 7

    upload = read_upload(as_xlsx([header, row], "Observations"), XLSX)

    told = [(p.sheet, p.row, p.column, p.value, p.reason[:12], p.value_class) for p in upload.report.problems]
    assert told == [
        ("Observations", 2, "value", "yes", "is a word wh", "truth"),
        ("Observations", 2, "state", "7", "is not one o", "number"),
    ]
    assert upload.sheets == {"observations.csv": "Observations"}


def test_a_workbook_may_hold_a_sheet_of_each_kind() -> None:
    book = Workbook()
    for file in EXAMPLE:
        sheet = book.create_sheet(KINDS[file.replace("_", "-")].title.upper())
        for line in lines_of(file):
            sheet.append(line)
    book.worksheets[0].title = "Scratch"
    written = BytesIO()
    book.save(written)

    upload = read_upload(written.getvalue(), "", "report.xlsx")

    reason = "is not named after a kind of row, as Observations"
    assert upload.report.problems == (Problem("", 1, "", "Scratch", reason, "Scratch"),)
    assert upload.report.organisation
    assert upload.rows == len(EXAMPLE)
    assert all(getattr(upload.report, file) for file in EXAMPLE)


def test_a_workbook_without_a_sheet_of_rows_is_refused() -> None:
    upload = typed_upload([sheet_of([["How to load"]])._replace(name="Read me")])

    assert cells_of(upload) == [(1, "", "has no sheet of rows")]


def test_a_second_sheet_of_a_kind_is_refused() -> None:
    sheets = [sheet_of(lines_of("risks"))._replace(name=name) for name in ("Risks", " risks")]

    upload = typed_upload(sheets)

    assert cells_of(upload) == [(1, "", "is a second sheet of risks")]


def test_a_kind_that_is_asked_for_is_looked_for_among_the_sheets() -> None:
    sheets = [sheet_of(lines_of(file))._replace(name=file) for file in ("risks", "targets")]

    upload = typed_upload(sheets, "targets")

    assert cells_of(upload) == [(1, "", "is no sheet of targets")]
    assert len(upload.report.targets) == 1


def test_too_many_rows_of_all_sheets_together_are_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "ROWS", 1)
    sheets = [sheet_of(lines_of(file))._replace(name=file) for file in ("risks", "targets")]

    with pytest.raises(OutturnError) as error:
        typed_upload(sheets)

    assert error.value.status == 413


@pytest.mark.parametrize(
    ("heading", "column"),
    [("Actual", "value"), (" RESULT (%) ", "value"), ("As-At", "as_of"), ("measure", "indicator")],
)
def test_headings_have_other_names_too(heading: str, column: str) -> None:
    header, row = lines_of("observations", {**VALUE, "value": "7"})
    header[header.index(column)] = heading

    upload = read("csv", "observations", [header, row])

    assert cells_of(upload) == []
    assert [(n.row, n.column, n.value, n.reason) for n in upload.report.notices] == [
        (1, column, heading.strip(), f"is read as {column}")
    ]


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("Previous-Value", [(1, "previous_value", "stands in the header twice")]),
        ("numerater", [(1, "numerater", "is an unknown column; the nearest: numerator")]),
        ("zzz", [(1, "zzz", "is an unknown column")]),
    ],
)
def test_a_heading_that_means_nothing_new_is_refused(heading: str, told: list[Any]) -> None:
    header, row = lines_of("observations")

    assert cells_of(read("csv", "observations", [[*header, heading], [*row, ""]])) == told


def test_capitals_and_spaces_make_no_difference() -> None:
    header, row = lines_of("budget_lines")

    upload = read("csv", "budget_lines", [[name.replace("_", " ").title() for name in header], row])

    assert (upload.problem_total, upload.notice_total) == (0, 0)


def test_no_other_name_stands_for_two_columns() -> None:
    for kind in KINDS.values():
        for column, others in kind.model.aliases.items():
            for other in others:
                remarks = Remarks(kind.file)
                header = [other if name == column else name for name in kind.model.columns()]

                assert columns_headed(kind.model, header, remarks) == kind.model.columns(), (kind, other)


def observations(count: int, **cells: str) -> Sheet:
    header, row = lines_of("observations", {**VALUE, "value": "7", **cells})
    return sheet_of([header, *[row] * count])


def test_all_problems_are_counted_and_the_first_kept() -> None:
    upload = typed_upload([observations(KEPT + 500, state="late")], "observations")

    assert (len(upload.report.problems), upload.problem_total) == (KEPT, KEPT + 500)
    assert upload.report.problems[-1].row == KEPT + 1


def test_a_percent_sign_is_never_forgotten() -> None:
    upload = typed_upload([observations(KEPT + 500, value="7%")], "observations")

    signed = [notice for notice in upload.report.notices if notice.reason == PERCENT_SIGN]
    assert len(signed) == KEPT + 500


def test_nobody_reads_on_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "PATIENCE", 1_000)
    cells = dict.fromkeys(("period", "value", "state", "as_of"), "nonsense")

    upload = typed_upload([observations(2_000, **cells)], "observations")

    assert 1_000 < upload.problem_total <= 1_004


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []

    typed_upload([observations(2_500)], "observations", lambda done, total: told.append((done, total)))

    assert told == [(1_000, 2_500), (2_000, 2_500), (2_500, 2_500)]


@pytest.mark.parametrize(
    ("media_type", "name", "form"),
    [
        ("text/csv; charset=utf-8", None, "csv"),
        (XLSX, "anything.csv", "xlsx"),
        ("application/vnd.ms-excel", "q2.CSV", "csv"),
        ("application/octet-stream", "q2.xlsx", "xlsx"),
        (None, "q2.xlsx", "xlsx"),
    ],
)
def test_the_format_follows_from_media_type_or_name(
    media_type: str | None, name: str | None, form: str
) -> None:
    assert format_of(media_type, name) == form


@pytest.mark.parametrize("said", [("application/json", "q2.csv"), (None, None), ("", "q2.xls")])
def test_another_format_is_not_taken(said: tuple[str | None, str | None]) -> None:
    with pytest.raises(UnsupportedMediaType):
        format_of(*said)


def test_a_broken_file_says_in_which_row() -> None:
    with pytest.raises(RefusedImport) as error:
        read_upload(b'name,parent\n"Front" Office,\n', CSV, kind="services")

    assert error.value.faults[0].row == 2
    assert error.value.detail.startswith("The file is not CSV: ")
