"""Whole-number worlds that an attacker cannot tell from the true one; they hold withheld cells open."""

from __future__ import annotations

import numpy as np

from app.services.disclosure.knowledge import Knowledge
from app.services.disclosure.solving import Flags, Floats, Whole


class Worlds:
    """Worlds in which all that is published is as it is; the true one is the first.

    A cell that two of them hold apart by some width cannot be bounded within it by anybody who knows only
    what `Knowledge` says, however he reckons: both worlds are whole numbers, and they are checked exactly.
    """

    def __init__(self, knowledge: Knowledge, withheld: Flags) -> None:
        self.knowledge = knowledge
        self.withheld = withheld
        self.bounds = knowledge.bounds(withheld)
        self.need = np.where(withheld, knowledge.need, 0)
        self.found: list[Whole] = []
        self.low = self.high = knowledge.truth
        if not self.add(knowledge.truth):
            raise ValueError("what is published does not fit the true counts")

    def add(self, figures: Floats | Whole | None) -> bool:
        """Take in a world, rounded to whole units; False where that is none."""
        if figures is None:
            return False
        world = np.rint(figures).astype(np.int64)
        if not self._is_possible(world):
            return False
        self.found.append(world)
        self.low, self.high = np.minimum(self.low, world), np.maximum(self.high, world)
        return True

    def narrow(self) -> Whole:
        """The withheld cells that are not yet held open as wide as is needed, by their places."""
        return np.flatnonzero(self.high - self.low < self.need)

    def is_narrow(self, place: int) -> bool:
        """Whether one cell is not yet held open as wide as is needed."""
        return bool(self.high[place] - self.low[place] < self.need[place])

    def _is_possible(self, world: Whole) -> bool:
        low, high = self.bounds
        if (world < low).any() or (world > high).any():
            return False
        rows = self.knowledge.rows
        sums = rows.matrix @ world
        return bool((sums >= rows.least).all() and (sums <= rows.most).all())
