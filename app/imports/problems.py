"""What an importer has to say about a cell: that it is refused, or what was made of it."""

from collections.abc import Sequence
from typing import NamedTuple

SHOWN = 100
"""Characters of a cell that a problem repeats."""


class Problem(NamedTuple):
    """A cell that is refused. Rows count as in a spreadsheet: the header is row 1.

    A problem of the whole row names no column; one of the whole file stands at its header.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str


class Notice(NamedTuple):
    """A cell that was normalised, or that is kept although something looks wrong with it."""

    file: str
    row: int
    column: str
    value: str
    reason: str


class ReportRefusedError(ValueError):
    """A report that is not loaded, because of all these problems; nothing of it is kept."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0] if self.problems else None
        where = f"{first.file}, row {first.row}, {first.column}: {first.reason}" if first else ""
        super().__init__(f"{len(self.problems)} problems, the first: {where}")
