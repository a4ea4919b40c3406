"""Several processes answer while a council publishes: nobody ever gets less than they were told."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest

from app.db.connections import writing_engine
from app.db.migrations import migrate
from benchmarks.children import child
from tests.imports.examples import write_report
from tests.queries.reports import load

WORKERS = 2
READERS = 6
KEPT_ALIVE = 25
"""How many answers a connection lives for; the next one may be another worker's."""
PATIENCE = 60
"""Seconds after which what should have happened long ago has not."""
PAGE = "/v1/observations?organisation=anyshire"
WAYS: dict[str, tuple[int, dict[str, str]]] = {
    "kept answers": (20, {}),
    "fresh answers": (6, {"OUTTURN_CACHE_MEGABYTES": "0"}),
    "kept answers by the rules": (6, {"OUTTURN_READ_MODEL": "0"}),
}
"""How many releases are read in each way, and the settings that choose it."""


class Answer(NamedTuple):
    """What a reader got, what had been told before it asked, and whether it asked after the last release."""

    path: str
    told: int
    changes: int
    tag: str
    figure: str | None
    """The published figure; none where the reader was told that it has it already."""
    last: bool


class Readers:
    """Readers who ask again and again until the last release is out, and once more after that."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.over = threading.Event()
        self.told = 0
        self.answers: list[Answer] = []
        self._answered = threading.Condition()

    def tell(self, changes: int) -> None:
        """Note the greatest count that anybody was told."""
        with self._answered:
            self.told = max(self.told, changes)

    def read(self, path: str, *, conditional: bool) -> None:
        """Ask on one connection after another, with the tag that was told last or without."""
        tag = None
        while True:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
                for _ in range(KEPT_ALIVE):
                    answer = self._ask(connection, path, tag if conditional else None)
                    tag = answer.tag
                    if answer.last:
                        return

    def _ask(self, connection: HTTPConnection, path: str, tag: str | None) -> Answer:
        last, told = self.over.is_set(), self.told
        connection.request("GET", path, headers={} if tag is None else {"If-None-Match": tag})
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200 or (tag, response.status) == (response.headers["ETag"], 304), body
        changes = int(response.headers["Outturn-Changes"])
        figure = figure_of(body) if response.status == 200 else None
        answer = Answer(path, told, changes, response.headers["ETag"], figure, last)
        with self._answered:
            self.told = max(self.told, changes)
            self.answers.append(answer)
            self._answered.notify_all()
        return answer

    def wait_for(self, number: int) -> None:
        """Wait until so many more answers have come."""
        enough = len(self.answers) + number
        with self._answered:
            assert self._answered.wait_for(lambda: len(self.answers) >= enough, PATIENCE)


def figure_of(body: bytes) -> str:
    """The figure of the one observation, alone or in a page."""
    answer = orjson.loads(body)
    [row] = answer.get("items", [answer])
    return str(row["numerator"])


@contextmanager
def serving(url: str, log: Path, settings: dict[str, str]) -> Iterator[int]:
    """Run the service's command on a database, and give its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    outturn = Path(sys.executable).with_name("outturn")
    options = ["--workers", str(WORKERS), "--host", "127.0.0.1", "--port", str(port)]
    chosen = {"OUTTURN_DATABASE_URL": url, "OUTTURN_LOG_LEVEL": "info", **settings}
    with child([outturn, "serve", *options], log, "TERM", env={**os.environ, **chosen}) as process:
        _wait_until_started(process, log)
        yield port


def _wait_until_started(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while log.read_text().count("Application startup complete") < WORKERS:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)


def publish(url: str, folder: Path, figure: int) -> int:
    """Publish a figure, and say how many releases there have been."""
    load(url, write_report(folder, observations={"numerator": str(figure)}))
    engine = writing_engine(url)
    with engine.connect() as connection:
        changes: int = connection.exec_driver_sql("SELECT count(*) FROM release").scalar_one()
    engine.dispose()
    return changes


@pytest.mark.parametrize("way", WAYS)
def test_no_reader_gets_less_than_anybody_was_told(database_url: str, tmp_path: Path, way: str) -> None:
    releases, settings = WAYS[way]
    migrate(database_url)
    published = {publish(database_url, tmp_path / "report", 1000): "1000.00"}

    with serving(database_url, tmp_path / "log", settings) as port, ThreadPoolExecutor(READERS) as threads:
        readers = Readers(port)
        paths = [PAGE, f"/v1/observations/{first_id(port)}"] * (READERS // 2)
        reading = [
            threads.submit(readers.read, path, conditional=number >= READERS // 2)
            for number, path in enumerate(paths)
        ]
        try:
            for figure in range(1, releases + 1):
                readers.wait_for(2 * READERS)
                changes = publish(database_url, tmp_path / "report", figure)
                published[changes] = f"{figure}.00"
                readers.tell(changes)
            readers.wait_for(2 * READERS)
        finally:
            readers.over.set()
        for reader in reading:
            reader.result(PATIENCE)
    check(readers.answers, published)


def first_id(port: int) -> int:
    """The id of the one observation."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", PAGE)
        [row] = orjson.loads(connection.getresponse().read())["items"]
    return int(row["id"])


def check(answers: list[Answer], published: dict[int, str]) -> None:
    """Hold every answer against what had been told, and against what was published at its count."""
    figures = {(each.path, each.tag): each.figure for each in answers if each.figure is not None}
    for each in answers:
        assert each.changes >= each.told
        assert figures[each.path, each.tag] == published[each.changes]
    assert {each.changes for each in answers} == published.keys()
    assert [each.changes for each in answers if each.last] == [max(published)] * READERS
