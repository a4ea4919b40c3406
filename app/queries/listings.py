"""A list that can be filtered, sorted and paged by any of its columns, raw or derived."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import (
    ColumnElement,
    Dialect,
    FromClause,
    Select,
    Subquery,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.base import ColumnCollection

from app.queries.columns import Field, Row, written

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

    from app.queries.editions import Edition, Reading

Columns = ColumnCollection[str, Any]
MOST_ROWS = 1000
"""The longest page that may be asked for."""


class Filter(NamedTuple):
    """A condition on a column: equal to one of some values, or at least or at most one value."""

    column: str
    relation: str
    values: tuple[Any, ...]


class After(NamedTuple):
    """Where the page before ended: its sort value, which may be missing, and its id."""

    value: Any
    id: Any


@dataclass(frozen=True)
class Question:
    """What is asked of a list: conditions, order, where to go on, and how many rows at most."""

    filters: tuple[Filter, ...] = ()
    sort: str = "id"
    descending: bool = False
    after: After | None = None
    limit: int = 100


@dataclass(frozen=True, eq=False)
class Listing:
    """A list's name, its columns, and how its rows are found in an edition.

    `choosy` says that deriving leaves rows out, so that no page can be cut before.
    `copy` is the table that releases leave the list's rows in, each with its JSON as `answer`; `lines` is
    the one with the same rows as lines of CSV.

    A list whose derivations are dear has two steps: `gather` finds its raw facts, which are filtered
    and, where the order is raw too, cut to a page, before `derive` works out the rest. Any other has
    `rows` alone.
    """

    name: str
    fields: tuple[Field, ...]
    rows: Callable[[Edition], Subquery] | None = None
    gather: Callable[[Edition], Select[Any]] | None = None
    derive: Callable[[Edition, Subquery], Subquery] | None = None
    copy: Table | None = None
    lines: Table | None = None
    choosy: bool = False
    names: dict[str, Field] = field(init=False)

    def __post_init__(self) -> None:
        """Index the columns by name."""
        object.__setattr__(self, "names", {field.name: field for field in self.fields})


def page(
    reading: Reading,
    listing: Listing,
    question: Question,
) -> tuple[list[Any], After | None]:
    """One page of a list in wire form, as rows or as their JSON, and where the next one starts if anywhere.

    One statement, whatever is filtered or sorted by.
    """
    prepared = _prepared(listing, reading.edition, Shape.of(question), reading.connection.dialect)
    values = prepared.values_of({**reading.seen, **binds(question)})
    found = reading.connection.exec_driver_sql(prepared.sql, values).all()
    rows = found[: question.limit]
    following = None
    if len(found) > question.limit:
        following = _place(listing, question, rows[-1])
    if reading.edition.copied and listing.copy is not None:
        return [orjson.Fragment(row[1]) for row in rows], following
    return written(listing.fields, rows), following


def _place(listing: Listing, question: Question, row: Any) -> After:  # noqa: ANN401 - any row
    """Where a row stands; a flag that a rule gives is a number on SQLite."""
    value = row[-1]
    if value is not None and listing.names[question.sort].form == "flag":
        value = bool(value)
    return After(value, row[0])


def total(
    reading: Reading,
    listing: Listing,
    question: Question,
) -> int:
    """How many rows the conditions leave, whatever the page."""
    statement = _count(listing, reading.edition, Shape.of(question))
    return int(reading.execute(statement, binds(question)).scalar_one())


def one(
    reading: Reading,
    listing: Listing,
    row_id: int | str,
) -> Row | orjson.Fragment | None:
    """The row with an id, or its JSON, or None."""
    asked = Question(filters=(Filter("id", "in", (row_id,)),), limit=1)
    rows, _ = page(reading, listing, asked)
    return rows[0] if rows else None


def known(reading: Reading, listing: Listing, column: str) -> list[Any]:
    """Every value that a column has, in order: what a filter on it may ask for; read once an edition."""
    vocabulary = reading.edition.vocabulary
    found = vocabulary.get((listing.name, column))
    if found is None:
        statement = _distinct(listing, reading.edition, column)
        found = list(reading.execute(statement).scalars())
        vocabulary[listing.name, column] = found
    return found


class Shape(NamedTuple):
    """A question without its values: what its statement depends on."""

    filters: tuple[tuple[str, str, int], ...]
    sort: str
    descending: bool
    after: str
    limit: int

    @classmethod
    def of(cls, question: Question) -> Shape:
        """The shape of a question."""
        after = "" if question.after is None else "value"
        if question.after is not None and question.after.value is None:
            after = "missing"
        filters = tuple((name, relation, len(values)) for name, relation, values in question.filters)
        return cls(filters, question.sort, question.descending, after, question.limit)


def binds(question: Question) -> dict[str, Any]:
    """The values that a question's statement is run with."""
    binds: dict[str, Any] = {}
    for place, asked in enumerate(question.filters):
        for number, value in enumerate(asked.values):
            binds[f"f{place}_{number}"] = value
    if question.after is not None:
        binds["after_id"] = question.after.id
        if question.after.value is not None:
            binds["after_value"] = question.after.value
    return binds


