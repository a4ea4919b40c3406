"""The three readers, each on fresh ground."""

from collections.abc import Iterator

import pytest

from app.db.connections import writing_engine
from tests.rules.readers import Reader, read_plainly, reader_of


@pytest.fixture(scope="module", params=["plain", "sqlite", "postgresql"])
def reader(request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Read trees in each of the three ways."""
    if request.param == "plain":
        yield read_plainly
        return
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    engine = writing_engine(request.getfixturevalue(fixture))
    yield reader_of(engine)
    engine.dispose()
