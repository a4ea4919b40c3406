"""One line of a sheet into a typed row, with every problem on the way."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from app.imports.cells import is_code
from app.imports.problems import Remarks, ValueClass
from app.imports.rows import Row
from app.imports.sandbox.sheets import Cell

R = TypeVar("R", bound=Row)

TIDIED = "spaces around it, or non-breaking, are tidied"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NARROWEST = 3
"""In a file of fewer columns, a line with one filled cell is no group row."""
_TURNED = (ValueClass.number, ValueClass.date)
_VALUELESS: dict[str, str] = {
    ValueClass.error: "is an error of the spreadsheet",
    ValueClass.formula: "is a formula whose value the file does not have; type the value instead",
    ValueClass.time: "is a clock time; write minutes and seconds as seconds",
}


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """What the lines of a sheet are read by: its header as it stands, and the columns it heads."""

    model: type[R]
    header: list[str]
    columns: list[str]
    remarks: Remarks


def typed_line(table: Table[R], number: int, line: Sequence[Cell]) -> R | None:
    """The row of a line, or None where it has none or a problem is told."""
    texts, remarks = [tidy(cell.text) for cell in line], table.remarks
    if not any(texts):
        remarks.note(number, "", "", "an empty row is passed over", ValueClass.empty)
    elif texts == table.header:
        remarks.note(number, "", "", "a repeated header is passed over")
    elif len(texts) != len(table.header):
        reason = f"has {len(texts)} cells and the header has {len(table.header)}"
        remarks.refuse(number, "", ",".join(texts), reason)
    elif texts[0] and not any(texts[1:]) and len(texts) >= _NARROWEST:
        remarks.note(number, table.columns[0], texts[0], "a group row is passed over")
    else:
        headed = zip(table.columns, line, strict=True)
        return _typed(table, number, {column: cell for column, cell in headed if column})
    return None


def tidy(cell: str) -> str:
    """The text of a cell without spaces around it, its other spaces plain."""
    if cell.isascii():
        return cell.strip()
    return cell.replace("\xa0", " ").replace("\u202f", " ").strip()


def misplaced(model: type[Row], column: str, text: str, value_class: str) -> str | None:
    """Why a cell can stand in no row of its column, whatever its text would mean."""
    if not text.isprintable() and _CONTROL.search(text):
        return "has a control character in it"
    if reason := _VALUELESS.get(value_class):
        return reason
    if value_class in _TURNED and column in _codes(model):
        return f"is a {value_class}, and a code is text; format its column as text"
    return None


@cache
def _codes(model: type[Row]) -> frozenset[str]:
    fields = model.model_fields.items()
    return frozenset(name for name, field in fields if is_code(field.annotation, field.metadata))


def _typed(table: Table[R], number: int, cells: dict[str, Cell]) -> R | None:
    remarks, model = table.remarks, table.model
    refused = set()
    for column, cell in cells.items():
        if reason := misplaced(model, column, cell.text, cell.value_class):
            remarks.refuse(number, column, cell.text, reason, cell.value_class)
            refused.add(column)
        elif tidy(cell.text) != cell.text:
            remarks.note(number, column, cell.text, TIDIED, cell.value_class)
    texts = {column: text for column, cell in cells.items() if (text := tidy(cell.text))}
    notes: list[tuple[str, str, str]] = []
    try:
        row = model.model_validate({"line": number, **texts}, context=notes)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            for column, reason in _reasons(error):
                if column not in refused:
                    value_class = cells[column].value_class if column in cells else ValueClass.empty
                    remarks.refuse(number, column, texts.get(column, ""), reason, value_class)
        return None
    if refused:
        return None
    for column, value, note in notes:
        remarks.note(number, column, value, note, cells[column].value_class)
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
