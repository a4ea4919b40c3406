"""A backup as a file: the rows of every table as lines of JSON in a ZIP, and what they should come to.

Both databases write the same lines for the same rows: whole units of a decimal's last place, instants in
UTC, bytes as base64, in the order of the table's key.
"""

from __future__ import annotations

import base64
import hashlib
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import BigInteger, Date, DateTime, LargeBinary, Numeric, String, cast, insert, select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import Column, ColumnElement, Connection, Table

FORMAT = 1
MANIFEST = "manifest.json"
AT_ONCE = 1000
"""How many rows are read and written at a time."""
_PART = 2**20
_OPTIONS = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE


class ArchiveError(Exception):
    """The file is no backup, or is not as it was written."""


class Rows(BaseModel):
    """What a table comes to: its columns, how many rows, and the SHA-256 of their lines."""

    model_config = ConfigDict(frozen=True)

    columns: tuple[str, ...]
    rows: int
    digest: str


class Manifest(BaseModel):
    """What a backup says of itself: `version` is the newest migration that the database had had."""

    model_config = ConfigDict(frozen=True)

    format: int
    version: str
    made_at: datetime
    changes: int
    tables: dict[str, Rows]


def write_archive(path: Path, connection: Connection, tables: Iterable[Table], **said: Any) -> Manifest:  # noqa: ANN401 - the manifest's own
    """Write the rows that a connection sees, and last the manifest."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        written = {table.name: _write(archive, connection, table) for table in tables}
        manifest = Manifest(format=FORMAT, made_at=datetime.now(UTC), tables=written, **said)
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
    return manifest


def _write(archive: zipfile.ZipFile, connection: Connection, table: Table) -> Rows:
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as file:
        return sum_of(connection, table, file.write)


def sum_of(connection: Connection, table: Table, write: Callable[[bytes], object] = len) -> Rows:
    """What a table comes to; each part of its lines is handed on."""
    rows, digest = 0, hashlib.sha256()
    for part in _lines(connection, table):
        rows += len(part)
        lines = b"".join(part)
        digest.update(lines)
        write(lines)
    return Rows(columns=tuple(table.columns.keys()), rows=rows, digest=digest.hexdigest())


def _lines(connection: Connection, table: Table) -> Iterator[list[bytes]]:
    order = [column.collate("C") if _collates(connection, column) else column for column in table.primary_key]
    query = select(*map(_portable, table.columns)).order_by(*order)
    for part in connection.execute(query, execution_options={"yield_per": AT_ONCE}).partitions():
        yield [orjson.dumps(tuple(row), _encoded, _OPTIONS) for row in part]


def _collates(connection: Connection, column: Column[Any]) -> bool:
    """Whether a database may order a column by a language's rules."""
    return isinstance(column.type, String) and connection.dialect.name == "postgresql"


def _portable(column: Column[Any]) -> ColumnElement[Any]:
    if isinstance(column.type, Numeric):
        return cast(column * 10 ** (column.type.scale or 0), BigInteger)
    return column


def _encoded(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value).__name__)


def read_manifest(path: Path) -> Manifest:
    """What a backup says of itself, once every table in it was found to be as it says.

    Raises ArchiveError.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = Manifest.model_validate_json(archive.read(MANIFEST))
            if manifest.format != FORMAT:
                raise ArchiveError(f"it is of format {manifest.format}, and this program reads {FORMAT}")
            for name, rows in manifest.tables.items():
                with archive.open(f"{name}.jsonl") as file:
                    if _digest_of(file) != rows.digest:
                        raise ArchiveError(f"the rows of {name} are not those that were written")
    except (zipfile.BadZipFile, KeyError, ValidationError, EOFError) as error:
        raise ArchiveError("it is no backup, or not a whole one") from error
    return manifest


def _digest_of(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while part := file.read(_PART):
        digest.update(part)
    return digest.hexdigest()


def insert_rows(path: Path, connection: Connection, tables: Iterable[Table]) -> None:
    """Put a backup's rows into tables that are empty."""
    with zipfile.ZipFile(path) as archive:
        for table in tables:
            columns = [(column.name, _decoder(column)) for column in table.columns]
            with archive.open(f"{table.name}.jsonl") as file:
                while lines := list(islice(file, AT_ONCE)):
                    rows = [
                        {name: decode(value) for (name, decode), value in zip(columns, row, strict=True)}
                        for row in map(orjson.loads, lines)
                    ]
                    connection.execute(insert(table), rows)


def _decoder(column: Column[Any]) -> Callable[[Any], Any]:
    match column.type:
        case DateTime():
            decode: Callable[[Any], Any] = datetime.fromisoformat
        case Date():
            decode = date.fromisoformat
        case LargeBinary():
            decode = base64.b64decode
        case Numeric():
            places = column.type.scale or 0
            return lambda units: None if units is None else Decimal(units).scaleb(-places)
        case _:
            return lambda value: value
    return lambda text: None if text is None else decode(text)
