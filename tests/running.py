"""The service as a process of its own, started on a free port and waited for."""

from __future__ import annotations

import os
import socket
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from benchmarks.children import child

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 60
"""Seconds that it may take to start."""
HOST = "127.0.0.1"


@contextmanager
def running_service(url: str, log: Path, **settings: str) -> Iterator[str]:
    """The address of a service on a database, once it is ready; its links lead there.

    What it says goes to a file. Raises SystemExit with it where the service does not become ready.
    """
    with socket.create_server((HOST, 0)) as free:
        port = str(free.getsockname()[1])
    address = f"http://{HOST}:{port}"
    chosen = {"OUTTURN_DATABASE_URL": url, "OUTTURN_PUBLIC_URL": address, "OUTTURN_LOG_LEVEL": "warning"}
    command: list[str | Path] = [
        Path(sys.executable).with_name("outturn"),
        "serve",
        "--host",
        HOST,
        "--port",
        port,
    ]
    with child(command, log, "TERM", env={**os.environ, **chosen, **settings}):
        _wait_until_ready(f"{address}/health/ready", log)
        yield address


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
