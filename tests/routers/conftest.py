"""The application on the demo's data, on both databases, and a client that speaks to it."""

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from tests.demo import load_demo
from tests.routers.serving import serving


@pytest.fixture(scope="module")
async def client(database_url: str) -> AsyncIterator[AsyncClient]:
    """Speak to the application; its database holds the demo."""
    load_demo(database_url)
    async with serving(database_url) as client:
        yield client
