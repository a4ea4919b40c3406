"""What is published, attacked: nothing is worked back; and the same attacker breaks what is not protected.

Forty-two instances in the suite, 504 with TESTS_SOAK.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from app.services.disclosure import Policy, Published, Tables, UnsafeError
from app.services.disclosure.protecting import protect
from tests.services.disclosure.attacker import Attacker, Name, Rules, Seen
from tests.services.disclosure.instances import KINDS, Instance, make_instance

SOAK = "TESTS_SOAK" in os.environ
SEEDS = range(84 if SOAK else 7)


def attack(releases: Sequence[Published], *, told_small: bool = False) -> dict[Name, tuple[float, float]]:
    """The cells that the attacker works back; he may be told which withheld counts were small all along."""
    policy = releases[0].policy
    small, public = set(releases[0].values), []
    for number, release in enumerate(releases):
        counts = release.tables.counts
        small &= {key for key, count in counts.items() if policy.units(count) <= policy.small.high}
        moves = [
            (base, int(change * policy.unit), cells, range(number)[since])
            for base, change, cells, since in release.tables.steps
        ]
        public.append(Seen(release.values, release.tables.sums, moves, set(small) if told_small else ()))
    return Attacker(public, Rules(policy.rounding, policy.small, policy.unit)).broken(policy.width)


def protected(instance: Instance) -> list[Published]:
    """All releases of an instance, or those before the one that is refused."""
    releases: list[Published] = []
    for tables in instance.releases:
        try:
            releases.append(protect(tables, instance.policy, releases))
        except UnsafeError:
            break
    return releases


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_withheld_is_worked_back(kind: str) -> None:
    refused = 0

    for seed in SEEDS:
        instance = make_instance(kind, seed)
        releases = protected(instance)
        refused += len(releases) < len(instance.releases)
        assert attack(releases, told_small=True) == {}, f"{kind} {seed}"

    assert refused <= 1 + len(SEEDS) // 20


@pytest.mark.parametrize("kind", KINDS)
def test_a_policy_that_looks_no_further_than_today_is_as_safe_today(kind: str) -> None:
    for seed in SEEDS[: len(SEEDS) // 3]:
        releases = protected(make_instance(kind, seed, lasting=False))

        assert not releases or attack(releases, told_small=True) == {}, f"{kind} {seed}"


def only_small_withheld(tables: Tables, policy: Policy) -> Published:
    """Small counts withheld, and the others rounded."""
    values = {
        key: None if policy.small.holds(policy.units(count)) else policy.rounded(policy.units(count))
        for key, count in tables.counts.items()
    }
    return Published(tables, policy, values)


def exact_but_for_small(tables: Tables, policy: Policy) -> Published:
    """Small counts withheld, and the others as they are."""
    return only_small_withheld(tables, replace(policy, rounding=1))


def on_its_own(tables: Tables, policy: Policy) -> Published:
    """Protected as if nothing had been published before."""
    return replace(protect(Tables(tables.counts, tables.sums), policy), tables=tables)


@pytest.mark.parametrize(
    ("publish", "kinds"),
    [
        (exact_but_for_small, ("flat", "nested", "crossed")),
        (only_small_withheld, ("nested", "crossed", "pair")),
        (on_its_own, ("pair", "several")),
    ],
)
def test_the_same_attacker_breaks_what_is_not_protected(
    publish: Callable[[Tables, Policy], Published], kinds: Sequence[str]
) -> None:
    policy = Policy(lasting=False)

    for kind in kinds:
        instances = [make_instance(kind, seed) for seed in SEEDS]
        broken = (attack([publish(tables, policy) for tables in one.releases]) for one in instances)
        assert sum(map(bool, broken)) > len(SEEDS) / 10 if SOAK else any(broken), kind
