"""A fact to write: its natural key, its columns, and the facts it refers to by their keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Table
from sqlmodel import SQLModel

from app import entities
from app.imports.rows import Row

_VERSIONED = set(entities.Fact.model_fields)


class SubjectKey(NamedTuple):
    """What a subject is called within its organisation; its kind is the name of its table."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A version of a fact that is not yet compared with the one that stands.

    `refers` names another subject for each column that holds one; the column of the file it comes
    from is the same without `_id`.
    """

    subject: SubjectKey
    file: str
    row: Row
    values: Mapping[str, Any]
    refers: Mapping[str, SubjectKey]


def draft(
    kind: str,
    key: str,
    source: tuple[str, Row],
    refers: Mapping[str, SubjectKey],
    /,
    **values: Any,  # noqa: ANN401 - a column is of any type
) -> Draft:
    """A draft whose columns are the row's own of the same name, but for those given here."""
    file, row = source
    for column in columns(kind):
        if column not in refers and column not in values:
            values[column] = getattr(row, column.removesuffix("_id"))
    plain = {column: _plain(value) for column, value in values.items()}
    return Draft(SubjectKey(kind, key), file, row, plain, refers)


@cache
def columns(kind: str) -> tuple[str, ...]:
    """The columns of a kind of fact, without those that every fact has."""
    return tuple(column.name for column in table(kind).columns if column.name not in _VERSIONED)


def table(kind: str) -> Table:
    """The table of a kind of fact."""
    return SQLModel.metadata.tables[kind]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column is of any type
    return value.value if isinstance(value, StrEnum) else value
