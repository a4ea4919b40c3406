"""Files of releases beside static ones and live feeds, Parquet beside CSV: `python -m benchmarks.files`."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import orjson

from benchmarks import servers
from benchmarks.__main__ import tell
from benchmarks.client import fetch, request
from benchmarks.databases import fill_outturn, prepared, sqlite_url
from benchmarks.national import Scale
from benchmarks.postgres import running_postgres
from benchmarks.rounds import Asked, Effort, Measured, measured, ratio_of
from benchmarks.taking import (
    Feed,
    Taken,
    middle,
    taken,
    tell_begun,
    tell_goal,
    tell_taken,
    tell_unchanged,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.servers import Server

STORED, LIVE, STATIC, PIECES = "Outturn, stored", "Outturn, live", "StaticFiles", "FileResponse by 1 MB"
OUTTURN, POSTGRES = "Outturn", "Outturn on PostgreSQL"
CODINGS = ("identity", "zstd", "gzip")
PAGE, WHOLE, NAME = "/v1/observations", "/v1/datasets/observations", "observations.csv"
PART = "bytes=300000-399999"
_SHARE, _TIMES, _SMALLER = 0.8, 8, 0.25
_PAUSE_SECONDS, _PATIENCE_SECONDS = 1, 300
_CONNECTIONS, _OF_GREAT = 4, 1
"""How many ask at once for a file; a great one keeps a server busy by itself."""


class Council(NamedTuple):
    """A council's observations as its server has them: of a release, as released last, and live."""

    server: Server
    release: str
    latest: str
    live: str


class Database(NamedTuple):
    """Where rows are, and the process of the server that has them, if there is one."""

    url: str
    beside: int | None = None


class Bench:
    """What is started for the measurements, on the server's core, and ended with them."""

    def __init__(self, stack: ExitStack, folder: Path, core: int | None) -> None:
        self._stack, self._folder, self._core = stack, folder, core

    def outturn(self, name: str, url: str, beside: int | None = None, **settings: str) -> Server:
        """Outturn on a database, with its files in a folder that goes away."""
        program = servers.outturn(url, files_folder=str(self._folder / f"{name}-kept"), **settings)
        return self._stack.enter_context(servers.serving(program, self._core, beside))

    def static(self, name: str, files: dict[str, bytes]) -> Server:
        """Some files on Starlette."""
        folder = self._folder / f"{name}-static"
        folder.mkdir()
        for file, content in files.items():
            (folder / file).write_bytes(content)
        program = servers.contestant("static:create", "/", "--factory", BENCH_FOLDER=str(folder))
        return self._stack.enter_context(servers.serving(program, self._core))


