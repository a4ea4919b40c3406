"""What an operator asks: how long Outturn takes to start, and what a second worker gives."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from benchmarks import servers
from benchmarks.client import load
from benchmarks.databases import outturn, sqlite_url
from benchmarks.questions import page_requests
from benchmarks.rounds import Asked, Effort, Ratio, measured, ratio_of

if TYPE_CHECKING:
    from benchmarks.databases import Databases
    from benchmarks.rounds import Measured

ONE_WORKER, TWO_WORKERS = "1 worker", "2 workers"
OUTTURN, BARE = "Outturn on the demo's data", "bare FastAPI"
_SETTLING_SECONDS = 2


def starts(databases: Databases, core: int | None, rounds: int) -> dict[str, list[float]]:
    """Seconds from a program's start to its first good answer, in turns; the first of each is not kept."""
    programs = {
        BARE: servers.contestant("bare:app", "/"),
        OUTTURN: servers.outturn(sqlite_url(databases.demo)),
    }
    found: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(rounds + 1):
        for name, program in programs.items():
            found[name].append(servers.seconds_to_answer(program, core))
    return {name: times[1:] for name, times in found.items()}


def workers(databases: Databases, effort: Effort) -> Measured:
    """Uncached pages from one worker and from two, on every core; nothing where none can be asked."""
    url = sqlite_url(databases.outturn)
    if "--workers" not in outturn(url, "serve", "--help"):
        return {}
    requests = page_requests(databases)
    one = servers.outturn(url, "--workers", "1", cache_megabytes="0")
    two = servers.outturn(url, "--workers", "2", cache_megabytes="0")
    with servers.serving(one, None) as first, servers.serving(two, None) as second:
        for each in (first, second):  # until every worker is there
            load(each.port, cycle(requests), connections=8, seconds=_SETTLING_SECONDS, most=10**6)
        asked = [Asked(ONE_WORKER, first, requests), Asked(TWO_WORKERS, second, requests)]
        return measured(asked, effort, connections=8)


def more(found: Measured) -> Ratio:
    """How many times the requests a second of one worker two answer."""
    one, two = (
        [each.load.answered / each.load.seconds for each in found[name].rounds]
        for name in (ONE_WORKER, TWO_WORKERS)
    )
    return ratio_of(two, one)
