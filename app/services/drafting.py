"""A fact to write: its natural key, its columns, and the facts it refers to by their keys."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, get_args

from sqlalchemy import Table
from sqlmodel import SQLModel

from app import entities
from app.imports.rows import Row

_VERSIONED = set(entities.Fact.model_fields)


class SubjectKey(NamedTuple):
    """What a subject is called within its organisation; its kind is the name of its table."""

    kind: str
    key: str


class Draft(NamedTuple):
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
    own = _own(kind, type(row), frozenset(refers), frozenset(values))
    said = dict(zip(own.columns, own.read(row), strict=True))
    for column in own.words:
        if said[column] is not None:
            said[column] = said[column].value
    said.update((column, _plain(value)) for column, value in values.items())
    return Draft(SubjectKey(kind, key), file, row, said, refers)


class _Own(NamedTuple):
    """The columns of a fact that its row states, how they are read, and which are of a vocabulary."""

    columns: tuple[str, ...]
    read: Callable[[Row], Sequence[Any]]
    words: tuple[str, ...]


@cache
def _own(kind: str, model: type[Row], refers: frozenset[str], given: frozenset[str]) -> _Own:
    names = [column for column in columns(kind) if column not in refers and column not in given]
    fields = [name.removesuffix("_id") for name in names]
    words = [name for name, field in zip(names, fields, strict=True) if _of_vocabulary(model, field)]
    # attrgetter of a single name answers with the value itself, so one more is always read
    read = attrgetter(*fields, "line", "line")
    return _Own(tuple(names), lambda row: read(row)[: len(names)], tuple(words))


def _of_vocabulary(model: type[Row], field: str) -> bool:
    """Whether a column of a row may hold a word of an enumeration."""
    kind = model.model_fields[field].annotation if field in model.model_fields else None
    return any(isinstance(part, type) and issubclass(part, StrEnum) for part in (kind, *get_args(kind)))


@cache
def columns(kind: str) -> tuple[str, ...]:
    """The columns of a kind of fact, without those that every fact has."""
    return tuple(column.name for column in table(kind).columns if column.name not in _VERSIONED)


def table(kind: str) -> Table:
    """The table of a kind of fact."""
    return SQLModel.metadata.tables[kind]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column is of any type
    return value.value if isinstance(value, StrEnum) else value
