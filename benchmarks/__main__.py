"""Outturn and its contestants, side by side: `python -m benchmarks`, or `make bench`."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

from benchmarks import operations, questions, report, servers
from benchmarks.client import fetch
from benchmarks.contestants.plain import keep_answer
from benchmarks.databases import Databases, prepared, sqlite_url
from benchmarks.national import Scale
from benchmarks.postgres import Postgres, running_postgres
from benchmarks.questions import Servers, Table
from benchmarks.rounds import Effort

QUICK = (Scale(20, 20, 20), Effort(rounds=3, seconds=0.3), 2)
WHOLE = (Scale(), Effort(rounds=5, seconds=1.2), 5)
_STARTED = perf_counter()


def main() -> None:
    """Make the databases, measure, print the report, and write it where a path is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small nation and short rounds")
    parser.add_argument("--write", type=Path, help="where to write the report")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that every server is ended
    scale, effort, times = QUICK if chosen.quick else WHOLE
    with prepared(scale, tell) as databases:
        core, _ = servers.cores()
        tables = _asked(databases, effort)
        tell("From start to first answer")
        starts = operations.starts(databases, core, times)
        tell("Two workers")
        workers = operations.workers(databases, effort)
    text = "\n".join([*report.written(report.Results(scale, effort, tables, starts, workers)), ""])
    print(text)
    if chosen.write:
        chosen.write.write_text(text, encoding="utf-8")


def tell(what: str) -> None:
    """Say what is done next, and how many seconds have gone."""
    print(f"{perf_counter() - _STARTED:4.0f} s  {what}", file=sys.stderr, flush=True)


def _asked(databases: Databases, effort: Effort) -> dict[str, Table]:
    core, own_core = servers.cores()
    with ExitStack() as stack:
        tell("starting the servers")
        with servers.pinned(core):
            database = stack.enter_context(running_postgres(databases.postgres))
        stack.enter_context(servers.pinned(own_core))
        everyone = _started(databases, database, core, stack)
        questions.check(everyone)
        return questions.tables(everyone, databases, effort, tell)


def _started(databases: Databases, database: Postgres, core: int | None, stack: ExitStack) -> Servers:
    url = sqlite_url(databases.outturn)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="outturn-bench-")))
    cached = stack.enter_context(servers.serving(servers.outturn(url), core))
    answer = fetch(cached.port, "/v1/observations")
    keep_answer(folder / "answer", answer.headers, answer.body)
    programs = {
        "uncached": servers.outturn(url, cache_megabytes="0"),
        "rules": servers.outturn(url, cache_megabytes="0", read_model="off"),
        "naive": servers.contestant("naive:app", "/observations", BENCH_DATABASE=sqlite_url(databases.naive)),
        "datasette": servers.contestant(
            "datasette:create", "/flat.json", "--factory", BENCH_DATABASE=str(databases.flat)
        ),
        "plain": servers.contestant("plain:create", "/", "--factory", BENCH_ANSWER=str(folder / "answer")),
    }
    others = {name: stack.enter_context(servers.serving(program, core)) for name, program in programs.items()}
    beside = {
        "postgres": servers.outturn(database.url, cache_megabytes="0"),
        "postgres_cached": servers.outturn(database.url),
    }
    for name, program in beside.items():
        others[name] = stack.enter_context(servers.serving(program, core, database.pid))
    return Servers(cached=cached, **others)


if __name__ == "__main__":
    main()
