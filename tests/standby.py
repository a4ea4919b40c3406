"""PostgreSQL servers that a test may break: a primary, and a hot standby that follows it."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.databases import (
    SERVE_UNTIL_PIPE_CLOSES,
    STOP_SECONDS,
    PostgresServer,
    initialise,
    reachable_by_server,
    wait_until_ready,
)

_WAIT_SECONDS = 60
_OPTIONS = [
    "--listen_addresses=",
    "--timezone=GMT",
    "--shared_buffers=16MB",
    "--wal_retrieve_retry_interval=100",
]
# What was acknowledged must outlive the server, which is killed, but not the machine, which is not.
_DURABLE = ["--fsync=off", "--synchronous_commit=on"]


@dataclass(slots=True)
class Server:
    """A server with files of its own in `folder`, where its socket is too; started and stopped at will."""

    folder: Path
    programs: Path
    user: int | None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def socket(self) -> Path:
        """What it listens on."""
        return self.folder / ".s.PGSQL.5432"

    def url(self, database: str = "postgres") -> str:
        """The URL of one of its databases."""
        return PostgresServer(self.folder).url(database)

    def start(self) -> None:
        """Start it, and return once it answers."""
        log = self.folder / "log"
        command: list[str | Path] = [
            self.programs / "postgres",
            "-D",
            self.folder / "data",
            "-k",
            self.folder,
        ]
        with log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 - the test's own server
                ["/bin/sh", "-c", SERVE_UNTIL_PIPE_CLOSES, "sh", *command, *_OPTIONS, *_DURABLE],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                user=self.user,
                start_new_session=True,
            )
        wait_until_ready(PostgresServer(self.folder), self.process, log)

    def stop(self) -> None:
        """Stop it without a word to anybody, as a power cut would; it recovers when it is started again."""
        if self.process is not None:
            os.kill(self._number(), signal.SIGQUIT)
            self.process.communicate(timeout=STOP_SECONDS)
            self.process = None

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Freeze it and all that works for it: it keeps its connections, and answers nobody."""
        frozen = [self._number(), *_children(self._number())]
        _tell(frozen, signal.SIGSTOP)
        try:
            yield
        finally:
            _tell(frozen, signal.SIGCONT)

    def ask(self, statement: str, database: str = "postgres") -> str:
        """The one value that a statement answers, as text."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            row = connection.execute(statement.encode()).fetchone()
        return "" if row is None else str(row[0])

    def _number(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0])


@contextmanager
def running_server() -> Iterator[Server]:
    """Run a server until the block ends."""
    with ExitStack() as stack:
        yield _primary(stack)


@contextmanager
def running_pair() -> Iterator[tuple[Server, Server]]:
    """Run a primary and its hot standby until the block ends."""
    with ExitStack() as stack:
        primary = _primary(stack)
        standby = Server(primary.folder.parent / "standby", primary.programs, primary.user)
        _make_folder(standby)
        copying = ["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"]
        where: list[str | Path] = ["-h", primary.folder, "-U", "postgres", "-D", standby.folder / "data"]
        subprocess.run(  # noqa: S603 - the test's own server
            [standby.programs / "pg_basebackup", *copying, *where],
            check=True,
            cwd=standby.folder,
            user=standby.user,
        )
        stack.callback(standby.stop)
        standby.start()
        yield primary, standby


def catch_up(primary: Server, standby: Server) -> None:
    """Wait until a standby has replayed all that its primary has written.

    A message is written and flushed first, as the last record may be only half on its way until then.
    """
    position = primary.ask("SELECT pg_logical_emit_message(true, 'outturn', '')")
    deadline = time.monotonic() + _WAIT_SECONDS
    while standby.ask(f"SELECT pg_last_wal_replay_lsn() >= '{position}'") != "True":
        assert time.monotonic() < deadline, "the standby does not catch up"
        time.sleep(0.02)


def _primary(stack: ExitStack) -> Server:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="outturn-pg-")))
    user, programs = reachable_by_server(folder)
    server = Server(folder / "primary", programs, user)
    _make_folder(server)
    initialise(server.folder, user, programs)
    stack.callback(server.stop)
    server.start()
    return server


def _make_folder(server: Server) -> None:
    server.folder.mkdir()
    if server.user is not None:
        os.chown(server.folder, server.user, -1)


def _tell(processes: Iterable[int], what: signal.Signals) -> None:
    """Send a signal to processes, of which some may have ended."""
    for number in processes:
        with suppress(ProcessLookupError):
            os.kill(number, what)


def _children(number: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = status.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[1]) == number:
            found.append(int(status.parent.name))
    return found
