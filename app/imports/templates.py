"""Empty files to fill: the header of a kind as CSV, and a workbook with notes and drop-down lists."""

import csv
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from io import BytesIO, StringIO
from itertools import count, zip_longest
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.imports.kinds import Kind
from app.imports.reports import KINDS
from app.imports.sandbox.limits import ROWS

Words = Mapping[str, Sequence[str]]
"""What may stand in a column that names something: by column, as service or indicator."""

_MOMENT = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z")
_DEMO = Path(__file__).parents[1] / "demo"
_FORMULA = ("=", "+", "-", "@")
_SAME = {"covers": "period", "previous_period": "period"}
_EXAMPLES: Mapping[type, str] = {date: "2011-09-30", bool: "yes"}
_WIDEST = 40
_NOTE = (140, 320)
"""Height and width of a note, in pixels."""
_HOW = (
    "Fill the rows of the sheet {title}; the note on each heading says what goes there.",
    "Columns may stand in any order, and keep their headings. An empty cell says that nothing is known.",
    "Days are written as 2011-09-30 and periods as 2011-12-q2. A percentage is in points: 97, not 0.97.",
    "Codes and periods are text, and their columns are formatted so: 007 stays 007.",
    "Send the workbook as it is to /v1/imports with kind={kind}; dry_run=true says what it would do.",
    "Every problem is told with its row and column, and nothing is kept while there is one.",
)


@dataclass(frozen=True, slots=True)
class _Column:
    """What a template says about one column."""

    name: str
    meaning: str
    required: bool
    types: tuple[Any, ...]
    example: str

    @property
    def choices(self) -> list[str]:
        """The closed vocabulary of the column, if it has one."""
        for said in self.types:
            if said is bool:
                return ["yes", "no"]
            if get_origin(said) is Literal:
                return [str(word) for word in get_args(said)]
            if isinstance(said, type) and issubclass(said, StrEnum):
                return [str(word) for word in said]
        return []

    @property
    def number_format(self) -> str:
        """How a spreadsheet is to take what is typed: as text unless it is a figure or a day."""
        if date in self.types and len(self.types) == 1:
            return "yyyy-mm-dd"
        return "@" if str in self.types or self.choices else "General"

    @property
    def note(self) -> str:
        """Meaning, whether it must be filled, and an example."""
        must = "Must be filled." if self.required else "May stay empty."
        return "\n".join([self.meaning, must, *([f"Example: {self.example}"] if self.example else [])])


def template_csv(kind: str) -> bytes:
    """The header of a kind's file, and no row."""
    written = StringIO(newline="")
    csv.writer(written).writerow(KINDS[kind].model.columns())
    return written.getvalue().encode()


def template_xlsx(kind: str, words: Words | None = None) -> bytes:
    """A workbook with the header of a kind, notes, drop-down lists and a sheet that says how to load it.

    Closed vocabularies refuse another word; the caller's `words` only ask whether it is meant.
    """
    book, its_kind = Workbook(), KINDS[kind]
    sheet = book.worksheets[0]
    sheet.title = its_kind.title
    columns = list(_columns(its_kind))
    _write_header(sheet, columns)
    _write_lists(book, sheet, columns, words or {})
    _write_how(book.create_sheet("Read me"), its_kind, columns)
    written = BytesIO()
    book.save(written)
    return _undated(written.getvalue())


def _undated(workbook: bytes) -> bytes:
    """A workbook without the moment at which it was written, so that the same is the same again."""
    undated = BytesIO()
    with ZipFile(BytesIO(workbook)) as parts, ZipFile(undated, "w", ZIP_DEFLATED) as made:
        for part in parts.infolist():
            content = parts.read(part)
            if part.filename == "docProps/core.xml":
                content = _MOMENT.sub(rb"2026-01-01T00:00:00Z", content)
            made.writestr(ZipInfo(part.filename), content, ZIP_DEFLATED)
    return undated.getvalue()


def text_cell(sheet: Worksheet, text: str) -> Cell:
    """A cell to append whose text stays text, also where it starts as a formula does."""
    cell = Cell(sheet, 1, 1, text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_FORMULA)
    return cell


def _write_header(sheet: Worksheet, columns: Sequence[_Column]) -> None:
    cells = [text_cell(sheet, column.name) for column in columns]
    for letter, cell, column in zip(_letters(), cells, columns, strict=False):
        cell.font = Font(bold=True)
        cell.comment = Comment(column.note, "Outturn", height=_NOTE[0], width=_NOTE[1])
        said = sheet.column_dimensions[letter]
        said.width = min(max(len(column.name), len(column.example)) + 2, _WIDEST)
        said.number_format = column.number_format
    sheet.append(cells)
    sheet.freeze_panes = "A2"


def _write_lists(book: Workbook, sheet: Worksheet, columns: Sequence[_Column], words: Words) -> None:
    """Drop-down lists, whose words stand on a hidden sheet: a spreadsheet keeps few beside a cell."""
    lists = book.create_sheet("Lists")
    lists.sheet_state = "hidden"
    listed = [column.choices or words.get(_SAME.get(column.name, column.name), ()) for column in columns]
    for line in zip_longest(*listed):
        lists.append([text_cell(lists, word) if word else None for word in line])
    for letter, column, choices in zip(_letters(), columns, listed, strict=False):
        if choices:
            where = f"Lists!${letter}$1:${letter}${len(choices)}"
            choice = DataValidation(type="list", formula1=where, allow_blank=True, showErrorMessage=True)
            choice.errorStyle = "stop" if column.choices else "warning"
            choice.error = "Choose a word of the list." if column.choices else "This is not in the list yet."
            choice.add(f"{letter}2:{letter}{ROWS + 1}")
            sheet.add_data_validation(choice)


def _write_how(sheet: Worksheet, kind: Kind, columns: Sequence[_Column]) -> None:
    for line in _HOW:
        sheet.append([text_cell(sheet, line.format(title=kind.title, kind=kind.name))])
    sheet.append([])
    headings = [
        text_cell(sheet, text) for text in ("Column", "Must be filled", "Meaning", "Words", "Example")
    ]
    for cell in headings:
        cell.font = Font(bold=True)
    sheet.append(headings)
    for column in columns:
        must = "yes" if column.required else "no"
        said = (column.name, must, column.meaning, ", ".join(column.choices), column.example)
        sheet.append([text_cell(sheet, text) for text in said])
    for letter, _ in zip(_letters(), headings, strict=False):
        sheet.column_dimensions[letter].width = _WIDEST // 2


def _letters() -> Iterator[str]:
    return map(get_column_letter, count(1))


def _columns(kind: Kind) -> Iterator[_Column]:
    found = _examples(kind)
    for name in kind.model.columns():
        said = kind.model.model_fields[name]
        kinds = tuple(_types(said.annotation))
        example = found.get(name) or _EXAMPLES.get(kinds[0], "")
        yield _Column(name, said.description or "", said.is_required(), kinds, example)


def _types(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 - an annotation is of any type
    """The types that an annotation admits, but for None."""
    if get_origin(annotation) in {Union, types.UnionType}:
        for arm in get_args(annotation):
            yield from _types(arm)
    elif get_origin(annotation) is Annotated:
        yield from _types(get_args(annotation)[0])
    elif annotation is not types.NoneType:
        yield annotation


@cache
def _examples(kind: Kind) -> Mapping[str, str]:
    """For each column, the first cell that a report of the demo fills."""
    found: dict[str, str] = {}
    for path in sorted(_DEMO.glob(f"*/{kind.file}")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                for column, text in row.items():
                    if text:
                        found.setdefault(column, text)
    return found
