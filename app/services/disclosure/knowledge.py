"""What an attacker knows of cells: their bounds, told or withheld, and the rows that tie them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import inf, log2
from typing import NamedTuple

import numpy as np

from app.services.disclosure.rounding import Policy, Span
from app.services.disclosure.solving import Flags, Floats, Row, Rows, Whole, gather_rows
from app.services.disclosure.tables import Key, Step, Tables

Cell = tuple[int, Key]
"""A cell of one of several releases, by the release's place among them."""
_REACH = 5
"""How far from the truth worlds are looked for, in widths or steps of rounding."""


@dataclass(frozen=True, slots=True)
class Release:
    """Tables under a policy; without values where it is still to be chosen what is withheld."""

    tables: Tables
    policy: Policy
    values: Mapping[Key, int | None] | None = None


@dataclass(frozen=True)
class Knowledge:
    """Cells that hang together, each with bounds in whole units.

    `told` and `hidden` are its bounds published and withheld, `need` is by how much a withheld one must be
    open. Of cells that are `free` it is to be chosen whether they are withheld, at what `cost`; the others
    are as they are, `withheld` or not. `latest` are those of the last release, and `before` is the place of
    the same cell in an earlier release that it cannot have moved far from, or -1.
    """

    cells: tuple[Cell, ...]
    truth: Whole
    told: tuple[Whole, Whole]
    hidden: tuple[Whole, Whole]
    need: Whole
    withheld: Flags
    free: Flags
    latest: Flags
    cost: Floats
    before: Whole
    ties: tuple[Row, ...]

    @cached_property
    def rows(self) -> Rows:
        """The ties as matrices."""
        return gather_rows(self.ties, len(self.cells))

    def bounds(self, withheld: Flags) -> tuple[Whole, Whole]:
        """What each cell lies between if these are withheld."""
        low, high = (
            np.where(withheld, hidden, told) for hidden, told in zip(self.hidden, self.told, strict=True)
        )
        return low, high


class _Known(NamedTuple):
    """One cell, as `Knowledge` has many."""

    cell: Cell
    truth: int
    told: Span
    hidden: Span
    need: int
    withheld: bool
    free: bool
    latest: bool
    cost: float


def gather_knowledge(releases: Sequence[Release]) -> Iterator[Knowledge]:
    """What is known after releases, one after another, in parts that have nothing to do with one another.

    An attacker is taken to know even which of the withheld counts are small; but not of a count that was
    larger before, where a step leads from it: that it has become small is what he is not to learn.

    Raises:
        ValueError: where a release tells what its policy would not, figures have different places, or a step
            leads from no earlier release.
    """
    if len({release.policy.places for release in releases}) > 1:
        raise ValueError("figures of different places are not compared")
    names = [(number, key) for number, release in enumerate(releases) for key in release.tables.counts]
    places = {cell: place for place, cell in enumerate(names)}
    larger = _larger(releases, names, _before(releases, places))
    before = _before(releases, places, closely=True)
    known = [_known(cell, releases, larger=grown) for cell, grown in zip(names, larger, strict=True)]
    rows = [*_sums(releases, places, [cell.truth for cell in known]), *_steps(releases, places)]
    for part, tied in _parts(len(known), rows):
        yield _knowledge([known[place] for place in part], _renumbered(part, tied, before))


def _known(cell: Cell, releases: Sequence[Release], *, larger: bool) -> _Known:
    number, key = cell
    release = releases[number]
    policy = release.policy
    truth = policy.units(release.tables.counts[key])
    small, rounded = policy.small.holds(truth), policy.rounded(truth)
    value = rounded if release.values is None else release.values[key]
    if value not in {rounded, None} or (small and value is not None and release.values is not None):
        raise ValueError(f"{key} of release {number} is not published by its policy")
    reach = _REACH * max(policy.need, policy.rounding * policy.unit)
    return _Known(
        cell=cell,
        truth=truth,
        told=policy.small if small else policy.told(rounded),
        hidden=Span(0, policy.small.high)
        if small and not larger
        else Span(max(truth - reach, 0), truth + reach),
        need=policy.need,
        withheld=small or value is None,
        free=release.values is None and not small,
        latest=number == len(releases) - 1,
        cost=1 + log2(1 + rounded / policy.rounding),
    )


