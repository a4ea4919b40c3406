"""Templates: what officers download, fill and send back."""

import csv
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.imports.problems import SHOWN
from app.imports.reports import KINDS, Report, read_report
from app.imports.sandbox.reading import csv_sheets
from app.imports.sandbox.workbooks import workbook_sheets
from app.imports.templates import template_csv, template_xlsx, text_cell
from app.imports.uploads import typed_upload
from tests.imports.examples import write_report
from tests.imports.test_reports import FOLDERS

NAMES = sorted(KINDS)
WORDS = {"service": ["front-office"], "period": ["2011-12-q2"], "indicator": ["=1+1", "3002"]}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Report]:
    """The reports of the demo, and one that has a row of every kind."""
    folders = [*FOLDERS, write_report(tmp_path_factory.mktemp("report"))]
    return {folder: read_report(folder) for folder in folders}


def opened(kind: str) -> tuple[Workbook, Worksheet]:
    book = load_workbook(BytesIO(template_xlsx(kind, WORDS)))
    return book, book.worksheets[0]


@pytest.mark.parametrize("kind", NAMES)
def test_a_template_filled_with_a_report_loads_as_that_report(reports: dict[Path, Report], kind: str) -> None:
    field, file = KINDS[kind].field, KINDS[kind].file
    folder = max(
        reports, key=lambda folder: len((folder / file).read_bytes()) if (folder / file).exists() else 0
    )
    with (folder / file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    book, sheet = opened(kind)
    headings = [str(cell.value) for cell in sheet[1]]
    for row in rows:
        sheet.append([text_cell(sheet, row[name]) if row.get(name) else None for name in headings])
    written = BytesIO()
    book.save(written)

    upload = typed_upload(workbook_sheets(written.getvalue()))

    assert rows
    assert (upload.report.problems, upload.sheets) == ((), {file: KINDS[kind].title})
    assert getattr(upload.report, field) == getattr(reports[folder], field)


@pytest.mark.parametrize("kind", NAMES)
def test_a_template_explains_its_columns(kind: str) -> None:
    book, sheet = opened(kind)
    fields = KINDS[kind].model.model_fields

    for cell in sheet[1]:
        said = fields[str(cell.value)]
        assert cell.font.bold
        assert cell.comment
        assert str(said.description) in cell.comment.text
        assert ("Must be filled." in cell.comment.text) == said.is_required()
    assert sheet.freeze_panes == "A2"
    assert book.sheetnames == [KINDS[kind].title, "Lists", "Read me"]
    assert book["Lists"].sheet_state == "hidden"


def lists_of(kind: str) -> dict[str, tuple[list[str], str]]:
    """By heading: the words of its drop-down list, and how another word is taken."""
    book, sheet = opened(kind)
    found = {}
    for choice in sheet.data_validations.dataValidation:
        column = sheet[str(choice.sqref).partition(":")[0]].column
        words = [
            row[0].value for row in book["Lists"][str(choice.formula1).partition("!")[2].replace("$", "")]
        ]
        found[str(sheet.cell(1, column).value)] = (words, str(choice.errorStyle or "stop"))
    return found


def test_lists_offer_the_vocabulary_and_what_is_known() -> None:
    found = lists_of("observations")

    assert found["basis"] == (["actual", "estimated_full_year"], "stop")
    assert found["provisional"] == (["yes", "no"], "stop")
    assert found["indicator"] == (["=1+1", "3002"], "warning")
    assert found["covers"] == (["2011-12-q2"], "warning")
    assert "value" not in found


def test_codes_are_text_and_days_are_days() -> None:
    _, sheet = opened("actions")
    formats = {
        str(cell.value): sheet.column_dimensions[cell.coordinate[:-1]].number_format for cell in sheet[1]
    }

    assert (formats["code"], formats["due_date"], formats["progress"]) == ("@", "yyyy-mm-dd", "General")


@pytest.mark.parametrize("kind", NAMES)
def test_an_empty_template_holds_no_row_and_no_problem(kind: str) -> None:
    if KINDS[kind].alone:
        return
    for sheets in (csv_sheets(template_csv(kind)), workbook_sheets(template_xlsx(kind))):
        upload = typed_upload(sheets, kind)

        assert (upload.rows, upload.problem_total, upload.notice_total) == (0, 0, 0)


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2 points", "@home", "=cmd|'/c calc'!A0"])
def test_a_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    book, sheet = opened("notes")
    row = {
        **dict.fromkeys(("kind",), "service"),
        "subject": "a",
        "period": "2011-12-q2",
        "note_kind": "issue",
    }
    values = [*row.values(), "1", text]
    sheet.append([text_cell(sheet, value) for value in values])
    written = BytesIO()
    book.save(written)

    last = load_workbook(BytesIO(written.getvalue())).worksheets[0].cell(2, len(values))
    upload = typed_upload(workbook_sheets(written.getvalue()))

    assert (last.data_type, last.quotePrefix) == ("s", True)
    assert [note.text for note in upload.report.notes] == [text]
    assert len(text) < SHOWN
