"""Servers of the `outturn` command that may die at any moment."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from httpx import Client, HTTPError

PATIENCE = 60
"""Seconds after which what should have happened long ago has not."""


class Server:
    """A server on a database, in a session of its own; dead until it is started."""

    def __init__(self, url: str, log: Path, workers: int = 1) -> None:
        self.log = log
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        outturn = Path(sys.executable).with_name("outturn")
        self._command = [str(outturn), "serve", "--workers", str(workers), "--port", str(self.port)]
        self._told = {**os.environ, "OUTTURN_DATABASE_URL": url, "OUTTURN_WEBHOOKS": "0"}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - the service itself
                self._command, stdout=output, stderr=output, env=self._told, start_new_session=True
            )
        deadline = time.monotonic() + PATIENCE
        with Client(base_url=self.address, timeout=PATIENCE) as client:
            while True:
                with suppress(HTTPError):
                    client.get("/health/live")
                    return
                assert self._process.poll() is None, self.log.read_text()
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.05)

    def kill(self) -> None:
        """Let it die at once, with all that it started."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)

    def kill_alone(self) -> None:
        """Let the server die, and leave what it started to its fate."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(PATIENCE)

    def kill_started(self) -> int:
        """Let what it started die, and say how many that were."""
        assert self._process is not None
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        return len(children)


@contextmanager
def running(url: str, log: Path, workers: int = 1) -> Iterator[Server]:
    """A server that answers until the block ends."""
    server = Server(url, log, workers)
    server.start()
    try:
        yield server
    finally:
        server.kill()
