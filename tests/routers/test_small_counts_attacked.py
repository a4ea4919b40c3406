"""What releases tell through HTTP, attacked: nothing withheld is worked back, and the facts would be."""

import os
from collections.abc import AsyncIterator
from itertools import product
from typing import NamedTuple

import pytest
from httpx import AsyncClient

from app.db.migrations import migrate
from tests.routers.attacks import (
    Attacked,
    attack,
    attack_facts,
    drafted_answers,
    measured_answers,
    public_answers,
    release_instance,
)
from tests.routers.serving import serving
from tests.routers.writers import key_for
from tests.services.disclosure.instances import make_instance

SEEDS = range(100, 225 if "TESTS_SOAK" in os.environ else 103)
"""Of each kind so many: a dozen in the suite, five hundred under `make soak`."""
KINDS = ("nested", "pair", "several", "posts")
"""Dimensions are crossed with services, and releases are one person apart."""


class Councils(NamedTuple):
    """Councils that have released what they could, and somebody who speaks to the service."""

    client: AsyncClient
    attacked: list[Attacked]
    reader: str


@pytest.fixture(scope="module")
async def councils(sqlite_url: str) -> AsyncIterator[Councils]:
    """Release many of them into one database."""
    migrate(sqlite_url)
    names = product(KINDS, SEEDS)
    attacked = [
        release_instance(sqlite_url, f"{kind}-{seed}", make_instance(kind, seed)) for kind, seed in names
    ]
    async with serving(sqlite_url) as client:
        yield Councils(client, attacked, key_for(sqlite_url, "reader"))


async def test_nothing_withheld_is_worked_back_from_public_answers(councils: Councils) -> None:
    for each in councils.attacked:
        assert attack(each, await public_answers(councils.client, each.id)) == {}, each.id


async def test_hardly_a_release_is_refused(councils: Councils) -> None:
    assert sum(each.refused for each in councils.attacked) <= 1 + len(councils.attacked) // 20
    assert all(each.tables for each in councils.attacked)


async def test_the_same_attacker_breaks_the_facts(councils: Councils) -> None:
    whole = [
        each for each in councils.attacked if each.id.startswith(("nested", "pair")) and not each.refused
    ]

    broken = 0
    for each in whole:
        facts = await drafted_answers(councils.client, each.id, councils.reader)
        broken += bool(attack_facts(each.tables[-1], facts, each.policy))

    assert broken > len(whole) / 2


async def test_what_one_list_withholds_is_not_told_by_another(sqlite_url: str, councils: Councils) -> None:
    """Profiles withhold the base of a service that is not small; a measure of its staff tells it."""
    each = release_instance(sqlite_url, "measured", make_instance("nested", 6), measured=True)

    [told] = await public_answers(councils.client, each.id)
    measured = await measured_answers(councils.client, each.id)

    known = {key: measured.get(key) if figure is None else figure for key, figure in told.items()}
    assert attack(each, [known]) == {}
