"""Backups are of one moment whoever writes, and come back the same on either kind of database."""

import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, inspect, make_url, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from typer.testing import CliRunner

from app.cli import app
from app.db import backups
from app.db.archives import MANIFEST, ArchiveError, Manifest, read_manifest, write_archive
from app.db.backups import BackupRefusedError, back_up, restore
from app.db.connections import is_sqlite, writing_engine
from app.db.migrations import migrate
from app.db.snapshots import CHANGES
from app.db.versions import is_current
from app.services.drafting import table
from app.settings import settings
from tests.databases import PostgresServer, fresh_sqlite
from tests.demo import load_demo
from tests.routers.serving import serving

WAIT = 10
"""Seconds after which what should have happened long ago has not."""
MOMENT = datetime(2026, 7, 1, 12, 30, 15, 250_000, tzinfo=UTC)
COUNCIL = {"id": "anyshire", "name": "Anyshire", "area_code": "E09000001"}
REVISION = {"organisation_id": "anyshire", "made_at": MOMENT, "made_by": "", "reason": ""}
KEY = {"name": "a key", "prefix": "abc", "digest": "d", "made_by": "", "made_at": MOMENT, "expires_at": None}
KEPT = {
    "caller": "key:abc",
    "key": "k\N{LATIN SMALL LETTER E WITH ACUTE}",
    "digest": "d",
    "status": 201,
    "headers": "{}",
    "body": bytes(range(256)),
    "made_at": MOMENT,
}
ENTRY = {
    **dict.fromkeys(("chain", "actor", "act", "reason", "detail", "changes", "seal_before", "seal"), ""),
    "number": 1,
    "made_at": MOMENT,
}
PATHS = (
    "/v1/observations?limit=1000&sort=-target_variance",
    "/v1/budget-variances?kind=revenue",
    "/v1/risks",
    "/v1/actions",
)


def fill(url: str) -> str:
    """A database with a council, a revision, a key, and a remembered answer."""
    migrate(url)
    with connected(url) as engine, engine.begin() as connection:
        connection.execute(insert(table("organisation")), COUNCIL)
        connection.execute(insert(table("revision")), REVISION)
        connection.execute(insert(table("api_key")), KEY)
        connection.execute(insert(table("kept_answer")), KEPT)
    return url


@pytest.fixture(scope="module")
def small(database_url: str) -> str:
    return fill(database_url)


@pytest.fixture
def other(database_url: str, postgres_server: PostgresServer) -> Iterator[str]:
    """An empty database of the other kind."""
    with postgres_server.fresh_database() if is_sqlite(make_url(database_url)) else fresh_sqlite() as url:
        yield url


