"""Rows as CSV (RFC 4180), some at a time, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MEDIA_TYPE = "text/csv"
AT_ONCE = 1000
"""How many rows go out together: enough that sending costs little beside writing."""
Cell = str | int | bool | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def csv_rows(
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    at_once: int = AT_ONCE,
    *,
    header: bool = True,
) -> Iterator[bytes]:
    """A header and rows in UTF-8, in parts of some rows each; no more than one part is held.

    Without `header` they go on where others ended.

    Numbers are bare, truths are `true` and `false`, what is missing is empty. A text that a spreadsheet
    would take for a formula gets an apostrophe in front; a number, negative or not, stays as it is.
    """
    waiting = iter(rows)
    part = [*([columns] if header else []), *islice(waiting, at_once)]
    while part:
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows([_written(cell) for cell in row] for row in part)
        yield buffer.getvalue().encode()
        part = [*islice(waiting, at_once)]


def csv_header(columns: Sequence[str]) -> bytes:
    """The header alone, of lines that were written elsewhere."""
    return b"".join(csv_rows(columns, ()))


def csv_items(
    columns: Sequence[str],
    items: Iterable[Mapping[str, Cell]],
    at_once: int = AT_ONCE,
    *,
    header: bool = True,
) -> Iterator[bytes]:
    """The same from rows by name, such as a list's items; only the columns named are written."""
    return csv_rows(columns, ([item[name] for name in columns] for item in items), at_once, header=header)


def _written(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str) and cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
