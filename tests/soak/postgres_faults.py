"""What may befall a PostgreSQL server and the way to it, and clients that write while it does."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from httpx import AsyncClient, Response
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db.connections import reading_engine, writing_engine
from app.db.migrations import migrate
from app.services.audit import Broken, Chain, verify
from app.services.keys import make_key
from app.services.permissions import Grant, Role
from tests.imports.examples import write_report
from tests.proxies import Proxy, proxied
from tests.queries.reports import load
from tests.routers.serving import serving
from tests.standby import Server, running_server

RECOVERY = 5.0
"""Seconds within which something succeeds once the fault is over."""
SHORT, LONG = 0.4, 5.0
"""How long a fault lasts; the longer one outlasts the patience of the service."""
PAUSE = 0.01
STATEMENT = 2.0
"""The service's own limit; it gives a silent server up soon after."""
WAIT = 30
"""Seconds after which what should have happened long ago has not."""
EXPECTED = {
    HTTPStatus.OK,
    HTTPStatus.CREATED,
    HTTPStatus.CONFLICT,
    HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.SERVICE_UNAVAILABLE,
}
"""What clients are answered whatever happens; never 500."""
REASON = {"reason": "Progress"}
WRITTEN = """
    SELECT action.comment FROM action JOIN subject ON subject.id = action.id
    WHERE subject.key = :key AND subject.kind = 'action' ORDER BY action.made_in
"""
TERMINATE = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class Ground(NamedTuple):
    """A server, the way to it, and the credential of an administrator."""

    server: Server
    proxy: Proxy
    shown: dict[str, str]


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    """A server of its own that holds a council's report; `folder` is where that is written."""
    with running_server() as server, proxied(server.socket) as proxy:
        migrate(server.url())
        load(server.url(), write_report(folder / "report"))
        engine = writing_engine(server.url())
        with Session(engine) as session, session.begin():
            _, shown = make_key(session, "Council", [Grant(Role.administrator)], "")
        engine.dispose()
        yield Ground(server, proxy, {"Authorization": f"Bearer {shown}"})


def terminate(ground: Ground) -> None:
    """An operator ends every connection."""
    ground.server.ask(TERMINATE)


def restart(ground: Ground) -> None:
    """The server crashes and recovers."""
    ground.server.stop()
    ground.server.start()


def freeze(ground: Ground, seconds: float = SHORT) -> None:
    """The server answers nobody for a while."""
    with ground.server.paused():
        time.sleep(seconds)


def freeze_long(ground: Ground) -> None:
    """The server answers nobody for longer than anybody waits."""
    freeze(ground, LONG)


def cut(ground: Ground) -> None:
    """Every connection is reset."""
    ground.proxy.cut()


def refuse(ground: Ground) -> None:
    """Nobody can connect for a while."""
    with ground.proxy.refusing():
        time.sleep(SHORT)


def stall(ground: Ground) -> None:
    """Nothing is passed on for a while, and then all of it."""
    with ground.proxy.stalled():
        time.sleep(SHORT)


def slow(ground: Ground) -> None:
    """All takes longer for a while."""
    with ground.proxy.slowed(0.02):
        time.sleep(SHORT)


def lose_commit(ground: Ground) -> None:
    """A connection is reset before its commit comes through."""
    assert ground.proxy.cut_at_commit(passed_on=False).wait(WAIT)


def lose_answer(ground: Ground) -> None:
    """A connection is reset when its commit has come through, and nobody is told."""
    assert ground.proxy.cut_at_commit(passed_on=True).wait(WAIT)


FAULTS: tuple[Callable[[Ground], None], ...] = (
    terminate,
    restart,
    freeze,
    cut,
    refuse,
    stall,
    slow,
    lose_commit,
    lose_answer,
)


class Editors:
    """Clients that write without a pause, each to an action of its own, and count what was acknowledged."""

    def __init__(self, client: AsyncClient, shown: dict[str, str], number: int) -> None:
        self.client, self.shown = client, shown
        self.answers: Counter[int] = Counter()
        self.over = False
        self.recoveries: dict[str, float] = {}
        self.written = [Editor(self, f"action-{n}") for n in range(number)]
        self._success = asyncio.Condition()

    async def noted(self, answer: Response) -> Response:
        """Note an answer; one that puts somebody off says for how long."""
        self.answers[answer.status_code] += 1
        if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            assert int(answer.headers["retry-after"]) > 0
            await asyncio.sleep(PAUSE)
        elif answer.is_success and answer.request.method != "GET":
            async with self._success:
                self._success.notify_all()
        return answer

    async def success(self, name: str) -> None:
        """Wait for a change that is acknowledged from now on, and note how long that took."""
        begun = time.monotonic()
        try:
            async with asyncio.timeout(RECOVERY), self._success:
                await self._success.wait()
        except TimeoutError:
            raise AssertionError(f"nothing succeeds after {name}: {self.recoveries}") from None
        self.recoveries[name] = max(self.recoveries.get(name, 0.0), time.monotonic() - begun)


