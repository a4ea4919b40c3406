"""A running service to judge, and the same behind something that alters what it answers."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from benchmarks.children import child
from tests.databases import fresh_sqlite
from tests.demo import load_demo
from tests.routers.changing import publish_history

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 60
_SETTINGS = {"OUTTURN_LOG_LEVEL": "warning", "OUTTURN_CONTACT_EMAIL": "data@outturn.example"}


@contextmanager
def served() -> Iterator[str]:
    """The address of a service that has the demo, and councils that released more than once."""
    with tempfile.TemporaryDirectory(prefix="outturn-feeds-") as name, fresh_sqlite() as url:
        load_demo(url)
        (reports := Path(name) / "reports").mkdir()
        publish_history(url, reports)
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = f"http://127.0.0.1:{free.getsockname()[1]}"
        port = address.rpartition(":")[2]
        settings = {"OUTTURN_DATABASE_URL": url, "OUTTURN_PUBLIC_URL": address, **_SETTINGS}
        outturn, log = Path(sys.executable).with_name("outturn"), Path(name) / "log"
        command: list[str | Path] = [outturn, "serve", "--host", "127.0.0.1", "--port", port]
        with child(command, log, "TERM", env={**os.environ, **settings}):
            _wait_until_ready(f"{address}/health/ready", log)
            yield address


@contextmanager
def altered(address: str, alter: Callable[[bytes], bytes]) -> Iterator[str]:
    """The address of the same service with its bodies altered; links lead to that address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(bodily=True)

        def do_HEAD(self) -> None:
            self._answer(bodily=False)

        def log_message(self, *said: object) -> None:
            """Say nothing."""

        def _answer(self, *, bodily: bool) -> None:
            answer = httpx.get(address + self.path, headers={"Accept-Encoding": "identity"}, timeout=PATIENCE)
            body = answer.content
            if answer.is_success:
                body = alter(body.replace(address.encode(), here.encode()))
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["content-type"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if bodily:
                self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        here = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield here
        server.shutdown()
        thread.join()


def _wait_until_ready(address: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            if httpx.get(address).is_success:
                return
        except httpx.TransportError:
            pass
        if time.monotonic() > deadline:
            raise SystemExit(f"the service is not ready: {log.read_text()}")
        time.sleep(0.1)
