"""Work that goes on beside answering: again and again, until the service ends."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

logger = logging.getLogger(__name__)


@asynccontextmanager
async def alongside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let work go on until the block ends, wherever it is by then."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Chore:
    """Work to be done now, after each pause, and when it is woken; what fails is logged, and tried again."""

    def __init__(self, work: Callable[[], Awaitable[None]], pause: float, failure: str) -> None:
        """Pause for so many seconds; `failure` says in the log what could not be done."""
        self._work, self._pause, self._failure = work, pause, failure
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    async def run(self) -> None:
        """Do it until it is cancelled; who wakes it meanwhile has it done once more."""
        while True:
            self._woken.clear()
            try:
                await self._work()
            except Exception:
                logger.exception(self._failure)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), self._pause)
