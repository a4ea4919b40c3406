"""The sheets of a workbook as text, each cell as it was typed."""

import posixpath
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from .archives import CHUNK, suspects
from .limits import COLUMNS, ROWS, SHEETS, RefusedError, too_large
from .sheets import CLASSES, Cell, Column, Sheet, encoded

_TRUTHS = {False, True}
_LETTER = {value_class: letter for letter, value_class in CLASSES.items()}
_LETTERS = 26
_DEEPEST = 64
Place = tuple[int, int]
Attributes = dict[str, str]


def workbook_sheets(content: bytes) -> list[Sheet]:
    """Every worksheet with a filled cell in it, or with none."""
    doubtful = suspects(content)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheets = [said.name for said in book.sheets_metadata if said.typ == SheetTypeEnum.WorkSheet]
        if len(sheets) > SHEETS:
            raise too_large(f"has {len(sheets)} sheets; {SHEETS} is the limit")
        marks = _marks(content, doubtful) if doubtful else {}
        return [_sheet(book.get_sheet_by_name(name), marks.get(name, {})) for name in sheets]
    except (CalamineError, expat.ExpatError, KeyError, ValueError) as broken:
        raise RefusedError("is a broken workbook") from broken


def _sheet(read: CalamineSheet, marks: dict[Place, Cell]) -> Sheet:
    left = read.start[1] if read.start else 0
    height, width = read.total_height, read.total_width
    if height > ROWS + 1:
        raise too_large(f"has {height - 1} rows in {read.name}; {ROWS} is the limit")
    if width > COLUMNS:
        raise too_large(f"has {width} columns in {read.name}; {COLUMNS} is the limit")
    lines: list[list[Any]] = list(read.iter_rows())
    if marks:
        lines, left = _marked(lines, left, marks), 0
    first = next((index for index, line in enumerate(lines) if any(cell != "" for cell in line)), len(lines))
    columns = [_column(cells) for cells in zip(*lines[first:], strict=True)]
    return Sheet(read.name, first + 1, len(lines) - first, columns, {})


def _column(cells: Sequence[object]) -> Column:
    distinct, at = encoded(cells)
    if not _TRUTHS.isdisjoint(distinct):  # True is 1 to Python, and not to an officer
        distinct, at = encoded([text_of(cell) if isinstance(cell, bool) else cell for cell in cells])
    texts, letters = [], []
    for cell in distinct:
        if type(cell) is str:
            texts.append(cell)
            letters.append("t" if cell else "-")
        elif type(cell) is float:
            texts.append(_number(cell))
            letters.append("n")
        else:
            text, value_class = text_of(cell)
            texts.append(text)
            letters.append(_LETTER[value_class])
    return Column(texts, "".join(letters), at)


def text_of(value: object) -> Cell:
    """The text that a cell shows in any format, and the class of its value."""
    match value:
        case Cell():
            return value
        case bool():
            return Cell("yes" if value else "no", "truth")
        case float() | int():
            return Cell(_number(value), "number")
        case datetime():
            midnight = value.time() == time(0)
            return Cell(str(value.date() if midnight else value), "date")
        case date():
            return Cell(str(value), "date")
        case time():
            return Cell(f"{value:%H:%M:%S}", "time")
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return Cell(f"{minutes // 60}:{minutes % 60:02}:{seconds:02}", "time")
    raise RefusedError("has a cell of an unknown kind")


def _number(value: float) -> str:
    """Fifteen digits, as a spreadsheet keeps them; what a float has beyond is no figure of anybody."""
    text = f"{value:.15g}"
    if "e" in text:
        return f"{Decimal(text):f}"
    return "0" if text == "-0" else text


def _marked(lines: list[list[Any]], left: int, marks: dict[Place, Cell]) -> list[list[Any]]:
    """The lines from the first column on, with these cells in their places."""
    height = max(len(lines), 1 + max(row for row, _ in marks))
    width = max(left + len(lines[0]) if lines else 0, 1 + max(column for _, column in marks))
    if height > ROWS + 1 or width > COLUMNS:
        raise too_large(f"has a formula or an error beyond row {ROWS} or column {COLUMNS}")
    before = [""] * left
    whole = [[*before, *line] + [""] * (width - left - len(line)) for line in lines]
    whole += [[""] * width for _ in range(height - len(lines))]
    for (row, column), cell in marks.items():
        whole[row][column] = cell
    return whole


def _marks(content: bytes, doubtful: set[str]) -> dict[str, dict[Place, Cell]]:
    """By sheet: the cells that hold an error, or a formula whose value the file does not have."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        targets: dict[str, str] = {}
        names: dict[str, str] = {}

        def relation(tag: str, said: Attributes) -> None:
            if tag == "Relationship":
                targets[said["Id"]] = posixpath.normpath(posixpath.join("/xl", said["Target"]))[1:]

        def sheet(tag: str, said: Attributes) -> None:
            if tag == "sheet":
                which = next(said[key] for key in said if key.rpartition(":")[2] == "id")
                names[said["name"]] = which

        _walk(archive, "xl/_rels/workbook.xml.rels", relation)
        _walk(archive, "xl/workbook.xml", sheet)
        found = {}
        for name, which in names.items():
            if (part := targets[which]) in doubtful:
                looker = _Looker()
                _walk(archive, part, looker.start, looker.end, looker.text)
                found[name] = looker.marks
        return found


def _walk(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] = lambda _: None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Tell of each element of a part, its name without a prefix."""
    depth = 0

    def opened(tag: str, said: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise RefusedError("is nested deeper than workbooks are")
        start(tag.rpartition(":")[2], said)

    def closed(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag.rpartition(":")[2])

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    if text:
        parser.CharacterDataHandler = text
    with archive.open(part) as unpacked:
        while chunk := unpacked.read(CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by place
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by place


class _Looker:
    """Walks the cells of a sheet and keeps those that have no value to give."""

    def __init__(self) -> None:
        self.marks: dict[Place, Cell] = {}
        self.place = (-1, -1)
        self.kind = ""
        self.formula: str | None = None
        self.value = ""
        self.inside = ""

    def start(self, tag: str, said: Attributes) -> None:
        match tag:
            case "row":
                row = int(said["r"]) - 1 if "r" in said else self.place[0] + 1
                self.place = (row, -1)
            case "c":
                self.place = _place(said["r"]) if "r" in said else (self.place[0], self.place[1] + 1)
                self.kind, self.formula, self.value = said.get("t", "n"), None, ""
            case "f":
                self.formula, self.inside = "", "f"
            case "v" | "t":
                self.inside = "v"

    def text(self, text: str) -> None:
        if self.inside == "f":
            self.formula = f"{self.formula}{text}"
        elif self.inside == "v":
            self.value += text

    def end(self, tag: str) -> None:
        if tag in {"f", "v", "t"}:
            self.inside = ""
        elif tag == "c" and self.kind == "e":
            self.marks[self.place] = Cell(self.value or "#N/A", "error")
        elif tag == "c" and self.formula is not None and not self.value:
            self.marks[self.place] = Cell(f"={self.formula}", "formula")


def _place(name: str) -> Place:
    """Row and column of a cell by its name, counted from 0: B3 is (2, 1)."""
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * _LETTERS + ord(letter.upper()) - ord("A") + 1
    return int(name[len(letters) :]) - 1, column - 1