def every(
    reading: Reading, listing: Listing, filters: tuple[Filter, ...], at_once: int
) -> Generator[Sequence[Any]]:
    """All rows that filters leave, in the columns' order and some at once, in the database's own forms."""
    question = Question(filters)
    rows = rows_of(listing, reading.edition, Shape.of(question)).c
    statement = select(*(rows[field.name] for field in listing.fields))
    statement = statement.where(*conditions(rows, Shape.of(question)))
    with reading.execute(statement.execution_options(yield_per=at_once), binds(question)) as found:
        yield from found.partitions()


def rows_of(listing: Listing, edition: Edition, shape: Shape, *, cut: bool = False) -> FromClause:
    """A list's rows, with every column labelled, filtered by the columns that are raw.

    With `cut`, a page that raw columns alone decide is cut before anything is derived from it.
    """
    if edition.copied and listing.copy is not None:
        return listing.copy
    if listing.rows is not None:
        return listing.rows(edition)
    assert listing.gather is not None  # noqa: S101 - a list has rows, or these two
    assert listing.derive is not None  # noqa: S101 - as above
    facts = listing.gather(edition)
    raw = facts.selected_columns
    facts = facts.where(*conditions(raw, shape, only=True))
    if (
        cut
        and not listing.choosy
        and {shape.sort, *(name for name, _, _ in shape.filters)} <= set(raw.keys())
    ):
        facts = _ordered(facts, raw, listing, edition, shape)
    else:
        facts = fenced(facts)
    return listing.derive(edition, facts.subquery("g"))


def fenced(statement: Select[Any]) -> Select[Any]:
    """A step whose columns are worked out once a row, not once for each use further out."""
    return statement.offset(literal_column("0"))


