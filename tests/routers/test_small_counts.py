"""Counts that are not told leave no trace: councils that differ in nothing else are answered for alike."""

import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from httpx import AsyncClient
from sqlalchemy import Connection

from app.feeds.datasets import DATASETS
from app.queries.editions import Editions, Reading
from app.queries.views import PUBLIC, View
from tests.databases import PostgresServer, fresh_sqlite
from tests.queries.lists import DOCUMENT, LISTS, Json, is_public, rows_of
from tests.routers.interference import Known, Request, answer, known_to, requests
from tests.routers.serving import serving
from tests.routers.world_reports import BETWEEN, ledger_of, publish_world
from tests.routers.worlds import COUNCIL, NOW, a_council, another, figures_of, seen

SOAK = "TESTS_SOAK" in os.environ
DATABASES = ["sqlite", "postgresql"] if SOAK else ["sqlite"]
REQUESTS = 2000 if SOAK else 30
"""How many requests of all sorts are compared besides."""
FEW = 1 if SOAK else 11
"""Of so many rows or files that an address may name one is asked for."""
SEEDS = range(1, 30)
PAGES = (
    "/datasets",
    "/sitemap.xml",
    "/robots.txt",
    "/datasets/{dataset}",
    "/datasets/{organisation}/{dataset}",
)
"""What the contract does not name."""
PROFILES, METRICS = "/v1/workforce-profiles", "/v1/workforce-metrics"
COUNTING = (PROFILES, METRICS, "/v1/workforce-establishment", "/v1/equalities", "/v1/observations")
"""Lists that count people themselves."""
FOLLOWING = (
    "/v1/comparators",
    "/v1/published-figures",
    "/v1/findings",
    "/v1/changes",
    "/v1/changes/statuses",
)
"""Lists of what follows from counts, or is said of them."""
Rows = Mapping[str, Sequence[Json]]


class Pair(NamedTuple):
    """Two databases of councils that differ in counts, and whose releases tell the same of them."""

    urls: tuple[str, str]
    seed: int


class Clients(NamedTuple):
    """Applications on either."""

    one: AsyncClient
    other: AsyncClient

    async def differences(self, asked: Sequence[Request]) -> list[Request]:
        """The requests that the two answer differently."""
        return [each for each in asked if await answer(self.one, each) != await answer(self.other, each)]


@contextmanager
def fresh(server: PostgresServer | None) -> Iterator[str]:
    """An empty database of the suite's server, or of SQLite."""
    with fresh_sqlite() if server is None else server.fresh_database() as url:
        yield url


@pytest.fixture(scope="module", params=DATABASES)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Look for another council until the same is told of it as of the first."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    folder: Path = tmp_path_factory.mktemp("reports")
    with fresh(server) as url:
        publish_world(url, a_council(), folder)
        told = ledger_of(url)
        for seed in SEEDS:
            with fresh(server) as other:
                publish_world(other, another(a_council(), seed), folder / str(seed))
                if ledger_of(other) == told:
                    yield Pair((url, other), seed)
                    return
    pytest.fail("there are no two councils of which the same is told")


@pytest.fixture(scope="module")
async def clients(pair: Pair) -> AsyncIterator[Clients]:
    """Speak to an application on each."""
    async with serving(pair.urls[0]) as one, serving(pair.urls[1]) as other:
        yield Clients(one, other)


@pytest.fixture(scope="module")
async def rows(clients: Clients) -> Rows:
    """What every list has."""
    return {path: await rows_of(clients.one, path) for path in LISTS}


def test_the_two_differ_in_counts_of_every_kind(pair: Pair) -> None:
    one, other = (figures_of(world, again=True) for world in (a_council(), another(a_council(), pair.seed)))
    differing = {name for name in one if one[name] != other[name]}

    for kind in ("profile", "posts", "asked", "observation"):
        theirs = [name for name in differing if name[0] == kind]
        assert {seen(one[name]) is None for name in theirs} == {True, False}, kind
    assert {name[1] for name in differing if name[0] == "observation"} >= {
        "starters",
        "growth",
        "appraised",
        "posts",
    }


def test_much_is_told_of_both_and_much_is_not(pair: Pair) -> None:
    told = [value for *_, value in ledger_of(pair.urls[0])]

    assert min(told.count(None), len(told) - told.count(None)) > 50


