"""Copies of what is released, made by the service itself: after a release, and when one falls due."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.db.connections import reading_engine
from app.queries.released import uncopied
from app.services.chores import Chore, alongside
from app.services.released import copy_in_parts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from app.db.snapshots import Snapshots
    from app.db.writing import Writer

PAUSE = 5.0
"""Seconds between two looks at whether a release has come into force; by then nobody waits for it."""


class Keeper:
    """Looks now and then, and when it is woken, for releases whose rows are not copied, and copies them.

    Until then lists are read by the rules, with the same answers. Of several processes any may come first.
    """

    def __init__(self, url: str, primary: Snapshots, write: Writer) -> None:
        """Look at a database, and write to it."""
        self._url = url
        self._primary, self._write = primary, write
        self._chore = Chore(self._keep, PAUSE, "Copies of releases could not be made")
        self._ended = False

    def wake(self) -> None:
        """There may be something to copy."""
        self._chore.wake()

    @asynccontextmanager
    async def keeping(self) -> AsyncIterator[None]:
        """Keep copies until the block ends."""
        async with alongside(self._chore.run()):
            try:
                yield
            finally:
                self._ended = True

    async def _keep(self) -> None:
        for owner in await self._primary.ask(_waiting):
            await asyncio.to_thread(self._copy, owner)

    def _copy(self, owner: str) -> None:
        """Copy a release, unless another process does."""
        engine = reading_engine(self._url, 1)
        try:
            with engine.connect() as connection:
                if owner in _waiting(connection):
                    copy_in_parts(connection, self._do, owner)
        finally:
            engine.dispose()

    def _do(self, work: Callable[[Session], None]) -> None:
        if self._ended:
            raise InterruptedError
        self._write.do(work)


def _waiting(connection: Connection) -> list[str]:
    return uncopied(connection, datetime.now(UTC))
