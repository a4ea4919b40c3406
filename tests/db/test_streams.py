"""Long answers: each of one state, whatever is written meanwhile; what nobody wants any more ends."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.db import streams
from app.db.connections import writing_engine
from app.db.streams import Streams
from app.errors import Unavailable

Question = Callable[[Connection], Iterator[int]]
COUNT = "SELECT count(*) FROM written"
ENDLESS = "WITH RECURSIVE n AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n"


def write(url: str, statement: str) -> None:
    engine = writing_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(scope="module")
def written_url(database_url: str) -> str:
    """A database that holds one row."""
    write(database_url, "CREATE TABLE written (n INTEGER)")
    write(database_url, "INSERT INTO written VALUES (1)")
    return database_url


@pytest.fixture
async def one_place(written_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Streams]:
    """Streams of which there may be one at a time."""
    monkeypatch.setattr(streams, "PLACES", 1)
    found = Streams(written_url)
    yield found
    await found.close()


def counting(connection: Connection) -> Iterator[int]:
    """How many rows there are, asked three times."""
    for _ in range(3):
        yield connection.exec_driver_sql(COUNT).scalar_one()


def failing(connection: Connection) -> Iterator[int]:
    yield 1
    connection.exec_driver_sql("SELECT n FROM nowhere")


async def taken(bits: AsyncGenerator[int]) -> list[int]:
    return [bit async for bit in bits]


async def test_an_answer_is_of_one_state(one_place: Streams, written_url: str) -> None:
    async with aclosing(one_place.read(counting)) as bits:
        before = await anext(bits)
        write(written_url, "INSERT INTO written VALUES (2)")
        rest = await taken(bits)
    after = await taken(one_place.read(counting))

    assert rest == [before] * 2
    assert after == [before + 1] * 3


async def test_the_first_bit_is_asked_for_alone_and_the_others_ahead(one_place: Streams) -> None:
    asked: list[int] = []

    def noting(_: Connection) -> Iterator[int]:
        for number in range(1, 5):
            asked.append(number)
            yield number

    async with aclosing(one_place.read(noting)) as bits:
        assert await anext(bits) == 1
        assert asked == [1]
        assert await taken(bits) == [2, 3, 4]


async def test_who_comes_when_every_place_is_taken_is_told(
    one_place: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_place, "_wait", 0.01)

    async with aclosing(one_place.read(counting)) as bits:
        await anext(bits)
        with pytest.raises(Unavailable):
            await taken(one_place.read(counting))


@pytest.mark.parametrize("many", [1, 2, 3])
async def test_who_leaves_gives_the_place_to_the_next(one_place: Streams, many: int) -> None:
    async with aclosing(one_place.read(counting)) as bits:
        for _ in range(many):
            await anext(bits)

    assert len(await taken(one_place.read(counting))) == 3


async def test_a_failure_comes_up_where_the_answer_is_taken(one_place: Streams) -> None:
    with pytest.raises(DBAPIError):
        await taken(one_place.read(failing))

    assert len(await taken(one_place.read(counting))) == 3


async def test_what_nobody_waits_for_any_more_ends_on_sqlite(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(connection: Connection) -> Iterator[int]:
        yield from (1, 2)
        yield connection.exec_driver_sql(ENDLESS).scalar_one()

    monkeypatch.setattr(streams, "PLACES", 1)
    one_place = Streams(sqlite_url)

    async with aclosing(one_place.read(endless)) as bits:
        assert [await anext(bits), await anext(bits)] == [1, 2]

    assert await taken(one_place.read(lambda _: iter([3]))) == [3]
    await one_place.close()
