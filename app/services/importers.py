"""Long imports, worked on one after another in a process of their own, so that no reader waits."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from app.services.jobs import claim_job, give_up_job, waiting_jobs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import Connection

    from app.db.snapshots import Snapshots
    from app.db.writing import Writer
    from app.settings import Settings

PAUSE = 2.0
"""Seconds between two looks for a job that another process was handed."""
COMMAND = (sys.executable, "-m", "app.cli", "run-import")
logger = logging.getLogger(__name__)


class Importer:
    """Works on the jobs that wait; one that was begun when the service ended is begun again."""

    def __init__(self, chosen: Settings, primary: Snapshots, write: Writer) -> None:
        """Look for jobs in a database."""
        self._url = chosen.database_url
        self._primary, self._write = primary, write
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There may be a job."""
        self._woken.set()

    @asynccontextmanager
    async def importing(self) -> AsyncIterator[None]:
        """Work on jobs until the block ends."""
        task = asyncio.create_task(self._import())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _import(self) -> None:
        begun = True
        while True:
            self._woken.clear()
            try:
                for job in await self._primary.ask(_left if begun else _waiting):
                    if begun or await self._write(claim_job, job):
                        await self._run(job)
                begun = False
            except Exception:
                begun = True  # one of them may have been left
                logger.exception("Imports could not be worked on")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), PAUSE)

    async def _run(self, job: str) -> None:
        """Have a process work on a job; one that ends badly is tried once more, and then given up."""
        told = {**os.environ, "OUTTURN_DATABASE_URL": self._url}
        for _ in range(2):
            process = await asyncio.create_subprocess_exec(*COMMAND, job, env=told)
            try:
                if await process.wait() == 0:
                    return
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        logger.error("Import %s ended badly twice", job)
        await self._write(give_up_job, job)


def _waiting(connection: Connection) -> list[str]:
    return waiting_jobs(connection)


def _left(connection: Connection) -> list[str]:
    return waiting_jobs(connection, begun=True)