@pytest.fixture(scope="module")
def copy(small: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    path = tmp_path_factory.mktemp("backups") / "copy"
    back_up(small, path)
    return path


@pytest.fixture(scope="module")
def restored(copy: Path, database_url: str, postgres_server: PostgresServer) -> Iterator[str]:
    """A database of the other kind that held the same at first."""
    with postgres_server.fresh_database() if is_sqlite(make_url(database_url)) else fresh_sqlite() as url:
        restore(url, copy)
        yield url


@pytest.fixture(scope="module")
def file() -> Iterator[str]:
    """An SQLite database, for what does not depend on the kind."""
    with fresh_sqlite() as url:
        yield fill(url)


@pytest.fixture
def backup(file: str, tmp_path: Path) -> Path:
    back_up(file, tmp_path / "backup")
    return tmp_path / "backup"


@pytest.fixture
def empty() -> Iterator[str]:
    with fresh_sqlite() as url:
        yield url


@pytest.fixture
def fresh(postgres_server: PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database, the one that minds what is altered in the middle of a transaction."""
    with postgres_server.fresh_database() as url:
        yield url


@contextmanager
def connected(url: str) -> Iterator[Engine]:
    engine = writing_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def run(url: str, monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """What a command says on a database."""
    monkeypatch.setenv("OUTTURN_DATABASE_URL", url)
    settings.cache_clear()
    result = CliRunner().invoke(app, words)
    settings.cache_clear()
    assert result.exit_code == 0, result.output
    return result.output


async def answers(url: str) -> list[tuple[int, str, bytes]]:
    async with serving(url) as client:
        found = [await client.get(path) for path in PATHS]
    return [(each.status_code, each.headers["etag"], each.content) for each in found]


async def test_what_comes_back_on_the_other_kind_of_database_reads_the_same(
    database_url: str,
    postgres_server: PostgresServer,
    other: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sqlite = is_sqlite(make_url(database_url))
    with fresh_sqlite() if sqlite else postgres_server.fresh_database() as demo:
        load_demo(demo)

        made = run(demo, monkeypatch, "backup", str(tmp_path / "there"))
        put_back = run(other, monkeypatch, "restore", str(tmp_path / "there"))
        there, back = read_manifest(tmp_path / "there"), back_up(other, tmp_path / "back")
        read_there, read_back = await answers(demo), await answers(other)

    assert there.tables == back.tables
    assert f"{sum(rows.rows for rows in there.tables.values())} rows written" in made
    assert "rows restored" in put_back
    assert read_there == read_back
    assert {status for status, *_ in read_there} == {200}


def test_what_no_list_shows_comes_back_too(small: str, restored: str, tmp_path: Path) -> None:
    there, back = back_up(small, tmp_path / "there"), back_up(restored, tmp_path / "back")

    with connected(restored) as engine, engine.connect() as connection:
        kept = connection.execute(select(table("kept_answer"))).mappings().one()
    assert there.tables == back.tables
    assert {**kept, "made_at": kept["made_at"].replace(tzinfo=UTC)} == KEPT


def test_nobody_else_may_read_a_backup(backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0


def test_what_is_restored_goes_on_where_it_was(restored: str, copy: Path) -> None:
    manifest = read_manifest(copy)

    with connected(restored) as engine:
        with engine.begin() as connection:
            before = connection.exec_driver_sql(CHANGES).scalar_one()
            last = connection.scalar(select(func.max(table("revision").c.id)))
            made = connection.execute(insert(table("revision")), REVISION).inserted_primary_key
            connection.execute(text("UPDATE organisation SET name = 'Another'"))
            connection.execute(insert(table("audit_entry")), ENTRY)
        with engine.connect() as connection:
            after = connection.exec_driver_sql(CHANGES).scalar_one()
        with pytest.raises(DatabaseError, match="only added to"), engine.begin() as connection:
            connection.execute(text("DELETE FROM audit_entry"))

    assert made == (last + 1,)
    assert before == manifest.changes + backups.AHEAD
    assert after == before + 1


class Writer(threading.Thread):
    """Writes one revision and one subject in each transaction, until it is told to stop."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.over, self.written = threading.Event(), 0
        self._url = url
        self._more = threading.Condition()

    def run(self) -> None:
        with connected(self._url) as engine:
            while not self.over.is_set():
                with engine.begin() as connection:
                    connection.execute(insert(table("revision")), REVISION)
                    named = {"organisation_id": "anyshire", "kind": "note", "key": str(self.written)}
                    connection.execute(insert(table("subject")), named)
                with self._more:
                    self.written += 1
                    self._more.notify_all()

    def wait_for(self, number: int) -> None:
        """Wait until it has written so many times more."""
        enough = self.written + number
        with self._more:
            assert self._more.wait_for(lambda: self.written >= enough, WAIT)


def test_a_backup_is_of_one_moment_while_a_writer_never_stops(
    restored: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, beside = Writer(restored), counted(restored, "revision") - counted(restored, "subject")

    def slowly(*tables: Any, **said: Any) -> Manifest:  # noqa: ANN401 - whatever is written
        writer.wait_for(3)
        return write_archive(*tables, **said)

    monkeypatch.setattr(backups, "write_archive", slowly)
    writer.start()
    try:
        writer.wait_for(3)
        manifest = back_up(restored, tmp_path / "meanwhile")
        written = writer.written
    finally:
        writer.over.set()
        writer.join(WAIT)
    monkeypatch.undo()
    restore(restored, tmp_path / "meanwhile", force=True)

    rows = {name: manifest.tables[name].rows for name in ("revision", "subject")}
    assert rows["revision"] == rows["subject"] + beside
    assert 3 <= rows["subject"] <= written - 3
    assert back_up(restored, tmp_path / "again").tables == manifest.tables


def test_a_file_that_is_there_is_replaced_only_by_force(file: str, tmp_path: Path) -> None:
    path = tmp_path / "backup"
    path.write_text("precious", encoding="utf-8")

    with pytest.raises(BackupRefusedError, match="there already"):
        back_up(file, path)
    kept = path.read_text(encoding="utf-8")
    back_up(file, path, force=True)

    assert kept == "precious"
    assert zipfile.is_zipfile(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_backup_that_fails_leaves_no_file(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> Manifest:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "write_archive", full)

    with pytest.raises(OSError, match="No space"):
        back_up(file, tmp_path / "backup")

    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_not_migrated_is_not_backed_up(empty: str, tmp_path: Path) -> None:
    with pytest.raises(BackupRefusedError, match="there is no database"):
        back_up(empty, tmp_path / "backup")
    migrate(empty, "base")
    with pytest.raises(BackupRefusedError, match="not migrated"):
        back_up(empty, tmp_path / "backup")

    assert not (tmp_path / "backup").exists()


def test_a_database_that_holds_anything_is_replaced_only_by_force(restored: str, copy: Path) -> None:
    with connected(restored) as engine, engine.begin() as connection:
        connection.execute(insert(table("kept_answer")), {**KEPT, "key": "since"})

    with pytest.raises(BackupRefusedError, match=r"kept_answer \(2 rows\), organisation \(1 rows\)"):
        restore(restored, copy)
    kept = counted(restored, "kept_answer")
    restore(restored, copy, force=True)

    assert (kept, counted(restored, "kept_answer")) == (2, 1)


def counted(url: str, name: str) -> int:
    with connected(url) as engine, engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table(name))) or 0


def rewrite(backup: Path, manifest: dict[str, object] | None = None, **members: bytes) -> None:
    """Change what a backup holds, and what it says of itself."""
    with zipfile.ZipFile(backup) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    held |= {f"{name}.jsonl": content for name, content in members.items()}
    held[MANIFEST] = json.dumps({**json.loads(held[MANIFEST]), **(manifest or {})}).encode()
    with zipfile.ZipFile(backup, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content)


def test_a_backup_of_a_newer_program_is_refused(empty: str, backup: Path) -> None:
    rewrite(backup, {"version": "9999"})

    with pytest.raises(BackupRefusedError, match="version 9999, which this program does not know"):
        restore(empty, backup)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"not a backup"])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "backup").write_bytes(content)

    with pytest.raises(ArchiveError, match="no backup, or not a whole one"):
        restore("sqlite:///nowhere", tmp_path / "backup")


