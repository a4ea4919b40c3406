"""The kinds of rows that files hold: each with its name, its file and its columns."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, get_args, get_type_hints

from app.imports.problems import Remarks
from app.imports.rows import Row


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row, called as the field of a report that holds it."""

    field: str
    model: type[Row]
    alone: bool
    """Whether a report has one such row and no more."""

    @property
    def name(self) -> str:
        """What addresses and commands call it: budget-lines."""
        return self.field.replace("_", "-")

    @property
    def title(self) -> str:
        """What a sheet of its rows is called: Budget lines."""
        return self.field.replace("_", " ").capitalize()

    @property
    def file(self) -> str:
        """Its file in a report's folder."""
        return f"{self.field}.csv"

    def found(self, rows: tuple[Row, ...], remarks: Remarks) -> tuple[Row, ...] | Row | None:
        """What its field of a report holds; a kind that stands alone needs one row."""
        if not self.alone:
            return rows
        if len(rows) != 1 and not remarks.problem_total:
            remarks.refuse(1, "", "", f"has {len(rows)} rows; one is needed")
        return rows[0] if len(rows) == 1 else None


def kinds_of(report: Any) -> Iterator[Kind]:  # noqa: ANN401 - a dataclass has no type of its own
    """The kinds that a class of reports holds, in the order of its fields."""
    hints = get_type_hints(report)
    for field in fields(report):
        for model in get_args(hints[field.name]):
            if isinstance(model, type) and issubclass(model, Row):
                yield Kind(field.name, model, get_args(hints[field.name])[-1] is not Ellipsis)
