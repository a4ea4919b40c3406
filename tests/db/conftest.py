"""Engines that write, on fresh databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from app.db.connections import writing_engine


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """Write to each kind of database, as the service does."""
    engine = writing_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    """Write to SQLite only."""
    engine = writing_engine(sqlite_url)
    yield engine
    engine.dispose()
