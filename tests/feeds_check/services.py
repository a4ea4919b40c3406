"""A running service to judge, and the same behind something that alters what it answers."""

from __future__ import annotations

import tempfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from tests.databases import fresh_sqlite
from tests.demo import load_demo
from tests.routers.changing import publish_history
from tests.running import running_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 60
"""Seconds that an answer may take."""
SETTINGS = {"OUTTURN_CONTACT_EMAIL": "data@outturn.example"}
KEPT = [f"/v1/organisations/barnet/datasets/{name}" for name in ("risks.csv", "risks.parquet")]
"""Files that are asked for at first, so that catalogues have sizes to tell of."""


@contextmanager
def served() -> Iterator[str]:
    """The address of a service that has the demo, and councils that released more than once."""
    with tempfile.TemporaryDirectory(prefix="outturn-feeds-") as name, fresh_sqlite() as url:
        load_demo(url)
        (reports := Path(name) / "reports").mkdir()
        publish_history(url, reports)
        with running_service(url, Path(name) / "log", **SETTINGS) as address:
            for path in KEPT:
                httpx.get(address + path, timeout=PATIENCE).raise_for_status()
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
