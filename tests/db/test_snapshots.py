"""Questions to a database that others write to: nobody is held up, and no change goes uncounted."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.db.connections import reading_engine, writing_engine
from app.db.migrations import migrate
from app.db.snapshots import CHANGES, THREADS, Snapshots, snapshots
from app.queries.editions import Edition, Editions

HERE = threading.main_thread().name
WAIT = 60
"""Seconds after which what should have happened long ago has not."""
ROWS = 50_000
COUNT_ROWS = """
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 50000)
    SELECT count(*) FROM numbers
"""
MAKE = (
    "INSERT INTO organisation (id, name, area_code) VALUES ('anyshire', 'Anyshire', 'E09000001')",
    "INSERT INTO revision (id, organisation_id, made_at, reason) VALUES (1, 'anyshire', '2011-10-01', '')",
    """INSERT INTO release (id, organisation_id, revision_id, published_at, note)
    VALUES (1, 'anyshire', 1, '2011-10-01', '')""",
    "INSERT INTO released_copy (organisation_id, release_id, rules) VALUES ('anyshire', 1, '')",
)
OTHER = "INSERT INTO organisation (id, name, area_code) VALUES ('other', 'Otherton', 'E09000002')"
PERIOD = """
    INSERT INTO period (id, kind, label, start, "end", months, months_elapsed)
    VALUES ('2011', 'year', '2011', '2011-01-01', '2011-12-31', 12, 12)
"""
PUT_OFF = "UPDATE release SET published_at = '2011-10-02'"
CHANGED = (
    (OTHER, 0),
    ("UPDATE organisation SET name = 'Other' WHERE id = 'other'", 1),
    ("DELETE FROM organisation WHERE id = 'other'", 1),
    (PERIOD, 0),
    ("UPDATE period SET label = 'other'", 1),
    ("DELETE FROM period", 1),
    (MAKE[1], 0),
    (MAKE[2], 1),
    (MAKE[3], 1),
    ("UPDATE revision SET reason = 'other'", 0),
    (PUT_OFF, 1),
    ("UPDATE released_copy SET rules = 'other'", 1),
    ("DELETE FROM released_copy", 1),
    ("DELETE FROM release", 1),
    ("DELETE FROM revision", 0),
)
"""What is done to a database, and how many changes that the public may see are counted of it."""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Write to a database that holds one organisation, and nothing else afterwards."""
    migrate(database_url)
    engine = writing_engine(database_url)
    write(engine, MAKE[0])
    yield engine
    undone = (statement for statement, _ in CHANGED[-3:])
    write(engine, *undone, "DELETE FROM organisation")
    engine.dispose()


@pytest.fixture
async def asked(engine: Engine) -> AsyncIterator[Snapshots]:
    """The database as the service asks it."""
    asked = snapshots(engine.url.render_as_string(hide_password=False))
    yield asked
    await asked.close()


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Snapshots]:
    """An SQLite database with nothing in it."""
    sqlite = snapshots(sqlite_url)
    yield sqlite
    await sqlite.close()


@pytest.fixture
async def postgres(postgres_url: str) -> AsyncIterator[Snapshots]:
    """A PostgreSQL database with a count of changes."""
    migrate(postgres_url)
    postgres = snapshots(postgres_url)
    yield postgres
    await postgres.close()


def write(engine: Engine, *statements: str) -> None:
    """Write in one transaction."""
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


class Question:
    """Counts rows, and notes the threads that it was asked in."""

    def __init__(self, statement: str = COUNT_ROWS) -> None:
        self.statement = statement
        self.threads: list[str] = []

    def __call__(self, connection: Connection) -> int:
        self.threads.append(threading.current_thread().name)
        return int(connection.execute(text(self.statement)).scalar_one())


async def test_a_short_question_is_answered_where_the_asker_stands(sqlite: Snapshots) -> None:
    question = Question("SELECT 1")

    assert await sqlite.ask(question) == 1
    assert question.threads == [HERE]


