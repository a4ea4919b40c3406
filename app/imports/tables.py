"""One file of a report: lines of text into typed rows, with every problem on the way."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from app.imports.problems import SHOWN, Notice, Problem
from app.imports.rows import Row

R = TypeVar("R", bound=Row)
Lines = Iterable[Sequence[str]]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NARROWEST = 3
"""In a file of fewer columns, a line with one filled cell is no group row."""


@dataclass(slots=True)
class Remarks:
    """What there is to say about one file so far."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def refuse(self, row: int, column: str, value: str, reason: str) -> None:
        """A cell, a row or a file is not taken."""
        self.problems.append(Problem(self.file, row, column, value[:SHOWN], reason))

    def note(self, row: int, column: str, value: str, reason: str) -> None:
        """A cell is taken, not quite as it stands."""
        self.notices.append(Notice(self.file, row, column, value[:SHOWN], reason))


def csv_lines(path: Path, remarks: Remarks) -> list[list[str]]:
    """The lines of a UTF-8 CSV file; none where it cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return list(csv.reader(StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError:
        remarks.refuse(1, "", "", "is not UTF-8")
    except csv.Error as broken:
        remarks.refuse(1, "", "", f"is not CSV: {broken}")
    return []


def typed_rows(model: type[R], lines: Lines, remarks: Remarks) -> tuple[R, ...]:
    """The rows that could be typed; columns go by their header, in any order."""
    numbered = enumerate(lines, 1)
    header = [_tidy(cell) for cell in next(numbered, (1, ()))[1]]
    if not _header_fits(header, model, remarks):
        return ()
    rows = (_typed(model, number, cells, remarks) for number, cells in _body(numbered, header, remarks))
    return tuple(row for row in rows if row)


def _header_fits(header: list[str], model: type[Row], remarks: Remarks) -> bool:
    before, columns = len(remarks.problems), model.columns()
    for name in columns:
        if name not in header and name not in model.later:
            remarks.refuse(1, name, "", "is a missing column")
    for position, name in enumerate(header):
        if name not in columns:
            remarks.refuse(1, name, name, "is an unknown column")
        elif name in header[:position]:
            remarks.refuse(1, name, name, "stands in the header twice")
    return len(remarks.problems) == before


def _body(
    numbered: Iterable[tuple[int, Sequence[str]]], header: list[str], remarks: Remarks
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line with something to type: its filled cells by column."""
    for number, raw in numbered:
        cells = [_tidy(cell) for cell in raw]
        if not any(cells):
            remarks.note(number, "", "", "an empty row is passed over")
        elif cells == header:
            remarks.note(number, "", "", "a repeated header is passed over")
        elif len(cells) != len(header):
            reason = f"has {len(cells)} cells and the header has {len(header)}"
            remarks.refuse(number, "", ",".join(cells), reason)
        elif cells[0] and not any(cells[1:]) and len(cells) >= _NARROWEST:
            remarks.note(number, header[0], cells[0], "a group row is passed over")
        elif _clean(number, raw, header, remarks):
            filled = zip(header, cells, strict=True)
            yield number, {column: cell for column, cell in filled if cell}


def _tidy(cell: str) -> str:
    return cell.replace("\xa0", " ").replace("\u202f", " ").strip()


def _clean(number: int, raw: Sequence[str], header: list[str], remarks: Remarks) -> bool:
    """Whether no cell holds a control character; tidied cells are noted."""
    clean = True
    for column, cell in zip(header, raw, strict=True):
        if _CONTROL.search(cell):
            remarks.refuse(number, column, cell, "has a control character in it")
            clean = False
        elif _tidy(cell) != cell:
            remarks.note(number, column, cell, "spaces around it, or non-breaking, are tidied")
    return clean


def _typed(model: type[R], number: int, cells: dict[str, str], remarks: Remarks) -> R | None:
    notes: list[tuple[str, str, str]] = []
    try:
        row = model.model_validate({"line": number, **cells}, context=notes)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            for column, reason in _reasons(error):
                remarks.refuse(number, column, cells.get(column, ""), reason)
        return None
    for column, value, note in notes:
        remarks.note(number, column, value, note)
    return row


def _reasons(error: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - pydantic's own dictionary
    """The columns at fault, and why."""
    column = str(error["loc"][0]) if error["loc"] else ""
    match error["type"]:
        case "row":
            yield from error["ctx"]["faults"]
        case "missing":
            yield column, "is empty"
        case "enum" | "literal_error":
            yield column, f"is not one of {error['ctx']['expected']}"
        case _:
            yield column, error["msg"]
