"""How long protecting takes and how much it withholds: `python -m tests.services.disclosure.measuring`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from random import Random
from time import process_time
from typing import NamedTuple

from app.services.disclosure import Key, Policy, Published, Tables, UnsafeError
from app.services.disclosure.protecting import protect
from tests.services.disclosure.instances import KINDS, Shape, make_instance, make_releases

GROUPS = tuple(
    tuple(f"{name}{group}" for group in range(count))
    for name, count in (("gender", 2), ("ethnic", 8), ("age", 7), ("religion", 6), ("disability", 3))
)
COUNCILS = {"district": (6, 400), "borough": (12, 1500), "unitary": (40, 5000), "county": (80, 12000)}


class Loss(NamedTuple):
    """Cells in all, those that a policy always withholds, and those withheld beside them in three ways.

    That is, chosen as they are now; or everything in each sum that has a small count; and for how long the
    choice was thought about, in seconds of processor time.
    """

    cells: int
    small: int
    chosen: int
    touched: int
    seconds: float


def measure(releases: Sequence[Tables], policy: Policy) -> Iterator[Loss]:
    """The loss of each release, one after another."""
    earlier: list[Published] = []
    for tables in releases:
        started = process_time()
        earlier.append(protect(tables, policy, earlier))
        yield _loss(earlier[-1], process_time() - started)


def _loss(published: Published, seconds: float) -> Loss:
    tables, policy = published.tables, published.policy
    small = {key for key, count in tables.counts.items() if policy.small.holds(policy.units(count))}
    hidden = {key for key, value in published.values.items() if value is None}
    touched: set[Key] = set(small)
    for total, parts in tables.sums:
        if small & {total, *parts}:
            touched |= {total, *parts}
    return Loss(len(tables.counts), len(small), len(hidden - small), len(touched - small), seconds)


def _tell(name: str, losses: Sequence[Loss], refused: int = 0) -> None:
    cells, small, chosen, touched, seconds = map(sum, zip(*losses, strict=True))
    left = cells - small
    sys.stdout.write(
        f"{name:24} {cells:6} cells {small / cells:5.0%} small, of the others {chosen / left:6.1%} withheld"
        f" ({touched / left:4.0%} if all of a touched table), {refused} refused,"
        f" {seconds / len(losses):5.2f} s each, {max(loss.seconds for loss in losses):5.2f} s at most\n"
    )


def _tell_councils(policy: Policy) -> None:
    for name, (services, people) in COUNCILS.items():
        shape = Shape(tuple(f"s{service}" for service in range(services)), GROUPS, people)
        chance = Random(5)  # noqa: S311 - the same councils every time, and no secret
        _tell(name, list(measure(make_releases(chance, shape, 3), policy)))


def _tell_instances(count: int, *, lasting: bool) -> None:
    for kind in KINDS:
        losses, refused = list[Loss](), 0
        for seed in range(count):
            instance = make_instance(kind, seed, lasting=lasting)
            try:
                losses += measure(instance.releases, instance.policy)
            except UnsafeError:
                refused += 1
        _tell(f"{count} {kind}", losses, refused)


if __name__ == "__main__":
    for lasting in (True, False):
        sys.stdout.write(f"lasting: {lasting}\n")
        _tell_instances(int(sys.argv[1]) if len(sys.argv) > 1 else 84, lasting=lasting)
        if lasting:
            _tell_councils(Policy())