def _before(releases: Sequence[Release], places: Mapping[Cell, int], *, closely: bool = False) -> list[int]:
    """The place of each cell in the release that a step leads from, or -1.

    If `closely`, only where the step leaves it less room than a withheld cell needs.
    """
    before = [-1] * len(places)
    for number, release in enumerate(releases):
        policy = release.policy
        for step in release.tables.steps:
            since = _since(number, step)
            close = not closely or policy.units(abs(Decimal(step.change))) < policy.need
            for key in (step.base, *step.cells) if close else (step.base,):
                before[places[number, key]] = places[since, key]
    return before


def _since(number: int, step: Step) -> int:
    """The place of the release that a step leads from."""
    since = step.since + number if step.since < 0 else step.since
    if not 0 <= since < number:
        raise ValueError(f"no release {step.since} comes before release {number}")
    return since


def _larger(releases: Sequence[Release], names: Sequence[Cell], before: Sequence[int]) -> list[bool]:
    """Whether each cell, followed back step by step, was ever anything but small."""
    larger = list[bool]()
    for place, (number, key) in enumerate(names):
        release, earlier = releases[number], before[place]
        small = release.policy.small.holds(release.policy.units(release.tables.counts[key]))
        larger.append(not small or (earlier >= 0 and larger[earlier]))
    return larger


def _sums(releases: Sequence[Release], places: Mapping[Cell, int], truth: Sequence[int]) -> Iterator[Row]:
    """Each sum as far as it holds: an equation, an upper bound of its parts together, or of each."""
    for number, release in enumerate(releases):
        for said in release.tables.sums:
            total, parts = places[number, said.total], [places[number, key] for key in said.parts]
            over = sum(truth[part] for part in parts) - truth[total]
            if over <= 0:
                yield Row(((total, -1), *((part, 1) for part in parts)), 0 if over == 0 else -inf, 0)
            else:
                within = (part for part in parts if truth[part] <= truth[total])
                yield from (Row(((total, -1), (part, 1)), -inf, 0) for part in within)


def _steps(releases: Sequence[Release], places: Mapping[Cell, int]) -> Iterator[Row]:
    """What is known of changes: a base's exactly, others' between nothing and that."""
    for number, release in enumerate(releases):
        for step in release.tables.steps:
            since = _since(number, step)
            size = release.policy.units(abs(Decimal(step.change)))
            change = size if step.change > 0 else -size
            limits = {key: (min(change, 0), max(change, 0)) for key in step.cells}
            for key, (least, most) in (limits | {step.base: (change, change)}).items():
                yield Row(((places[number, key], 1), (places[since, key], -1)), least, most)


def _parts(count: int, rows: Iterable[Row]) -> Iterator[tuple[list[int], list[Row]]]:
    """Cells that rows tie together, directly or through others, with these rows."""
    leader = list(range(count))

    def found(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    tied = list(rows)
    for row in tied:
        first, *others = (found(place) for place, _ in row.terms)
        for other in others:
            leader[found(other)] = found(first)
    parts: dict[int, tuple[list[int], list[Row]]] = {}
    for place in range(count):
        parts.setdefault(found(place), ([], []))[0].append(place)
    for row in tied:
        parts[found(row.terms[0][0])][1].append(row)
    yield from parts.values()


def _renumbered(
    part: Sequence[int], rows: Iterable[Row], before: Sequence[int]
) -> tuple[tuple[Row, ...], list[int]]:
    """Rows, and the places of the same cells before, by the places that cells have in their part."""
    places = {place: at for at, place in enumerate(part)} | {-1: -1}
    ties = (row._replace(terms=tuple((places[place], factor) for place, factor in row.terms)) for row in rows)
    return tuple(ties), [places[before[place]] for place in part]


def _knowledge(known: Sequence[_Known], tied: tuple[tuple[Row, ...], list[int]]) -> Knowledge:
    cells, truth, told, hidden, need, withheld, free, latest, cost = zip(*known, strict=True)
    ties, before = tied
    return Knowledge(
        cells=cells,
        truth=np.array(truth, dtype=np.int64),
        told=_sides(told),
        hidden=_sides(hidden),
        need=np.array(need, dtype=np.int64),
        withheld=np.array(withheld),
        free=np.array(free),
        latest=np.array(latest),
        cost=np.array(cost),
        before=np.array(before, dtype=np.int64),
        ties=ties,
    )


def _sides(spans: Sequence[Span]) -> tuple[Whole, Whole]:
    low, high = np.array(spans, dtype=np.int64).T
    return low, high
