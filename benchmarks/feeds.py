"""Whole lists as files, side by side: `python -m benchmarks.feeds`."""

from __future__ import annotations

import argparse
import signal
import socket
import sys
import threading
from contextlib import ExitStack
from itertools import cycle
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import servers
from benchmarks.__main__ import tell
from benchmarks.client import HOST, fetch, load, request
from benchmarks.databases import Databases, prepared, sqlite_url
from benchmarks.national import Scale
from benchmarks.postgres import running_postgres

if TYPE_CHECKING:
    from benchmarks.servers import Server

CSV, JSONL, PAGE = "/v1/observations.csv", "/v1/datasets/observations.jsonl", "/v1/observations"
OUTTURN, POSTGRES, DATASETTE, CORE = "Outturn", "Outturn on PostgreSQL", "Datasette", "SQLAlchemy Core"
_TIMES_DATASETTE, _TIMES_CORE, _FIRST, _GROWTH = 10, 3, 0.1, 50 * 10**6
_LAST_CHUNK = b"0\r\n\r\n"
_BUFFER = 2**20
_SECONDS, _CONNECTIONS, _MOST = 2.0, 4, 100_000
_EVERY = 0.02


class Feed(NamedTuple):
    """A contestant's file, and how it is asked for."""

    name: str
    server: Server
    path: str
    coding: str = "identity"


class Taken(NamedTuple):
    """One file, taken as fast as it came: seconds to the first byte and to the last, CPU, bytes."""

    first: float
    seconds: float
    cpu: float
    size: int
    growth: int


