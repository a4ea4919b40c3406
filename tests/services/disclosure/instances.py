"""Councils made up at random: people in services and groups, counted; some leave, some join."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product
from random import Random
from typing import NamedTuple

from app.services.disclosure import Key, Policy, Sum, Tables, steps_between

ALL = "all"
KINDS = ("flat", "nested", "crossed", "pair", "several", "posts")
_HOURS = tuple(Decimal(hours) for hours in ("1", "1", "1", "0.8", "0.6", "0.5", "0.37"))


class Person(NamedTuple):
    """The service someone works in, their group in each dimension, and their full-time equivalent."""

    service: str
    groups: tuple[str, ...]
    hours: Decimal


class Shape(NamedTuple):
    """The services of a council, the groups of each dimension, and how many people it has.

    They are counted by heads, or by their full-time equivalents.
    """

    services: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    people: int
    posts: bool = False


class Instance(NamedTuple):
    """Releases to protect, one after another, and the policy."""

    releases: tuple[Tables, ...]
    policy: Policy


def make_instance(kind: str, seed: int, *, lasting: bool = True) -> Instance:
    """One of many of its kind; the same for the same seed."""
    chance = Random(f"{kind} {seed}")  # noqa: S311 - they shall be the same ones, and are no secret
    policy = Policy(lasting=lasting, places=2 if kind == "posts" else 0)
    releases = {
        "flat": lambda: make_releases(chance, make_shape(chance, chance.randint(1, 3), 1), 1),
        "nested": lambda: make_releases(chance, make_shape(chance, 2, chance.randint(2, 4)), 1),
        "crossed": lambda: [_count_crossed(chance, make_shape(chance, chance.randint(2, 3), 1))],
        "pair": lambda: make_releases(chance, make_shape(chance, 2, chance.choice([1, 3])), 2),
        "several": lambda: make_releases(chance, make_shape(chance, 1, chance.choice([1, 3])), 4, mixed=0.3),
        "posts": lambda: make_releases(chance, make_shape(chance, 1, chance.randint(1, 3), posts=True), 2),
    }
    return Instance(tuple(releases[kind]()), policy)


def make_shape(chance: Random, dimensions: int, services: int, *, posts: bool = False) -> Shape:
    """So many dimensions and services, with some people."""
    groups = (
        tuple(f"{'abcdefg'[dimension]}{group}" for group in range(chance.randint(2, 5)))
        for dimension in range(dimensions)
    )
    names = tuple(f"s{service}" for service in range(services))
    return Shape(names, tuple(groups), chance.randint(20, 250), posts)


def make_people(chance: Random, shape: Shape, count: int) -> list[Person]:
    """So many people, of whom a few groups and services have most."""

    def drawn(values: Sequence[str]) -> list[str]:
        return chance.choices(values, [chance.expovariate(1) + 0.02 for _ in values], k=count)

    services = drawn(shape.services)
    groups = zip(*(drawn(values) for values in shape.groups), strict=True)
    hours = chance.choices(_HOURS, k=count)
    return [Person(*person) for person in zip(services, groups, hours, strict=True)]


def make_releases(chance: Random, shape: Shape, releases: int, *, mixed: float = 0) -> list[Tables]:
    """Tables of a council release after release, between which one person leaves or joins.

    Sometimes, as often as `mixed` says, several come and go at once. Everybody knows how the base of each
    service moved.
    """
    staff = make_people(chance, shape, shape.people)
    tables = [count_people(shape, staff)]
    bases = [(service, "") for service in (*shape.services, ALL) if (service, "") in tables[0].counts]
    while len(tables) < releases:
        leave, join = chance.choice([(0, 1), (1, 0)])
        if chance.random() < mixed:
            leave, join = chance.randint(0, 3), chance.randint(0, 3)
        chance.shuffle(staff)
        staff = staff[leave:] + make_people(chance, shape, join)
        now = count_people(shape, staff)
        tables.append(Tables(now.counts, now.sums, steps_between(tables[-1], now, bases)))
    return tables


def count_people(shape: Shape, people: Sequence[Person]) -> Tables:
    """Everybody of a service and of each group in it, the same of all services together, and the sums."""
    nested = len(shape.services) > 1
    sums = tuple(_sums(shape, nested=nested))
    counts: dict[Key, Decimal | int] = {key: 0 for total, parts in sums for key in (total, *parts)}
    for person in people:
        for service in (person.service, ALL) if nested else (person.service,):
            for group in ("", *person.groups):
                counts[service, group] += person.hours if shape.posts else 1
    return Tables(counts, sums)


def _sums(shape: Shape, *, nested: bool) -> Iterator[Sum]:
    for service in (*shape.services, ALL) if nested else shape.services:
        for groups in shape.groups:
            yield Sum((service, ""), tuple((service, group) for group in groups))
    if nested:
        for group in ("", *(group for groups in shape.groups for group in groups)):
            yield Sum((ALL, group), tuple((service, group) for service in shape.services))


def _count_crossed(chance: Random, shape: Shape) -> Tables:
    """Every group by every other, with the totals of rows, columns and layers."""
    groups = tuple(values[:3] for values in shape.groups)
    keys = list(product(*(("", *values) for values in groups)))
    sums = [
        Sum(key, tuple((*key[:at], value, *key[at + 1 :]) for value in values))
        for key in keys
        for at, values in enumerate(groups)
        if not key[at]
    ]
    counts: dict[Key, int] = dict.fromkeys(keys, 0)
    for person in make_people(chance, shape._replace(groups=groups), shape.people):
        for key in product(*(("", group) for group in person.groups)):
            counts[key] += 1
    return Tables(counts, tuple(sums))
