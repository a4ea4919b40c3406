"""An answer on its way out, with what every answer carries: tag, freshness, what it varies by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xxhash

from app.routers.headers import merged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from starlette.types import Message, Send

    from app.routers.headers import Header

LONGEST_HELD = 2**20
"""How many bytes of an answer are held back to be tagged; a longer one is passed on as it comes."""

_OK, _FRESH = 200, frozenset({200, 206, 304})
_PUBLIC, _PRIVATE = b"public, max-age=60", b"private, no-store"
_VARY = (b"Authorization", b"Accept", b"Accept-Encoding")
_REPLACED = frozenset({b"cache-control", b"etag", b"vary"})


class Reply:
    """What stands between an application and `send` for one request.

    Parts are held back until the body is whole, so that a failure until then can still be told, and
    so that the tag is of all of it.
    """

    def __init__(self, method: str, asked: Mapping[bytes, bytes], send: Send) -> None:
        """Answer a method and its headers, by name in lower case; nothing has gone out yet."""
        self.started = False
        self.also: list[Header] = []
        """What is said beside what the application says, however it answers."""
        self._send = send
        self._reads = method == "GET"
        self._private = b"authorization" in asked

    async def send(self, message: Message) -> None:
        """Take a message from the application."""
        if message["type"] == "http.response.start":
            self._begin(message)
        elif self.started:
            await self._send(message)
        elif self._tags and message["type"] == "http.response.body":
            await self._hold(message)
        else:
            await self._open(message)

    def _begin(self, start: Message) -> None:
        """Take status and headers; what was held of an answer that failed is forgotten."""
        self._status: int = start["status"]
        self._headers: list[Header] = list(start.get("headers", ()))
        said = b", ".join(_all(self._headers, b"cache-control"))
        self._freshness = _PRIVATE if self._private else said
        if not self._freshness and self._reads and self._status in _FRESH:
            self._freshness = _PUBLIC
        self._tag = next(_all(self._headers, b"etag"), b"")
        self._tags = self._reads and self._status == _OK and not self._tag and b"no-store" not in said
        self._held: list[bytes] = []
        self._size = 0

    async def _hold(self, message: Message) -> None:
        """Hold back a part of the body until the body is whole, or too long to be held."""
        self._held.append(message.get("body", b""))
        self._size += len(self._held[-1])
        more = message.get("more_body", False)
        if more and self._size <= LONGEST_HELD:
            return
        body = b"".join(self._held)
        self._held.clear()
        if not more:
            self._tag = f'"{xxhash.xxh3_128_hexdigest(body)}"'.encode()
            if not any(_all(self._headers, b"content-length")):
                self._headers.append((b"content-length", b"%d" % len(body)))
        await self._open({**message, "body": body})

    async def _open(self, message: Message) -> None:
        """Send status and headers, and the first part of the body."""
        self.started = True
        headers = list(self._answered())
        await self._send({"type": "http.response.start", "status": self._status, "headers": headers})
        await self._send(message)

    def _answered(self) -> Iterator[Header]:
        yield from (header for header in self._headers if header[0] not in _REPLACED)
        if self._tag:
            yield b"etag", self._tag
        if self._freshness:
            yield b"cache-control", self._freshness
        yield from self.also
        yield b"vary", merged(_all(self._headers, b"vary"), _VARY)


def _all(headers: Iterable[Header], name: bytes) -> Iterator[bytes]:
    return (value for key, value in headers if key == name)
