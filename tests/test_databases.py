"""The databases the suite runs on are there, are fresh, and are the versions the rules need."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, inspect, literal, select, text, union_all

from tests.databases import PostgresServer

SQLITE_WITH_STRICT_TABLES_AND_RETURNING = (3, 37)
POSTGRES_SUPPORTED = 140_000


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """Open a connection to the database under test."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_a_database_answers(connection: Connection) -> None:
    assert connection.scalar(text("select 1")) == 1


def test_a_database_starts_empty(connection: Connection) -> None:
    assert inspect(connection).get_table_names() == []


def test_versions_are_supported(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        version = connection.scalar(text("select sqlite_version()"))
        major, minor = (int(part) for part in version.split(".")[:2])
        assert (major, minor) >= SQLITE_WITH_STRICT_TABLES_AND_RETURNING
    else:
        version = connection.scalar(text("show server_version_num"))
        assert int(version) >= POSTGRES_SUPPORTED


def test_both_databases_sort_text_by_code_point(connection: Connection) -> None:
    words = union_all(*(select(literal(word).label("word")) for word in "béaB"))

    ordered = connection.scalars(words.order_by("word")).all()

    assert ordered == ["B", "a", "b", "é"]


def test_a_copy_of_a_template_is_a_database_of_its_own(postgres_server: PostgresServer) -> None:
    with postgres_server.fresh_database() as template:
        engine = create_engine(template)
        with engine.begin() as connection:
            connection.execute(text("create table marks (id integer)"))
        engine.dispose()
        name = engine.url.database or ""

        with postgres_server.fresh_database(name) as copy:
            copied = create_engine(copy)
            with copied.connect() as connection:
                tables = inspect(connection).get_table_names()
            copied.dispose()

    assert copy != template
    assert tables == ["marks"]


async def test_async_tests_run_on_asyncio(anyio_backend_name: str) -> None:
    assert anyio_backend_name == "asyncio"
