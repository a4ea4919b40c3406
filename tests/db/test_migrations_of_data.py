"""A migration that would lose what a database holds refuses, says what, and changes nothing."""

import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.types import INTEGER, BigInteger, Date, Integer, Numeric, String, TypeEngine
from typer.testing import CliRunner

from app.cli import app
from app.db import migrations
from app.db.connections import writing_engine
from app.db.holdings import Holding, losses
from app.db.migrations import LossError, migrate, migrate_on, version_of
from app.db.versions import newest
from app.services.drafting import table
from app.settings import migrations_folder, settings

MOMENT = datetime(2026, 7, 1, tzinfo=UTC)
COUNCIL = {"id": "anyshire", "name": "Anyshire", "area_code": "E09000001"}
KEY = {"name": "", "prefix": "abc", "digest": "", "made_by": "", "made_at": MOMENT}
REVISION = {"organisation_id": "anyshire", "made_at": MOMENT, "made_by": "key:abc", "reason": ""}
KEPT = {
    **dict.fromkeys(("caller", "key", "digest", "headers"), "k"),
    "status": 201,
    "body": b"",
    "made_at": MOMENT,
}
MIGRATION = """
from alembic import op

revision, down_revision = "9999", "{after}"
MOVED = {moved}

def upgrade():
    for statement in {statements}:
        op.execute(statement)
"""
LOSING = {
    "ALTER TABLE organisation DROP COLUMN area_code": "organisation.area_code (said in 1 rows)",
    "DELETE FROM api_key WHERE id = 2": "api_key (1 of 2 rows)",
    "UPDATE revision SET made_by = '' WHERE id = 2": "revision.made_by (said in 1 rows)",
    "DROP TABLE kept_answer": "kept_answer (1 rows)",
}
KEEPING = (
    "ALTER TABLE api_key DROP COLUMN name",
    "DROP TABLE webhook_delivery",
    "DELETE FROM released_copy",
    "ALTER TABLE organisation RENAME COLUMN area_code TO code",
    "ALTER TABLE kept_answer RENAME TO remembered",
)
"""What says nothing or can be made anew is no loss; what is moved says so."""
MOVED = ("organisation.area_code", "kept_answer")


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """A database with a council, two revisions and a key."""
    migrate(database_url)
    engine = writing_engine(database_url)
    with engine.begin() as connection:
        connection.execute(insert(table("organisation")), COUNCIL)
        connection.execute(insert(table("revision")), [REVISION, REVISION])
        connection.execute(insert(table("api_key")), [KEY, {**KEY, "prefix": "def"}])
        connection.execute(insert(table("kept_answer")), KEPT)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A transaction that leaves nothing behind."""
    with engine.connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations there are, and room for another."""
    folder = shutil.copytree(migrations_folder(), tmp_path / "alembic")
    monkeypatch.setattr(migrations, "migrations_folder", lambda: folder)
    return folder / "versions"


def add_migration(versions: Path, statements: Iterable[str], moved: tuple[str, ...] = ()) -> None:
    content = MIGRATION.format(after=newest(), statements=tuple(statements), moved=moved)
    (versions / "9999_another.py").write_text(content, encoding="utf-8")


def test_what_would_be_lost_is_told_and_may_be_discarded(connection: Connection, versions: Path) -> None:
    add_migration(versions, LOSING)

    with pytest.raises(LossError) as refused, connection.begin_nested():
        migrate_on(connection)
    before = version_of(connection)
    migrate_on(connection, discard=True)

    assert sorted(refused.value.lost) == sorted(LOSING.values())
    assert (before, version_of(connection)) == (newest(), "9999")


def test_what_loses_nothing_is_done(connection: Connection, versions: Path) -> None:
    add_migration(versions, KEEPING, MOVED)

    migrate_on(connection)

    assert version_of(connection) == "9999"


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        (Numeric(14, 4), Numeric(14, 2), True),
        (Numeric(14, 4), Numeric(13, 4), True),
        (Numeric(14, 4), Numeric(16, 5), False),
        (String(), String(20), True),
        (String(20), String(10), True),
        (String(10), String(20), False),
        (String(20), String(), False),
        (BigInteger(), Integer(), True),
        (INTEGER(), BigInteger(), False),
        (String(), Date(), True),
    ],
)
def test_a_narrower_column_is_a_loss(
    before: TypeEngine[object], after: TypeEngine[object], *, lost: bool
) -> None:
    held, left = ({"target": Holding(2, {"value": (kind, 1)})} for kind in (before, after))

    assert losses(held, left, set()) == [f"target.value (said in 1 rows, {before} becomes {after})"] * lost


def test_going_back_refuses_until_what_there_was_not_may_be_discarded(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("OUTTURN_DATABASE_URL", url)
    settings.cache_clear()
    run = CliRunner().invoke

    refused = run(app, ["migrate", "--to", "0004"])
    with engine.connect() as connection:
        kept = connection.scalar(select(func.count()).select_from(table("api_key"))), version_of(connection)
    discarded = run(app, ["migrate", "--to", "0004", "--discard"])
    with engine.connect() as connection:
        gone = version_of(connection)
    unknown = run(app, ["migrate", "--to", "0815"])
    settings.cache_clear()

    assert (refused.exit_code, kept) == (1, (2, newest()))
    assert (
        "would lose api_key (2 rows), kept_answer (1 rows), revision.made_by (said in 2 rows)."
        in refused.stderr
    )
    assert (discarded.exit_code, gone) == (0, "0004")
    assert unknown.exit_code == 2