def test_rows_that_were_changed_since_are_refused(empty: str, backup: Path) -> None:
    rewrite(backup, kept_answer=b"")

    with pytest.raises(ArchiveError, match="the rows of kept_answer are not those that were written"):
        restore(empty, backup)


def test_a_restoration_that_fails_leaves_the_database_as_it_was(
    file: str, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = read_manifest(backup)
    rewrite(backup, organisation=b"")
    monkeypatch.setattr(backups, "read_manifest", lambda _: manifest)

    with pytest.raises(IntegrityError):
        restore(file, backup, force=True)

    monkeypatch.undo()
    after = back_up(file, tmp_path / "after")
    assert (after.tables, after.changes) == (manifest.tables, manifest.changes)


def test_a_folder_that_is_not_there_is_made(backup: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'var' / 'outturn.db'}"

    restore(url, backup)

    assert counted(url, "organisation") == 1


def test_rows_that_do_not_read_as_they_were_written_undo_all(
    empty: str, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = read_manifest(backup)
    rewrite(backup, api_key=b"")
    monkeypatch.setattr(backups, "read_manifest", lambda _: manifest)

    with pytest.raises(BackupRefusedError, match="the rows of api_key do not read as they were written"):
        restore(empty, backup)

    with connected(empty) as engine, engine.connect() as connection:
        assert not inspect(connection).has_table("organisation")


def test_an_older_backup_is_brought_up_to_date(fresh: str, tmp_path: Path) -> None:
    migrate(fresh, "0004")
    with connected(fresh) as engine, engine.begin() as connection:
        connection.execute(text("INSERT INTO organisation VALUES ('anyshire', 'Anyshire', 'E09000001')"))
        connection.execute(text("INSERT INTO revision VALUES (7, 'anyshire', '2026-07-01 12:00:00', 'old')"))
    back_up(fresh, tmp_path / "backup")

    restore(fresh, tmp_path / "backup", force=True)

    with connected(fresh) as engine, engine.connect() as connection:
        assert is_current(connection)
        rows = connection.execute(text("SELECT id, reason, made_by FROM revision")).all()
    assert rows == [(7, "old", "")]
