"""One question put to several contestants in turns, and what it cost each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.client import Load, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.servers import Server

_LONGEST_SECONDS = 30
"""After so long with one contestant a question moves on; a slow one is asked in fewer rounds."""
_MOST = 100_000
"""Requests a round at most: enough, and what the client keeps of them stays small."""


class Effort(NamedTuple):
    """How long to measure: rounds, and seconds a round with each contestant."""

    rounds: int
    seconds: float


class Round(NamedTuple):
    """What came back in one round, and the seconds of CPU that it took the server and its database."""

    load: Load
    server: float
    beside: float

    @property
    def cpu(self) -> float:
        """Seconds of CPU a request, of server and database together."""
        return (self.server + self.beside) / max(1, self.load.answered)


@dataclass(frozen=True, slots=True)
class Figures:
    """Every round of one contestant with one question, and its resident bytes after them."""

    rounds: list[Round] = field(default_factory=list)
    memory: int = 0

    @property
    def cpu(self) -> float:
        """Seconds of CPU a request: the middle round's."""
        return median(each.cpu for each in self.rounds)

    @property
    def beside(self) -> float:
        """Seconds of the database's CPU in that."""
        return median(each.beside / max(1, each.load.answered) for each in self.rounds)

    @property
    def per_second(self) -> float:
        """Requests answered a second: the middle round's."""
        return median(each.load.answered / each.load.seconds for each in self.rounds)

    @property
    def size(self) -> float:
        """Bytes an answer, headers included."""
        return sum(each.load.size for each in self.rounds) / max(1, self.answered)

    @property
    def answered(self) -> int:
        """How many requests were answered in all."""
        return sum(each.load.answered for each in self.rounds)

    @property
    def errors(self) -> int:
        """How many were not, or with an error."""
        return sum(each.load.errors for each in self.rounds)

    def latency(self, share: float) -> float:
        """Seconds that this share of all requests did not exceed."""
        every = sorted(one for each in self.rounds for one in each.load.latencies)
        return every[min(len(every) - 1, int(share * len(every)))] if every else 0.0


class Ratio(NamedTuple):
    """The middle of the rounds' ratios, and the least and the greatest of them."""

    middle: float
    least: float
    most: float


class Asked(NamedTuple):
    """A contestant, its server, and the requests that it is sent over and over."""

    name: str
    server: Server
    requests: Sequence[bytes]


Measured = dict[str, Figures]
"""Figures by contestant."""


def measured(asked: Sequence[Asked], effort: Effort, *, connections: int = 4) -> Measured:
    """Put a question to each contestant in turn, round after round.

    Each is asked once beforehand, so that what is prepared at the first request is not measured.
    """
    streams = {each.name: cycle(each.requests) for each in asked}
    found: dict[str, list[Round]] = {each.name: [] for each in asked}
    spent = {each.name: _round(each, streams[each.name], 0, 1).load.seconds for each in asked}
    for _ in range(effort.rounds):
        for each in asked:
            if not found[each.name] or spent[each.name] < _LONGEST_SECONDS:
                done = _round(each, streams[each.name], effort.seconds, connections)
                found[each.name].append(done)
                spent[each.name] += done.load.seconds
    return {each.name: Figures(found[each.name], each.server.memory()) for each in asked}


def compared(ours: Figures, theirs: Figures) -> Ratio:
    """How many times the CPU of theirs ours takes, round by round."""
    return ratio_of([each.cpu for each in ours.rounds], [each.cpu for each in theirs.rounds])


def ratio_of(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """The ratios of what was measured in the same rounds; a round too short to measure is left out."""
    ratios = [a / b for a, b in zip(ours, theirs, strict=False) if b] or [0.0]
    return Ratio(median(ratios), min(ratios), max(ratios))


def _round(asked: Asked, requests: Iterator[bytes], seconds: float, connections: int) -> Round:
    server, beside = asked.server.cpu()
    done = load(asked.server.port, requests, connections=connections, seconds=seconds, most=_MOST)
    server_after, beside_after = asked.server.cpu()
    return Round(done, server_after - server, beside_after - beside)
