"""An attacker who works withheld counts back from all that is published, by integer programming.

He shares no code with what protects them. He knows every number told so far and what it may stand for, all
sums and how the bases moved from release to release; and he may be told which withheld counts are small.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor, inf

import numpy as np
from scipy.optimize import LinearConstraint, milp  # type: ignore[import-untyped]  # ships no types
from scipy.sparse import lil_array  # type: ignore[import-untyped]  # ships no types

Key = Hashable
Name = tuple[int, Key]
_MANY = 100_000
"""More people than any council has."""


@dataclass
class Seen:
    """One release as the public has it: numbers and symbols (None), sums, and how bases moved since another.

    A move is a base, its change, the cells that add up to it and the place of the earlier release.
    """

    values: Mapping[Key, int | None]
    sums: Sequence[tuple[Key, Sequence[Key]]]
    moves: Sequence[tuple[Key, int, Sequence[Key], int]] = ()
    small: Collection[Key] = field(default_factory=frozenset)


@dataclass
class Rules:
    """How the numbers are made, for all to read, in units of which so many make one person."""

    rounding: int = 5
    small: tuple[int, int] = (1, 9)
    unit: int = 1


class Attacker:
    """Bounds each withheld cell by what is known."""

    def __init__(self, releases: Sequence[Seen], rules: Rules) -> None:
        self.releases, self.rules = releases, rules
        names = [(at, key) for at, seen in enumerate(releases) for key in seen.values]
        self.column = {name: column for column, name in enumerate(names)}
        self.low, self.high = np.array([self._limits(name) for name in names], dtype=float).T
        self.rows: list[tuple[dict[Name, int], float, float]] = []
        for at, seen in enumerate(releases):
            self._learn_sums(at, seen)
            self._learn_moves(at, seen)

    def _limits(self, name: Name) -> tuple[float, float]:
        """The counts that are shown as this cell is."""
        at, key = name
        number = self.releases[at].values[key]
        if number is None:
            return 0, self.rules.small[1] if key in self.releases[at].small else _MANY * self.rules.unit
        step = self.rules.rounding * self.rules.unit
        near = range(max(number * self.rules.unit - step, 0), number * self.rules.unit + step + 1)
        least, most = self.rules.small
        shown = [
            count
            for count in near
            if floor(count / step + 0.5) * self.rules.rounding == number and not least <= count <= most
        ]
        return shown[0], shown[-1]

    def _learn_sums(self, at: int, seen: Seen) -> None:
        for total, parts in seen.sums:
            self.rows.append(({(at, total): 1} | {(at, part): -1 for part in parts}, 0, 0))

    def _learn_moves(self, at: int, seen: Seen) -> None:
        for base, change, cells, since in seen.moves:
            self.rows.append(({(at, base): 1, (since, base): -1}, change, change))
            for cell in cells:
                self.rows.append(({(at, cell): 1, (since, cell): -1}, min(change, 0), max(change, 0)))

    def broken(self, width: int = 4) -> dict[Name, tuple[float, float]]:
        """The withheld cells that are worked back within so many persons, with their bounds."""
        known = self._known()
        enough = width * self.rules.unit
        least, most = np.full(len(self.column), inf), np.full(len(self.column), -inf)
        found = {}
        for name in self._hidden():
            at = self.column[name]
            for sign in (1, -1):
                if most[at] - least[at] <= enough:
                    counts = self._end(known, at, sign)
                    least, most = np.minimum(least, counts), np.maximum(most, counts)
            if most[at] - least[at] <= enough:
                found[name] = (float(least[at]), float(most[at]))
        return found

    def _hidden(self) -> list[Name]:
        return [name for name in self.column if self.releases[name[0]].values[name[1]] is None]

    def _known(self) -> LinearConstraint:
        matrix = lil_array((len(self.rows) + 1, len(self.column)))
        for at, (terms, _, _) in enumerate(self.rows):
            for name, factor in terms.items():
                matrix[at, self.column[name]] = factor
        least, most = (np.array([row[side] for row in self.rows] + [0.0]) for side in (1, 2))
        return LinearConstraint(matrix.tocsr(), least, most)

    def _end(self, known: LinearConstraint, at: int, sign: int) -> np.ndarray:
        """Counts that fit all that is known, in which one is as small as it can be, or (-1) as large."""
        goal = np.zeros(len(self.column))
        goal[at] = sign
        exact = {"mip_rel_gap": 0}
        found = milp(goal, constraints=known, bounds=(self.low, self.high), integrality=1, options=exact)
        assert found.success, found.message
        return np.asarray(np.rint(found.x))
