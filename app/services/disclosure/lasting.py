"""What stays open when later releases have told so much that every published count is known exactly.

A number that is rounded the same way release after release becomes exact: when it changes from 40 to 45
because one person joined, it was 42 and is 43. What is chosen so that it would be safe even then stays safe,
and the next release need not be refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.services.disclosure.knowledge import Knowledge
from app.services.disclosure.solving import Flags, Row, Whole


@dataclass(frozen=True)
class Lasting:
    """The same cells, where a cell moves as it did before: as far from its true count as in earlier releases.

    `apart` knows of these movements only; `group` is the place there of each cell of `knowledge`.
    """

    knowledge: Knowledge

    @cached_property
    def group(self) -> Whole:
        """Cells that move together: the same in releases that steps join.

        Those that became small are apart from what was told of them before.
        """
        known, group, count = self.knowledge, list[int](), 0
        for place, earlier in enumerate(known.before):
            if earlier >= 0 and not (known.withheld[place] and self._is_told[earlier]):
                group.append(group[earlier])
            else:
                group.append(count)
                count += 1
        return np.array(group, dtype=np.int64)

    @cached_property
    def apart(self) -> Knowledge:
        """What is known of each movement; a count that is told does not move at all."""
        known, group = self.knowledge, self.group
        count = int(group.max()) + 1
        last = np.zeros(count, dtype=np.int64)
        last[group] = np.arange(len(group))
        withheld = _any(known.withheld, group, count)
        return Knowledge(
            cells=tuple(known.cells[place] for place in last),
            truth=np.zeros(count, dtype=np.int64),
            told=self._told(count),
            hidden=self._hidden(count),
            need=_most(known.need, group, count),
            withheld=withheld,
            free=_any(known.free, group, count) & ~withheld,
            latest=_any(known.latest, group, count),
            cost=known.cost[last],
            before=np.full(count, -1),
            ties=self._ties(),
        )

    def choice(self, withheld: Flags) -> Flags:
        """The cells of the last release that are withheld if these movements are."""
        chosen: Flags = withheld[self.group] & (self.knowledge.latest | self.knowledge.withheld)
        return chosen

    def world(self, movement: Whole) -> Whole:
        """The true counts, moved."""
        world: Whole = self.knowledge.truth + movement[self.group]
        return world

    @cached_property
    def _is_told(self) -> Flags:
        """Cells of earlier releases whose numbers are out."""
        told: Flags = ~self.knowledge.withheld & ~self.knowledge.free
        return told

    def _told(self, count: int) -> tuple[Whole, Whole]:
        """No room, but for what was told of cells that became small: they would be known too."""
        known, low, high = self.knowledge, np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        for place, earlier in enumerate(known.before):
            if earlier >= 0 and self.group[place] != self.group[earlier]:
                low[self.group[earlier]] = known.told[0][earlier] - known.truth[earlier]
                high[self.group[earlier]] = known.told[1][earlier] - known.truth[earlier]
        return low, high

    def _hidden(self, count: int) -> tuple[Whole, Whole]:
        """As much room as is in every release."""
        known, group = self.knowledge, self.group
        low = np.where(self._is_told, 0, known.hidden[0] - known.truth)
        high = np.where(self._is_told, 0, known.hidden[1] - known.truth)
        return _most(low, group, count), _most(high, group, count, least=True)

    def _ties(self) -> tuple[Row, ...]:
        """Each row, of movements; those that say nothing of them are left out, and the same ones but once."""
        sums = self.knowledge.rows.matrix @ self.knowledge.truth
        ties = dict.fromkeys(
            Row(self._terms(row), row.least - float(now), row.most - float(now))
            for row, now in zip(self.knowledge.ties, sums, strict=True)
        )
        return tuple(row for row in ties if row.terms)

    def _terms(self, row: Row) -> tuple[tuple[int, int], ...]:
        terms: dict[int, int] = {}
        for place, factor in row.terms:
            group = int(self.group[place])
            terms[group] = terms.get(group, 0) + factor
        return tuple(sorted((group, factor) for group, factor in terms.items() if factor))


def _any(flags: Flags, group: Whole, count: int) -> Flags:
    found = np.zeros(count, dtype=np.bool_)
    np.logical_or.at(found, group, flags)
    return found


def _most(numbers: Whole, group: Whole, count: int, *, least: bool = False) -> Whole:
    sign = -1 if least else 1
    found = np.full(count, np.iinfo(np.int64).min)
    np.maximum.at(found, group, sign * numbers)
    most: Whole = sign * found
    return most
