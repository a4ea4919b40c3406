"""Where questions are put: each sees one state of the database, and holds nobody else up."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from app.db.connections import BUSY_MILLISECONDS, is_sqlite, reading_engine
from app.db.limits import UNHURRIED, Limits
from app.db.streams import Streams

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator

    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")
THREADS = 4
"""How many long questions SQLite works on side by side."""
STEPS = 1000
"""Steps of SQLite's machine between two looks at the time that a question takes."""
SHORT = 25
"""How many times a thousand steps a question may take before it goes to a thread: about a millisecond."""
LONG = 2**62
CHANGES = "SELECT value FROM change_count"


class Snapshots(Protocol):
    """A database that is read."""

    async def ask(self, question: Callable[[Connection], T]) -> T:
        """Put a question to one state of the database; it may be put twice, and must change nothing."""

    def stream(self, question: Callable[[Connection], Iterator[T]]) -> AsyncGenerator[T]:
        """Put a question with a long answer to one state of the database; see `Streams.read`."""

    async def changes(self) -> int:
        """How many changes were made to what is read, those before this call at least."""

    async def close(self) -> None:
        """Let go of all connections."""


def snapshots(url: str, limits: Limits = UNHURRIED) -> Snapshots:
    """The database at an address, opened when it is first asked; the limits are PostgreSQL's."""
    if is_sqlite(make_url(url)):
        return _Sqlite(url)
    from app.db.postgres import Postgres  # noqa: PLC0415 - its driver takes long to start, for nothing on SQLite

    return Postgres(url, limits)


class _Sqlite:
    """An SQLite file: it is asked where the asker stands, and in a thread if that takes too long.

    A step to a thread and back costs more than most questions do. One question is answered in a turn of
    the loop, as uvloop takes one new connection in a turn: it would wait for all who are connected.
    """

    def __init__(self, url: str) -> None:
        self._engine = reading_engine(url, THREADS + 1)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="reading")
        self._turn = asyncio.Lock()
        self._counting: sqlite3.Connection | None = None
        self._streams = Streams(url)
        event.listen(self._engine, "connect", _be_patient)

    async def ask(self, question: Callable[[Connection], T]) -> T:
        running = asyncio.get_running_loop()
        await self._turn.acquire()
        try:
            return self._ask(question, SHORT)
        except OperationalError as error:
            if not _was_interrupted(error):
                raise
        finally:
            running.call_soon(self._turn.release)
        return await running.run_in_executor(self._threads, self._ask, question, LONG)

    def _ask(self, question: Callable[[Connection], T], patience: int) -> T:
        with self._engine.connect() as connection:
            connection.info["patience"].left = patience
            return question(connection)

    def stream(self, question: Callable[[Connection], Iterator[T]]) -> AsyncGenerator[T]:
        return self._streams.read(question)

    async def changes(self) -> int:
        if self._counting is None:
            file, patience = str(self._engine.url.database), BUSY_MILLISECONDS / 1000
            self._counting = sqlite3.connect(file, patience, isolation_level=None)
        (count,) = self._counting.execute(CHANGES).fetchone()
        return int(count)

    async def close(self) -> None:
        self._threads.shutdown()
        self._engine.dispose()
        await self._streams.close()
        if self._counting is not None:
            self._counting.close()


class _Patience:
    """How much longer a question may take on a connection, in thousands of steps."""

    def __init__(self) -> None:
        self.left = LONG

    def is_at_an_end(self) -> bool:
        """Whether to stop, asked at every thousandth step."""
        self.left -= 1
        return self.left < 0


def _be_patient(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    record.info["patience"] = patience = _Patience()
    connection.set_progress_handler(patience.is_at_an_end, STEPS)


def _was_interrupted(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
