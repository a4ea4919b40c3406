"""Workbooks that two readers take apart alike, and that run nothing."""

from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from app.feeds.xlsx import LONGEST_TEXT, xlsx
from app.queries.columns import Field

COLUMNS = (
    Field("id", "number"),
    Field("text"),
    Field("value", "units", 2),
    Field("day", "date"),
    Field("flag", "flag"),
)
TEXTS = [
    "as planned",
    "=1+1",
    "-57.5",
    "@SUM(A1)",
    "007",
    "a < b & c",
    "two\nlines",
    "one\rline",
    " kept ",
    "_x0041_",
    "caf\u00e9",
    "TRUE",
]


def make_row(number: int = 1, **changed: object) -> dict[str, Any]:
    return {"id": number, "text": "", "value": "-2.99", "day": "2011-09-30", "flag": True, **changed}


def written(*parts: list[dict[str, Any]]) -> bytes:
    return b"".join(xlsx("risks", COLUMNS, parts))


def cells(book: bytes) -> list[list[Any]]:
    sheet = load_workbook(BytesIO(book)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_what_is_written_is_what_two_readers_find() -> None:
    rows = [make_row(1, text="late"), make_row(2, value=None, day=None, flag=None), make_row(3, flag=False)]
    book = written(rows[:2], rows[2:])

    header, first, second, third = cells(book)
    assert header == ["id", "text", "value", "day", "flag"]
    assert [*first[:3], first[3].date(), first[4]] == [1, "late", -2.99, date(2011, 9, 30), True]
    assert [second[0], *second[2:]] == [2, None, None, None]
    assert third[4] is False
    [sheet] = CalamineWorkbook.from_filelike(BytesIO(book)).sheet_names
    assert sheet == "risks"
    other = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_name(sheet).to_python()
    assert other[1] == [1.0, "late", -2.99, date(2011, 9, 30), True]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_stays_a_text(text: str) -> None:
    book = load_workbook(BytesIO(written([make_row(text=text)])))

    cell = book.worksheets[0].cell(2, 2)
    assert cell.value == text.replace("_x0041_", "_x005F_x0041_")  # which openpyxl leaves as it is written
    assert cell.data_type in {"s", "inlineStr"}
    assert bool(cell.quotePrefix) == text.startswith(("=", "-", "@"))


def test_characters_that_xml_cannot_write_and_more_than_a_cell_holds_are_left_out() -> None:
    [_, [_, text, *_]] = cells(written([make_row(text="a\x00\x0bb" + "c" * LONGEST_TEXT)]))

    assert text.startswith("abccc")
    assert len(text) <= LONGEST_TEXT


def test_the_header_stands_still_and_is_bold() -> None:
    sheet = load_workbook(BytesIO(written([make_row()]))).worksheets[0]

    assert sheet.freeze_panes == "A2"
    assert all(cell.font.bold for cell in sheet[1])
    assert not sheet.cell(2, 1).font.bold


def test_rows_go_out_as_they_come_and_the_same_is_the_same_again() -> None:
    asked: list[int] = []

    def parts() -> Any:  # noqa: ANN401 - parts of rows
        for number in range(3):
            asked.append(number)
            yield [make_row(number)]

    going = xlsx("risks", COLUMNS, parts())
    begun = next(going)

    assert asked == [0]
    assert begun.startswith(b"PK")
    assert begun + b"".join(going) == b"".join(xlsx("risks", COLUMNS, parts()))
    with ZipFile(BytesIO(written())) as empty:
        assert empty.testzip() is None
