"""A client that speaks to the application on the demo's data, and one on databases of its own."""

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from app.db.migrations import migrate
from tests.routers.serving import load_demo, serving


@pytest.fixture(scope="module")
async def client(database_url: str) -> AsyncIterator[AsyncClient]:
    """Speak to the application; its database holds the demo."""
    load_demo(database_url)
    async with serving(database_url) as client:
        yield client


@pytest.fixture(scope="module")
async def first_client(database_url: str) -> AsyncIterator[AsyncClient]:
    """Speak to the application; its database is migrated, and holds nothing yet."""
    migrate(database_url)
    async with serving(database_url) as client:
        yield client
