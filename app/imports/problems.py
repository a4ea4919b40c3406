"""What an importer has to say about a cell: that it is refused, or what was made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

SHOWN = 100
"""Characters of a cell that a problem repeats."""
PERCENT_SIGN = "the percent sign is dropped"
"""A notice that is kept however many there are: what a figure means may hang on it."""


class ValueClass(StrEnum):
    """What a cell held before it was read as text; every cell of a CSV file is text."""

    text = "text"
    number = "number"
    date = "date"
    time = "time"
    truth = "truth"
    error = "error"
    formula = "formula"
    empty = "empty"


class Problem(NamedTuple):
    """A cell that is refused. Rows count as in a spreadsheet: the header is row 1.

    A problem of the whole row names no column; one of the whole file stands at its header.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str
    sheet: str = ""
    value_class: str = ValueClass.text


class Notice(NamedTuple):
    """A cell that was normalised, or that is kept although something looks wrong with it."""

    file: str
    row: int
    column: str
    value: str
    reason: str
    sheet: str = ""
    value_class: str = ValueClass.text


class ReportRefusedError(ValueError):
    """A report that is not loaded, because of all these problems; nothing of it is kept."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0] if self.problems else None
        where = f"{first.file}, row {first.row}, {first.column}: {first.reason}" if first else ""
        super().__init__(f"{len(self.problems)} problems, the first: {where}")


@dataclass(slots=True)
class Remarks:
    """What there is to say about one file, or one sheet of it, so far; `kept` of each kind at most.

    A `partial` one may do without columns that a row may leave empty; `absent` are those it has not.
    """

    file: str
    sheet: str = ""
    kept: int | None = None
    problems: list[Problem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    problem_total: int = 0
    notice_total: int = 0
    partial: bool = False
    absent: set[str] = field(default_factory=set)

    def refuse(
        self, row: int, column: str, value: str, reason: str, value_class: str = ValueClass.text
    ) -> None:
        """A cell, a row or a file is not taken."""
        self.problem_total += 1
        if self.kept is None or self.problem_total <= self.kept:
            problem = Problem(self.file, row, column, value[:SHOWN], reason, self.sheet, value_class)
            self.problems.append(problem)

    def note(
        self, row: int, column: str, value: str, reason: str, value_class: str = ValueClass.text
    ) -> None:
        """A cell is taken, not quite as it stands."""
        self.notice_total += 1
        if self.kept is None or self.notice_total <= self.kept or reason == PERCENT_SIGN:
            notice = Notice(self.file, row, column, value[:SHOWN], reason, self.sheet, value_class)
            self.notices.append(notice)
