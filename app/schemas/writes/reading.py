"""Bodies as the rows that a file would have stated, so that one set of checks holds for both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from app.errors import Fault, escaped
from app.imports.budgets import AMOUNTS, BudgetLineRow, MoneyUnit
from app.schemas.faults import faults_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.imports.problems import Problem
    from app.imports.rows import Row
    from app.schemas.writes import Resource

_CODES = {"cell": "invalid_value"}
"""What a cell's own refusal is called in an answer."""


class Statement(NamedTuple):
    """A row, and whose it is. Its `line` is the place of its body among those read, from 0."""

    organisation: str
    row: Row


def rows_of(resource: Resource, bodies: Mapping[str, Any]) -> tuple[list[Statement], list[Fault]]:
    """The rows that bodies state, each body by its JSON pointer, and everything that is wrong with them.

    A body alone has the pointer "", those of a batch "/0", "/1" and so on. One with a fault has no row.
    """
    statements: list[Statement] = []
    faults: list[Fault] = []
    for line, (pointer, body) in enumerate(bodies.items()):
        try:
            stated = resource.model.model_validate(body)
            cells = {name: value for name, value in stated if name != "organisation" and value is not None}
            statements.append(Statement(stated.organisation, _row(resource.row, line, cells)))
        except ValidationError as invalid:
            faults.extend(faults_of_row(invalid, pointer))
    return statements, faults


def refused_at(problems: Sequence[Problem], pointers: Sequence[str]) -> list[Fault]:
    """What the checks of a whole report say of rows that bodies stated, at the pointers of these."""
    return [
        Fault("invalid_value", problem.reason, pointer=_at(pointers[problem.row], problem.column))
        for problem in problems
    ]


def _row(model: type[Row], line: int, cells: dict[str, Any]) -> Row:
    """A row of cells that are values already. Raises ValidationError where they disagree."""
    if model is BudgetLineRow and cells["money_unit"] == MoneyUnit.thousand_pounds:
        cells |= {column: cells[column].scaleb(-3) for column in AMOUNTS if column in cells}
    return model.model_validate({"line": line, **cells})


def faults_of_row(invalid: ValidationError, at: str) -> Iterator[Fault]:
    """What a body, or the row that it states, has wrong, at a pointer."""
    for error, fault in zip(invalid.errors(include_url=False), faults_of(invalid, at), strict=True):
        if error["type"] == "row":
            for column, reason in error["ctx"]["faults"]:
                yield Fault("inconsistent", reason, pointer=_at(at, column))
        else:
            yield replace(fault, code=_CODES.get(fault.code, fault.code))


def _at(pointer: str, column: str) -> str:
    return f"{pointer}/{escaped(column)}" if column else pointer
