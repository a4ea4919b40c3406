"""Servers in processes of their own: started on a free port and one core, watched, and ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

import psutil

from benchmarks.children import child
from benchmarks.client import HOST, fetch
from benchmarks.databases import KEPT, OUTTURN, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

_UVICORN = (
    *(sys.executable, "-m", "uvicorn", "--host", HOST, "--log-level", "warning", "--no-access-log"),
    *("--loop", "uvloop", "--http", "httptools"),
)
LOG = KEPT / "servers.log"
"""What servers say; a contestant that cannot keep up may say a lot."""
_START_SECONDS = 60


class Program(NamedTuple):
    """A server that may be started: its command but for the port, its environment, where it is ready."""

    command: tuple[str, ...]
    environment: dict[str, str]
    ready: str


class Server(NamedTuple):
    """A running server; `beside` is the database server that works for it, if there is one."""

    port: int
    process: psutil.Process
    beside: psutil.Process | None

    def cpu(self) -> tuple[float, float]:
        """Seconds of user and system time so far: of the server, and of the database beside it."""
        return _cpu(self.process), _cpu(self.beside) if self.beside else 0.0

    def memory(self) -> int:
        """Resident bytes of the largest of its processes."""
        return max(int(each.memory_info().rss) for each in _family(self.process))


def outturn(url: str, *words: str, **settings: str) -> Program:
    """Outturn on a database, as an operator starts it; settings are named without their prefix."""
    environment = {f"OUTTURN_{name.upper()}": value for name, value in settings.items()}
    environment |= {"OUTTURN_DATABASE_URL": url, "OUTTURN_LOG_LEVEL": "warning"}
    return Program((str(OUTTURN), "serve", *words), environment, "/v1/observations")


def contestant(name: str, ready: str, *words: str, **environment: str) -> Program:
    """Another contestant, on the same server with the same options."""
    return Program((*_UVICORN, f"benchmarks.contestants.{name}", *words), environment, ready)


@contextmanager
def serving(program: Program, core: int | None, beside: int | None = None) -> Iterator[Server]:
    """Run a program until the block ends, on a core if one is named.

    Raises RuntimeError where it ends by itself, or does not become ready in time.
    """
    with _started(program, core) as (port, process):
        _wait_until_ready(program, port, process)
        database = psutil.Process(beside) if beside else None
        yield Server(port, psutil.Process(process.pid), database)


def seconds_to_answer(program: Program, core: int | None) -> float:
    """How long a program takes from its start to its first good answer."""
    started = time.perf_counter()
    with _started(program, core) as (port, process):
        _wait_until_ready(program, port, process)
        return time.perf_counter() - started


def cores() -> tuple[int | None, int | None]:
    """The server's core and the client's; none where there is but one, or no way to say."""
    usable = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (usable[0], usable[-1]) if len(usable) > 1 else (None, None)


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """Keep this process, and those that it starts in the block, on a core if one is named."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def _started(program: Program, core: int | None) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = _free_port()
    command = [*program.command, "--port", str(port)]
    environment = {**os.environ, **program.environment}
    with ExitStack() as stack:
        with pinned(core):
            process = stack.enter_context(child(command, LOG, "TERM", env=environment, cwd=ROOT))
        yield port, process


def _wait_until_ready(program: Program, port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            socket.create_connection((HOST, port)).close()
            if fetch(port, program.ready).status == 200:
                return
        time.sleep(0.002)
    raise RuntimeError(f"{' '.join(program.command)} did not answer {program.ready}; see {LOG}")


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _cpu(process: psutil.Process) -> float:
    """Seconds of a process and all its children, of those that have ended too."""
    total = 0.0
    for each in _family(process):
        with suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as found:
        port: int = found.getsockname()[1]
        return port
