"""Whole lists as files, side by side: `python -m benchmarks.feeds`."""

from __future__ import annotations

import argparse
import signal
import sys
from contextlib import ExitStack
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import servers
from benchmarks.__main__ import tell
from benchmarks.databases import Databases, prepared, sqlite_url
from benchmarks.national import Scale
from benchmarks.postgres import running_postgres
from benchmarks.taking import Feed, taken, tell_begun, tell_goal, tell_taken, tell_unchanged

if TYPE_CHECKING:
    from benchmarks.taking import Taken

CSV, JSONL, PAGE = "/v1/observations.csv", "/v1/datasets/observations.jsonl", "/v1/observations"
OUTTURN, POSTGRES, DATASETTE, CORE = "Outturn", "Outturn on PostgreSQL", "Datasette", "SQLAlchemy Core"
_TIMES_DATASETTE, _TIMES_CORE = 10, 3


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
                found[feed].append(taken(feed, scale.observations))
        _print(found, scale.observations)
        tell_unchanged(feeds[0].server, [CSV], PAGE)


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


def _print(found: dict[Feed, list[Taken]], rows: int) -> None:
    tell_taken(found, rows)
    ours, theirs = next(iter(found)), {feed.name: feed for feed in found}
    for name, wanted in ((DATASETTE, _TIMES_DATASETTE), (CORE, _TIMES_CORE)):
        ratios = [b.seconds / a.seconds for a, b in zip(found[ours], found[theirs[name]], strict=True)]
        ratio = median(ratios)
        tell_goal(f"live CSV, to {name}", ratio, f"at least {wanted} times", met=ratio >= wanted)
    tell_begun(OUTTURN, [each for feed, rounds in found.items() if feed.name == OUTTURN for each in rounds])


if __name__ == "__main__":
    main()