async def test_whatever_is_asked_for_by_its_address_is_answered_alike(clients: Clients, rows: Rows) -> None:
    """Of every address of the contract, now and as it was; with each row, file and part that it may name."""
    asked = [
        Request(place, query)
        for path, operation in public_operations()
        for place in places(path, rows)
        for query in moments(path, operation)
    ]
    pages = [Request(place) for path in PAGES for place in places(path, rows)]

    assert {path.count("{") for path, _ in public_operations()} == {0, 1, 2, 3, 4}
    assert await clients.differences([*asked, *pages]) == []


def public_operations() -> list[tuple[str, Json]]:
    """What anybody may read."""
    every = ((path, each.get("get")) for path, each in DOCUMENT["paths"].items())
    return [(path, operation) for path, operation in every if operation and is_public(operation)]


def moments(path: str, operation: Json) -> list[tuple[tuple[str, str], ...]]:
    """Now and, of a list or of what is explained, between the releases."""
    names = {each["name"] for each in operation.get("parameters", ())}
    earlier = SOAK or path in (*COUNTING, "/v1/changes")
    return [(), (("as_of", BETWEEN),)] if "as_of" in names and earlier else [()]


def places(path: str, rows: Rows) -> list[str]:
    """An address with what may stand in its places: every other to be explained, or else some or one."""
    found = list(_places(path, rows))
    counting = path.startswith((*COUNTING, *FOLLOWING))
    few = min(2, FEW) if path.endswith("s/{id}/explain") else FEW if counting or SOAK else len(found)
    return found[min(len(path) % few, len(found) - 1) :: few]


def _places(path: str, rows: Rows) -> Iterator[str]:
    if path.startswith("/v1/scorecards/{"):
        for card in rows["/v1/scorecards"]:
            for measures in ("plan", "large"):
                yield path.format(**card, measure_set=measures)
        return
    words = {"organisation": COUNCIL, "period": NOW, "kind": "workforce-profiles"}
    listed = rows.get(path.partition("/{")[0], ())
    for number in [row["id"] for row in listed] if "{id}" in path and listed else [1]:
        for dataset in [each.name for each in DATASETS] if "{dataset}" in path else [""]:
            yield path.format(**words, id=number, dataset=dataset)


async def test_whatever_else_is_asked_is_answered_alike(clients: Clients, pair: Pair, rows: Rows) -> None:
    nothing = Known({}, frozenset({10**6}), frozenset({10**6}))
    asked = requests(known_to(pair.urls[0]), nothing, {path: list(of) for path, of in rows.items()}, REQUESTS)

    assert len(asked) == REQUESTS
    assert await clients.differences(asked) == []


async def test_counts_are_in_the_same_order_whatever_they_are_sorted_by(clients: Clients) -> None:
    sorts = [(path, name) for path in (*COUNTING, "/v1/comparators") for name in LISTS[path].sorts]
    asked = [Request(path, (("sort", f"-{name}"), ("limit", "1000"))) for path, name in sorts]

    assert await clients.differences(asked[::FEW]) == []


async def test_what_is_read_by_other_rules_is_read_alike(clients: Clients, rows: Rows) -> None:
    schemes = [str(row["scheme"]) for row in rows["/v1/schemes"]]
    supposed = [("scheme", name) for name in schemes]
    supposed += [("baseline", name) for name in ("same_period_last_year", "last_year", "share_of_last_year")]
    few = [*supposed[1:2], *supposed[-1:]]
    asked = [Request(METRICS, (each,)) for each in (supposed if SOAK else few)]

    assert await clients.differences(asked) == []


async def test_rules_are_evaluated_alike_of_whatever_scheme(clients: Clients, rows: Rows) -> None:
    operands = [{"polarity": "higher_is_better", "value": "5", "annual_target": "6"}]

    for scheme in rows["/v1/schemes"]:
        body = {"scheme": {"id": scheme["id"]}, "rows": operands, "explain": True}
        one, other = [await client.post("/v1/rules/evaluate", json=body) for client in clients]
        assert one.status_code == 200
        assert (one.content, one.headers) == (other.content, other.headers)


async def test_without_protection_the_two_are_told_apart(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the tests above would hold of two councils that are the same."""
    reading = Editions.reading

    def unprotected(editions: Editions, connection: Connection, view: View = PUBLIC) -> Reading:
        return reading(editions, connection, view)._replace(plain=True)

    monkeypatch.setattr(Editions, "reading", unprotected)
    plainly = {"read_model": False, "cache_megabytes": 0}
    async with serving(pair.urls[0], **plainly) as one, serving(pair.urls[1], **plainly) as other:
        telling = [f"{path}.csv" for path in (*COUNTING, "/v1/comparators", "/v1/changes")]
        differing = await Clients(one, other).differences([Request(path) for path in telling])

    assert [each.path for each in differing] == telling
