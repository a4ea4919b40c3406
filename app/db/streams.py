"""Long answers, read bit by bit from one state of the database while somebody takes them away."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from app.db.connections import reading_engine
from app.db.limits import UNHURRIED, Limits
from app.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Iterator

    from sqlalchemy import Connection

T = TypeVar("T")
PLACES = 8
"""How many long answers a process reads side by side; each holds a connection and its state."""
WAIT = 5.0
"""Seconds that one more waits for a place, where no limit says otherwise."""
STEPS = 1_000_000
"""Steps of SQLite's machine between two looks at whether anybody still wants the answer."""


class Streams:
    """Connections of their own for long answers, so that none of them holds up a short one."""

    def __init__(self, url: str, limits: Limits = UNHURRIED) -> None:
        """Nothing is opened before the first is asked for."""
        self._engine = reading_engine(url, PLACES, limits)
        self._wait = limits.place or WAIT
        self._places = asyncio.Semaphore(PLACES)
        self._ending: set[asyncio.Future[None]] = set()

    async def read(self, question: Callable[[Connection], Iterator[T]]) -> AsyncGenerator[T]:
        """What a question gives, all of one state, bit by bit.

        The first bit is asked for alone; from the second on, one is read while another is taken away.
        Whoever leaves early ends the question. Raises Unavailable where no place is free.
        """
        await self._take_place()
        running, left = asyncio.get_running_loop(), Event()
        thread = ThreadPoolExecutor(1, thread_name_prefix="streaming")
        bits = self._bits(question, left)
        try:
            coming = running.run_in_executor(thread, next, bits, None)
            if (bit := await coming) is not None:
                yield bit
                coming = running.run_in_executor(thread, next, bits, None)
            while (bit := await coming) is not None:
                coming = running.run_in_executor(thread, next, bits, None)
                yield bit
        finally:
            left.set()
            if not coming.cancel() and not coming.cancelled():
                coming.exception()  # what was read ahead failed, and nobody waits for it any more
            ending = running.run_in_executor(thread, bits.close)
            self._ending.add(ending)
            ending.add_done_callback(self._free_place)
            thread.shutdown(wait=False)

    async def _take_place(self) -> None:
        try:
            async with asyncio.timeout(self._wait):
                await self._places.acquire()
        except TimeoutError:
            raise Unavailable("Too many long answers are under way.") from None

    def _free_place(self, ended: asyncio.Future[None]) -> None:
        self._ending.discard(ended)
        self._places.release()

    def _bits(self, question: Callable[[Connection], Iterator[T]], left: Event) -> Generator[T]:
        """The answer, on a connection that is given back when it ends."""
        with self._engine.connect() as connection, _ended_by(left, connection):
            yield from question(connection)

    async def close(self) -> None:
        """Let go of all connections, once nobody reads any more."""
        if self._ending:
            await asyncio.wait(self._ending)
        self._engine.dispose()


@contextmanager
def _ended_by(left: Event, connection: Connection) -> Iterator[None]:
    """Have SQLite stop once an event is set; PostgreSQL has a limit for each statement."""
    file = connection.connection.driver_connection
    if not isinstance(file, sqlite3.Connection):
        yield
        return
    file.set_progress_handler(left.is_set, STEPS)
    try:
        yield
    finally:
        file.set_progress_handler(None, 0)
