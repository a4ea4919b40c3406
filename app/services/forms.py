"""The forms that datasets come in, and how each is made of what a reading sees."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import xxhash

from app import feeds
from app.errors import NotFound
from app.feeds import csv, jsonl, jsonstat, parquet, xlsx
from app.feeds.jsonstat import Names
from app.queries.datasets import state_of_dataset
from app.queries.exports import (
    FINDINGS,
    LISTS,
    columns_of,
    lines_of_list,
    objects_of_dataset,
    question_of,
    rows_of_dataset,
    rows_of_list,
)
from app.queries.listings import total
from app.queries.organisations import ORGANISATIONS, SERVICES
from app.queries.released import digest_of_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.feeds.tables import Table
    from app.queries.columns import Row
    from app.queries.editions import Reading


class Form(NamedTuple):
    """A form that datasets come in: how an address ends, the media type, and what writes it.

    `parts` are the file's, of a dataset, in the state that is read, of one organisation or of all; it raises
    NotFound where the rows do not go into it. `packed` says that compressing it again is of no use, and
    `dear` that it is made for who asks for it and not before.
    """

    name: str
    media_type: str
    parts: Callable[[Reading, Table, str | None], Iterator[bytes]]
    packed: bool = False
    dear: bool = False
    cubes: bool = False

    @property
    def is_kept_whole(self) -> bool:
        """Whether the file of every organisation is kept: it is made slowly, and small once it is made."""
        return self.packed and not self.dear

    def is_offered(self, table: Table) -> bool:
        """Whether a dataset comes in it."""
        return bool(table.dataset.dimensions) or not self.cubes


def _csv(reading: Reading, table: Table, organisation: str | None) -> Iterator[bytes]:
    name = table.dataset.name
    columns = [column.name for column in table.columns]
    if name == FINDINGS:
        return csv.csv_items(columns, _rows(reading, name, organisation))
    lines = lines_of_list(reading, LISTS[name], question_of(organisation))
    return chain([csv.csv_header(columns)], lines)


def _jsonl(reading: Reading, table: Table, organisation: str | None) -> Iterator[bytes]:
    yield from jsonl.json_lines(objects_of_dataset(reading, table.dataset.name, organisation))


def _parquet(reading: Reading, table: Table, organisation: str | None) -> Iterator[bytes]:
    name = table.dataset.name
    columns = columns_of(name)
    if name == FINDINGS:
        rows = _rows(reading, name, organisation)
        return parquet.parquet(columns, parquet.bare_lines(columns, rows))
    return parquet.parquet(columns, lines_of_list(reading, LISTS[name], question_of(organisation), bare=True))


def _rows(reading: Reading, name: str, organisation: str | None) -> Iterator[Row]:
    """Rows one by one; nothing is worked out before the first is asked for."""
    for rows in rows_of_dataset(reading, name, organisation):
        yield from rows


def _xlsx(reading: Reading, table: Table, organisation: str | None) -> Iterator[bytes]:
    name = table.dataset.name
    if name != FINDINGS:
        rows = total(reading, LISTS[name], question_of(organisation))
        if rows > xlsx.MOST_ROWS:
            raise NotFound(
                f"{table.dataset.title} have {rows} rows, and a sheet holds {xlsx.MOST_ROWS}: there is no"
                " workbook of them. They come as CSV and as Parquet, and of each organisation by itself."
            )
    return xlsx.xlsx(name, columns_of(name), rows_of_dataset(reading, name, organisation))


def _json_stat(reading: Reading, table: Table, organisation: str | None) -> Iterator[bytes]:
    name, names = table.dataset.name, _names(reading, organisation)
    state = state_of_dataset(reading, name, organisation)
    since = None if state.since is None else f"{state.since:%Y-%m-%dT%H:%M:%SZ}"
    return jsonstat.json_stat(table, lambda: rows_of_dataset(reading, name, organisation), names, since)


def _names(reading: Reading, organisation: str | None) -> Names:
    """What organisations and services are called; services that share a slug may differ in their names."""
    owners = chain.from_iterable(rows_of_list(reading, ORGANISATIONS, question_of(None)))
    organisations = {row["id"]: (row["area_code"], row["name"]) for row in owners}
    services: dict[str, dict[str, str]] = {}
    for row in chain.from_iterable(rows_of_list(reading, SERVICES, question_of(organisation))):
        services.setdefault(row["service"], {})[row["organisation"]] = row["name"]
    return Names(organisations, services)


FORMS = (
    Form("csv", csv.MEDIA_TYPE, _csv),
    Form("jsonl", jsonl.MEDIA_TYPE, _jsonl),
    Form("parquet", parquet.MEDIA_TYPE, _parquet, packed=True),
    Form("xlsx", xlsx.MEDIA_TYPE, _xlsx, packed=True, dear=True),
    Form("json", jsonstat.MEDIA_TYPE, _json_stat, cubes=True),
)
"""Every form: one more entry is one more address of each kind."""


@cache
def date_of_program() -> datetime:
    """When what writes files was put in place: since then it writes as it does."""
    placed = max(file.stat().st_mtime for file in Path(feeds.__path__[0]).parent.rglob("*.py"))
    return datetime.fromtimestamp(min(placed, time.time()), UTC)


@cache
def digest_of_writers() -> str:
    """What a file is marked with: other rules or other writers, and it is made anew."""
    written_by = [*sorted(Path(feeds.__path__[0]).glob("*.py")), Path(__file__)]
    code = b"".join(file.read_bytes() for file in written_by)
    return xxhash.xxh3_128_hexdigest(digest_of_rules().encode() + code)
