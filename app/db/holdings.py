"""What a database of any version holds that cannot be made anew, by its own account."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Integer, MetaData, Numeric, String, func, inspect, select

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Column, ColumnElement, Connection, Table
    from sqlalchemy.types import TypeEngine

_MADE_ANEW = {
    "released_copy",
    "released_observation",
    "released_observation_line",
    "change_count",
    "alembic_version",
}
"""Copies of releases, and what the database says of itself."""


class Holding(NamedTuple):
    """A table's rows, and for each column its type and how many rows say something there."""

    rows: int
    columns: Mapping[str, tuple[TypeEngine[object], int]]


def stored_tables(connection: Connection) -> list[Table]:
    """The tables as the database has them, each after those that it refers to."""
    metadata = MetaData()
    names = [name for name in inspect(connection).get_table_names() if name not in _MADE_ANEW]
    metadata.reflect(connection, only=names)
    return metadata.sorted_tables


def rows_held(connection: Connection) -> dict[str, int]:
    """How many rows each table has, of those that have any."""
    counts = {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in stored_tables(connection)
    }
    return {name: rows for name, rows in counts.items() if rows}


def holdings(connection: Connection) -> dict[str, Holding]:
    """What each table holds, of those that have rows."""
    found = ((table.name, _holding(connection, table)) for table in stored_tables(connection))
    return {name: holding for name, holding in found if holding.rows}


def losses(before: Mapping[str, Holding], after: Mapping[str, Holding], moved: set[str]) -> list[str]:
    """What was held before and no longer is, in words; `moved` is held under another name."""
    lost: list[str] = []
    for name, holding in before.items():
        if name not in moved:
            left = after.get(name)
            lost += [f"{name} ({holding.rows} rows)"] if left is None else _lost(name, holding, left, moved)
    return lost


def _lost(name: str, before: Holding, after: Holding, moved: set[str]) -> Iterator[str]:
    if after.rows < before.rows:
        yield f"{name} ({before.rows - after.rows} of {before.rows} rows)"
        return
    for column, (kind, said) in before.columns.items():
        if said and f"{name}.{column}" not in moved:
            left, still = after.columns.get(column, (None, 0))
            if still < said:
                yield f"{name}.{column} (said in {said - still} rows)"
            elif left is not None and not _has_room(kind, left):
                yield f"{name}.{column} (said in {said} rows, {kind} becomes {left})"


def _has_room(before: TypeEngine[object], after: TypeEngine[object]) -> bool:
    """Whether all that a column may have said can still be said."""
    if str(before) == str(after):
        return True
    match before, after:
        case Numeric(), Numeric():
            places, digits = (
                (before.scale or 0, after.scale or 0),
                (before.precision or 0, after.precision or 0),
            )
            return places[1] >= places[0] and digits[1] - places[1] >= digits[0] - places[0]
        case String(), String():
            return after.length is None or (before.length or after.length + 1) <= after.length
        case Integer(), Integer():
            return "BIG" in str(after)
    return False


def _holding(connection: Connection, table: Table) -> Holding:
    said = [func.count(_something(column)) for column in table.columns]
    rows, *counts = connection.execute(select(func.count(), *said).select_from(table)).one()
    return Holding(rows, {c.name: (c.type, n) for c, n in zip(table.columns, counts, strict=True)})


def _something(column: Column[object]) -> ColumnElement[object]:
    """A column's value, missing where it is an empty text."""
    return func.nullif(column, "") if isinstance(column.type, String) else column
