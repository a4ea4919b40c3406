"""Work beside answering is done when it is woken, again where it failed, and not after the end."""

import asyncio

import pytest

from app.services.chores import Chore, alongside

LONG = 3600.0
"""Seconds of a pause whose end no test waits for."""
SOON = 30
"""Seconds after which what should have happened has not."""


class Work:
    """Work that takes until it is let go on, and fails the first time if it is told to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.begun = 0
        self._fails = fails
        self._changed = asyncio.Condition()
        self.held = asyncio.Event()
        self.held.set()

    async def __call__(self) -> None:
        """Do it once."""
        async with self._changed:
            self.begun += 1
            self._changed.notify_all()
        await self.held.wait()
        if self._fails and self.begun == 1:
            message = "the first time"
            raise ValueError(message)

    async def until(self, times: int) -> None:
        """Wait until it was begun so often."""
        async with asyncio.timeout(SOON), self._changed:
            await self._changed.wait_for(lambda: self.begun >= times)


async def test_it_is_done_at_once_and_when_it_is_woken() -> None:
    work = Work()
    chore = Chore(work, LONG, "It failed")

    async with alongside(chore.run()):
        await work.until(1)
        chore.wake()
        await work.until(2)

    assert work.begun == 2


async def test_it_is_done_after_each_pause() -> None:
    work = Work()

    async with alongside(Chore(work, 0, "It failed").run()):
        await work.until(3)


async def test_who_wakes_it_while_it_is_done_has_it_done_once_more() -> None:
    work = Work()
    work.held.clear()
    chore = Chore(work, LONG, "It failed")

    async with alongside(chore.run()):
        await work.until(1)
        chore.wake()
        chore.wake()
        work.held.set()
        await work.until(2)


async def test_what_fails_is_logged_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    work = Work(fails=True)
    chore = Chore(work, LONG, "It failed")

    async with alongside(chore.run()):
        await work.until(1)
        chore.wake()
        await work.until(2)

    assert [record.message for record in caplog.records] == ["It failed"]


async def test_it_ends_with_the_block_wherever_it_is() -> None:
    work = Work()
    work.held.clear()
    before = asyncio.all_tasks()

    async with alongside(Chore(work, LONG, "It failed").run()):
        await work.until(1)

    assert asyncio.all_tasks() == before
