"""A migrated database of each kind, and a session on it that leaves nothing behind."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.db.migrations import migrate


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """Connections to the module's database, brought up to date."""
    migrate(database_url)
    engine = writing_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Give a session whose work is rolled back."""
    with Session(engine) as session:
        yield session
        session.rollback()