def main() -> None:
    """Make the databases, measure, and print a line for each contestant and for each goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--councils", type=int, default=200, help="how many councils; each has 5,000 rows")
    parser.add_argument("--great", type=int, default=300_000, help="how many rows one council has by itself")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="how long a round is with each contestant")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that every server is ended
    effort = Effort(chosen.rounds, chosen.seconds)
    nation, great = Scale(organisations=chosen.councils), Scale(1, chosen.great // 100, 100)
    with prepared(nation, tell) as databases, ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="outturn-bench-")))
        tell(f"making one council of {great.observations:,} observations")
        fill_outturn(folder / "great.db", great)
        core, own_core = servers.cores()
        with servers.pinned(core):
            postgres = stack.enter_context(running_postgres(databases.postgres))
        stack.enter_context(servers.pinned(own_core))
        bench = Bench(stack, folder, core)
        usual = bench.outturn("usual", sqlite_url(databases.outturn))
        _tell_stored("A file", _council(usual), bench, effort, _CONNECTIONS)
        large = bench.outturn("great", sqlite_url(folder / "great.db"))
        _tell_stored("A great file", _council(large), bench, effort, _OF_GREAT)
        council = _council(usual)
        tell_unchanged(usual, [council.release, council.latest, f"{WHOLE}.csv"], PAGE)
        served = {
            OUTTURN: Database(sqlite_url(databases.outturn)),
            POSTGRES: Database(postgres.url, postgres.pid),
        }
        _tell_parquet(bench, served, nation.observations, chosen.rounds)


def _council(server: Server) -> Council:
    """The first council there is, and its newest release."""
    [release] = orjson.loads(fetch(server.port, "/v1/releases?limit=1").body)["items"]
    slug = release["organisation"]
    return Council(
        server,
        f"/v1/releases/{release['id']}/datasets/{NAME}",
        f"/v1/organisations/{slug}/datasets/{NAME}",
        f"/v1/{NAME}?organisation={slug}",
    )


def _tell_stored(what: str, council: Council, bench: Bench, effort: Effort, connections: int) -> None:
    """Measure a file of a release in every coding, and a part of it."""
    port = council.server.port
    kept = {coding: fetch(port, council.release, accept_encoding=coding).body for coding in CODINGS}
    if fetch(port, council.live).body != kept["identity"]:
        raise RuntimeError(f"{council.live} is not {council.release}")
    static = bench.static(what, {f"{coding}-{NAME}": body for coding, body in kept.items()})
    print(f"\n{what} of {len(kept['identity']) / 10**6:,.1f} MB, {effort.rounds} rounds\n")
    print("| | coding | requests/s | MB/s | ms of CPU a request | MB/s of CPU |")
    print("|---|---|---|---|---|---|")
    found = {}
    for coding in CODINGS:
        tell(f"{what}, {coding}")
        asked = [
            Asked(STORED, council.server, [request(council.release, accept_encoding=coding)]),
            Asked(STATIC, static, [request(f"/static/{coding}-{NAME}")]),
            Asked(PIECES, static, [request(f"/pieces/{coding}-{NAME}")]),
            Asked(LIVE, council.server, [request(council.live, accept_encoding=coding)]),
        ]
        found[coding] = _measured(coding, asked, effort, connections)
    for coding, told in {"in part": {"accept_encoding": "identity"}, "in part, by itself": {}}.items():
        tell(f"{what}, {coding}")  # who resumes has asked for the whole in the same words, others have not
        asked = [
            Asked(STORED, council.server, [request(council.release, range=PART, **told)]),
            Asked(STATIC, static, [request(f"/static/identity-{NAME}", range=PART, **told)]),
            Asked(PIECES, static, [request(f"/pieces/identity-{NAME}", range=PART, **told)]),
        ]
        found[coding] = _measured(coding, asked, effort, connections)
    print()
    for coding, figures in found.items():
        for theirs in (STATIC, PIECES):
            _tell_times(f"{what}, {coding}, to {theirs}", figures, theirs, _SHARE)
        if LIVE in figures:
            _tell_times(f"{what}, {coding}, to the live feed", figures, LIVE, _TIMES)


def _measured(coding: str, asked: list[Asked], effort: Effort, connections: int) -> Measured:
    found = measured(asked, effort, connections=connections)
    for name, figures in found.items():
        if figures.errors:
            raise RuntimeError(f"{name} failed {figures.errors} times")
        rates = f"{figures.per_second:,.1f} | {figures.per_second * figures.size / 10**6:,.0f}"
        costs = f"{figures.cpu * 1000:,.2f} | {figures.size / figures.cpu / 10**6:,.0f}"
        print(f"| {name} | {coding} | {rates} | {costs} |")
    return found


def _tell_times(what: str, found: Measured, theirs: str, wanted: float) -> None:
    """How many requests Outturn's stored file answers in the CPU of one of theirs, and in its time."""
    ours, other = found[STORED], found[theirs]
    cpu = ratio_of([each.cpu for each in other.rounds], [each.cpu for each in ours.rounds])
    noise = f"({cpu.least:.2f} to {cpu.most:.2f}; by the clock {ours.per_second / other.per_second:.2f})"
    tell_goal(f"{what} {noise}", cpu.middle, f"at least {wanted} times", met=cpu.middle >= wanted)


def _tell_parquet(bench: Bench, databases: Mapping[str, Database], rows: int, rounds: int) -> None:
    """Take the whole dataset as CSV, and as Parquet that is kept and that is made for whoever asks."""
    keeping, making = (
        {
            name: bench.outturn(f"{name}-{megabytes}", *database, files_megabytes=megabytes)
            for name, database in databases.items()
        }
        for megabytes in ("4096", "0")
    )
    found: dict[Feed, list[Taken]] = {}
    for name in databases:
        found[Feed(name, keeping[name], f"{WHOLE}.csv")] = []
        found[Feed(name, keeping[name], f"{WHOLE}.parquet")] = []
        found[Feed(f"{name}, made", making[name], f"{WHOLE}.parquet")] = []
    for feed in found:
        fetch(feed.server.port, feed.path.replace("observations", "indicators"))  # loads what writes
    for server in keeping.values():
        fetch(server.port, f"{WHOLE}.parquet")
        _wait_for_kept(server, f"{WHOLE}.parquet")
    for _ in range(rounds):
        for feed, theirs in found.items():
            tell(str(feed))
            theirs.append(taken(feed))
    tell_taken(found, rows)
    for name in databases:
        csv, *others = (feed for feed in found if feed.name.startswith(f"{name},") or feed.name == name)
        for parquet in others:
            _tell_beside(f"Parquet, {parquet.name}", found[parquet], found[csv])


def _tell_beside(what: str, parquet: list[Taken], csv: list[Taken]) -> None:
    size = middle(parquet).size / middle(csv).size
    tell_goal(f"{what}: size to CSV", size, f"under {_SMALLER} times", met=size < _SMALLER)
    seconds = ratio_of([each.seconds for each in parquet], [each.seconds for each in csv])
    cpu = middle(parquet).cpu / (middle(csv).cpu or 1)
    noise = f"({seconds.least:.2f} to {seconds.most:.2f}; of CPU {cpu:.2f})"
    tell_goal(f"{what}: time to CSV {noise}", seconds.middle, "at most 1 time", met=seconds.middle <= 1)
    tell_begun(what, parquet)


def _wait_for_kept(server: Server, path: str) -> None:
    """Wait until a file is there that was begun after it was first asked for."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while "accept-ranges" not in fetch(server.port, path, range="bytes=0-0").headers:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{path} is not kept")
        time.sleep(_PAUSE_SECONDS)


if __name__ == "__main__":
    main()
