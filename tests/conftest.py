"""Fixtures every test may use: an event loop, and fresh databases of both kinds."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.databases import REBUILDING, PostgresServer, fresh_sqlite, running_postgres

# A shared machine is slow at times: how long a case takes says nothing of whether it holds.
settings.register_profile("outturn", settings(deadline=None))
settings.load_profile("outturn")

READING = {
    "copies": {},
    "rules": {"OUTTURN_READ_MODEL": "0", "OUTTURN_CACHE_MEGABYTES": "0"},
    "rebuilt": {REBUILDING: "1"},
}
"""What the environment says for each way of reading the demo."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the suite be run on whatever the service may read from."""
    told = "how lists are read: from copies and kept answers, by the rules alone, or from copies made anew"
    parser.addoption("--reading", choices=[*READING], default="copies", help=told)


def pytest_configure(config: pytest.Config) -> None:
    """Tell the service how to read, in this process and in those that tests start."""
    os.environ.update(READING[config.getoption("reading")])


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run every async test and fixture on asyncio, the one loop the service runs on."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Run one PostgreSQL server for the whole suite; a test that needs it fails without it."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def sqlite_url() -> Iterator[str]:
    """Give the module a SQLite database of its own, empty."""
    with fresh_sqlite() as url:
        yield url


@pytest.fixture(scope="module")
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Give the module a PostgreSQL database of its own, empty."""
    with postgres_server.fresh_database() as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Run the module's tests once on each kind of database, each fresh and empty."""
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    url: str = request.getfixturevalue(fixture)
    return url
