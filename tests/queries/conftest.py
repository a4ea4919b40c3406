"""The demo on a database of each kind, loaded once for all who only read it, and clients that speak to it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from httpx import AsyncClient

from app.db.migrations import migrate
from tests.databases import PostgresServer, fresh_sqlite
from tests.demo import load_demo
from tests.routers.serving import serving


@pytest.fixture(scope="session")
def demo_on_sqlite() -> Iterator[str]:
    """Load the demo into a SQLite database that nobody writes to."""
    with fresh_sqlite() as url:
        load_demo(url)
        yield url


@pytest.fixture(scope="session")
def demo_on_postgresql(postgres_server: PostgresServer) -> Iterator[str]:
    """Load the demo into a PostgreSQL database that nobody writes to."""
    with postgres_server.fresh_database() as url:
        load_demo(url)
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def demo_url(request: pytest.FixtureRequest) -> str:
    """Run the module's tests on each kind of database that holds the demo."""
    url: str = request.getfixturevalue(f"demo_on_{request.param}")
    return url


@pytest.fixture(scope="module")
async def client(demo_url: str) -> AsyncIterator[AsyncClient]:
    """Speak to the application; its database holds the demo."""
    async with serving(demo_url) as client:
        yield client


@pytest.fixture(scope="module")
async def first_client(database_url: str) -> AsyncIterator[AsyncClient]:
    """Speak to the application; its database is migrated, and holds nothing yet."""
    migrate(database_url)
    async with serving(database_url) as client:
        yield client
