"""What a dataset is read from is known of each, so that no change of it can be missed."""

import dataclasses
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.db.connections import reading_engine
from app.db.migrations import migrate
from app.feeds.datasets import NAMED
from app.queries.datasets import SOURCES, changes_until, state_of_dataset
from app.queries.editions import Edition, Editions
from app.queries.named_releases import release_in_force, releases_of
from app.queries.views import View
from app.schemas.columns import table_of
from app.services.forms import FORMS, Form
from tests.routers.changing import release_report

WHOSE = {"release", "revision", "json_each"}
"""Where a statement looks which release it reads; nothing of it goes into a row, but of findings."""
LASTING = {"period", "organisation", "subject"}
"""What is never changed."""
ALREADY_READ = {
    "schemes": {"scheme", "scheme_clause"},
    "matrices": {"risk_matrix_level"},
    "comparator_periods": {"comparator"},
}
"""What an edition holds of tables, by the name that it is asked for by."""
OWNER = "anyshire"
LEDGER, POLICY = "published_cell", "disclosure_policy"
"""What releases tell of counts follows from the counts and from the policy; only the ledger is read."""


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
    state_of_dataset(reading, name)  # looks for every kind, once
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
    assert SOURCES.keys() == NAMED.keys()


@pytest.mark.parametrize("name", SOURCES)
def test_no_table_is_forgotten_that_a_file_is_read_from_nor_another_named(
    connection: Connection, name: str
) -> None:
    named = {kind.__tablename__ for kind in (*SOURCES[name].rows, *SOURCES[name].beside)}
    forms = FORMS[:1] if name == "findings" else FORMS  # all from the same rows in memory
    read = [tables_read(connection, name, form) for form in forms if form.is_offered(table_of(name))]

    found = set().union(*read) - WHOSE - LASTING
    assert {POLICY if each == LEDGER else each for each in found} == named


def test_what_watches_tells_a_table_that_is_forgotten(connection: Connection) -> None:
    jsonl = next(form for form in FORMS if form.name == "jsonl")

    assert "risk_control" in tables_read(connection, "risks", jsonl)
    assert {"scheme", "scheme_clause"} <= tables_read(connection, "actions", jsonl)
    assert "risk_control" not in tables_read(connection, "risks", FORMS[0])


def test_a_release_in_the_past_was_changed_by_those_before_it(database_url: str, tmp_path: Path) -> None:
    migrate(database_url)
    release_report(database_url, tmp_path, OWNER)
    release_report(database_url, tmp_path, OWNER, notes={"text": "Falling"})
    release_report(database_url, tmp_path, OWNER, notes={"text": "Falling"}, actions={"progress": "70"})
    engine = reading_engine(database_url, 1)
    with engine.connect() as connection:
        reading = Editions().reading(connection)
        *_, last_but_one, newest = releases_of(reading, OWNER)
        then = Editions().reading(connection, View(last_but_one.published_at))
        now, earlier = changes_until(reading, newest), changes_until(then, last_but_one)

        assert release_in_force(then, OWNER) == last_but_one

    engine.dispose()
    assert now["actions"].release == newest
    assert now["actions"].before == earlier["actions"].release.published_at
    assert earlier["actions"].release.id < newest.id
    assert now["findings"].release == newest
