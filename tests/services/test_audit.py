"""The audit holds, and shows where it does not, whatever was done to it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, insert, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.queries.audit import has_seal
from app.services.audit import FIRST, Broken, Chain, Change, record, verify
from app.services.drafting import table

CHAIN = "anyshire"
ENTRIES, CHANGES = table("audit_entry"), table("audit_change")
WRITERS = 4
Tamper = Callable[[Connection], Any]


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """Connections to a database whose audit has a chain of four entries and one of nobody's."""
    migrate(database_url)
    engine = writing_engine(database_url)
    with Session(engine) as session, session.begin():
        for number in range(1, 5):
            changes = [
                Change("note", place, f"key {place}", {"text": "old"}, {"text": "new"}) for place in (7, 9)
            ]
            record(
                session,
                CHAIN,
                "key:abcd2345",
                "change",
                "why",
                changes=changes,
                revision_id=number,
                release_id=number,
                detail={"number": number},
            )
        record(session, "", "command", "make_key", "a key")
    yield engine
    engine.dispose()


def unprotected(connection: Connection) -> None:
    """Take away what keeps the audit from being changed, as who owns the database may."""
    if connection.dialect.name == "postgresql":
        for name in ("audit_entry", "audit_change"):
            connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER sealed"))
        connection.execute(text("ALTER TABLE audit_change DROP CONSTRAINT audit_change_entry_id_fkey"))
        return
    for name in ("audit_entry", "audit_change"):
        for change in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER sealed_{name}_{change}"))
    connection.execute(text("PRAGMA defer_foreign_keys = ON"))


def found(engine: Engine, *tampering: Tamper) -> list[Broken | Chain]:
    """What is told of each chain once it was tampered with; all is put back afterwards."""
    with engine.connect() as connection:
        if tampering:
            unprotected(connection)
        for tamper in tampering:
            tamper(connection)
        told = list(verify(connection))
        connection.rollback()
    return told


def set_entry(at: int, **columns: Any) -> Tamper:  # noqa: ANN401 - a column is of any type
    mine = (ENTRIES.c.chain == CHAIN, ENTRIES.c.number == at)
    return lambda connection: connection.execute(update(ENTRIES).where(*mine).values(**columns))


def set_change(**columns: Any) -> Tamper:  # noqa: ANN401 - as above
    mine = (CHANGES.c.entry_id == 3, CHANGES.c.subject_id == 7)
    return lambda connection: connection.execute(update(CHANGES).where(*mine).values(**columns))


def test_a_chain_that_holds_tells_its_length_and_last_seal(engine: Engine) -> None:
    nobodys, chain = found(engine)

    assert isinstance(nobodys, Chain)
    assert (nobodys.chain, nobodys.entries) == ("", 1)
    assert isinstance(chain, Chain)
    assert (chain.chain, chain.entries) == (CHAIN, 4)
    with engine.connect() as connection:
        assert has_seal(connection, CHAIN, chain.seal)
        assert not has_seal(connection, "", chain.seal)


ANOTHER = {
    "chain": "othershire",
    "number": 30,
    "made_at": datetime.now(UTC) + timedelta(seconds=1),
    "actor": "somebody else",
    "act": "release",
    "reason": "another",
    "revision_id": None,
    "release_id": 8,
    "detail": "{}",
    "changes": "0" * 64,
    "seal_before": FIRST,
    "seal": "0" * 64,
}


@pytest.mark.parametrize(("column", "value"), ANOTHER.items(), ids=ANOTHER)
def test_an_entry_that_says_something_else_is_found(engine: Engine, column: str, value: object) -> None:
    broken = [each for each in found(engine, set_entry(3, **{column: value})) if isinstance(each, Broken)]

    assert (CHAIN, 3) in {(each.chain, each.number) for each in broken}


def test_every_column_of_an_entry_is_tampered_with() -> None:
    assert set(ANOTHER) == {column.name for column in ENTRIES.c} - {"id"}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("entry_id", 5),
        ("subject_id", 8),
        ("kind", "action"),
        ("key", "another"),
        ("before", None),
        ("before", '{"text":"older"}'),
        ("after", None),
        ("after", '{"text":"newer"}'),
    ],
)
def test_a_change_that_says_something_else_is_found(engine: Engine, column: str, value: object) -> None:
    told = found(engine, set_change(**{column: value}))

    assert Broken(CHAIN, 3, "has other changes than it was sealed with") in told


def test_changes_that_are_gone_or_more_are_found(engine: Engine) -> None:
    gone = delete(CHANGES).where(CHANGES.c.entry_id == 2)
    more = insert(CHANGES).values(entry_id=4, subject_id=70, kind="note", key="more")

    for statement, number in ((gone, 2), (more, 4)):
        _, chain = found(engine, lambda connection, done=statement: connection.execute(done))  # type: ignore[misc]  # the default binds it
        assert chain == Broken(CHAIN, number, "has other changes than it was sealed with")


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_entry_that_is_gone_is_found(engine: Engine, number: int) -> None:
    def cut(connection: Connection) -> None:
        connection.execute(delete(CHANGES).where(CHANGES.c.entry_id == number))
        connection.execute(delete(ENTRIES).where(ENTRIES.c.id == number))

    assert found(engine, cut)[1] == Broken(CHAIN, number, "is missing")


def test_an_entry_whose_place_was_closed_up_is_found(engine: Engine) -> None:
    def cut(connection: Connection) -> None:
        connection.execute(delete(CHANGES).where(CHANGES.c.entry_id == 2))
        connection.execute(delete(ENTRIES).where(ENTRIES.c.id == 2))

    told = found(engine, cut, set_entry(3, number=2), set_entry(4, number=3))

    assert told[1] == Broken(CHAIN, 2, "does not follow from the entry before it")


def test_entries_that_changed_places_are_found(engine: Engine) -> None:
    told = found(engine, set_entry(2, number=20), set_entry(3, number=2), set_entry(20, number=3))

    assert told[1] == Broken(CHAIN, 2, "does not follow from the entry before it")


def test_an_end_that_was_cut_off_shows_only_beside_a_seal_noted_down(engine: Engine) -> None:
    noted = found(engine)[1]
    assert isinstance(noted, Chain)

    def cut(connection: Connection) -> None:
        connection.execute(delete(CHANGES).where(CHANGES.c.entry_id == 4))
        connection.execute(delete(ENTRIES).where(ENTRIES.c.id == 4))
        assert not has_seal(connection, CHAIN, noted.seal)

    left = found(engine, cut)[1]
    assert isinstance(left, Chain)
    assert left.entries == 3


@pytest.mark.parametrize(
    "statement",
    [update(ENTRIES).values(reason="x"), delete(ENTRIES), update(CHANGES).values(key="x"), delete(CHANGES)],
)
def test_the_database_refuses_to_change_the_audit(engine: Engine, statement: Any) -> None:  # noqa: ANN401 - of either sort
    with engine.connect() as connection, pytest.raises(DBAPIError, match="only added to"):
        connection.execute(statement)


def test_several_writers_make_one_chain(engine: Engine) -> None:
    together = Barrier(WRITERS)

    def write(writer: int) -> None:
        together.wait()
        for turn in range(3):
            with Session(engine) as session, session.begin():
                record(session, "together", f"writer {writer}", "change", f"turn {turn}")

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(write, range(WRITERS)))

    [chain] = [each for each in found(engine) if each.chain == "together"]
    assert isinstance(chain, Chain)
    assert chain.entries == 3 * WRITERS
