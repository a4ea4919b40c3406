"""Changes are made whole or not at all, one after another, and again where the database took them back."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db import writing
from app.db.writing import Writer
from app.errors import Unavailable

WAIT = 30
CLIENTS = 6


@pytest.fixture(scope="module")
async def write(database_url: str) -> AsyncIterator[Writer]:
    """A database with one number to be changed."""
    writer = Writer(database_url)
    await writer(lambda session: session.execute(text("CREATE TABLE counted (number INTEGER)")))
    await writer(lambda session: session.execute(text("INSERT INTO counted VALUES (0)")))
    yield writer
    await writer.close()


def number(session: Session) -> int:
    return int(session.scalar(text("SELECT number FROM counted")) or 0)


def count_up(session: Session) -> int:
    session.execute(text("UPDATE counted SET number = number + 1"))
    return number(session)


async def test_changes_at_once_are_all_made(write: Writer) -> None:
    before = await write(number)

    answers = await asyncio.gather(*(write(count_up) for _ in range(CLIENTS)))

    assert sorted(answers) == [before + n for n in range(1, CLIENTS + 1)]
    assert await write(number) == before + CLIENTS


async def test_what_raises_leaves_nothing_behind(write: Writer) -> None:
    before = await write(number)

    def change_and_fail(session: Session) -> None:
        count_up(session)
        raise LookupError

    with pytest.raises(LookupError):
        await write(change_and_fail)

    assert await write(number) == before


async def test_a_change_that_postgresql_takes_back_is_made_again(postgres_url: str) -> None:
    writer, attempts = Writer(postgres_url), []
    await writer(lambda session: session.execute(text("CREATE TABLE met (number INTEGER)")))
    await writer(lambda session: session.execute(text("INSERT INTO met VALUES (0)")))
    meeting = threading.Barrier(2)

    def read_and_write(session: Session) -> int:
        session.execute(text("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
        attempts.append(int(session.scalar(text("SELECT number FROM met")) or 0))
        if len(attempts) <= meeting.parties:
            meeting.wait(WAIT)
        session.execute(text("UPDATE met SET number = number + 1"))
        return attempts[-1]

    answers = await asyncio.gather(writer(read_and_write), writer(read_and_write))
    last = await writer(lambda session: session.scalar(text("SELECT number FROM met")))
    await writer.close()

    assert last == len(answers)
    assert len(attempts) > len(answers)


async def test_who_waits_too_long_for_their_turn_on_sqlite_is_put_off(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "BUSY_MILLISECONDS", 20)
    writer, begun, end = Writer(sqlite_url), threading.Event(), threading.Event()

    def take_long(_session: Session) -> bool:
        begun.set()
        return end.wait(WAIT)

    long = asyncio.create_task(writer(take_long))
    await asyncio.to_thread(begun.wait, WAIT)
    with pytest.raises(Unavailable) as put_off:
        await writer(lambda _: None)
    end.set()

    assert put_off.value.headers["Retry-After"]
    assert await long
    assert await writer(lambda _: True)
    await writer.close()