class Editor:
    """Counts up in the comment of one action, which nobody else writes to."""

    def __init__(self, editors: Editors, key: str) -> None:
        self.key, self.last, self.untold = key, 0, 0
        self._editors = editors
        self.uncertain = False
        self._href, self._tag = "", ""

    async def run(self) -> None:
        """Make the action, and change it again and again until all is over."""
        await self._make()
        while not self._editors.over:
            await self._change()

    async def _make(self) -> None:
        """Ask under one key until it is acknowledged."""
        said = {
            "organisation": "anyshire",
            "key": self.key,
            "title": self.key,
            "service": "front-office",
            "as_of": "2026-07-01",
            "progress": "50",
        }
        while not self._href:
            answer = await self._send("POST", "/v1/actions", {"Idempotency-Key": self.key}, said)
            match answer.status_code:
                case HTTPStatus.CREATED:
                    self._href, self._tag = answer.json()["href"], answer.headers["etag"]
                case HTTPStatus.SERVICE_UNAVAILABLE:
                    self.uncertain = True
                case HTTPStatus.CONFLICT if self.uncertain:
                    await asyncio.sleep(PAUSE)  # what nobody was told of is still being worked on
                case _:
                    raise AssertionError(answer.text)
        self.uncertain = False

    async def _change(self) -> None:
        said = {"comment": str(self.last + 1)}
        answer = await self._send("PATCH", self._href, {"If-Match": self._tag}, said)
        match answer.status_code:
            case HTTPStatus.OK:
                self.last, self._tag, self.uncertain = self.last + 1, answer.headers["etag"], False
            case HTTPStatus.SERVICE_UNAVAILABLE:
                self.uncertain = True
                await self._look()
            case HTTPStatus.PRECONDITION_FAILED if self.uncertain:
                await self._look()  # what nobody knew of has happened since
            case _:
                raise AssertionError(answer.text)

    async def _look(self) -> None:
        """Find out whether the last change was made."""
        while (answer := await self._send("GET", self._href)).status_code != HTTPStatus.OK:
            assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, answer.text
        found = int(answer.json()["comment"] or 0)
        assert found in {self.last, self.last + 1}, (self.key, found, self.last)
        if found > self.last:
            self.last, self._tag, self.uncertain = found, answer.headers["etag"], False
            self.untold += 1

    async def _send(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        said: dict[str, str] | None = None,
    ) -> Response:
        asked = {"view": "draft"} if method == "GET" else REASON
        shown = {**self._editors.shown, **(headers or {})}
        answer = await self._editors.client.request(method, path, params=asked, json=said, headers=shown)
        return await self._editors.noted(answer)


async def befall(place: Ground, editors: Editors, faults: Iterable[Callable[[Ground], None]]) -> None:
    """Let faults strike one after another; something succeeds soon after each of them."""
    running = [asyncio.create_task(editor.run()) for editor in editors.written]
    try:
        await editors.success("nothing")
        for fault in faults:
            await asyncio.to_thread(fault, place)
            await editors.success(fault.__name__)
            assert not any(task.done() for task in running)
    finally:
        editors.over = True
        await asyncio.gather(*running)


async def endure(folder: Path, faults: Iterable[Callable[[Ground], None]], number: int = 4) -> Editors:
    """What editors have to say once faults have struck; what they wrote is there, once, and sealed."""
    with ground(folder) as place:
        before = sealed(place)
        chosen = {"statement_seconds": STATEMENT, "webhooks": False}
        async with serving(place.proxy.url(), **chosen) as client:
            editors = Editors(client, place.shown, number)
            await befall(place, editors, faults)
        assert sealed(place) == before + check(place, editors)
    return editors


def check(place: Ground, editors: Editors) -> int:
    """Hold what the database has against what was acknowledged, and say how many changes that is."""
    changes = 0
    engine = reading_engine(place.server.url())
    with engine.connect() as connection:
        for editor in editors.written:
            comments = list(connection.execute(text(WRITTEN), {"key": editor.key}).scalars())
            counted = len(comments) - 1
            assert comments == [None, *map(str, range(1, counted + 1))]
            assert counted == editor.last or (editor.uncertain and counted == editor.last + 1)
            changes += len(comments)
    engine.dispose()
    return changes


def sealed(place: Ground) -> int:
    """How many entries the council's audit has, all of which hold."""
    engine = reading_engine(place.server.url())
    with engine.connect() as connection:
        chains = list(verify(connection))
    engine.dispose()
    assert not [chain for chain in chains if isinstance(chain, Broken)]
    return sum(chain.entries for chain in chains if isinstance(chain, Chain) and chain.chain == "anyshire")
