"""Where the microseconds of each hot path go: Outturn in this process, without a network.

Named functions are timed where they are called, each without what the named functions inside it
take. Time is CPU, of all threads of this process, so that a busy machine adds little; what a
PostgreSQL server does is not in it. `make profile` prints it.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import reduce, wraps
from time import perf_counter, process_time_ns
from typing import TYPE_CHECKING, Any, NamedTuple

import uvloop

from benchmarks.asgi import ask, started
from benchmarks.databases import Databases, prepared, sqlite_url
from benchmarks.national import Scale
from benchmarks.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from starlette.types import ASGIApp

STAGES = {
    "answers kept, 304": ("app.routers.cache:Cache.__call__",),
    "compression": ("app.main:CompressMiddleware.__call__",),
    "contract: path, parameters, Accept": ("app.routers.contract:Contract.__call__",),
    "tag, freshness, Vary": ("app.routers.contract:Reply.send",),
    "Starlette, FastAPI: middleware, routing, response": (
        "starlette.middleware.exceptions:ExceptionMiddleware.__call__",
    ),
    "dependencies and validation": ("fastapi.routing:solve_dependencies",),
    "connection: taken and given back": (
        "app.db.snapshots:_Sqlite.ask",
        "app.db.postgres:Postgres.ask",
        "app.db.snapshots:_Sqlite.changes",
        "app.db.postgres:Postgres.changes",
    ),
    "edition in force": ("app.queries.editions:Editions.reading",),
    "question: filters and cursor": ("app.routers.deps:asked", "app.routers.indicators:conditions"),
    "SQL: built, or found again": (
        "app.queries.listings:_prepared",
        "app.queries.listings:binds",
        "app.queries.listings:Prepared.values_of",
        "app.queries.summaries:_statement",
    ),
    "database, with the derivation where there is no copy": (
        "sqlalchemy:Connection.exec_driver_sql",
        "sqlalchemy:Connection.execute",
        "sqlalchemy:Result.all",
        "sqlalchemy:Result.scalar_one",
    ),
    "formatting: rows in wire form": ("app.queries.listings:written", "app.queries.summaries:written"),
    "serialisation: JSON": ("orjson:dumps",),
    "answer and Link": ("app.routers.deps:page_response", "app.routers.indicators:json_response"),
}
"""What is timed, as `module:name`, where it is looked up when it is called."""
REST = "the rest: request made, loop"


@dataclass(frozen=True)
class Path:
    """A hot path: what it is called, the addresses asked in turn, and the settings and headers of that."""

    name: str
    addresses: Sequence[str]
    settings: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


class Profile(NamedTuple):
    """Microseconds a request by stage; `untimed` is the whole without a clock in it."""

    stages: dict[str, float]
    untimed: float
    requests: int


class Clock:
    """Nanoseconds by stage, each without those of the stages inside it."""

    def __init__(self) -> None:
        self.spent: dict[str, int] = defaultdict(int)
        self._open: list[str] = []
        self._since = 0

    def enter(self, stage: str) -> None:
        """Begin a stage; the one that it interrupts goes on afterwards."""
        self._turn()
        self._open.append(stage)

    def leave(self) -> None:
        """End the stage begun last."""
        self._turn()
        self._open.pop()

    def _turn(self) -> None:
        now = process_time_ns()
        if self._open:
            self.spent[self._open[-1]] += now - self._since
        self._since = now


def profiled(path: Path, database_url: str, seconds: float) -> Profile:
    """Ask a path's addresses over and over, with and without the clock."""
    return uvloop.run(_profiled(path, database_url, seconds))


async def _profiled(path: Path, database_url: str, seconds: float) -> Profile:
    clock = Clock()
    async with started(database_url, **path.settings) as app:
        await _asked(app, path, 0)
        untimed, times = await _asked(app, path, seconds)
    with ExitStack() as patches:
        for stage, names in STAGES.items():
            for name in names:
                _time(name, stage, clock, patches)
        async with started(database_url, **path.settings) as app:
            await _asked(app, path, 0)
            clock.spent.clear()
            clock.enter(REST)
            _, timed = await _asked(app, path, seconds)
            clock.leave()
    stages = {stage: clock.spent[stage] / 1000 / timed for stage in (*STAGES, REST)}
    return Profile(stages, untimed / 1000 / times, times)


