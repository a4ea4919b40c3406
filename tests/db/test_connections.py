"""Connections: which database, what SQLite is told, and who may write."""

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import OperationalError

from app.db.connections import (
    BUSY_MILLISECONDS,
    dialect_of,
    is_sqlite,
    reading_engine,
    writing_engine,
)


def test_the_dialect_of_a_connection_is_the_one_rules_are_compiled_for(engine: Engine) -> None:
    with engine.connect() as connection:
        assert dialect_of(connection) == ("sqlite" if is_sqlite(engine.url) else "postgresql")


def test_an_address_tells_the_database() -> None:
    assert is_sqlite(make_url("sqlite:///outturn.db"))
    assert not is_sqlite(make_url("postgresql://localhost/outturn"))


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", BUSY_MILLISECONDS),
    ],
)
def test_sqlite_is_told_to_be_safe(pragma: str, value: object, sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as connection:
        assert connection.scalar(text(f"PRAGMA {pragma}")) == value


def test_a_second_writer_on_sqlite_waits_and_gives_up(sqlite_url: str) -> None:
    first, second = writing_engine(sqlite_url), writing_engine(sqlite_url)

    with first.begin(), pytest.raises(OperationalError, match="database is locked"):
        second.connect().execute(text("SELECT 1"))

    first.dispose()
    second.dispose()


def test_what_is_rolled_back_never_was_not_even_a_table(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE gone (id INTEGER)"))
        connection.rollback()

    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE gone (id INTEGER)"))
        connection.execute(text("DROP TABLE gone"))


def test_a_reader_sees_one_state_of_the_database(database_url: str) -> None:
    writer, reader = writing_engine(database_url), reading_engine(database_url)
    with writer.begin() as connection:
        connection.execute(text("CREATE TABLE seen (id INTEGER)"))

    with reader.connect() as reading:
        before = reading.scalar(text("SELECT count(*) FROM seen"))
        with writer.begin() as connection:
            connection.execute(text("INSERT INTO seen VALUES (1)"))
        during = reading.scalar(text("SELECT count(*) FROM seen"))
    with reader.connect() as reading:
        after = reading.scalar(text("SELECT count(*) FROM seen"))

    assert (before, during, after) == (0, 0, 1)
    with writer.begin() as connection:
        connection.execute(text("DROP TABLE seen"))
    writer.dispose()
    reader.dispose()
