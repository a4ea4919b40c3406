"""What is asked of whom: the same question in each contestant's own words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import orjson

from benchmarks.client import fetch, request
from benchmarks.rounds import Asked, Effort, Measured, measured

if TYPE_CHECKING:
    from benchmarks.databases import Databases, Tell
    from benchmarks.servers import Server

OUTTURN, RULES, POSTGRES = "Outturn", "Outturn, read model off", "Outturn on PostgreSQL"
NAIVE, DATASETTE, PLAIN = "naive FastAPI + SQLModel", "Datasette", "plain ASGI"
UNFILTERED, WORST, DEEP = "unfiltered", "missed, worst first", "missed, worst first, far in"
ON_POSTGRES = ", on PostgreSQL"
_LIST = "/v1/observations"
_QUICK = "_shape=objects&_size=100&_nocount=1&_nofacet=1"
_MISSED = "status=missed&sort=target_variance"
_PERIOD = "2011-12-q2"
_BY_STATUS = "SELECT status, count(*) AS count FROM judged WHERE period = :period GROUP BY status"
_BY_COUNCIL = "SELECT organisation, period, count(*) AS count FROM judged GROUP BY organisation, period"
_PAGE = 100
_MOST_ROWS = 1000
_FAR_IN = 1000
"""The page far in, counted in pages of a hundred."""
_PATIENCE_SECONDS = 2


class Servers(NamedTuple):
    """Everyone who is asked; Outturn keeps answers only where it says so."""

    cached: Server
    postgres_cached: Server
    uncached: Server
    rules: Server
    postgres: Server
    naive: Server
    datasette: Server
    plain: Server


class Plan(NamedTuple):
    """A question, and how it will be asked."""

    title: str
    about: str
    asked: list[Asked]
    connections: int = 4


class Table(NamedTuple):
    """A question, and what came of it; the first contestant is what the others are compared with."""

    title: str
    about: str
    measured: Measured


class UnequalWorkError(Exception):
    """Contestants answer differently: what they cost is not comparable."""


def check(servers: Servers) -> None:
    """Hold the first page and the counts of all contestants against Outturn's.

    Raises UnequalWorkError where they differ.
    """
    ours = orjson.loads(fetch(servers.uncached.port, _LIST).body)["items"]
    theirs = {
        RULES: orjson.loads(fetch(servers.rules.port, _LIST).body)["items"],
        POSTGRES: orjson.loads(fetch(servers.postgres.port, _LIST).body)["items"],
        NAIVE: orjson.loads(fetch(servers.naive.port, "/observations").body)["items"],
        DATASETTE: orjson.loads(fetch(servers.datasette.port, f"/flat/observations.json?{_QUICK}").body)[
            "rows"
        ],
    }
    for name, items in theirs.items():
        if list(map(_judged, items)) != list(map(_judged, ours)):
            raise UnequalWorkError(f"{name} and Outturn judge the first page differently.")
    summary = orjson.loads(fetch(servers.uncached.port, _summary(f"group_by=status&period={_PERIOD}")).body)
    rows = orjson.loads(fetch(servers.datasette.port, _sql(_BY_STATUS, period=_PERIOD)).body)["rows"]
    counts = {row["status"]: row["count"] for row in summary["items"]}
    if counts != {row["status"]: row["count"] for row in rows}:
        raise UnequalWorkError(f"Datasette counts {rows} where Outturn counts {counts}.")


def _judged(item: dict[str, str | float | None]) -> tuple[str | float | None, float | None]:
    variance = item["target_variance"]
    return item["status"], None if variance is None else float(variance)


def tables(servers: Servers, databases: Databases, effort: Effort, tell: Tell) -> dict[str, Table]:
    """Every question, asked; by a short name."""
    page = _page(servers, databases)
    keeping = (
        *((PLAIN, servers.plain), (OUTTURN, servers.cached)),
        (POSTGRES, servers.postgres_cached),
    )
    again = [_ask(name, server, _LIST) for name, server in keeping]
    tag = fetch(servers.cached.port, _LIST).headers["etag"]
    unchanged = [_ask(name, server, _LIST, if_none_match=tag) for name, server in keeping]
    by_status = _counts(servers, f"group_by=status&period={_PERIOD}", _sql(_BY_STATUS, period=_PERIOD))
    by_council = _counts(servers, "group_by=organisation,period", _sql(_BY_COUNCIL))
    worst, far_in = _worst(servers, databases)
    plans = {
        "page": Plan("A page of 100", "Each request another page; no answer is kept.", page),
        "again": Plan(
            "The same page again", "Kept since the first request; plain sends the same bytes.", again
        ),
        "unchanged": Plan("The same page, unchanged", "The client has its tag: 304.", unchanged),
        "one": Plan("One observation", "Each request another; no answer is kept.", _one(servers, databases)),
        "worst": Plan(
            "What was missed, worst first, over the nation",
            f"`{_MISSED}`, page 1 and page {far_in:,}, beside the unfiltered page 1; no answer is kept.",
            worst,
            1,
        ),
        "by_status": Plan(
            "Counts by status for one period, all councils",
            "Datasette groups the same over a flat view that works the status out; no answer is kept.",
            by_status,
            1,
        ),
        "by_council": Plan(
            "Counts by council and period", "Of all observations; no answer is kept.", by_council, 1
        ),
        "many": Plan(
            "A page of 100, on 64 connections",
            "As the first, with 64 requests under way at any time.",
            [each for each in page if each.name != RULES],
            64,
        ),
        "compressed": Plan(
            "A page of 100, compressed",
            "Each request another page; and the same page again, as it is kept.",
            _compressed(servers, databases),
        ),
    }
    found = {}
    for name, plan in plans.items():
        tell(plan.title)
        found[name] = Table(
            plan.title, plan.about, measured(plan.asked, effort, connections=plan.connections)
        )
    return found


def page_requests(databases: Databases) -> list[bytes]:
    """Pages of Outturn's list, far apart."""
    return [request(f"{_LIST}?cursor={mark.cursor}") for mark in databases.marks]


