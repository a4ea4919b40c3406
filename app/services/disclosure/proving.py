"""Whether withheld cells stay open to an attacker: shown by worlds if so, and by what closes them if not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from app.services.disclosure.knowledge import Cell, Knowledge, Release, gather_knowledge
from app.services.disclosure.lasting import Lasting
from app.services.disclosure.solving import (
    Extreme,
    Flags,
    Floats,
    Goals,
    Whole,
    extreme,
    extreme_whole,
    spread,
)
from app.services.disclosure.tables import Interval, Published
from app.services.disclosure.worlds import Worlds

_IDLE = 6
"""How often no cell may be opened by trying many at once, before they are looked at one by one."""
_ALMOST = 1e-6
"""More than a solver's tolerance, and less than any difference of whole units."""


class Closed(NamedTuple):
    """A withheld cell that is bounded too closely, and what would open it.

    It does not unless the sum of `help` over the cells withheld reaches `lacking`.
    """

    place: int
    help: Floats
    lacking: float


def intervals(releases: Sequence[Published]) -> Mapping[Cell, Interval]:
    """How far open withheld cells are after these releases: two counts that each may have.

    Those of every release are there that have to do with the last one; the others are as they were before.
    The proof: whoever knows all that is published, the policies, the sums and steps of every release and
    even which of the withheld counts are small may think either of them true. A cell whose two counts are
    no further apart than its policy's width is not safe.
    """
    known = [Release(one.tables, one.policy, one.values) for one in releases]
    return {
        cell: interval
        for knowledge in gather_knowledge(known)
        if knowledge.latest.any() and knowledge.withheld.any()
        for cell, interval in _intervals(knowledge, releases)
    }


def _intervals(knowledge: Knowledge, releases: Sequence[Published]) -> Iterator[tuple[Cell, Interval]]:
    worlds, _ = prove(knowledge, knowledge.withheld, moved_alike(knowledge))
    for place in np.flatnonzero(knowledge.withheld):
        number, key = knowledge.cells[place]
        figure = releases[number].policy.figure
        low, high = int(worlds.low[place]), int(worlds.high[place])
        yield (number, key), Interval(figure(low), figure(high))


def moved_alike(knowledge: Knowledge) -> Sequence[Whole]:
    """Worlds where a cell is as far from the truth in each release, which are soon found and often enough."""
    if (knowledge.before < 0).all():
        return ()
    lasting = Lasting(knowledge)
    alike, _ = prove(lasting.apart, lasting.apart.withheld)
    return [lasting.world(movement) for movement in alike.found]


def prove(
    knowledge: Knowledge, withheld: Flags, hints: Sequence[Whole] = (), enough: int | None = None
) -> tuple[Worlds, list[Closed]]:
    """Worlds that hold the withheld cells open, and those cells that none can; `enough` of them suffice.

    Hints are worlds found for another choice of cells; those that are of use are taken.
    """
    worlds = Worlds(knowledge, withheld)
    for hint in hints:
        worlds.add(hint)
    _open_many(worlds)
    closed = (found for place in worlds.narrow() for found in _open_one(worlds, int(place)))
    return worlds, list(islice(closed, enough))


def _open_many(worlds: Worlds) -> None:
    """Look for worlds that move many narrow cells at once, each up in some and down in others."""
    knowledge, chance = worlds.knowledge, np.random.default_rng(0)
    if not knowledge.rows.matrix.shape[0]:
        for bound in worlds.bounds:
            worlds.add(bound)
        return
    attempt, idle, narrow = 0, 0, worlds.narrow()
    while len(narrow) and idle < _IDLE:
        ways = _ways(attempt, len(narrow), chance)
        starts = np.where(ways > 0, worlds.low[narrow], worlds.high[narrow])
        goals = Goals(narrow, ways, starts, worlds.need[narrow])
        any(worlds.add(spread(knowledge.rows, worlds.bounds, goals, whole=whole)) for whole in (False, True))
        left = worlds.narrow()
        attempt, idle, narrow = attempt + 1, idle + 1 if len(left) == len(narrow) else 0, left


def _ways(attempt: int, count: int, chance: np.random.Generator) -> Whole:
    """Which way each narrow cell is to go: by turns first, as cells of one sum must, then by chance."""
    if attempt < 2:  # noqa: PLR2004 - by turns, and the other way round
        return np.where(np.arange(count) % 2 == attempt, 1, -1)
    return chance.choice(np.array([-1, 1]), count)


def _open_one(worlds: Worlds, place: int) -> Iterator[Closed]:
    """Look for worlds that move one cell as far as it goes, and tell of it where that is too little."""
    if not worlds.is_narrow(place):
        return
    knowledge = worlds.knowledge
    ends = [extreme(knowledge.rows, worlds.bounds, place, way) for way in (1, -1)]
    for end in ends:
        worlds.add(end.world)
    width = float(ends[0].world[place] - ends[1].world[place])
    if width < worlds.need[place] - _ALMOST:
        yield _closed(worlds, place, ends, width)
        return
    for way in (1, -1):
        if worlds.is_narrow(place):
            worlds.add(extreme_whole(knowledge.rows, worlds.bounds, place, way))
    if worlds.is_narrow(place):  # in fractions it is open, and in whole numbers it is not
        yield Closed(place, np.where(knowledge.free & ~worlds.withheld, 1.0, 0.0), 1.0)


def _closed(worlds: Worlds, place: int, ends: Sequence[Extreme], width: float) -> Closed:
    """By how much each free cell would widen the interval at most, from what the solver says of bounds.

    An extreme is a concave function of the bounds, so what it would gain by them is at most what its
    duals say: an inequality that every safe choice satisfies, and this one does not.
    """
    knowledge = worlds.knowledge
    (told_low, told_high), (low, high) = knowledge.told, knowledge.hidden
    gains = sum((end.below * (told_low - low) + end.above * (high - told_high) for end in ends), np.zeros(1))
    gains = np.where(knowledge.free, gains, 0.0)
    gains[place] = 0.0
    lacking = float(worlds.need[place] - width + gains[worlds.withheld].sum())
    return Closed(place, np.minimum(gains, lacking), lacking)
