"""A sheet into typed rows: by column, each distinct cell once, and by line where a line is unusual.

Both ways read cells with the same types (`app.imports.cells`). A line goes the long way
(`app.imports.lines`) as soon as one of its cells is missing, refused or judged with others, so that
what is told of it is said in one place.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from itertools import repeat
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from app.imports.cells import column_reader
from app.imports.headers import columns_headed
from app.imports.lines import TIDIED, R, Table, misplaced, tidy, typed_line
from app.imports.problems import Remarks
from app.imports.rows import Row
from app.imports.sandbox.sheets import Cell, Column, Sheet, sheet_of

PATIENCE = 100_000
"""Problems after which a file is read no further."""
_OFTEN = 1_000
"""Lines after which progress is told."""
_HOPELESS = 10_000
"""Distinct cells of a column that are refused or unusual, after which the others are not tried first."""
_ODD = object()


def csv_sheet(path: Path, remarks: Remarks) -> Sheet | None:
    """The lines of a UTF-8 CSV file; none where it cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return sheet_of(list(csv.reader(StringIO(text, newline=""), strict=True)))
    except UnicodeDecodeError:
        remarks.refuse(1, "", "", "is not UTF-8")
    except csv.Error as broken:
        remarks.refuse(1, "", "", f"is not CSV: {broken}")
    return None


def typed_rows(
    model: type[R], sheet: Sheet, remarks: Remarks, *, progress: Callable[[int], None] | None = None
) -> tuple[R, ...]:
    """The rows that could be typed; columns go by their header, in any order."""
    table = headed(model, sheet, remarks)
    if table is None:
        return ()
    return tuple(row for row in _rows(table, sheet, progress or (lambda _: None)) if row)


def headed(model: type[R], sheet: Sheet, remarks: Remarks) -> Table[R] | None:
    """What the lines of a sheet are read by; none where its header is not that of the rows."""
    header = [tidy(cell.text) for cell in sheet.line(0)] if sheet.height else []
    columns = columns_headed(model, header, remarks)
    _tell_strays(header, sheet, remarks)
    return Table(model, header, columns, remarks) if columns else None


def _tell_strays(header: Sequence[str], sheet: Sheet, remarks: Remarks) -> None:
    """A column may have no heading as long as nothing stands in it."""
    for heading, column in zip(header, sheet.columns, strict=True):
        filled = [] if heading else [place for place, text in enumerate(column.texts) if tidy(text)]
        if filled:
            cell, row = column.cell(filled[0]), sheet.first + column.at.index(filled[0])
            remarks.refuse(row, "", cell.text, "stands in a column without a heading", cell.value_class)


class _Note(NamedTuple):
    """What is noted of a cell, and where it comes among the notes of its line."""

    turn: tuple[int, int]
    column: str
    cell: Cell
    reason: str


@dataclass(slots=True)
class _Lines:
    """Which lines of a sheet go the long way, and what is noted of the others."""

    odd: set[int]
    notes: dict[int, list[_Note]] = field(default_factory=dict)


def _rows(table: Table[R], sheet: Sheet, progress: Callable[[int], None]) -> Iterator[R | None]:
    model, remarks, lines = table.model, table.remarks, _Lines(set(sheet.ragged))
    values = _values(table, sheet, lines)
    names, filled = list(values), {"line", *table.columns}
    cells = zip(*values.values(), strict=False)
    for index, texts in enumerate(cells):
        if not index:
            continue
        if index % _OFTEN == 0:
            progress(index)
        if index not in lines.odd:
            row = model.made(dict(zip(names, texts, strict=True)), filled)
            if not row.disagrees:
                for note in sorted(lines.notes.get(index, ()), key=attrgetter("turn")):
                    remarks.note(row.line, note.column, note.cell.text, note.reason, note.cell.value_class)
                yield row
                continue
        yield typed_line(table, sheet.first + index, sheet.line(index))
        if remarks.problem_total > PATIENCE:
            return


def _values(table: Table[R], sheet: Sheet, lines: _Lines) -> dict[str, Any]:
    """By column: the value in each line, for those lines that are not odd."""
    values: dict[str, Any] = {"line": range(sheet.first, sheet.first + sheet.height)}
    for name, said in table.model.model_fields.items():
        if name in table.columns:
            position = table.columns.index(name)
            values[name] = _column(table, name, position, sheet.columns[position], lines)
        elif name != "line":
            values[name] = repeat(said.get_default(call_default_factory=True))
    return values


def _column(table: Table[R], name: str, position: int, column: Column, lines: _Lines) -> list[Any]:
    reader, heading = _reader(table.model, name), table.header[position]
    turns = (position, list(table.model.model_fields).index(name))
    values, noted = [], {}
    odd: set[int] = set()
    for place, (text, value_class) in enumerate(column.cells()):
        value, notes = reader.read(text, value_class) if len(odd) < _HOPELESS else (_ODD, ())
        if position == 0 and tidy(text) == heading:
            value = _ODD
        if notes and name in table.model.entangled:
            value = _ODD
        if notes and value is not _ODD:
            noted[place] = [_Note((kind, turns[kind]), name, told, note) for kind, told, note in notes]
        if value is _ODD:
            odd.add(place)
        values.append(value)
    if odd:
        lines.odd.update(index for index, place in enumerate(column.at) if place in odd)
    if noted:
        for index, place in enumerate(column.at):
            if place in noted:
                lines.notes.setdefault(index, []).extend(noted[place])
    return list(map(values.__getitem__, column.at))


Read = tuple[Any, Sequence[tuple[int, Cell, str]]]
"""The value of a cell, and its notes: 0 for one of its spaces, 1 for one of its meaning."""


class _Reader:
    """Reads the cells of one column, each for itself."""

    def __init__(self, model: type[Row], name: str) -> None:
        said = model.model_fields[name]
        self.model, self.name = model, name
        self.empty = _ODD if said.is_required() else said.get_default(call_default_factory=True)
        self.is_text = not said.metadata and said.annotation in {str, str | None}
        self.reader = column_reader(said.annotation, said.metadata)

    def read(self, whole: str, value_class: str) -> Read:
        """The value, or _ODD where the line has to go the long way."""
        if not whole:
            return self.empty, ()
        if misplaced(self.model, self.name, whole, value_class):
            return _ODD, ()
        text = tidy(whole)
        notes = [] if text == whole else [(0, Cell(whole, value_class), TIDIED)]
        if self.is_text or not text:
            return text or self.empty, notes
        try:
            value, said = self.reader(text)
        except ValueError:
            return _ODD, ()
        if said:
            notes += [(1, Cell(text, value_class), note) for note in said]
        return value, notes


@cache
def _reader(model: type[Row], name: str) -> _Reader:
    return _Reader(model, name)