async def _asked(app: ASGIApp, path: Path, seconds: float) -> tuple[int, int]:
    """Nanoseconds, and how many requests they were for; one at least."""
    begun, stop, times = process_time_ns(), perf_counter() + seconds, 0
    while not times or perf_counter() < stop:
        answer = await ask(app, path.addresses[times % len(path.addresses)], **path.headers)
        if answer.status not in {200, 304}:
            raise RuntimeError(f"{path.addresses[0]} answers {answer.status}: {answer.body!r}")
        times += 1
    return process_time_ns() - begun, times


def _time(name: str, stage: str, clock: Clock, patches: ExitStack) -> None:
    """Put a clock around a function until the patches are taken back."""
    module, _, inside = name.partition(":")
    *owners, last = inside.split(".")
    owner = reduce(getattr, owners, importlib.import_module(module))
    function = getattr(owner, last)
    patches.callback(setattr, owner, last, function)
    setattr(owner, last, _timed(function, stage, clock))


def _timed(function: Callable[..., Any], stage: str, clock: Clock) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def waited(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any function's own
            clock.enter(stage)
            try:
                return await function(*args, **kwargs)
            finally:
                clock.leave()

        return waited

    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as above
        clock.enter(stage)
        try:
            return function(*args, **kwargs)
        finally:
            clock.leave()

    return called


def paths(databases: Databases, tag: str) -> list[Path]:
    """The hot paths; `tag` is the first page's."""
    listed, marks = "/v1/observations", databases.marks
    pages = [f"{listed}?cursor={mark.cursor}" for mark in marks]
    derived: dict[str, Any] = {"cache_megabytes": 0, "read_model": False}
    uncached: dict[str, Any] = {"cache_megabytes": 0}
    counted, missed = (
        f"{listed}/summary?group_by=status&period=2011-12-q2",
        "status=missed&sort=target_variance",
    )
    return [
        Path("A page of 100, uncached", pages, uncached),
        Path("A page of 100 by the rules, uncached", pages, derived),
        Path("The same page again", [listed]),
        Path("The same page, unchanged (304)", [listed], headers={"if_none_match": tag}),
        Path("One observation, uncached", [f"{listed}/{mark.after}" for mark in marks], uncached),
        Path("Counts by status for one period, uncached", [counted], uncached),
        Path("Missed, worst first, uncached", [f"{listed}?{missed}"], uncached),
    ]


async def tag_of(address: str, database_url: str) -> str:
    """The entity tag of an address."""
    async with started(database_url) as app:
        return (await ask(app, address)).headers["etag"]


def told(path: Path, profile: Profile) -> Iterator[str]:
    """A profile as a table in Markdown."""
    whole = sum(profile.stages.values())
    yield f"### {path.name}"
    yield ""
    yield f"`{path.addresses[0][:60]}`: {profile.untimed:,.0f} µs without a clock, {whole:,.0f} µs with one;"
    yield f"{profile.requests:,} requests."
    yield ""
    yield "| stage | µs | share |"
    yield "| --- | ---: | ---: |"
    for stage, spent in profile.stages.items():
        if spent:
            yield f"| {stage} | {spent:,.1f} | {100 * spent / whole:.1f}% |"
    yield ""


def main() -> None:
    """Profile every hot path on SQLite, or on PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="on a small nation")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL")
    parser.add_argument("--seconds", type=float, default=5, help="for each path, with and without the clock")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        scale = Scale(20, 20, 20) if chosen.quick else Scale()
        databases = stack.enter_context(prepared(scale, print))
        url = sqlite_url(databases.outturn)
        if chosen.postgres:
            url = stack.enter_context(running_postgres(databases.postgres)).url
        tag = uvloop.run(tag_of("/v1/observations", url))
        for path in paths(databases, tag):
            print(*told(path, profiled(path, url, chosen.seconds)), sep="\n", flush=True)


if __name__ == "__main__":
    main()
