"""A database that is locked, full, read-only, gone or damaged: 503, and nothing is told of it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.services.keys import make_key
from app.services.permissions import Grant, Role
from tests.databases import fresh_sqlite
from tests.imports.examples import write_report
from tests.queries.reports import load
from tests.routers.serving import serving

ACTION = {
    "organisation": "anyshire",
    "key": "another",
    "title": "An action",
    "comment": "as long as a page, and longer" * 200,
    "service": "front-office",
    "as_of": "2026-07-01",
}
PAGE = 4096
DAMAGED = {"empty": (0, b""), "no database": (0, b"x"), "blank": (1, b"\0"), "short": (3, b"")}
"""How many pages of a file are left, and what stands in the place of each further byte."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An SQLite file with a council."""
    with fresh_sqlite() as url:
        migrate(url)
        load(url, write_report(tmp_path_factory.mktemp("unwell") / "report"))
        yield Path(url.removeprefix("sqlite:///"))


@pytest.fixture(scope="module")
def shown(file: Path) -> dict[str, str]:
    """The credential of an administrator."""
    engine = writing_engine(f"sqlite:///{file}")
    with Session(engine) as session, session.begin():
        _, text = make_key(session, "Council", [Grant(Role.administrator)], "")
    engine.dispose()
    return {"Authorization": f"Bearer {text}"}


def speaking(url: str) -> AbstractAsyncContextManager[AsyncClient]:
    return serving(url, webhooks=False, read_model=False)


async def read(url: str) -> Response:
    async with speaking(url) as client:
        return await client.get("/v1/observations")


def is_told_of_nothing(answer: Response) -> bool:
    """Whether an answer is the one problem that says no more than when to ask again."""
    told = answer.json()
    words = {"The database cannot answer now.", "The database is not ready.", "Another change is being made."}
    known = (answer.status_code, told["code"], told["detail"] in words) == (503, "unavailable", True)
    return known and int(answer.headers["retry-after"]) > 0


@contextmanager
def locked(file: Path) -> Iterator[str]:
    """Another program writes, and takes its time."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield f"sqlite:///{file}"
        other.execute("ROLLBACK")


@contextmanager
def full(file: Path) -> Iterator[str]:
    """The file cannot grow."""

    def stop_growing(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA max_page_count = 1")
        cursor.close()

    event.listen(Engine, "connect", stop_growing)
    try:
        yield f"sqlite:///{file}"
    finally:
        event.remove(Engine, "connect", stop_growing)


@contextmanager
def read_only(file: Path) -> Iterator[str]:
    """The file is not to be written to."""
    yield f"sqlite:///file:{file}?mode=ro&uri=true"


@pytest.mark.parametrize("unwell", [locked, full, read_only])
async def test_a_change_that_the_file_does_not_take_is_put_off_and_reading_goes_on(
    file: Path,
    shown: dict[str, str],
    unwell: Callable[[Path], AbstractContextManager[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.db.connections.BUSY_MILLISECONDS", 20)
    before = subjects(file)

    with unwell(file) as url:
        async with speaking(url) as client:
            refused = await client.post("/v1/actions?reason=New", json=ACTION, headers=shown)
            answered = await client.get("/v1/observations")

    assert is_told_of_nothing(refused)
    assert answered.status_code == 200
    assert subjects(file) == before


def subjects(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM subject").fetchone()[0])


@pytest.fixture(params=DAMAGED)
def damaged(request: pytest.FixtureRequest, file: Path, tmp_path: Path) -> Path:
    """What is left of a file."""
    pages, rest = DAMAGED[request.param]
    content = file.read_bytes()
    (tmp_path / "damaged.db").write_bytes(content[: pages * PAGE] + rest * (len(content) - pages * PAGE))
    return tmp_path / "damaged.db"


async def test_a_file_that_is_damaged_or_empty_is_told_of_by_no_word(damaged: Path) -> None:
    assert is_told_of_nothing(await read(f"sqlite:///{damaged}"))


async def test_a_file_that_cannot_be_there_is_told_of_by_no_word(tmp_path: Path) -> None:
    assert is_told_of_nothing(await read(f"sqlite:///{tmp_path}/nowhere/outturn.db"))
