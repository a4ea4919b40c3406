"""PostgreSQL as a database that is read: its answers are waited for in threads, to hold nobody else up."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import psycopg

from app.db.connections import reading_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

T = TypeVar("T")
CONNECTIONS = 10
"""How many questions are worked on side by side, for each process that asks."""
CHANGES = "SELECT value FROM change_count"


class Postgres:
    """A PostgreSQL server, the primary or a standby."""

    def __init__(self, url: str) -> None:
        self._engine = reading_engine(url, CONNECTIONS)
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="reading")
        self._counting: psycopg.AsyncConnection[tuple[int]] | None = None
        self._begun: asyncio.Task[int] | None = None
        self._awaited: asyncio.Task[int] | None = None

    async def ask(self, question: Callable[[Connection], T]) -> T:
        """Put a question to one state of the database."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, question)

    def _ask(self, question: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:
            return question(connection)

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
            _, address = self._engine.dialect.create_connect_args(self._engine.url)
            connect = psycopg.AsyncConnection[tuple[int]].connect
            self._counting = await connect(**address, autocommit=True, prepare_threshold=0)
        found = await (await self._counting.execute(CHANGES)).fetchone()
        return found[0] if found else 0

    async def close(self) -> None:
        """Let go of all connections."""
        if self._counting is not None:
            await self._counting.close()
        self._threads.shutdown()
        self._engine.dispose()
