"""What cells of a workbook become as text, whatever they look like in a spreadsheet program."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from app.imports.sandbox.limits import RefusedError
from app.imports.sandbox.sheets import Cell, Sheet, dumped, loaded
from app.imports.sandbox.workbooks import text_of, workbook_sheets
from app.imports.units import Meaning, misfits
from app.imports.uploads import Upload, typed_upload
from tests.imports.examples import EXAMPLE, columns_of
from tests.imports.hostile import SHEET, cell, packed, parts, workbook


def cells_of(rows: str, **more: str) -> list[list[Cell]]:
    """The lines of a workbook of one sheet, as they come from the process that parses it."""
    (sheet,) = loaded(b"".join(dumped(workbook_sheets(workbook(rows, **more)))))
    return list(sheet.lines())


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (55.8, Cell("55.8", "number")),
        (55.8 - 2**-47, Cell("55.8", "number")),
        (0.1 + 0.2, Cell("0.3", "number")),
        (3002.0, Cell("3002", "number")),
        (0.97, Cell("0.97", "number")),
        (-0.0, Cell("0", "number")),
        (1e20, Cell("100000000000000000000", "number")),
        (1.5e-7, Cell("0.00000015", "number")),
        (True, Cell("yes", "truth")),
        (False, Cell("no", "truth")),
        (date(2011, 9, 30), Cell("2011-09-30", "date")),
        (datetime(2011, 9, 30), Cell("2011-09-30", "date")),  # noqa: DTZ001 - spreadsheets know no zone
        (datetime(2011, 9, 30, 7, 27), Cell("2011-09-30 07:27:00", "date")),  # noqa: DTZ001 - the same
        (time(7, 27), Cell("07:27:00", "time")),
        (timedelta(hours=27, seconds=5), Cell("27:00:05", "time")),
    ],
)
def test_a_cell_becomes_the_text_it_was_typed_as(value: object, cell: Cell) -> None:
    assert text_of(value) == cell


def test_a_cell_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(RefusedError):
        text_of(object())


def test_an_error_and_a_formula_without_a_value_are_told_from_an_empty_cell() -> None:
    rows = (
        f'<row r="1">{cell("B1", "a")}{cell("C1", "b")}</row>'
        '<row r="2"><c r="B2" t="e"><v>#DIV/0!</v></c><c r="C2"><f>B1+1</f></c></row>'
        '<row r="3"><c r="B3"><f>1+1</f><v>2</v></c><c r="E3" t="str"><f>"a"</f><v></v></c></row>'
    )

    assert cells_of(rows) == [
        [Cell("", "empty"), Cell("a"), Cell("b"), Cell("", "empty"), Cell("", "empty")],
        [
            Cell("", "empty"),
            Cell("#DIV/0!", "error"),
            Cell("=B1+1", "formula"),
            Cell("", "empty"),
            Cell("", "empty"),
        ],
        [
            Cell("", "empty"),
            Cell("2", "number"),
            Cell("", "empty"),
            Cell("", "empty"),
            Cell('="a"', "formula"),
        ],
    ]


@pytest.mark.parametrize(
    "row",
    [
        "<row r='1'><c r='A1' t='e'><v>#N/A</v></c></row>",
        "<row><c t='e'><v>#N/A</v></c></row>",
        '<row r="1"><c r="a1" t="e"><v>#N/A</v></c></row>',
        '<row r="1"><c r="A1" t="e"><f>NA()</f><v>#N/A</v></c></row>',
        '<row r="1"><c r="A1" t="e"/></row>',
    ],
)
def test_an_error_is_found_however_it_is_written(row: str) -> None:
    assert cells_of(row) == [[Cell("#N/A", "error")]]


def test_an_error_is_found_behind_a_prefix() -> None:
    plain = parts('<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>')
    sheet = re.sub("<(/?)", r"<\1x:", str(plain[SHEET])).replace("xmlns=", "xmlns:x=")

    (read,) = workbook_sheets(packed({**plain, SHEET: sheet}))

    assert list(read.lines()) == [[Cell("#N/A", "error")]]


def test_shared_strings_are_read_with_their_runs_joined() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    runs = '<r><t>b</t></r><r><t xml:space="preserve"> c</t></r>'
    strings = f'<sst xmlns="{main}"><si><t>a</t></si><si>{runs}</si></sst>'
    rows = '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>'

    assert cells_of(rows, sharedStrings=strings) == [[Cell("b c"), Cell("a")]]


def test_rows_count_from_the_top_of_the_sheet() -> None:
    rows = f'<row r="3">{cell("C3", "a")}</row><row r="5">{cell("D5", "b")}</row>'

    (sheet,) = workbook_sheets(workbook(rows))

    assert (sheet.first, sheet.height) == (3, 3)
    assert [[text for text, _ in line] for line in sheet.lines()] == [["a", ""], ["", ""], ["", "b"]]


def test_one_and_true_are_two_cells() -> None:
    rows = '<row r="1"><c r="A1" t="b"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'

    assert cells_of(rows) == [[Cell("yes", "truth")], [Cell("1", "number")]]


def read(file: str, **cells: object) -> Upload:
    book, columns = Workbook(), columns_of(file)
    sheet = book.worksheets[0]
    sheet.append(columns)
    row: dict[str, Any] = {**EXAMPLE[file], **cells}
    sheet.append([row.get(column) for column in columns])
    for column, said in cells.items():
        formats = {timedelta: "[mm]:ss", float: "0%"}
        if type(said) in formats:
            sheet.cell(2, columns.index(column) + 1).number_format = formats[type(said)]
    written = BytesIO()
    book.save(written)
    return typed_upload(workbook_sheets(written.getvalue()), file.replace("_", "-"))


@pytest.mark.parametrize(
    ("file", "cells", "value", "reason"),
    [
        ("indicators", {"code": 3002}, "3002", "is a number, and a code is text; format its column as text"),
        ("indicators", {"key": date(2011, 9, 2)}, "2011-09-02", "is a date, and a code is text;"),
        ("observations", {"numerator": time(7, 27)}, "07:27:00", "is a clock time;"),
        ("observations", {"numerator": timedelta(minutes=7, seconds=27)}, "0:07:27", "is a clock time;"),
        ("observations", {"footnote": time(7, 27)}, "07:27:00", "is a clock time;"),
        ("observations", {"as_of": datetime(2011, 9, 30, 7, 27)}, "2011-09-30 07:27:00", "is not a date;"),  # noqa: DTZ001 - spreadsheets know no zone
        ("observations", {"period": date(2011, 12, 1)}, "2011-12-01", "'2011-12-01' is not a period;"),
        ("observations", {"numerator": "=1+1"}, "=1+1", "is a formula whose value the file does not have;"),
        ("observations", {"numerator": "#N/A"}, "#N/A", "is an error of the spreadsheet"),
        ("observations", {"provisional": 1}, "1", "is neither yes nor no nor empty"),
    ],
)
def test_a_cell_that_a_spreadsheet_has_turned_is_refused(
    file: str, cells: dict[str, Any], value: str, reason: str
) -> None:
    upload = read(file, **cells)

    (problem,) = upload.report.problems
    assert (problem.row, [problem.column], problem.value) == (2, list(cells), value)
    assert problem.reason.startswith(reason)


def test_days_figures_and_truths_are_read_from_their_cells() -> None:
    upload = read(
        "observations", as_of=date(2011, 9, 30), numerator=0.1 + 0.2, provisional=True, denominator=1
    )

    row = upload.report.observations[0]
    assert (row.as_of, str(row.numerator), row.provisional) == (date(2011, 9, 30), "0.3", True)
    assert (upload.problem_total, upload.notice_total) == (0, 0)


def test_a_cell_formatted_as_percent_holds_a_share() -> None:
    targets = read("targets", value=75).report.targets
    observed = read("observations", numerator=None, denominator=None, value=0.97).report

    (problem,) = misfits(replace(observed, targets=targets), {"3002": Meaning("percent", "higher_is_better")})

    assert (problem.row, problem.column, problem.value) == (2, "value", "0.97")
    assert problem.reason.startswith("is a share where points are expected")


def test_all_problems_of_a_row_are_told_beside_an_error() -> None:
    upload = read("observations", numerator="#N/A", state="late")

    assert [problem.column for problem in upload.report.problems] == ["numerator", "state"]


def test_sheets_cross_as_they_are() -> None:
    sheets = [*workbook_sheets(workbook(f'<row r="1">{cell("A1", "é")}</row>')), Sheet("empty", 1, 0, [], {})]

    assert loaded(b"".join(dumped(sheets))) == sheets
