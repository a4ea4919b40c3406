"""The database's shape: up, down, up again, and no difference from the entities."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, text
from sqlmodel import SQLModel

from app import entities
from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.db.versions import is_current, newest


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Connections to the database under test, brought up to date."""
    migrate(database_url)
    engine = writing_engine(database_url)
    yield engine
    engine.dispose()


def is_up_to_date(url: str) -> bool:
    engine = writing_engine(url)
    with engine.connect() as connection:
        current = is_current(connection)
    engine.dispose()
    return current


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def differences(connection: Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))


def test_up_makes_every_table_and_down_leaves_none(database_url: str) -> None:
    before = is_up_to_date(database_url)
    migrate(database_url)
    engine = writing_engine(database_url)
    up = tables(engine)
    current = is_up_to_date(database_url)
    migrate(database_url, "base")
    down = tables(engine)
    after = is_up_to_date(database_url)
    migrate(database_url)
    again = tables(engine)
    engine.dispose()

    assert (before, current, after) == (False, True, False)
    assert up == again == {*SQLModel.metadata.tables, "alembic_version"}
    assert down == {"alembic_version"}


def test_migrating_twice_changes_nothing(database_url: str, engine: Engine) -> None:
    migrate(database_url)

    with engine.connect() as connection:
        assert is_current(connection)


def test_migrations_and_entities_say_the_same(engine: Engine) -> None:
    assert entities.__all__
    with engine.connect() as connection:
        assert differences(connection) == []


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX ix_observation_standing",
        "ALTER TABLE observation ADD COLUMN mood VARCHAR",
        "ALTER TABLE observation DROP COLUMN footnote",
        "DROP TABLE note",
    ],
)
def test_a_difference_would_be_told(engine: Engine, change: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(change))
        found = differences(connection)
        connection.rollback()

    assert len(found) >= 1


def test_exact_columns_are_numeric_or_whole_units(engine: Engine) -> None:
    columns = {column["name"]: str(column["type"]) for column in inspect(engine).get_columns("observation")}

    whole = engine.dialect.name == "sqlite"
    assert columns["value"] == ("BIGINT" if whole else "NUMERIC(14, 4)")
    assert columns["numerator"] == ("BIGINT" if whole else "NUMERIC(12, 2)")


def test_an_sqlite_file_is_made_with_its_folder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'var' / 'outturn.db'}"

    migrate(url)

    assert is_up_to_date(url)


def test_the_newest_migration_is_the_one_that_all_others_lead_to(engine: Engine) -> None:
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_heads() == (newest(),)
