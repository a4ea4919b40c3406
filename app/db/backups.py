"""Backups: all that a database holds at one moment, for a database of either kind."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table, func, inspect, make_url, select, text

from app.db.archives import Manifest, insert_rows, read_manifest, sum_of, write_archive
from app.db.connections import is_sqlite, reading_engine, writing_engine
from app.db.holdings import rows_held, stored_tables
from app.db.migrations import known_versions, make_folder, migrate_on, take_turn, version_of
from app.db.snapshots import CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AHEAD = 1_000_000
"""How far the count of changes goes on beyond a backup's: further than it can have come since.

Whoever keeps answers of a state that is gone must never meet its count again.
"""


class BackupRefusedError(Exception):
    """A backup was not made or not restored, and why; nothing was changed."""


def back_up(url: str, path: Path, *, force: bool = False) -> Manifest:
    """Write a backup of what a database holds now, while others write; the file is there when it is whole.

    Raises BackupRefusedError where the file is there already, unless it may be replaced, or the database
    is of no version that this program knows.
    """
    if path.exists() and not force:
        raise BackupRefusedError(f"{path} is there already")
    target = make_url(url)
    if is_sqlite(target) and not Path(str(target.database)).exists():
        raise BackupRefusedError("there is no database")
    engine = reading_engine(url, 1)
    try:
        with engine.connect() as connection, _becoming(path, force=force) as file:
            _in_utc(connection)
            version = version_of(connection)
            if version not in known_versions():
                raise BackupRefusedError("the database is not migrated, or by a newer program")
            tables = stored_tables(connection)
            manifest = write_archive(file, connection, tables, version=version, changes=_changes(connection))
            if read_manifest(file) != manifest:
                raise BackupRefusedError("what was written does not read the same")
            return manifest
    finally:
        engine.dispose()


def restore(url: str, path: Path, *, force: bool = False) -> Manifest:
    """Put what a backup holds into a database, in one transaction, and bring that up to date.

    What is there afterwards was read again and is what the backup says. Raises ArchiveError for a file
    that is no backup; BackupRefusedError for one of a newer program, or a database that holds anything,
    unless that may be thrown away.
    """
    manifest = read_manifest(path)
    if manifest.version not in known_versions():
        raise BackupRefusedError(f"it is of version {manifest.version}, which this program does not know")
    make_folder(url)
    engine = writing_engine(url)
    try:
        with engine.begin() as connection:
            _in_utc(connection)
            changes = _emptied(connection, force=force)
            migrate_on(connection, manifest.version, discard=True)
            _fill(connection, path, manifest)
            migrate_on(connection)
            connection.execute(
                text("UPDATE change_count SET value = :value"),
                {"value": max(changes, manifest.changes) + AHEAD},
            )
    finally:
        engine.dispose()
    return manifest


@contextmanager
def _becoming(path: Path, *, force: bool) -> Iterator[Path]:
    """A file that nobody else may read, in the place of `path` once it is on disk."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    file = Path(name)
    try:
        yield file
        os.fsync(handle)
        if force:
            file.replace(path)
        else:
            path.hardlink_to(file)
        _flush(path.parent)
    except FileExistsError:
        raise BackupRefusedError(f"{path} is there already") from None
    finally:
        os.close(handle)
        file.unlink(missing_ok=True)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _changes(connection: Connection) -> int:
    """The count of changes; none before the migration that began to count."""
    counted = inspect(connection).has_table("change_count")
    return int(connection.exec_driver_sql(CHANGES).scalar_one()) if counted else 0


def _in_utc(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))


def _emptied(connection: Connection, *, force: bool) -> int:
    """Take all tables away, and say what the count of changes had come to."""
    take_turn(connection)
    version = version_of(connection)
    if version is None and not inspect(connection).get_table_names():
        return 0
    if version not in known_versions():
        raise BackupRefusedError("the database is not Outturn's, or of a newer program")
    _lock(connection, stored_tables(connection))
    held = rows_held(connection)
    if held and not force:
        told = ", ".join(f"{name} ({rows} rows)" for name, rows in held.items())
        raise BackupRefusedError(f"the database holds {told}")
    changes = _changes(connection)
    migrate_on(connection, "base", discard=True)
    return changes


def _lock(connection: Connection, tables: Sequence[Table]) -> None:
    """Let nobody write between the look at what is there and its end; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql" and tables:
        quote = connection.dialect.identifier_preparer.quote
        names = ", ".join(quote(table.name) for table in tables)
        connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))


def _fill(connection: Connection, path: Path, manifest: Manifest) -> None:
    tables = stored_tables(connection)
    if {table.name for table in tables} != manifest.tables.keys():
        raise BackupRefusedError("its tables are not those of its version")
    with _untriggered(connection, tables):
        insert_rows(path, connection, tables)
    _set_sequences(connection, tables)
    for table in tables:
        if sum_of(connection, table) != manifest.tables[table.name]:
            raise BackupRefusedError(f"the rows of {table.name} do not read as they were written")


@contextmanager
def _untriggered(connection: Connection, tables: Sequence[Table]) -> Iterator[None]:
    """While rows come back that were there before: nothing is counted or refused."""
    if connection.dialect.name == "postgresql":
        quote = connection.dialect.identifier_preparer.quote
        names = [quote(table.name) for table in tables]
        off = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in names]
        on = [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in names]
    else:
        found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        triggers = found.all()
        off = [f"DROP TRIGGER {name}" for name, _ in triggers]
        on = [made for _, made in triggers]
    for statement in off:
        connection.exec_driver_sql(statement)
    yield
    for statement in on:
        connection.exec_driver_sql(statement)


def _set_sequences(connection: Connection, tables: Sequence[Table]) -> None:
    """The next number that PostgreSQL gives out is beyond all that are there; SQLite looks by itself."""
    if connection.dialect.name != "postgresql":
        return
    quote = connection.dialect.identifier_preparer.quote
    for table in tables:
        for column in table.primary_key:
            sequence = connection.scalar(select(func.pg_get_serial_sequence(quote(table.name), column.name)))
            if sequence is not None:
                last = connection.scalar(select(func.max(column))) or 0
                connection.execute(select(func.setval(sequence, last + 1, False)))  # noqa: FBT003 - SQL's own
