"""The process that works on long imports: ready while a file is parsed, and not there for longer."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from app.db.migrations import migrate
from app.db.snapshots import snapshots
from app.db.writing import Writer
from app.imports.uploads import CSV, parsed
from app.services import importers
from app.services.importers import Importer
from app.services.jobs import File, add_job
from app.settings import Settings
from tests.imports.examples import write_report
from tests.queries.reports import load
from tests.services.test_jobs import EDITOR, WANTED

NOTES = """
import os, sys
def note(text):
    with open(sys.argv[1], "a") as log:
        log.write(text + "\\n")
note(str(os.getpid()))
note(sys.stdin.read())
"""
"""Writes down its number when it starts, and which job it is given."""
SOON = 10


class Log:
    """What the processes write down."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    async def lines(self, count: int) -> list[str]:
        """The lines, once there are so many."""
        await until(lambda: len(self._lines()) >= count)
        return self._lines()

    def _lines(self) -> list[str]:
        return self.path.read_text().splitlines()


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    """What the processes write down that the importer starts."""
    path = tmp_path / "log"
    monkeypatch.setattr(importers, "COMMAND", (sys.executable, "-c", NOTES, str(path)))
    monkeypatch.setattr(importers, "PAUSE", 0.05)
    return Log(path)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database with a council, and no jobs."""
    found = f"sqlite:///{tmp_path / 'council.db'}"
    migrate(found)
    load(found, write_report(tmp_path / "report"))
    return found


@pytest.fixture
async def importer(url: str, log: Log) -> AsyncIterator[Importer]:
    """At work, with processes that only write down what they are told."""
    assert log.path.exists()
    primary, write = snapshots(url), Writer(url)
    made = Importer(Settings(database_url=url), primary, write)
    async with made.importing():
        yield made
    await write.close()
    await primary.close()


async def until(happened: Callable[[], bool]) -> None:
    """Wait for something to be so."""
    async with asyncio.timeout(SOON):
        while not happened():  # noqa: ASYNC110 - another process makes it so, which sets no event
            await asyncio.sleep(0.02)


def alive(number: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def hand_in(url: str) -> str:
    """The id of a job that waits."""
    file = File(parsed(b"key,title,service,progress\nX1,Title,front-office,50\n", "csv"), CSV, "", "actions")
    job = Writer(url).do(lambda session: add_job(session, file, WANTED, EDITOR, rows=1, dry_run=False))
    return job.id


async def test_a_process_that_is_ready_is_given_the_next_job(importer: Importer, url: str, log: Log) -> None:
    importer.expect()
    importer.expect()
    await log.lines(1)
    first = hand_in(url)
    importer.wake()
    await log.lines(2)
    second = hand_in(url)
    importer.wake()

    [number, given, another, later] = await log.lines(4)

    assert (given, later) == (first, second)
    assert number != another


async def test_a_process_that_died_while_it_waited_is_replaced(
    importer: Importer, url: str, log: Log
) -> None:
    importer.expect()
    [number] = await log.lines(1)
    os.kill(int(number), 9)
    job = hand_in(url)
    importer.wake()

    assert (await log.lines(3))[2] == job


async def test_a_process_that_nobody_needs_ends(
    importer: Importer, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    importer.expect()
    [number] = await log.lines(1)
    await asyncio.sleep(0.2)
    assert alive(int(number))

    monkeypatch.setattr(importers, "READY", 0)

    await until(lambda: not alive(int(number)))
