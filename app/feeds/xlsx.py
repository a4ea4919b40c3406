"""Rows as a workbook of one sheet, written as they come: none of it is held but a part.

openpyxl makes the workbook that there would be without rows; the rows are put into its sheet on the way
out. It can write rows itself, but only into files of its own, and whole before the first byte goes out.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.feeds.xml import legal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from app.queries.columns import Field

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575
"""How many rows a sheet holds below its header."""
LONGEST_TEXT = 32_767
"""How many characters a cell holds; what a text has beyond that is not in the sheet."""
_SHEET = "xl/worksheets/sheet1.xml"
_MOMENT = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z")
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EPOCH = date(1899, 12, 30)
_WIDEST = 40


class _Styles(NamedTuple):
    """The numbers of the styles for a day, and for a text that looks like a formula."""

    day: int
    quoted: int


class _Empty(NamedTuple):
    """A workbook without rows: its other parts by name, and its sheet before and after the rows."""

    others: Mapping[str, bytes]
    head: bytes
    tail: bytes
    styles: _Styles


class _Pipe:
    """What a ZIP file is written to, and taken from bit by bit; there is no way back in it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        """Take bytes."""
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Do nothing: all is there at once."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        part = b"".join(self._parts)
        self._parts.clear()
        return part


def xlsx(
    title: str, columns: Sequence[Field], parts: Iterable[Iterable[Mapping[str, Any]]]
) -> Iterator[bytes]:
    """A workbook in parts, of rows in wire form: no more than `MOST_ROWS`, which the caller sees to.

    Numbers, days and truths are what they are; a text is never a formula, whatever it begins with.
    """
    empty = _empty(title, tuple(columns))
    writers = [_writer(column, empty.styles) for column in columns]
    letters = [(column.name, _letters(place)) for place, column in enumerate(columns)]
    cells = [(name, letter, write) for (name, letter), write in zip(letters, writers, strict=True)]
    pipe, number = _Pipe(), 1
    with ZipFile(pipe, "w", ZIP_DEFLATED, compresslevel=1) as book:  # type: ignore[call-overload]  # a pipe will do
        for name, content in empty.others.items():
            book.writestr(ZipInfo(name), content, ZIP_DEFLATED)
        part_of_book = ZipInfo(_SHEET)
        part_of_book.compress_type = ZIP_DEFLATED
        with book.open(part_of_book, "w", force_zip64=True) as sheet:
            sheet.write(empty.head)
            for rows in parts:
                written = []
                for row in rows:
                    number += 1
                    written.append(_row(number, row, cells))
                sheet.write("".join(written).encode())
                yield pipe.taken()
            sheet.write(empty.tail)
    yield pipe.taken()


def _row(
    number: int, row: Mapping[str, Any], cells: Iterable[tuple[str, str, Callable[[str, Any], str]]]
) -> str:
    said = "".join(
        write(f"{letter}{number}", row[name]) for name, letter, write in cells if row[name] is not None
    )
    return f'<row r="{number}">{said}</row>'


def _writer(column: Field, styles: _Styles) -> Callable[[str, Any], str]:
    """What writes a column's cell at a place."""

    def text(place: str, value: object) -> str:
        said = str(value)
        style = f' s="{styles.quoted}"' if said.startswith(_FORMULA) else ""
        return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{_text(said)}</t></is></c>'

    def day(place: str, value: str) -> str:
        return f'<c r="{place}" s="{styles.day}"><v>{(date.fromisoformat(value) - _EPOCH).days}</v></c>'

    def truth(place: str, value: object) -> str:
        return f'<c r="{place}" t="b"><v>{1 if value else 0}</v></c>'

    def number(place: str, value: object) -> str:
        return f'<c r="{place}"><v>{value}</v></c>'

    return {"text": text, "date": day, "flag": truth}.get(column.form, number)


def _text(text: str) -> str:
    """A text that a reader of the sheet has as it was."""
    said = escape(legal(text[:LONGEST_TEXT]), {"\r": "&#13;"})
    return _ESCAPE.sub("_x005F_", said) if "_x" in said else said


def _letters(place: int) -> str:
    """A column's letters, by its place from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@lru_cache(maxsize=32)
def _empty(title: str, columns: tuple[Field, ...]) -> _Empty:
    """The workbook with its header alone, in bold and standing still."""
    from openpyxl import Workbook  # noqa: PLC0415 - it takes long to start
    from openpyxl.styles import Font  # noqa: PLC0415 - as above

    book, written = Workbook(), BytesIO()
    sheet = book.worksheets[0]
    sheet.title, sheet.freeze_panes = title, "A2"
    sheet.append([column.name for column in columns])
    for place, (cell, column) in enumerate(zip(sheet[1], columns, strict=True)):
        cell.font = Font(bold=True)
        sheet.column_dimensions[_letters(place)].width = min(len(column.name) + 2, _WIDEST)
    day, quoted = sheet.cell(2, 1), sheet.cell(2, 2)
    day.number_format, quoted.quotePrefix = "yyyy-mm-dd", True
    styles = _Styles(day.style_id, quoted.style_id)
    sheet.delete_rows(2)
    book.save(written)
    with ZipFile(written) as made:
        others = {name: _MOMENT.sub(b"2026-01-01T00:00:00Z", made.read(name)) for name in made.namelist()}
    head, end, tail = _DIMENSION.sub(b"", others.pop(_SHEET)).partition(b"</sheetData>")
    return _Empty(others, head, end + tail, styles)
