"""Sheets of text, held by column with each distinct cell once, and as the bytes between two processes."""

import json
from array import array
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import NamedTuple, TypeVar

T = TypeVar("T")
TEXT = "text"
CLASSES = {
    "t": TEXT,
    "n": "number",
    "d": "date",
    "c": "time",
    "b": "truth",
    "e": "error",
    "f": "formula",
    "-": "empty",
}


class Cell(NamedTuple):
    """The text of a cell and the class of its value in the spreadsheet."""

    text: str
    value_class: str = TEXT


class Column(NamedTuple):
    """The texts of the distinct cells of a column, their classes, and which cell stands in each line.

    A class is one letter of CLASSES; without classes all are text.
    """

    texts: list[str]
    classes: str
    at: "array[int]"

    def cell(self, place: int) -> Cell:
        """One of the distinct cells."""
        return Cell(self.texts[place], CLASSES[self.classes[place]] if self.classes else TEXT)

    def cells(self) -> Iterator[tuple[str, str]]:
        """Text and class of each distinct cell."""
        classes = map(CLASSES.__getitem__, self.classes) if self.classes else repeat(TEXT)
        return zip(self.texts, classes, strict=False)


class Sheet(NamedTuple):
    """Lines of cells; the first line is the header and stands in row `first` of the file.

    A line that is shorter or longer than the header stands in `ragged` and is empty in the columns.
    """

    name: str
    first: int
    height: int
    columns: list[Column]
    ragged: dict[int, list[str]]

    def line(self, index: int) -> list[Cell]:
        """The cells of one line, as many as it has."""
        if index in self.ragged:
            return [Cell(text) for text in self.ragged[index]]
        return [column.cell(column.at[index]) for column in self.columns]

    def lines(self) -> Iterator[list[Cell]]:
        """All lines, the header first."""
        return map(self.line, range(self.height))


def sheet_of(lines: list[list[str]]) -> Sheet:
    """Lines of text as a sheet without a name; the first says how long the others should be."""
    width = len(lines[0]) if lines else 0
    ragged = {index: line for index, line in enumerate(lines) if len(line) != width}
    empty = [""] * width
    even = [empty if index in ragged else line for index, line in enumerate(lines)] if ragged else lines
    columns = []
    for texts in zip(*even, strict=True):
        distinct, at = encoded(texts)
        columns.append(Column(distinct, "", at))
    return Sheet("", 1, len(lines), columns, ragged)


def encoded(cells: Sequence[T]) -> "tuple[list[T], array[int]]":
    """The distinct cells in the order in which they come, and the place of each cell among them."""
    places = {cell: place for place, cell in enumerate(dict.fromkeys(cells))}
    return list(places), array("I", map(places.__getitem__, cells))


def dumped(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """The sheets as bytes: a line of JSON, then the places of every column one after the other."""
    head = [
        {
            "name": sheet.name,
            "first": sheet.first,
            "height": sheet.height,
            "columns": [(column.texts, column.classes) for column in sheet.columns],
            "ragged": sheet.ragged,
        }
        for sheet in sheets
    ]
    yield json.dumps({"sheets": head}).encode() + b"\n"
    for sheet in sheets:
        for column in sheet.columns:
            yield column.at.tobytes()


def loaded(answer: bytes) -> list[Sheet]:
    """What `dumped` gave, read back."""
    line, _, rest = answer.partition(b"\n")
    places = memoryview(rest)
    sheets = []
    for said in json.loads(line)["sheets"]:
        columns = []
        for texts, classes in said["columns"]:
            at = array("I")
            length = at.itemsize * said["height"]
            at.frombytes(places[:length])
            places = places[length:]
            columns.append(Column(texts, classes, at))
        ragged = {int(index): line for index, line in said["ragged"].items()}
        sheets.append(Sheet(said["name"], said["first"], said["height"], columns, ragged))
    return sheets
