"""Every contestant's database: the same nation in each, made once and kept while nothing changed."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg import sql
from sqlalchemy import Date, DateTime, Numeric, Table, create_engine
from sqlmodel import SQLModel

from app.db.migrations import migrate
from app.entities.columns import Exact
from benchmarks import flat
from benchmarks.contestants.naive_observations import Observation
from benchmarks.flat import Mark
from benchmarks.national import Facts, Row, Scale, councils, periods
from benchmarks.postgres import running_postgres

ROOT = Path(__file__).parent.parent
OUTTURN = Path(sys.executable).parent / "outturn"
KEPT = ROOT / "var" / "bench"
_MADE_BY = (
    *("app/db", "app/entities", "app/queries", "app/rules", "app/services", "alembic/versions"),
    *(f"benchmarks/contestants/naive_{name}.py" for name in ("entities", "observations")),
    *(f"benchmarks/{name}.py" for name in ("databases", "flat", "measures", "national", "postgres")),
    "app/routers/cursors.py",
)
"""What the databases are made by: a change of any of it makes them anew."""

Convert = Callable[[Any], Any]
Tell = Callable[[str], None]


class Databases(NamedTuple):
    """Where each database stands; `marks` are where pages of observations by id start, far apart."""

    outturn: Path
    naive: Path
    flat: Path
    demo: Path
    postgres: Path
    marks: list[Mark]


@contextmanager
def prepared(scale: Scale, tell: Tell) -> Iterator[Databases]:
    """The databases of a nation, made now unless they are kept; for one run at a time."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("waiting for another run to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield _kept_or_made(scale, tell)


def _kept_or_made(scale: Scale, tell: Tell) -> Databases:
    folder = KEPT / str(scale)
    stamp, marks = folder / "made-by", folder / "marks.json"
    found = Databases(
        outturn=folder / "outturn.db",
        naive=folder / "naive.db",
        flat=folder / "flat.db",
        demo=folder / "demo.db",
        postgres=folder / "postgres",
        marks=[],
    )
    digest = _digest()
    if not stamp.exists() or stamp.read_text() != digest:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        marks.write_text(json.dumps(_make(scale, found, tell)))
        stamp.write_text(digest)
    return found._replace(marks=[Mark(*mark) for mark in json.loads(marks.read_text())])


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file."""
    return f"sqlite:///{path}"


def outturn(url: str, *words: str) -> str:
    """Run an `outturn` command on a database; what it says."""
    environment = {**os.environ, "OUTTURN_DATABASE_URL": url}
    command = [str(OUTTURN), *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise RuntimeError(f"outturn {' '.join(words)} failed: {done.stdout}{done.stderr}")
    return done.stdout


def fill_outturn(path: Path, scale: Scale) -> None:
    """Make Outturn's own SQLite database of a nation, ready to be served."""
    migrate(sqlite_url(path))
    with closing(_opened(path)) as connection:
        _add(scale, _sqlite_writer(connection, SQLModel.metadata.tables))
    outturn(sqlite_url(path), "rebuild")


def fill_naive(path: Path, scale: Scale) -> None:
    """Make the naive version's database of a nation."""
    engine = create_engine(sqlite_url(path))
    Observation.metadata.create_all(engine)
    engine.dispose()
    with closing(_opened(path)) as connection:
        _add(scale, _sqlite_writer(connection, Observation.metadata.tables))


def fill_flat(path: Path, scale: Scale, outturn_url: str) -> list[Mark]:
    """Make the flat database of a nation, from its facts and from Outturn's answers."""
    with closing(_opened(path)) as connection:
        flat.create_tables(connection)
        spans = {row["id"]: row for row in periods(scale)}
        for facts in councils(scale):
            flat.add_facts(connection, facts, spans)
        return asyncio.run(flat.add_answers(connection, outturn_url, _step(scale)))


