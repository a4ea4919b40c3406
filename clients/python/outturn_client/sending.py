"""How a request is sent: again when the service says, and for an answer only where it has changed."""

import asyncio
import time

import httpx

from .kept import Kept
from .waiting import wait_before


class Sending(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport for both kinds of httpx client, each over connections of its own."""

    def __init__(
        self,
        inner: httpx.BaseTransport,
        async_inner: httpx.AsyncBaseTransport,
        *,
        attempts: int,
        longest: float,
        keep: int,
    ) -> None:
        """Send over what is given, so often at most, after no longer a wait; so many answers are kept."""
        self._attempts = attempts
        self._longest = longest
        self._kept = Kept(keep)
        self._inner = inner
        self._async_inner = async_inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and wait for as long as the service asks."""
        self._kept.ask(request)
        last = self._last(request)
        for attempt in range(1, last + 1):
            response = self._inner.handle_request(request)
            wait = self._wait(request, response, attempt, last)
            if wait is None:
                break
            response.close()
            time.sleep(wait)
        if self._kept.concerns(request, response):
            response.read()
            return self._kept.answer(request, response)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and wait for as long as the service asks."""
        self._kept.ask(request)
        last = self._last(request)
        for attempt in range(1, last + 1):
            response = await self._async_inner.handle_async_request(request)
            wait = self._wait(request, response, attempt, last)
            if wait is None:
                break
            await response.aclose()
            await asyncio.sleep(wait)
        if self._kept.concerns(request, response):
            await response.aread()
            return self._kept.answer(request, response)
        return response

    def close(self) -> None:
        """Close the connections of the sync client."""
        self._inner.close()

    async def aclose(self) -> None:
        """Close the connections of the async client."""
        await self._async_inner.aclose()

    def _last(self, request: httpx.Request) -> int:
        """How often a request may be sent: once where its body is gone with that."""
        return self._attempts if isinstance(request.stream, httpx.ByteStream) else 1

    def _wait(
        self, request: httpx.Request, response: httpx.Response, attempt: int, last: int
    ) -> float | None:
        return None if attempt == last else wait_before(request, response, attempt, self._longest)
