"""Long imports, worked on one after another in a process of their own, so that no reader waits."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from app.services.chores import Chore, alongside
from app.services.jobs import claim_job, give_up_job, waiting_jobs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import Connection

    from app.db.snapshots import Snapshots
    from app.db.writing import Writer
    from app.settings import Settings

PAUSE = 2.0
"""Seconds between two looks for a job that another process was handed."""
READY = 30
"""Seconds that a process waits for a job which was expected."""
COMMAND = (sys.executable, "-m", "app.cli", "run-import")
logger = logging.getLogger(__name__)


class Importer:
    """Works on the jobs that wait; one that was begun when the service ended is begun again."""

    def __init__(self, chosen: Settings, primary: Snapshots, write: Writer) -> None:
        """Look for jobs in a database."""
        self._url = chosen.database_url
        self._primary, self._write = primary, write
        self._chore = Chore(self._import, PAUSE, "Imports could not be worked on")
        self._at_work = False
        self._some_left = True
        self._ready: asyncio.Task[asyncio.subprocess.Process] | None = None
        self._ready_since = 0.0

    def expect(self) -> None:
        """There may soon be a job: start a process while its file is still parsed."""
        if self._at_work and self._ready is None:
            self._ready, self._ready_since = asyncio.create_task(self._start()), time.monotonic()

    def wake(self) -> None:
        """There may be a job."""
        self._chore.wake()

    @asynccontextmanager
    async def importing(self) -> AsyncIterator[None]:
        """Work on jobs until the block ends."""
        self._at_work = True
        try:
            async with alongside(self._chore.run()):
                yield
        finally:
            self._at_work = False
            await self._dismiss()

    async def _import(self) -> None:
        begun, self._some_left = self._some_left, True  # as there may be, should this one fail
        for job in await self._primary.ask(_left if begun else _waiting):
            if begun or await self._write(claim_job, job):
                await self._run(job)
        self._some_left = False
        if time.monotonic() - self._ready_since > READY:
            await self._dismiss()

    async def _run(self, job: str) -> None:
        """Have a process work on a job; one that ends badly is tried once more, and then given up."""
        for _ in range(2):
            ready, self._ready = self._ready, None
            process = await (ready or self._start())
            try:
                with suppress(ConnectionError):  # it is gone, and its status says so
                    await process.communicate(job.encode())
                if await process.wait() == 0:
                    return
            finally:
                await _end(process)
        logger.error("Import %s ended badly twice", job)
        await self._write(give_up_job, job)

    async def _start(self) -> asyncio.subprocess.Process:
        told = {**os.environ, "OUTTURN_DATABASE_URL": self._url}
        return await asyncio.create_subprocess_exec(*COMMAND, stdin=asyncio.subprocess.PIPE, env=told)

    async def _dismiss(self) -> None:
        """End the process that waits for a job, if one does."""
        ready, self._ready = self._ready, None
        if ready is not None:
            await _end(await ready)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


def _waiting(connection: Connection) -> list[str]:
    return waiting_jobs(connection)


def _left(connection: Connection) -> list[str]:
    return waiting_jobs(connection, begun=True)
