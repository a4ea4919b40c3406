"""Connections: one writer at a time on SQLite, readers on a snapshot of their own, both databases alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from app.db.compiler import Dialect, exact_answer
from app.db.limits import UNHURRIED, Limits, arguments

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection

BUSY_MILLISECONDS = 2000
KEPT_STATEMENTS = 32
"""How many statements a reader keeps ready; one of many derived columns takes a megabyte."""


def writing_engine(url: str, limits: Limits = UNHURRIED, *, hurried: bool = False) -> Engine:
    """Connections that write, one transaction at a time on SQLite.

    `hurried` is for what can be made anew: where the machine fails, the database is whole, but its last
    transactions may be gone.
    """
    target = make_url(url)
    if not is_sqlite(target):
        return _postgres(target, limits, *["-c synchronous_commit=off"] * hurried)
    engine = create_engine(target.set(drivername="sqlite+pysqlite"))
    _prepare_sqlite(engine, "BEGIN IMMEDIATE", synchronous="NORMAL" if hurried else "FULL")
    return engine


def reading_engine(url: str, connections: int = 5, limits: Limits = UNHURRIED) -> Engine:
    """Connections that only read, as many as stated at most; each transaction sees one state."""
    target = make_url(url)
    if not is_sqlite(target):
        return _postgres(
            target,
            limits,
            isolation_level="REPEATABLE READ",
            max_overflow=0,
            pool_size=connections,
            query_cache_size=KEPT_STATEMENTS,
        )
    engine = create_engine(
        target.set(drivername="sqlite+pysqlite"),
        connect_args={"cached_statements": KEPT_STATEMENTS},
        pool_size=connections,
        max_overflow=0,
        query_cache_size=KEPT_STATEMENTS,
    )
    _prepare_sqlite(engine, "BEGIN")
    return engine


def is_sqlite(url: URL) -> bool:
    """Whether a database address names an SQLite file."""
    return url.get_backend_name() == "sqlite"


def dialect_of(connection: Connection) -> Dialect:
    """The dialect that rules are compiled for on a connection."""
    return "sqlite" if connection.dialect.name == "sqlite" else "postgresql"


def _postgres(url: URL, limits: Limits, *options: str, **chosen: Any) -> Engine:  # noqa: ANN401 - the engine's own
    from app.db.silences import give_up_on_silence  # noqa: PLC0415 - its driver takes long to start

    told = arguments(url, limits, *options)
    engine = create_engine(url.set(drivername="postgresql+psycopg"), connect_args=told, **chosen)
    give_up_on_silence(engine, limits.silence)
    return engine


def _prepare_sqlite(
    engine: Engine,
    begin: Literal["BEGIN", "BEGIN IMMEDIATE"],
    synchronous: Literal["FULL", "NORMAL"] = "FULL",
) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None
        connection.create_function("outturn_exact", -1, exact_answer, deterministic=True)
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