def main() -> None:
    """Make the databases, take every file, and print a line for each and for each goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--councils", type=int, default=200, help="how many councils; each has 5,000 rows")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that every server is ended
    scale = Scale(organisations=chosen.councils)
    with prepared(scale, tell) as databases, ExitStack() as stack:
        feeds = _started(databases, stack)
        found: dict[Feed, list[Taken]] = {feed: [] for feed in feeds}
        for _ in range(chosen.rounds):
            for feed in feeds:
                tell(f"{feed.name} {feed.path} {feed.coding}")
                found[feed].append(_taken(feed, scale.observations))
        _print(found, scale.observations)
        _print_unchanged(feeds[0].server)


def _started(databases: Databases, stack: ExitStack) -> list[Feed]:
    core, own_core = servers.cores()
    with servers.pinned(core):
        database = stack.enter_context(running_postgres(databases.postgres))
    stack.enter_context(servers.pinned(own_core))
    flat = sqlite_url(databases.flat)
    programs = {
        OUTTURN: (servers.outturn(sqlite_url(databases.outturn)), None),
        POSTGRES: (servers.outturn(database.url), database.pid),
        DATASETTE: (
            servers.contestant(
                "datasette:create", "/flat.json", "--factory", BENCH_DATABASE=str(databases.flat)
            ),
            None,
        ),
        CORE: (servers.contestant("core:create", "/", "--factory", BENCH_DATABASE=flat), None),
    }
    running = {
        name: stack.enter_context(servers.serving(program, core, beside))
        for name, (program, beside) in programs.items()
    }
    return [
        *(Feed(OUTTURN, running[OUTTURN], CSV, coding) for coding in ("identity", "zstd", "gzip")),
        Feed(OUTTURN, running[OUTTURN], JSONL),
        *(Feed(POSTGRES, running[POSTGRES], path) for path in (CSV, JSONL)),
        Feed(DATASETTE, running[DATASETTE], "/flat/facts.csv?_stream=on&_size=max"),
        Feed(CORE, running[CORE], "/observations.csv"),
    ]


def _taken(feed: Feed, rows: int) -> Taken:
    """Take a file, and watch the server's memory meanwhile. Raises RuntimeError where rows are missing."""
    before, cpu = feed.server.memory(), sum(feed.server.cpu())
    most, over = [before], threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY):
            most.append(feed.server.memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        first, seconds, size = _read(feed, rows)
    finally:
        over.set()
        watcher.join()
    return Taken(first, seconds, sum(feed.server.cpu()) - cpu, size, max(most) - before)


def _read(feed: Feed, rows: int) -> tuple[float, float, int]:
    buffer, size, lines, last = bytearray(_BUFFER), 0, 0, b""
    with socket.create_connection((HOST, feed.server.port)) as connection:
        started = perf_counter()
        connection.sendall(request(feed.path, accept_encoding=feed.coding, connection="close"))
        first = 0.0
        while many := connection.recv_into(buffer):
            first = first or perf_counter() - started
            size += many
            lines += buffer.count(b"\n", 0, many) if feed.coding == "identity" else rows
            last = (last + bytes(buffer[max(0, many - len(_LAST_CHUNK)) : many]))[-len(_LAST_CHUNK) :]
    if last != _LAST_CHUNK or lines < rows:
        raise RuntimeError(f"{feed.name} broke {feed.path} off after {size} bytes")
    return first, perf_counter() - started, size


def _print(found: dict[Feed, list[Taken]], rows: int) -> None:
    print(f"{rows:,} rows; the middle of {len(next(iter(found.values())))} rounds\n")
    print("| | rows/s | rows/s of CPU | first byte, ms | MB | memory grows by, MB |")
    print("|---|---|---|---|---|---|")
    for feed, rounds in found.items():
        middle = Taken(*(median(values) for values in zip(*rounds, strict=True)))
        name = f"{feed.name}, {feed.path.partition('?')[0]}, {feed.coding}"
        speeds = f"{rows / middle.seconds:,.0f} | {rows / middle.cpu:,.0f}"
        sizes = f"{middle.size / 10**6:,.0f} | {max(each.growth for each in rounds) / 10**6:,.1f}"
        print(f"| {name} | {speeds} | {middle.first * 1000:.1f} | {sizes} |")
    ours, theirs = next(iter(found)), {feed.name: feed for feed in found}
    print()
    for name, wanted in ((DATASETTE, _TIMES_DATASETTE), (CORE, _TIMES_CORE)):
        ratios = [b.seconds / a.seconds for a, b in zip(found[ours], found[theirs[name]], strict=True)]
        _goal(f"live CSV, to {name}", median(ratios), f"at least {wanted} times", median(ratios) >= wanted)
    mine = [each for feed, rounds in found.items() if feed.name == OUTTURN for each in rounds]
    first, growth = max(each.first for each in mine), max(each.growth for each in mine)
    _goal("first byte", first * 1000, "at most 100 ms", first <= _FIRST)
    _goal("memory grows", growth / 10**6, "less than 50 MB", growth < _GROWTH)


def _print_unchanged(server: Server) -> None:
    """A feed that is the client's already, beside a page that is kept."""
    tag = fetch(server.port, CSV, if_none_match='"none"').headers["etag"]
    asked = {"304": request(CSV, if_none_match=tag), "page": request(PAGE), "page 304": b""}
    asked["page 304"] = request(PAGE, if_none_match=fetch(server.port, PAGE).headers["etag"])
    spent = {}
    for name, sent in asked.items():
        before = sum(server.cpu())
        done = load(server.port, cycle([sent]), connections=_CONNECTIONS, seconds=_SECONDS, most=_MOST)
        spent[name] = (sum(server.cpu()) - before) / done.answered
        print(f"{name}: {spent[name] * 10**6:.0f} µs, statuses {dict(done.statuses)}")
    ratio = spent["304"] / spent["page"]
    _goal("304 of the feed, to a kept page", ratio, "at most 1.2 times its CPU", ratio <= 1.2)


def _goal(what: str, reached: float, wanted: str, met: bool) -> None:  # noqa: FBT001 - printed as it is
    print(f"{what}: {reached:.2f}, wanted {wanted}: {'yes' if met else 'NO'}")


if __name__ == "__main__":
    main()
