"""Fixtures every test may use: an event loop, and fresh databases of both kinds."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.databases import PostgresServer, fresh_sqlite, running_postgres

# A shared machine is slow at times: how long a case takes says nothing of whether it holds.
settings.register_profile("outturn", settings(deadline=None))
settings.load_profile("outturn")

READING = {
    "copies": {},
    "rules": {"OUTTURN_READ_MODEL": "0", "OUTTURN_CACHE_MEGABYTES": "0"},
}
"""What the environment says for each way of reading the demo."""
FROM_COPIES = ("/v1/observations", "/v1/findings", "/v1/scorecards")
"""The lists that are ever read from copies; all others go by the rules whatever the environment says."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the suite be run on whatever the service may read from."""
    told = "how lists are read: from copies and kept answers, or by the rules alone"
    parser.addoption("--reading", choices=[*READING], default="copies", help=told)


def pytest_configure(config: pytest.Config) -> None:
    """Tell the service how to read, in this process and in those that tests start."""
    os.environ.update(READING[config.getoption("reading")])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """By the rules alone, leave out what is read in the same way as without being told."""
    if config.getoption("reading") != "rules":
        return
    same = [item for item in items if not _may_differ(item)]
    config.hook.pytest_deselected(items=same)
    items[:] = [item for item in items if _may_differ(item)]


def _may_differ(item: pytest.Item) -> bool:
    """Whether a test is not of one list, or is of a list that may be read from copies."""
    of = getattr(item, "callspec", None)
    path = getattr(of.params.get("route"), "path", None) if of else None
    return path is None or path.startswith(FROM_COPIES)


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
