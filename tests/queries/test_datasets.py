"""What a dataset is read from is known of each, so that no change of it can be missed."""

import dataclasses
import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from app.db.connections import reading_engine
from app.feeds.datasets import NAMED
from app.queries.datasets import OF_RELEASES, SOURCES
from app.queries.editions import Edition, Editions
from app.schemas.columns import table_of
from app.services.forms import FORMS, Form

WHOSE = {"release", "revision", "json_each"}
"""Where a statement looks which release it reads; nothing of it goes into a row, but of findings."""
CALENDAR = {"period", "organisation"}
"""What is never changed."""
ALREADY_READ = {
    "schemes": {"scheme", "scheme_clause"},
    "matrices": {"risk_matrix_level"},
    "comparator_periods": {"comparator"},
    "published": {"release"},
    "vocabulary": {"everything"},
}
"""What an edition holds of tables, by the name that it is asked for by."""
FILES = [(name, form) for name in SOURCES for form in FORMS if form.is_offered(table_of(name))]


@pytest.fixture(scope="module")
def connection(demo_on_sqlite: str) -> Iterator[Connection]:
    """Read the demo."""
    engine = reading_engine(demo_on_sqlite, 1)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@dataclasses.dataclass(frozen=True, eq=False)
class Watched(Edition):
    """An edition that notes what it is asked for."""

    asked: set[str] = dataclasses.field(default_factory=set)

    def __getattribute__(self, name: str) -> object:
        """Note it, and answer."""
        if not name.startswith("_"):
            super().__getattribute__("asked").add(name)
        return super().__getattribute__(name)


def tables_read(connection: Connection, name: str, form: Form) -> set[str]:
    """Every table that a file is made from, as the database itself tells when it prepares a statement."""
    found: set[str] = set()

    def note(action: int, of: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_READ and of is not None:
            found.add(of)
        return sqlite3.SQLITE_OK

    reading = Editions(copies=False).reading(connection)
    edition = reading.edition
    watched = Watched(**{each.name: getattr(edition, each.name) for each in dataclasses.fields(edition)})
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    raw.set_authorizer(note)
    try:
        parts = b"".join(form.parts(reading._replace(edition=watched), table_of(name), None))
    finally:
        raw.set_authorizer(None)
    assert len(parts) > 300
    return found.union(*(ALREADY_READ.get(asked, set()) for asked in watched.asked))


def test_every_dataset_has_what_it_is_read_from() -> None:
    assert {*SOURCES, OF_RELEASES} == NAMED.keys()


@pytest.mark.parametrize(("name", "form"), FILES, ids=[f"{name}.{form.name}" for name, form in FILES])
def test_no_table_is_forgotten_that_a_file_is_read_from(
    connection: Connection, name: str, form: Form
) -> None:
    named = {kind.__tablename__ for kind in (*SOURCES[name].rows, *SOURCES[name].beside)}

    assert tables_read(connection, name, form) - WHOSE - CALENDAR <= named


@pytest.mark.parametrize("name", SOURCES)
def test_no_table_is_named_that_no_file_is_read_from(connection: Connection, name: str) -> None:
    named = {kind.__tablename__ for kind in (*SOURCES[name].rows, *SOURCES[name].beside)}

    assert named <= set().union(*(tables_read(connection, *file) for file in FILES if file[0] == name))


def test_what_watches_tells_a_table_that_is_forgotten(connection: Connection) -> None:
    jsonl = next(form for form in FORMS if form.name == "jsonl")

    assert "risk_control" in tables_read(connection, "risks", jsonl)
    assert {"scheme", "scheme_clause"} <= tables_read(connection, "actions", jsonl)
    assert "risk_control" not in tables_read(connection, "risks", FORMS[0])
