"""All rows of a list: the text that the database prints is what Python writes, and what the list has."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import chain
from random import Random
from typing import Any

import orjson
import pytest
from httpx import AsyncClient
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    insert,
    select,
)

from app.db.connections import dialect_of, reading_engine, writing_engine
from app.feeds.csv import csv_header, csv_items
from app.feeds.datasets import NAMED
from app.feeds.jsonl import json_lines
from app.queries import exports
from app.queries.columns import Field
from app.queries.editions import Edition, Reading
from app.queries.exports import (
    columns_of,
    lines_of_list,
    objects_of_dataset,
    question_of,
    rows_of_dataset,
)
from app.queries.listings import Filter, Listing, Question
from app.queries.observations import OBSERVATIONS
from tests.queries.lists import Json, ListRoute, Params, choices, every_list, rows_of
from tests.queries.reading import reading

FIELDS = (
    Field("id", "number"),
    Field("words"),
    Field("number", "number"),
    Field("truth", "flag"),
    Field("day", "date"),
    Field("whole", "units"),
    Field("tenths", "units", 1),
    Field("units", "units", 4),
    Field("shown", "measure", 4),
    Field("decimals", "number"),
    Field("end"),
)
AWKWARD = ['"', ",", "\n", "\r", "\t", "=", "+", "-", "@", ".", "'", "%", " ", "0", "7", "a", "é", "▲", "🏛"]
WORDS = [
    "",
    "-1",
    "-1.5",
    "-.5",
    "-1.",
    "-1.5.2",
    "-1e5",
    "--1",
    "-1\n",
    "-٣",
    "-",
    "+1",
    "=1+1",
    "%s",
    "a\\nb",
]
EDGES = [None, 0, 1, -1, 9, -9, 10, 9999, -9999, 10000, -10000, -10001, 123456, 2**63 - 1, -(2**63)]
ROWS = 1500
RANDOM = Random(6)  # noqa: S311 - the same every time is what is wanted
UNPRINTED = {"array", "object"}
"""What a cell has no room for."""


def awkward(number: int) -> dict[str, Any]:
    """A row whose every cell may go wrong; the first have each of the known cases."""
    texts = ["".join(RANDOM.choices(AWKWARD, k=RANDOM.randrange(6))) for _ in range(2)]
    words = WORDS[number] if number < len(WORDS) else RANDOM.choice([None, texts[0], texts[0]])
    edge = EDGES[number] if number < len(EDGES) else RANDOM.choice([*EDGES, RANDOM.randint(-(10**6), 10**6)])
    return {
        "id": number,
        "words": words,
        "number": edge,
        "truth": RANDOM.choice([True, False, None]),
        "day": RANDOM.choice([None, date(1, 1, 1), date(2011, 9, 30), date(9999, 12, 31)]),
        "whole": edge,
        "tenths": edge,
        "units": edge,
        "shown": RANDOM.choice([edge, 5, -5, -400]),
        "decimals": RANDOM.choice([0, 1, 2, 3, 4, 5]),
        "end": texts[1],
    }


@pytest.fixture(scope="module")
def awkward_rows(database_url: str) -> Table:
    """A table of awkward rows, in a database of its own."""
    types = {"flag": Boolean, "date": Date, "text": Text, "number": BigInteger}
    columns: Iterator[Column[Any]] = (
        Column(each.name, types.get(each.form, BigInteger)) for each in FIELDS[1:]
    )
    table = Table("awkward", MetaData(), Column("id", Integer, primary_key=True), *columns)
    engine = writing_engine(database_url)
    table.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(table), [awkward(number) for number in range(ROWS)])
    engine.dispose()
    return table


@contextmanager
def reading_of(url: str) -> Iterator[Reading]:
    """A reading of a database that knows no releases."""
    engine: Engine = reading_engine(url)
    with engine.connect() as connection:
        edition = Edition(0, None, copied=False, dialect=dialect_of(connection), schemes=(), matrices={})
        yield Reading(connection, edition, datetime.now(UTC))
    engine.dispose()


def as_written(names: list[str], items: list[Json]) -> bytes:
    """Rows as Python writes them."""
    return b"".join(csv_items(names, items))


@pytest.mark.parametrize(
    "question",
    [
        Question(),
        Question(sort="end", descending=True),
        Question((Filter("truth", "in", (True,)),), sort="units"),
        Question((Filter("id", "in", (-1,)),)),
    ],
    ids=["all", "sorted", "filtered", "none"],
)
def test_the_database_prints_what_python_writes(
    database_url: str, awkward_rows: Table, question: Question
) -> None:
    listing = Listing("awkward", FIELDS, rows=lambda _: select(awkward_rows).subquery("r"))
    with reading_of(database_url) as here:
        printed = b"".join(lines_of_list(here, listing, question))
        items = list(chain.from_iterable(exports.rows_of_list(here, listing, question)))

    assert csv_header([*listing.names]) + printed == as_written([*listing.names], items)
    assert len(items) == (ROWS if not question.filters else len(items))


def test_rows_come_in_parts(database_url: str, awkward_rows: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = Listing("awkward", FIELDS, rows=lambda _: select(awkward_rows).subquery("r"))
    with reading_of(database_url) as here:
        whole = list(lines_of_list(here, listing, Question()))
        monkeypatch.setattr(exports, "AT_ONCE", 400)
        parts = list(lines_of_list(here, listing, Question()))

    assert (len(whole), len(parts)) == (2, 4)
    assert b"".join(parts) == b"".join(whole)


def columns_printed(route: ListRoute) -> list[str]:
    """The columns of a list that are no rows of other lists."""
    return [
        name
        for name, schema in route.columns.items()
        if not any(choice.get("type") in UNPRINTED for choice in choices(schema))
    ]


def asked_of(route: ListRoute) -> Iterator[Params]:
    """What a list is asked for: its last column first, and of observations more."""
    yield [("sort", f"-{route.sorts[-1]}")]
    if route.path == "/v1/observations":
        yield ()
        yield [("organisation", "barnet"), ("organisation", "thurrock"), ("status", "missed")]
        yield [("scheme", "thurrock-pass-fail"), ("baseline", "last_year"), ("outturn_max", "50")]
        yield [("as_of", datetime.now(UTC).isoformat()), ("sort", "target_variance")]


@every_list
async def test_a_list_as_csv_has_its_rows_in_its_order(client: AsyncClient, route: ListRoute) -> None:
    if route.path == "/v1/findings":
        return  # some of its cells are objects: tested where it is
    for params in asked_of(route):
        items = await rows_of(client, route.path, params)

        answer = await client.get(f"{route.path}.csv", params=[*params])

        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        names = [name for name in items[0] if name in columns_printed(route)]
        assert len(names) == len(columns_printed(route))
        assert answer.content == as_written(names, items)


@pytest.mark.parametrize("organisation", [None, "barnet"])
def test_copies_come_in_parts_that_the_database_joined(
    demo_url: str, monkeypatch: pytest.MonkeyPatch, organisation: str | None
) -> None:
    question = question_of(organisation)
    with reading(demo_url) as here:
        rows = list(chain.from_iterable(rows_of_dataset(here, "observations", organisation)))
        whole = b"".join(lines_of_list(here, OBSERVATIONS, question))
        monkeypatch.setattr(exports, "AT_ONCE", 50)
        parts = list(lines_of_list(here, OBSERVATIONS, question))

    assert b"".join(parts) == whole
    assert [part.count(b"\r\n") for part in parts[:-1]] == [50] * (len(rows) // 50)
    assert whole.count(b"\r\n") == len(rows)


@pytest.mark.parametrize("name", ["observations", "risks", "risk-heat-map", "scorecards", "findings"])
async def test_a_dataset_has_the_rows_of_its_list(demo_url: str, client: AsyncClient, name: str) -> None:
    items = await rows_of(client, NAMED[name].path)
    named = [item for item in items if item["organisation"] == "barnet"]
    with reading(demo_url) as here:
        objects = b"".join(json_lines(objects_of_dataset(here, name))).splitlines()
        of_one = b"".join(json_lines(objects_of_dataset(here, name, "barnet"))).splitlines()
        rows = list(chain.from_iterable(rows_of_dataset(here, name, "barnet")))

    assert [orjson.loads(line) for line in objects] == items
    assert [orjson.loads(line) for line in of_one] == named
    assert [row["id"] for row in rows] == [item["id"] for item in named]
    for row in rows:
        assert set(row) == {column.name for column in columns_of(name)}
        assert not any(isinstance(cell, list | dict) for cell in row.values())