async def test_the_loop_takes_a_turn_between_two_questions(sqlite: Snapshots) -> None:
    """A new connection waits for the next turn: not for all who have one already, time after time."""
    turns = 0
    seen: list[int] = []
    loop = asyncio.get_running_loop()

    def turn() -> None:
        nonlocal turns
        turns += 1
        loop.call_soon(turn)

    loop.call_soon(turn)
    await asyncio.gather(*(sqlite.ask(lambda _: seen.append(turns)) for _ in range(5)))

    assert len(set(seen)) == 5


async def test_a_long_question_is_put_again_in_a_thread(
    sqlite: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.snapshots.SHORT", 1)
    question = Question()

    assert await sqlite.ask(question) == ROWS
    assert len(question.threads) == 2
    assert question.threads[0] == HERE != question.threads[1]


async def test_a_connection_is_as_good_as_before_once_a_question_was_broken_off(
    sqlite: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.snapshots.SHORT", 1)
    await sqlite.ask(Question())
    monkeypatch.undo()
    question = Question("SELECT 1")

    assert [await sqlite.ask(question) for _ in range(2 * THREADS)] == [1] * 2 * THREADS
    assert set(question.threads) == {HERE}


@pytest.mark.parametrize("statement", ["SELECT * FROM nowhere", "SELECT abs(-9223372036854775808)"])
async def test_another_error_is_raised_at_once(sqlite: Snapshots, statement: str) -> None:
    question = Question(statement)

    with pytest.raises(OperationalError):
        await sqlite.ask(question)

    assert question.threads == [HERE]


async def test_others_are_answered_while_as_many_long_questions_run_as_can(
    sqlite: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.snapshots.SHORT", 1)
    begun, end = threading.Semaphore(0), threading.Event()

    def long_question(connection: Connection) -> bool:
        if threading.current_thread().name == HERE:
            connection.execute(text(COUNT_ROWS)).all()  # until it is broken off
        connection.execute(text("SELECT 1"))
        begun.release()
        return end.wait(WAIT)

    long = [asyncio.create_task(sqlite.ask(long_question)) for _ in range(THREADS + 2)]
    await asyncio.to_thread(lambda: [begun.acquire(timeout=WAIT) for _ in range(THREADS)])

    short = await sqlite.ask(Question("SELECT 1"))
    ended_before = [task.done() for task in long]
    end.set()

    assert short == 1
    assert not any(ended_before)
    assert all(await asyncio.gather(*long))


async def test_a_question_to_postgresql_that_fails_is_put_once(postgres: Snapshots) -> None:
    question = Question("SELECT * FROM nowhere")

    with pytest.raises(ProgrammingError):
        await postgres.ask(question)

    assert len(question.threads) == 1


async def test_others_are_answered_while_a_question_to_postgresql_waits(postgres: Snapshots) -> None:
    begun, end = threading.Event(), threading.Event()

    def long_question(connection: Connection) -> bool:
        connection.execute(text("SELECT 1"))
        begun.set()
        return end.wait(WAIT)

    long = asyncio.create_task(postgres.ask(long_question))
    await asyncio.to_thread(begun.wait, WAIT)

    short = await postgres.ask(Question("SELECT 1"))
    ended_before = long.done()
    end.set()

    assert (short, ended_before, await long) == (1, False, True)


async def test_a_question_sees_one_state_of_the_database(asked: Snapshots, engine: Engine) -> None:
    def twice(connection: Connection) -> tuple[int, int]:
        before = connection.exec_driver_sql(CHANGES).scalar_one()
        write(engine, *MAKE[1:3])
        return before, connection.exec_driver_sql(CHANGES).scalar_one()

    before, after = await asked.ask(twice)

    assert before == after < await asked.changes()


async def test_every_change_that_may_be_seen_is_counted_when_it_is_committed_and_not_before(
    asked: Snapshots, engine: Engine
) -> None:
    for statement, counted in CHANGED:
        before = await asked.changes()

        with engine.connect() as connection:
            connection.execute(text(statement))
            during = await asked.changes()
            connection.rollback()
        undone = await asked.changes()
        write(engine, statement)
        after = await asked.changes()

        assert before == during == undone == after - counted, statement


async def test_no_count_misses_a_change_that_was_over_when_it_was_asked_for(
    asked: Snapshots, engine: Engine
) -> None:
    """Writers note what they have come to, and askers what was noted before they asked."""
    write(engine, *MAKE[1:3])
    noted = await asked.changes()
    lock = threading.Lock()
    missed: list[tuple[int, int]] = []

    def keep_writing() -> None:
        nonlocal noted
        for _ in range(30):
            write(engine, PUT_OFF)
            with engine.connect() as connection:
                count = connection.exec_driver_sql(CHANGES).scalar_one()
            with lock:
                noted = max(noted, count)

    async def keep_asking() -> None:
        while not all(writer.done() for writer in writers):
            before = noted
            count = await asked.changes()
            if count < before:
                missed.append((before, count))
            await asyncio.sleep(0)

    first = noted
    writers = [asyncio.create_task(asyncio.to_thread(keep_writing)) for _ in range(2)]
    await asyncio.gather(*writers, *(keep_asking() for _ in range(16)))

    assert missed == []
    assert await asked.changes() == noted == first + 2 * 30


class Counting:
    """The statements that are run on the counting connection, each answered when it may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.statements: list[Any] = []
        self.answered, self.may_go_on = asyncio.Event(), asyncio.Event()
        execute = psycopg.AsyncConnection.execute

        async def noted(connection: Any, query: Any, *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - whatever the driver takes
            self.statements.append(query)
            found = await execute(connection, query, *rest, **more)
            self.answered.set()
            await self.may_go_on.wait()
            return found

        monkeypatch.setattr(psycopg.AsyncConnection, "execute", noted)


async def test_one_count_serves_all_who_ask_together(
    postgres: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting(monkeypatch)
    counting.may_go_on.set()

    counts = await asyncio.gather(*(postgres.changes() for _ in range(100)))

    assert len(set(counts)) == 1
    assert counting.statements == [CHANGES]


async def test_who_asks_once_a_count_has_begun_gets_a_later_one(
    postgres: Snapshots, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await postgres.changes()
    counting = Counting(monkeypatch)
    early = asyncio.create_task(postgres.changes())
    await counting.answered.wait()
    with psycopg.connect(postgres_url) as connection:
        connection.execute("UPDATE change_count SET value = value + 1")

    late = [asyncio.create_task(postgres.changes()) for _ in range(3)]
    await asyncio.sleep(0)
    counting.may_go_on.set()

    assert await early == before
    assert await asyncio.gather(*late) == [before + 1] * 3


async def test_who_no_longer_waits_for_a_count_takes_it_from_nobody(postgres: Snapshots) -> None:
    gone = asyncio.create_task(postgres.changes())
    waiting = [asyncio.create_task(postgres.changes()) for _ in range(3)]
    await asyncio.sleep(0)

    gone.cancel()

    assert len(set(await asyncio.gather(*waiting))) == 1
    assert gone.cancelled()


async def test_a_broken_counting_connection_is_opened_again(postgres: Snapshots, postgres_url: str) -> None:
    before = await postgres.changes()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE query = %s AND datname = current_database()",
            [CHANGES],
        ).fetchall()

    with suppress(psycopg.OperationalError):  # one asker may meet it
        await postgres.changes()

    assert ended == [(True,)]
    assert await asyncio.gather(*(postgres.changes() for _ in range(3))) == [before] * 3


def test_an_edition_is_of_the_state_that_is_read_whoever_reads_meanwhile(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread reads a newer state between the look at the latest edition and its use."""
    editions = Editions()
    reading = reading_engine(engine.url.render_as_string(hide_password=False))
    with reading.connect() as older, reading.connect() as newer:
        before = editions.reading(older).edition.changes
        write(engine, *MAKE[1:3])

        def overtaken(edition: Edition, changes: int, now: datetime) -> bool:
            monkeypatch.undo()
            stands = edition.stands(changes, now)
            editions.reading(newer)
            return stands

        monkeypatch.setattr(Edition, "stands", overtaken)
        found = editions.reading(older).edition.changes
        after = editions.reading(newer).edition.changes
    reading.dispose()

    assert (found, after) == (before, before + 1)
