"""Which cells to withhold beside the small ones: those that tell least, so that all of them are safe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from app.services.disclosure.knowledge import Knowledge
from app.services.disclosure.proving import Closed, prove
from app.services.disclosure.solving import Cut, Flags, Whole, cheapest
from app.services.disclosure.tables import UnsafeError

_ROUNDS = 60
"""How many choices are tried before everything that may be withheld is."""
_ENOUGH = 12
"""How many cells that are closed a choice is blamed for at once."""


def choose_withheld(knowledge: Knowledge, hints: Sequence[Whole] = ()) -> Flags:
    """The cells to withhold: as little as keeps every withheld cell as wide open as its policy needs.

    A choice is made, tried, and where it fails made again with what the failure teaches (Benders): no choice
    is taken that was not tried. It is the best within a hundredth where the solver has time for it.

    Raises:
        UnsafeError: with the cells that nothing keeps safe.
    """
    places = np.cumsum(knowledge.free) - 1
    withheld, cuts = knowledge.withheld, list(_lonely(knowledge, places))
    for _ in range(_ROUNDS):
        if cuts:
            withheld = _cheapest(knowledge, cuts)
        worlds, closed = prove(knowledge, withheld, hints, _ENOUGH)
        if not closed:
            return withheld
        hints = worlds.found
        cuts += [_cut(knowledge, places, one) for one in closed]
    return _everything(knowledge)


def _lonely(knowledge: Knowledge, places: Whole) -> Iterator[Cut]:
    """That no cell is withheld alone in a sum whose other figures are known exactly."""
    low, high = knowledge.told
    sure = (low == high) | knowledge.withheld
    for row in knowledge.ties:
        cells = np.array([cell for cell, _ in row.terms])
        hidden, free = cells[knowledge.withheld[cells]], cells[knowledge.free[cells]]
        if row.least != row.most or len(hidden) > 1 or not sure[cells].all():
            continue
        if not len(hidden):
            yield from (Cut(places[free], np.where(free == cell, -1.0, 1.0), 0.0) for cell in free)
        elif knowledge.need[hidden[0]]:
            yield Cut(places[free], np.ones(len(free)), 1.0)


def _cut(knowledge: Knowledge, places: Whole, closed: Closed) -> Cut:
    """What a choice of free cells must reach: the help that is lacking, if the cell is withheld at all."""
    helpful = np.flatnonzero(closed.help * knowledge.free)
    cells, factors, least = places[helpful], closed.help[helpful], closed.lacking
    if knowledge.free[closed.place]:
        cells = np.append(cells, places[closed.place])
        factors, least = np.append(factors, -closed.lacking), 0.0
    return Cut(cells, factors, least)


def _cheapest(knowledge: Knowledge, cuts: Sequence[Cut]) -> Flags:
    """The best choice for all that is learnt, or everything where there is none; that is then refused."""
    withheld = knowledge.withheld.copy()
    chosen = cheapest(knowledge.cost[knowledge.free], cuts) if knowledge.free.any() else None
    if chosen is None:
        return _everything(knowledge)
    withheld[np.flatnonzero(knowledge.free)[chosen]] = True
    return withheld


def _everything(knowledge: Knowledge) -> Flags:
    """All that may be withheld, but for the cells that are narrow even so and must be told.

    Withholding more leaves every other cell as open or more so: what is unsafe here is unsafe in any choice.
    """
    withheld = knowledge.withheld | knowledge.free
    while closed := prove(knowledge, withheld)[1]:
        places = [one.place for one in closed]
        if lost := [place for place in places if not knowledge.free[place]]:
            raise UnsafeError(knowledge.cells[place] for place in lost)
        withheld[places] = False
    return withheld