def _ask(name: str, server: Server, *addresses: str, **headers: str) -> Asked:
    return Asked(name, server, [request(address, **headers) for address in addresses])


def _page(servers: Servers, databases: Databases) -> list[Asked]:
    ours, after = page_requests(databases), [mark.after for mark in databases.marks]
    flat = [f"/flat/observations.json?{_QUICK}&_next={number}" for number in after]
    return [
        Asked(OUTTURN, servers.uncached, ours),
        Asked(RULES, servers.rules, ours),
        Asked(POSTGRES, servers.postgres, ours),
        _ask(NAIVE, servers.naive, *(f"/observations?after={number}" for number in after)),
        _ask(DATASETTE, servers.datasette, *flat),
    ]


def _one(servers: Servers, databases: Databases) -> list[Asked]:
    ids = [mark.after for mark in databases.marks]
    ours = [f"{_LIST}/{number}" for number in ids]
    return [
        _ask(OUTTURN, servers.uncached, *ours),
        _ask(RULES, servers.rules, *ours),
        _ask(POSTGRES, servers.postgres, *ours),
        _ask(NAIVE, servers.naive, *(f"/observations/{number}" for number in ids)),
        _ask(DATASETTE, servers.datasette, *(f"/flat/observations/{n}.json?_shape=objects" for n in ids)),
    ]


def _worst(servers: Servers, databases: Databases) -> tuple[list[Asked], int]:
    """The national filter, and which page is the one far in; that only where the way there is short."""
    flat = f"/flat/observations.json?{_QUICK}&status=missed&_sort=target_variance"
    far_in, after = _far_in(databases)
    asked = [
        _ask(UNFILTERED, servers.uncached, _LIST),
        _ask(UNFILTERED + ON_POSTGRES, servers.postgres, _LIST),
        _ask(WORST, servers.uncached, f"{_LIST}?{_MISSED}"),
        _ask(WORST + ON_POSTGRES, servers.postgres, f"{_LIST}?{_MISSED}"),
        _ask(f"{WORST}, Datasette", servers.datasette, flat),
        _ask(f"{DEEP}, Datasette", servers.datasette, f"{flat}&_next={after}"),
    ]
    for name, server in ((DEEP, servers.uncached), (DEEP + ON_POSTGRES, servers.postgres)):
        cursor = _walk(server, _MISSED, (far_in - 1) * _PAGE)
        if cursor:
            asked.append(_ask(name, server, f"{_LIST}?{_MISSED}&cursor={cursor}"))
    return asked, far_in


def _far_in(databases: Databases) -> tuple[int, str]:
    """A page far in, and what Datasette calls the end of the one before it."""
    missed = "FROM observations WHERE status = 'missed' AND target_variance IS NOT NULL"
    with closing(sqlite3.connect(databases.flat)) as flat:
        (many,) = flat.execute(f"SELECT count(*) {missed}").fetchone()
        far_in = min(_FAR_IN, many // _PAGE)
        ordered = f"SELECT target_variance, id {missed} ORDER BY target_variance, id LIMIT 1 OFFSET ?"
        value, number = flat.execute(ordered, ((far_in - 1) * _PAGE - 1,)).fetchone()
    return far_in, f"{str(value).replace('.', '~2E')},{number}"


def _walk(server: Server, query: str, rows: int) -> str | None:
    """The cursor after some rows of a list; None where a page takes too long to go there."""
    cursor = ""
    while rows:
        limit = min(rows, _MOST_ROWS)
        address = f"{_LIST}?{query}&limit={limit}" + (f"&cursor={cursor}" if cursor else "")
        started = perf_counter()
        cursor = orjson.loads(fetch(server.port, address).body)["next_cursor"]
        if perf_counter() - started > _PATIENCE_SECONDS:
            return None
        rows -= limit
    return cursor


def _counts(servers: Servers, ours: str, theirs: str) -> list[Asked]:
    return [
        _ask(OUTTURN, servers.uncached, _summary(ours)),
        _ask(POSTGRES, servers.postgres, _summary(ours)),
        _ask(DATASETTE, servers.datasette, theirs),
    ]


def _summary(query: str) -> str:
    return f"{_LIST}/summary?{query}"


def _sql(statement: str, **values: str) -> str:
    given = "".join(f"&{name}={value}" for name, value in values.items())
    return f"/flat.json?_shape=objects&sql={quote(statement)}{given}"


def _compressed(servers: Servers, databases: Databases) -> list[Asked]:
    """The page in each coding that Outturn answers in."""
    pages = [f"{_LIST}?cursor={mark.cursor}" for mark in databases.marks]
    asked = [_ask("as it is", servers.uncached, *pages), _ask("as it is, again", servers.cached, _LIST)]
    for coding in ("gzip", "zstd"):
        headers = fetch(servers.cached.port, _LIST, accept_encoding=coding).headers
        if headers.get("content-encoding") == coding:
            asked.append(_ask(coding, servers.uncached, *pages, accept_encoding=coding))
            asked.append(_ask(f"{coding}, again", servers.cached, _LIST, accept_encoding=coding))
    return asked
