"""PostgreSQL as a database that is read: its answers are waited for in threads, to hold nobody else up."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import DBAPIError

from app.db.connections import reading_engine
from app.db.failures import is_worth_repeating
from app.db.limits import Limits, arguments
from app.db.silences import AsyncConnection
from app.db.streams import Streams
from app.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator

    from sqlalchemy import Connection

T = TypeVar("T")
CONNECTIONS = 10
"""How many questions are worked on side by side, for each process that asks."""
COUNTING = 3.0
"""Seconds that a count may take; who gets none asks the question itself."""
CHANGES = "SELECT value FROM change_count"


class Postgres:
    """A PostgreSQL server, the primary or a standby."""

    def __init__(self, url: str, limits: Limits) -> None:
        self._limits = limits
        self._engine = reading_engine(url, CONNECTIONS, limits)
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="reading")
        self._places = asyncio.Semaphore(CONNECTIONS)
        self._streams = Streams(url, limits)
        self._counting: AsyncConnection | None = None
        self._begun: asyncio.Task[int] | None = None
        self._awaited: asyncio.Task[int] | None = None

    async def ask(self, question: Callable[[Connection], T]) -> T:
        """Put a question to one state of the database. Raises Unavailable where all others take too long."""
        try:
            async with asyncio.timeout(self._limits.place or None):
                await self._places.acquire()
        except TimeoutError:
            raise Unavailable("The database is busy.") from None
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, question)
        finally:
            self._places.release()

    def _ask(self, question: Callable[[Connection], T]) -> T:
        try:
            return self._put(question)
        except DBAPIError as error:
            if not is_worth_repeating(error):
                raise
        return self._put(question)

    def _put(self, question: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:
            return question(connection)

    def stream(self, question: Callable[[Connection], Iterator[T]]) -> AsyncGenerator[T]:
        """Put a question with a long answer to one state of the database; see `Streams.read`."""
        return self._streams.read(question)

    async def changes(self) -> int:
        """One count serves all who asked before it began, however many they are."""
        if self._awaited is None:
            self._awaited = asyncio.create_task(self._count_after(self._begun))
        return await asyncio.shield(self._awaited)

    async def _count_after(self, earlier: asyncio.Task[int] | None) -> int:
        if earlier is not None:
            await asyncio.wait([earlier])
        self._begun, self._awaited = self._awaited, None
        if self._counting is None or self._counting.closed:
            self._counting = await self._connect()
        found = await (await self._counting.execute(CHANGES)).fetchone()
        return int(found[0]) if found else 0

    async def _connect(self) -> AsyncConnection:
        _, address = self._engine.dialect.create_connect_args(self._engine.url)
        told = {**address, **arguments(self._engine.url, self._limits)}
        connection = await AsyncConnection.connect(**told, autocommit=True, prepare_threshold=0)
        connection.silence = COUNTING if self._limits.statement else None
        return connection

    async def close(self) -> None:
        """Let go of all connections."""
        if self._counting is not None:
            await self._counting.close()
        self._threads.shutdown()
        self._engine.dispose()
        await self._streams.close()
