"""Servers that are killed while files are handed in, and what has become of these files."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from httpx import Client, HTTPError, Response
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.db.connections import is_sqlite, writing_engine
from app.db.migrations import migrate
from app.services.audit import Chain, verify
from app.services.drafting import table
from tests.imports.examples import write_report
from tests.queries.reports import load
from tests.routers.writers import WHY, key_for
from tests.soak.servers import PATIENCE, Server

ROWS = 150
ENDED = {"taken", "refused", "failed"}
SEED = 5


class File(NamedTuple):
    """A file of actions that is handed in under a key of its own; looked up later, or answered at once."""

    name: str
    later: bool

    @property
    def content(self) -> str:
        """Its rows."""
        head = "key,title,service,as_of,progress\n"
        rows = (f"{self.name}-{n},{self.name},front-office,2026-07-01,50\n" for n in range(ROWS))
        return head + "".join(rows)


class Clerk:
    """Hands files in, as often as it takes."""

    def __init__(self, server: Server, shown: str) -> None:
        self.server, self.shown = server, shown

    def hand_in(self, file: File) -> Response | None:
        """What a file is answered; nothing where the server dies first."""
        asked = {"organisation": "anyshire", "kind": "actions", "mode": "upsert", "reason": WHY}
        headers = {"Content-Type": "text/csv", "Idempotency-Key": file.name}
        if file.later:
            headers["Prefer"] = "respond-async"
        return self._ask("POST", "/v1/imports", params=asked, headers=headers, content=file.content)

    def outcome(self, href: str) -> str:
        """What became in the end of a file that is looked up."""
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self._ask("GET", href)
            assert answer is not None
            assert answer.status_code == 200, answer.text
            state: str = answer.json()["state"]
            if state in ENDED:
                return state
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.05)

    def _ask(self, method: str, path: str, **asked: object) -> Response | None:
        headers = {"Authorization": f"Bearer {self.shown}", **asked.pop("headers", {})}  # type: ignore[dict-item]  # a mapping
        with Client(base_url=self.server.address, timeout=PATIENCE) as client:
            try:
                return client.request(method, path, headers=headers, **asked)  # type: ignore[arg-type]  # as the client has it
            except HTTPError:
                return None


def crash(url: str, folder: Path, times: int) -> Counter[str]:
    """Kill a server so many times while two files are handed in, and count what they were answered."""
    migrate(url)
    load(url, write_report(folder / "report"))
    server = Server(url, folder / "log")
    clerk = Clerk(server, key_for(url, "editor:anyshire"))
    engine, seen, chance = writing_engine(url), Counter[str](), random.Random(SEED)  # noqa: S311 - nothing to guess
    ways = (server.kill, server.kill_alone)
    server.start()
    longest = _uninterrupted(clerk)
    try:
        for number in range(times):
            if number % 3 == 2:
                seen["import killed"] += _kill_import(clerk, File(f"alone-{number}", later=True), engine)
                continue
            files = [File(f"at-once-{number}", later=False), File(f"later-{number}", later=True)]
            delay = longest * chance.random() ** 2
            first = _killed(clerk, files, ways[number % len(ways)], delay)
            _check_whole(engine, files, first)
            server.start()
            for file, answer in zip(files, first, strict=True):
                seen[_repeated(clerk, file, answer, engine)] += 1
    finally:
        server.kill()
    _check_sound(engine)
    engine.dispose()
    return seen


def _uninterrupted(clerk: Clerk) -> float:
    """How long two files take that nobody disturbs."""
    started = time.monotonic()
    answer = clerk.hand_in(File("warm-at-once", later=False))
    later = clerk.hand_in(File("warm-later", later=True))
    assert answer is not None
    assert later is not None
    assert (answer.status_code, later.status_code) == (200, 202)
    assert clerk.outcome(later.headers["location"]) == "taken"
    return time.monotonic() - started


def _killed(clerk: Clerk, files: list[File], kill: Callable[[], None], delay: float) -> list[Response | None]:
    """What files are answered that are handed in together, while the server is killed after some seconds."""
    with ThreadPoolExecutor(len(files)) as threads:
        asked = [threads.submit(clerk.hand_in, file) for file in files]
        time.sleep(delay)
        kill()
        return [answer.result(PATIENCE) for answer in asked]


def _kill_import(clerk: Clerk, file: File, engine: Engine) -> int:
    """Kill the process of an import once; it is taken in all the same."""
    answer = clerk.hand_in(file)
    assert answer is not None
    assert answer.status_code == 202
    killed, deadline = 0, time.monotonic() + PATIENCE
    while not (killed or _rows(engine, file)):
        killed = clerk.server.kill_started()
        assert time.monotonic() < deadline
    assert clerk.outcome(answer.headers["location"]) == "taken"
    assert _rows(engine, file) == ROWS
    return killed


def _repeated(clerk: Clerk, file: File, first: Response | None, engine: Engine) -> str:
    """Hand a file in again under its key: what was acknowledged is told again, and all is there once."""
    again = clerk.hand_in(file)
    assert again is not None
    assert again.status_code == (202 if file.later else 200), again.text
    if first is not None:
        assert again.content == first.content
        assert again.headers["idempotency-replayed"] == "true"
    if file.later:
        assert clerk.outcome(again.headers["location"]) == "taken"
    assert _rows(engine, file) == ROWS
    once = clerk.hand_in(file)
    assert once is not None
    assert once.content == again.content
    assert _versions(engine, file) == ROWS
    kept = "idempotency-replayed" in again.headers
    return f"{'later' if file.later else 'at once'} {'told' if first else 'kept' if kept else 'lost'}"


def _check_whole(engine: Engine, files: list[File], answers: list[Response | None]) -> None:
    """Hold what a dead server left against what it had said."""
    for file, answer in zip(files, answers, strict=True):
        assert _rows(engine, file) in {0, ROWS}
        assert answer is None or answer.status_code == (202 if file.later else 200), answer.text
        assert answer is None or file.later or _rows(engine, file) == ROWS


def _rows(engine: Engine, file: File) -> int:
    """How many actions of a file stand."""
    actions = table("action").c
    return _count(engine, select(func.count(actions.id.distinct())).where(actions.title == file.name))


def _versions(engine: Engine, file: File) -> int:
    """How many versions they have had."""
    return _count(engine, select(func.count()).where(table("action").c.title == file.name))


def _count(engine: Engine, query: object) -> int:
    with Session(engine) as session:
        return int(session.scalar(query))  # type: ignore[call-overload]  # a selection of one number


def _check_sound(engine: Engine) -> None:
    """The database is whole, and so is every chain of its audit."""
    with engine.connect() as connection:
        assert all(isinstance(chain, Chain) for chain in verify(connection))
        if is_sqlite(engine.url):
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
            assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()
