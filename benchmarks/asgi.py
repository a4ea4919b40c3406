"""Outturn's application in this process, asked through its ASGI interface without a network."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from app.main import cached, create_app
from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp, Message


class Answer(NamedTuple):
    """A whole answer."""

    status: int
    headers: dict[str, str]
    body: bytes


@asynccontextmanager
async def started(database_url: str, **settings: Any) -> AsyncIterator[ASGIApp]:  # noqa: ANN401 - as Settings has them
    """The application on a database, started, as a server's process runs it."""
    chosen = Settings(database_url=database_url, **settings)
    app = create_app(chosen)
    async with app.router.lifespan_context(app):
        yield cached(app, chosen.cache_megabytes * 2**20)


async def ask(app: ASGIApp, address: str, **headers: str) -> Answer:
    """GET a path and query with the scope that a server makes of them; headers have underscores."""
    path, _, query = address.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [
            (b"host", b"127.0.0.1"),
            (b"accept", b"*/*"),
            *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()),
        ],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
    }
    start: Message = {}
    parts = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    told = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], told, b"".join(parts))