class Prepared(NamedTuple):
    """A statement written out, with the values that it always has: all that is kept of it."""

    sql: str
    positions: tuple[str, ...] | None
    constants: dict[str, Any]

    def values_of(self, asked: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as the driver takes them
        """The values to run it with, in the driver's own forms."""
        if self.positions is None:
            return {**self.constants, **asked}
        values = {name: _sqlite_value(value) for name, value in asked.items()}
        return tuple(values[n] if n in values else self.constants[n] for n in self.positions)


def _sqlite_value(value: Any) -> Any:  # noqa: ANN401 - any bound value
    """SQLite has no dates; they are kept as text."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value


@lru_cache(maxsize=128)
def _prepared(listing: Listing, edition: Edition, shape: Shape, dialect: Dialect) -> Prepared:
    compiled = _statement(listing, edition, shape).compile(dialect=dialect)
    positions = getattr(compiled, "positiontup", None)
    return Prepared(str(compiled), tuple(positions) if positions else None, dict(compiled.params))


def _statement(listing: Listing, edition: Edition, shape: Shape) -> Select[Any]:
    if edition.copied and listing.copy is not None:
        return _copied(listing, listing.copy, edition, shape)
    rows = rows_of(listing, edition, shape, cut=True).c
    statement = select(*(rows[field.name] for field in listing.fields), rows[shape.sort].label("sort_key"))
    return _ordered(statement.where(*conditions(rows, shape)), rows, listing, edition, shape)


def _copied(listing: Listing, copy: Table, edition: Edition, shape: Shape) -> Select[Any]:
    """A page of copied rows: placed by an index where one fits, and only then read whole.

    Missing values stand last, in a part of their own, so that each part is in an index's order.
    """
    rows = copy.c
    if shape.sort == "id" and not shape.filters:
        statement = select(rows.id, rows.answer, rows.id.label("sort_key"))
        return _ordered(statement, rows, listing, edition, shape)
    found = select(rows.id, _sortable(rows, listing, shape.sort, edition).label("sort_key"))
    parts = list(_parts(found.where(*conditions(rows, shape)), rows, listing, edition, shape))
    limit: ColumnElement[int] = literal_column(str(shape.limit + 1))
    both = union_all(*(select(part.limit(limit).subquery(f"p{n}")) for n, part in enumerate(parts)))
    placed = both.limit(limit).subquery("p")
    whole = select(rows.id, rows.answer, placed.c.sort_key).join(placed, placed.c.id == rows.id)
    key = placed.c.sort_key
    return whole.order_by(key.is_(None), key.desc() if shape.descending else key, rows.id)


def _parts(
    found: Select[Any], rows: Columns, listing: Listing, edition: Edition, shape: Shape
) -> Iterator[Select[Any]]:
    """The rows with a value to sort by, and then those without, from where the page before ended."""
    key = _sortable(rows, listing, shape.sort, edition)
    after_id: ColumnElement[Any] = bindparam("after_id")
    if shape.sort == "id":
        yield _ordered(found, rows, listing, edition, shape)
        return
    if shape.after != "missing":
        present = found.where(key.is_not(None))
        if shape.after:
            value: ColumnElement[Any] = bindparam("after_value")
            reached = key <= value if shape.descending else key >= value
            present = present.where(reached, or_(key != value, rows.id > after_id))
        yield present.order_by(key.desc() if shape.descending else key, rows.id)
    if rows[shape.sort].nullable:
        missing = found.where(key.is_(None))
        if shape.after == "missing":
            missing = missing.where(rows.id > after_id)
        yield missing.order_by(rows.id)


def _ordered(
    statement: Select[Any], columns: Columns, listing: Listing, edition: Edition, shape: Shape
) -> Select[Any]:
    """Sorted, from where the page before ended, one row more than the page."""
    if shape.after:
        key, row_id = (_sortable(columns, listing, name, edition) for name in (shape.sort, "id"))
        statement = statement.where(_beyond(key, row_id, shape))
    order = order_of(columns, listing, edition, shape)
    return statement.order_by(*order).limit(literal_column(str(shape.limit + 1)))


def order_of(columns: Columns, listing: Listing, edition: Edition, shape: Shape) -> list[ColumnElement[Any]]:
    """What rows are sorted by; missing values stand last, and the id decides between equal ones."""
    key, row_id = (_sortable(columns, listing, name, edition) for name in (shape.sort, "id"))
    ordered = key.desc() if shape.descending else key.asc()
    return [ordered] if shape.sort == "id" else [key.is_(None), ordered, row_id]


@lru_cache(maxsize=64)
def _count(listing: Listing, edition: Edition, shape: Shape) -> Select[Any]:
    rows = rows_of(listing, edition, shape)
    return select(func.count()).select_from(rows).where(*conditions(rows.c, shape))


@lru_cache(maxsize=64)
def _distinct(listing: Listing, edition: Edition, column: str) -> Select[Any]:
    values = rows_of(listing, edition, Shape.of(Question())).c[column]
    return select(values).where(values.is_not(None)).distinct().order_by(values)


def conditions(columns: Columns, shape: Shape, *, only: bool = False) -> Iterator[ColumnElement[bool]]:
    """A shape's filters on a list's columns; with `only`, those on columns that are there."""
    for place, (name, relation, count) in enumerate(shape.filters):
        if only and name not in columns:
            continue
        column = columns[name]
        values: list[ColumnElement[Any]] = [bindparam(f"f{place}_{number}") for number in range(count)]
        if relation == "min":
            yield column >= values[0]
        elif relation == "max":
            yield column <= values[0]
        else:
            yield column.in_(values)


def _sortable(columns: Columns, listing: Listing, name: str, edition: Edition) -> ColumnElement[Any]:
    """A column as it is sorted: texts by code point, on whatever database."""
    column: ColumnElement[Any] = columns[name]
    if listing.names[name].form == "text" and edition.dialect == "postgresql":
        return column.collate("C")
    return column


def _beyond(key: ColumnElement[Any], row_id: ColumnElement[Any], shape: Shape) -> ColumnElement[bool]:
    """What comes after the last row of the page before; missing values stand last."""
    after_id: ColumnElement[Any] = bindparam("after_id")
    if shape.sort == "id":
        return row_id < after_id if shape.descending else row_id > after_id
    if shape.after == "missing":
        return and_(key.is_(None), row_id > after_id)
    value: ColumnElement[Any] = bindparam("after_value")
    further = key < value if shape.descending else key > value
    return or_(further, and_(key == value, row_id > after_id), key.is_(None))
