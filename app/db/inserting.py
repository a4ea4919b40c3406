"""Many rows into a table at once: each value as its column keeps it, and no statement written twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table


def insert_rows(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows whose values stand in the order of some columns; the others take their defaults."""
    if not rows:
        return
    dialect = connection.dialect
    columns = [list(values) for values in zip(*rows, strict=True)]
    for name, values in zip(names, columns, strict=True):
        process = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if process is not None:
            values[:] = map(process, values)
    quoted = dialect.identifier_preparer
    head = f"{quoted.format_table(table)} ({', '.join(map(quoted.quote, names))})"
    places = ", ".join(["?" if dialect.paramstyle == "qmark" else "%s"] * len(names))
    statement = f"INSERT INTO {head} VALUES ({places})"  # noqa: S608 - names of our own
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def next_ids(connection: Connection, table: Table, count: int) -> list[int]:
    """As many ids as are wanted that no row of a table has or will be given by the database.

    On SQLite the transaction is the only one that writes.
    """
    if connection.dialect.name == "postgresql":
        serial = f"pg_get_serial_sequence('\"{table.name}\"', 'id')"
        sequence = text(f"SELECT nextval({serial}) FROM generate_series(1, :count)")  # noqa: S608 - a table of ours
        return list(connection.scalars(sequence, {"count": count}))
    last = connection.exec_driver_sql(f'SELECT max(id) FROM "{table.name}"').scalar() or 0  # noqa: S608 - a table of ours
    return list(range(last + 1, last + count + 1))
