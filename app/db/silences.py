"""Connections to PostgreSQL that are given up when its server goes silent, as one that is stopped does."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from psycopg.abc import PQGen
    from sqlalchemy.engine import Dialect
    from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")
INTERVAL = 0.1
"""Seconds between two looks at whether the server is still silent, as the driver has it."""


class SilentError(psycopg.OperationalError):
    """The server should have said something by now; nobody knows what it did."""

    silent = True


class Connection(psycopg.Connection[Any]):
    """A connection that closes once the server has been silent for `silence` seconds."""

    silence: float | None = None

    def wait(self, gen: PQGen[T], interval: float = INTERVAL, timeout: float | None = None) -> T:
        """Wait for the server. Raises SilentError."""
        try:
            return super().wait(_watched(gen, self.silence), interval, timeout)
        except SilentError:
            self.close()
            raise


class AsyncConnection(psycopg.AsyncConnection[Any]):
    """The same, for who waits in a loop."""

    silence: float | None = None

    async def wait(  # noqa: D102 - as above
        self,
        gen: PQGen[T],
        interval: float = INTERVAL,
        timeout: float | None = None,  # noqa: ASYNC109 - the driver's own
    ) -> T:
        try:
            return await super().wait(_watched(gen, self.silence), interval, timeout)
        except SilentError:
            await self.close()
            raise


def _watched(gen: PQGen[T], silence: float | None) -> PQGen[T]:
    """What the driver waits for, given up once nothing has come or gone for so long."""
    if silence is None:
        return (yield from gen)
    try:
        wanted, heard = next(gen), monotonic()
        while True:
            ready = yield wanted
            if ready:
                heard = monotonic()
            elif monotonic() - heard > silence:
                raise SilentError("no answer from the server")
            wanted = gen.send(ready)
    except StopIteration as ended:
        answer: T = ended.value
        return answer


def give_up_on_silence(engine: Engine, silence: float | None) -> None:
    """Have an engine make connections that close after so many seconds of silence."""

    @event.listens_for(engine, "do_connect")
    def connect(
        _dialect: Dialect, _record: ConnectionPoolEntry, _words: list[Any], named: dict[str, Any]
    ) -> Connection:
        connection = Connection.connect(**named)
        connection.silence = silence
        return connection
