"""How long PostgreSQL may take: what is ended, who is put off, and that the next question is answered."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import psycopg
import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError

from app.db.connections import writing_engine
from app.db.failures import is_unwell
from app.db.limits import NOTICE, Limits, arguments, limits_of
from app.db.migrations import migrate
from app.db.silences import SilentError
from app.db.snapshots import Snapshots, snapshots
from app.errors import Unavailable
from app.settings import Settings
from tests.databases import PostgresServer
from tests.proxies import Proxy, proxied

WAIT = 30
"""Seconds after which what should have happened long ago has not."""
BRIEF = 0.2
ONE = text("SELECT 1")
NUMBER = text("SELECT pg_backend_pid()")


@pytest.fixture(scope="module")
def proxy(postgres_server: PostgresServer) -> Iterator[Proxy]:
    """A way to the server that can be obstructed."""
    with proxied(postgres_server.folder / ".s.PGSQL.5432") as proxy:
        yield proxy


@asynccontextmanager
async def asking(url: str, limits: Limits) -> AsyncIterator[Snapshots]:
    asked = snapshots(url, limits)
    yield asked
    await asked.close()


@contextmanager
def writing(url: str, limits: Limits) -> Iterator[Connection]:
    engine = writing_engine(url, limits)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def one(connection: Connection) -> int:
    return int(connection.execute(ONE).scalar_one())


async def test_a_statement_that_takes_too_long_is_ended_and_the_next_is_answered(postgres_url: str) -> None:
    async with asking(postgres_url, Limits(statement=BRIEF)) as asked:
        with pytest.raises(DBAPIError, match="statement timeout") as ended:
            await asked.ask(lambda connection: connection.execute(text("SELECT pg_sleep(60)")).all())

        assert is_unwell(ended.value)
        assert await asked.ask(one) == 1


def test_who_waits_too_long_for_a_lock_is_told(postgres_url: str) -> None:
    lock = "SELECT pg_advisory_xact_lock(1)"
    with psycopg.connect(postgres_url) as holder, writing(postgres_url, Limits(lock=BRIEF)) as connection:
        holder.execute(lock)

        with pytest.raises(DBAPIError, match="lock timeout") as told:
            connection.execute(text(lock))

    assert is_unwell(told.value)


def test_a_transaction_that_does_nothing_for_too_long_is_ended(postgres_url: str) -> None:
    with writing(postgres_url, Limits(idle=BRIEF)) as connection:
        number = connection.execute(NUMBER).scalar_one()
        with psycopg.connect(postgres_url, autocommit=True) as watching:
            there = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
            while watching.execute(there, [number]).fetchone():
                pass

        with pytest.raises(DBAPIError) as told:
            connection.execute(ONE)

    assert is_unwell(told.value)


async def test_who_finds_no_connection_free_in_time_is_put_off(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.postgres.CONNECTIONS", 1)
    begun, end = threading.Event(), threading.Event()

    def long_question(_: Connection) -> bool:
        begun.set()
        return end.wait(WAIT)

    async with asking(postgres_url, Limits(place=BRIEF)) as asked:
        long = asyncio.create_task(asked.ask(long_question))
        await asyncio.to_thread(begun.wait, WAIT)
        with pytest.raises(Unavailable, match="busy") as put_off:
            await asked.ask(one)
        end.set()

        assert await long
        assert put_off.value.headers["Retry-After"]
        assert await asked.ask(one) == 1


async def test_nobody_meets_a_connection_that_has_ended(postgres_url: str) -> None:
    migrate(postgres_url)
    meeting = threading.Barrier(4)

    def number(connection: Connection) -> int:
        meeting.wait(WAIT)
        return int(connection.execute(NUMBER).scalar_one())

    async with asking(postgres_url, Limits(statement=WAIT)) as asked:
        numbers = await asyncio.gather(*(asked.ask(number) for _ in range(4)))
        with psycopg.connect(postgres_url, autocommit=True) as operator:
            end = "SELECT pg_terminate_backend(%s, 10000)"
            ended = [operator.execute(end, [each]).fetchone() for each in numbers]

        assert ended == [(True,)] * 4
        assert await asyncio.gather(*(asked.ask(one) for _ in range(4))) == [1] * 4


async def test_a_question_whose_connection_ends_is_put_once_more(postgres_url: str) -> None:
    numbers: list[int] = []

    def question(connection: Connection) -> int:
        numbers.append(connection.execute(NUMBER).scalar_one())
        if len(numbers) == 1:
            with psycopg.connect(postgres_url, autocommit=True) as operator:
                operator.execute("SELECT pg_terminate_backend(%s, 10000)", numbers)
        return one(connection)

    async with asking(postgres_url, Limits()) as asked:
        assert await asked.ask(question) == 1
    assert len(set(numbers)) == len(numbers) == 2


async def test_a_server_that_has_gone_silent_is_given_up_and_found_again(
    postgres_url: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.limits.GRACE", 0.0)
    monkeypatch.setattr("app.db.postgres.COUNTING", BRIEF)
    migrate(postgres_url)
    async with asking(proxy.url(str(make_url(postgres_url).database)), Limits(statement=BRIEF)) as asked:
        before = await asked.ask(one), await asked.changes()
        with proxy.stalled():
            with pytest.raises(DBAPIError) as given_up:
                await asked.ask(one)
            with pytest.raises(SilentError):
                await asked.changes()

        assert isinstance(given_up.value.orig, SilentError)
        assert is_unwell(given_up.value)
        assert (await asked.ask(one), await asked.changes()) == before


def test_tcp_is_told_to_notice_a_server_that_is_gone(postgres_url: str, proxy: Proxy) -> None:
    with writing(proxy.url(str(make_url(postgres_url).database)), Limits()) as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        with socket.socket(fileno=driver.fileno()) as its:
            patience = its.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
            idle = its.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)
            its.detach()

    assert (patience, idle) == (NOTICE["tcp_user_timeout"], NOTICE["keepalives_idle"])


def test_what_an_address_says_itself_stands() -> None:
    url = make_url("postgresql://h/d?connect_timeout=9&options=-c%20statement_timeout%3D7")

    told = arguments(url, Limits(statement=1.5, lock=2), "-c synchronous_commit=off")

    assert told == {
        **NOTICE,
        "options": "-c statement_timeout=1500 -c lock_timeout=2000 "
        "-c synchronous_commit=off -c statement_timeout=7",
    }


def test_commands_are_given_the_time_they_take() -> None:
    assert arguments(make_url("postgresql://h/d"), Limits()) == {**NOTICE, "connect_timeout": 3}


def test_an_operator_chooses_the_limits() -> None:
    chosen = Settings(statement_seconds=1, lock_seconds=2, idle_seconds=3, connect_seconds=4, place_seconds=0)

    assert limits_of(chosen) == Limits(statement=1, lock=2, idle=3, connect=4, place=0)