def _make(scale: Scale, made: Databases, tell: Tell) -> list[Mark]:
    """Make everything; PostgreSQL's database beside the others, as a processor of its own derives it."""
    tell(f"making {scale.observations:,} observations")
    with ThreadPoolExecutor(1) as beside:
        postgres = beside.submit(_fill_postgres, made.postgres, scale)
        fill_outturn(made.outturn, scale)
        tell("made: Outturn on SQLite")
        fill_naive(made.naive, scale)
        tell("made: naive FastAPI and SQLModel")
        marks = fill_flat(made.flat, scale, sqlite_url(made.outturn))
        tell("made: Datasette")
        postgres.result()
        tell("made: Outturn on PostgreSQL")
    outturn(sqlite_url(made.demo), "migrate")
    outturn(sqlite_url(made.demo), "load", "--demo")
    return marks


def _fill_postgres(folder: Path, scale: Scale) -> None:
    with running_postgres(folder) as server:
        _fill_running(server.url, scale)


def _fill_running(url: str, scale: Scale) -> None:
    migrate(url)
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")  # foreign keys hold; do not check each
        _add(scale, _postgres_writer(connection, SQLModel.metadata.tables))
    outturn(url, "rebuild")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # as autovacuum does in time


def _opened(path: Path) -> sqlite3.Connection:
    """A connection that loads quickly: what is half made when a machine fails is made again."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -200000")
    return connection


def _add(scale: Scale, write: Callable[[Facts], None]) -> None:
    write({"period": periods(scale)})
    for facts in councils(scale):
        write(facts)


def _sqlite_writer(connection: sqlite3.Connection, tables: Mapping[str, Table]) -> Callable[[Facts], None]:
    """What writes facts into those tables that there are."""

    def write(facts: Facts) -> None:
        for name in facts.keys() & tables.keys():
            names = ", ".join(f'"{column}"' for column in tables[name].columns.keys())  # noqa: SIM118 - no dict
            marks = ", ".join("?" * len(tables[name].columns))
            words = f"INSERT INTO {name} ({names}) VALUES ({marks})"  # noqa: S608 - no words of anybody's
            connection.executemany(words, _rows(tables[name], facts[name], _for_sqlite))
        connection.commit()

    return write


def _postgres_writer(connection: psycopg.Connection, tables: Mapping[str, Table]) -> Callable[[Facts], None]:
    """As on SQLite, by COPY."""

    def write(facts: Facts) -> None:
        for name in facts.keys() & tables.keys():
            columns = sql.SQL(", ").join(map(sql.Identifier, tables[name].columns.keys()))
            words = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), columns)
            with connection.cursor() as cursor, cursor.copy(words) as copy:
                for row in _rows(tables[name], facts[name], _for_postgres):
                    copy.write_row(row)
        connection.commit()

    return write


def _rows(
    table: Table, rows: Iterable[Row], form: Callable[[Any], Convert | None]
) -> Iterable[Sequence[Any]]:
    """Rows in the order of a table's columns, each value as the database takes it."""
    forms = [(name, form(column.type)) for name, column in table.columns.items()]
    for row in rows:
        yield [
            row.get(name) if convert is None or row.get(name) is None else convert(row[name])
            for name, convert in forms
        ]


def _for_sqlite(kind: Any) -> Convert | None:  # noqa: ANN401 - any type of column
    """Whole units are kept as they are in Outturn's columns; elsewhere they are decimals."""
    if isinstance(kind, Numeric):
        return lambda units: units / 10 ** (kind.scale or 0)
    if isinstance(kind, DateTime):
        return lambda moment: f"{moment:%Y-%m-%d %H:%M:%S.%f}"
    return date.isoformat if isinstance(kind, Date) else None


def _for_postgres(kind: Any) -> Convert | None:  # noqa: ANN401 - as above
    return (lambda units: Decimal(units).scaleb(-kind.kind.places)) if isinstance(kind, Exact) else None


def _step(scale: Scale) -> int:
    """How many observations a mark stands from the next: a hundred marks at least, where there is room."""
    return max(10, min(1000, scale.observations // 100))


def _digest() -> str:
    """What the code that makes the databases is now."""
    found = hashlib.sha256()
    for name in _MADE_BY:
        path = ROOT / name
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            found.update(file.read_bytes())
    return found.hexdigest()
