"""Connections to PostgreSQL that are given up when its server goes silent, as one that is stopped does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg.errors import _WaitTimeout as WaitTimeoutError
from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from psycopg.abc import PQGen
    from sqlalchemy.engine import Dialect
    from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")
INTERVAL = 0.1
"""Seconds between two looks at what else may have happened, as the driver has it."""


class SilentError(psycopg.OperationalError):
    """The server should have answered by now; nobody knows what it did."""

    silent = True


class Connection(psycopg.Connection[Any]):
    """A connection that closes once the server has been silent for `silence` seconds."""

    silence: float | None = None

    def wait(self, gen: PQGen[T], interval: float = INTERVAL, timeout: float | None = None) -> T:
        """Wait for the server. Raises SilentError."""
        try:
            return super().wait(gen, interval, self.silence if timeout is None else timeout)
        except WaitTimeoutError as error:
            if timeout is not None:
                raise
            self.close()
            raise SilentError("no answer from the server") from error


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
            return await super().wait(gen, interval, self.silence if timeout is None else timeout)
        except WaitTimeoutError as error:
            if timeout is not None:
                raise
            await self.close()
            raise SilentError("no answer from the server") from error


def give_up_on_silence(engine: Engine, silence: float | None) -> None:
    """Have an engine make connections that close after so many seconds of silence."""

    @event.listens_for(engine, "do_connect")
    def connect(
        _dialect: Dialect, _record: ConnectionPoolEntry, _words: list[Any], named: dict[str, Any]
    ) -> Connection:
        connection = Connection.connect(**named)
        connection.silence = silence
        return connection
