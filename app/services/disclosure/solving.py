"""Linear programs over what is known, solved by HiGHS: the only place where counts are floating numbers.

Nothing here is believed: a world that a solver finds is rounded to whole units and checked exactly by who
asked for it (`app/services/disclosure/worlds.py`), so its tolerance (1e-7) can make a proof fail, never hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, linprog, milp  # type: ignore[import-untyped]  # ships none
from scipy.sparse import csr_array, hstack, vstack  # type: ignore[import-untyped]  # ships none

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_GAP = 0.01
"""How far from the least loss a choice may be, as a share of it."""
_SECONDS = 10.0
"""How long one choice is thought about; the best so far is then taken."""


class Row(NamedTuple):
    """Cells with their factors, whose sum lies between two bounds."""

    terms: tuple[tuple[int, int], ...]
    least: float
    most: float


@dataclass(frozen=True)
class Rows:
    """Rows as matrices, in the two shapes that the solvers take."""

    matrix: Any
    least: Floats
    most: Floats

    @cached_property
    def equal(self) -> tuple[Any, Floats] | tuple[None, None]:
        """The rows that are equations."""
        chosen = self.least == self.most
        return (self.matrix[chosen], self.least[chosen]) if chosen.any() else (None, None)

    @cached_property
    def below(self) -> tuple[Any, Floats] | tuple[None, None]:
        """The others, each side as an upper bound."""
        upper = (self.least != self.most) & np.isfinite(self.most)
        lower = (self.least != self.most) & np.isfinite(self.least)
        if not (upper.any() or lower.any()):
            return None, None
        matrix = vstack([self.matrix[upper], -self.matrix[lower]], format="csr")
        return matrix, np.concatenate([self.most[upper], -self.least[lower]])


def gather_rows(rows: Sequence[Row], width: int) -> Rows:
    """Rows over so many cells as matrices."""
    terms = [(place, cell, factor) for place, row in enumerate(rows) for cell, factor in row.terms]
    places, cells, factors = np.array(terms, dtype=np.int64).reshape(-1, 3).T
    matrix = csr_array((factors, (places, cells)), shape=(len(rows), width))
    return Rows(matrix, np.array([row.least for row in rows]), np.array([row.most for row in rows]))


def spread(rows: Rows, bounds: tuple[Whole, Whole], goals: Goals, *, whole: bool) -> Floats | None:
    """A world that takes as many cells as it can as far from where they have been as is asked."""
    count, sought = len(bounds[0]), len(goals.cells)
    reached = csr_array((np.ones(sought), (np.arange(sought), np.arange(sought))), shape=(sought, sought))
    moved = csr_array((-goals.ways, (np.arange(sought), goals.cells)), shape=(sought, count))
    padding = csr_array((rows.matrix.shape[0], sought))
    constraints = [
        LinearConstraint(hstack([moved, reached]), -np.inf, -goals.ways * goals.starts),
        LinearConstraint(hstack([rows.matrix, padding]), rows.least, rows.most),
    ]
    found = milp(
        np.concatenate([np.zeros(count), -np.ones(sought)]),
        constraints=constraints,
        bounds=Bounds(
            np.concatenate([bounds[0], np.full(sought, -np.inf)]), np.concatenate([bounds[1], goals.far])
        ),
        integrality=np.concatenate([np.full(count, int(whole)), np.zeros(sought)]),
        options={"mip_rel_gap": 0.1, "time_limit": _SECONDS},
    )
    return None if found.x is None else np.asarray(found.x[:count])


class Goals(NamedTuple):
    """Cells, which way (1 up, -1 down) each is to go, from where, and how far at most."""

    cells: Whole
    ways: Whole
    starts: Whole
    far: Whole


class Extreme(NamedTuple):
    """A world in which a cell goes as far as it can, and how much further it could for each unit of room.

    `below` is for room under each cell's lower bound, `above` over its upper one.
    """

    world: Floats
    below: Floats
    above: Floats


def extreme(rows: Rows, bounds: tuple[Whole, Whole], cell: int, way: int) -> Extreme:
    """How far a cell can go up (1) or down (-1), in any numbers.

    Raises:
        ArithmeticError: where the solver finds no answer though the true world is one.
    """
    objective = np.zeros(len(bounds[0]))
    objective[cell] = -way
    (equal, is_), (below, most) = rows.equal, rows.below
    found = linprog(
        objective, A_ub=below, b_ub=most, A_eq=equal, b_eq=is_, bounds=np.column_stack(bounds), method="highs"
    )
    if found.x is None:
        raise ArithmeticError(found.message)
    return Extreme(found.x, np.abs(found.lower.marginals), np.abs(found.upper.marginals))


def extreme_whole(rows: Rows, bounds: tuple[Whole, Whole], cell: int, way: int) -> Floats | None:
    """A world in which a cell goes as far up (1) or down (-1) as it can in whole units."""
    objective = np.zeros(len(bounds[0]))
    objective[cell] = -way
    found = milp(
        objective,
        constraints=LinearConstraint(rows.matrix, rows.least, rows.most),
        bounds=Bounds(*bounds),
        integrality=1,
        options={"mip_rel_gap": 0.0, "time_limit": _SECONDS},
    )
    return None if found.x is None else np.asarray(found.x)


class Cut(NamedTuple):
    """What a choice must satisfy: the factors of the chosen cells come to at least so much."""

    cells: Whole
    factors: Floats
    least: float


def cheapest(cost: Floats, cuts: Sequence[Cut]) -> Flags | None:
    """Which cells to choose so that every cut is satisfied, at the least cost; None where no choice does."""
    sizes = [len(cut.cells) for cut in cuts]
    rows = np.repeat(np.arange(len(cuts)), sizes)
    columns = np.concatenate([cut.cells for cut in cuts])
    factors = np.concatenate([cut.factors for cut in cuts])
    matrix = csr_array((factors, (rows, columns)), shape=(len(cuts), len(cost)))
    found = milp(
        cost,
        constraints=LinearConstraint(matrix, np.array([cut.least for cut in cuts]), np.inf),
        bounds=Bounds(0, 1),
        integrality=1,
        options={"mip_rel_gap": _GAP, "time_limit": _SECONDS},
    )
    return None if found.x is None else np.asarray(found.x > 0.5)  # noqa: PLR2004 - a truth, in numbers
