"""Tables of counts with the sums between them, what is published of them, and what links two of them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from app.services.disclosure.rounding import Figure, Policy

Key: TypeAlias = Any
"""What a cell is called: anything that a mapping can have as a key."""


class Sum(NamedTuple):
    """A cell that is the sum of others: a base of its categories, a service of those below it."""

    total: Key
    parts: tuple[Key, ...]


class Step(NamedTuple):
    """What may be known of the people who came or went between two tables.

    `base` changed by exactly `change`, and each of `cells` by part of it: by something from 0 to `change`.
    `since` is the place of the other table among the earlier ones, as a list counts: the last by default.
    """

    base: Key
    change: Figure
    cells: tuple[Key, ...] = ()
    since: int = -1


@dataclass(frozen=True, slots=True)
class Tables:
    """True counts, the sums that are stated between them, and how they moved since earlier tables.

    A sum that holds is known to hold. One that falls short of its total (not everyone was asked) is known
    as far as its parts do not exceed it; one that exceeds it (a person may be of two groups) as far as no
    part does.

    Raises:
        ValueError: where a sum or a step names a cell that has no count.
    """

    counts: Mapping[Key, Figure]
    sums: tuple[Sum, ...] = ()
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        named = [key for total, parts in self.sums for key in (total, *parts)]
        named += [key for step in self.steps for key in (step.base, *step.cells)]
        if unknown := set(named) - set(self.counts):
            raise ValueError(f"no counts for {unknown}")


class Interval(NamedTuple):
    """Two counts that a withheld cell may have, for all that an attacker knows; it may be open further."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Published:
    """What is told of tables: a number for each cell, or None where it is withheld, by one policy.

    `intervals` is the proof of the withheld cells, made when they were published.
    """

    tables: Tables
    policy: Policy
    values: Mapping[Key, int | None]
    intervals: Mapping[Key, Interval] = field(default_factory=dict)


class UnsafeError(Exception):
    """No choice of withheld cells keeps these cells from being worked back.

    Each is named with the place of its table: that of an earlier one, or their number for the new one.
    """

    def __init__(self, cells: Iterable[tuple[int, Key]]) -> None:
        self.cells = tuple(cells)
        super().__init__(f"{len(self.cells)} cells can be worked back: {self.cells}")


def steps_between(
    earlier: Tables, later: Tables, bases: Collection[Key] | None = None, since: int = -1
) -> tuple[Step, ...]:
    """What somebody may know who knows by how much each base changed, wherever nobody replaced anybody.

    A base has a step with all that adds up to it in sums whose parts moved one way, as far as the base or
    less; but none where there are such sums and others moved both ways in every one of them. Without `bases`
    these are the cells that are part of no other.
    """
    below: dict[Key, list[tuple[Key, ...]]] = {}
    for total, parts in later.sums:
        below.setdefault(total, []).append(parts)
    if bases is None:
        inner = {key for _, parts in later.sums for key in parts}
        bases = [key for key in later.counts if key not in inner]
    moved = {key: later.counts[key] - earlier.counts[key] for key in later.counts if key in earlier.counts}
    steps = (Step(base, moved[base], _moved(base, below, moved), since) for base in bases if base in moved)
    return tuple(step for step in steps if step.cells or step.base not in below)


def _moved(
    base: Key, below: Mapping[Key, list[tuple[Key, ...]]], moved: Mapping[Key, Figure]
) -> tuple[Key, ...]:
    """All that adds up to a base, at any depth, and moved with it."""
    low, high = min(moved[base], 0), max(moved[base], 0)
    found, waiting = dict.fromkeys([base]), [base]
    while waiting:
        for parts in below.get(waiting.pop(), ()):
            cells = [key for key in parts if key in moved]
            if all(low <= moved[key] <= high for key in cells):
                waiting += [key for key in cells if key not in found]
                found.update(dict.fromkeys(cells))
    return tuple(key for key in found if key != base)
