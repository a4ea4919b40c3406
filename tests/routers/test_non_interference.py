"""Drafts leave no trace: two databases of the same releases answer alike, whatever one is drafting."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from httpx import AsyncClient

from app.db.connections import reading_engine
from app.queries.editions import Editions
from app.queries.views import PUBLIC, View
from tests.databases import PostgresServer, fresh_sqlite
from tests.demo import load_demo
from tests.queries.lists import LISTS, Json, rows_of
from tests.routers.interference import HIDDEN, Known, Request, add_drafts, answer, changes, known_to, requests
from tests.routers.serving import serving

REQUESTS = 2000 if "TESTS_SOAK" in os.environ else 180
"""How many requests are compared on each kind of database: some in the suite, and 2,000 under `make soak`."""
PAGED = slice(None, None, 1 if "TESTS_SOAK" in os.environ else 3)
"""Of so many lists one is followed to its end."""

NEEDS_A_CREDENTIAL = 401


class Pair(NamedTuple):
    """Applications on the same releases, without drafts and with; what both hold, and what drafts do."""

    plain: AsyncClient
    drafting: AsyncClient
    url: str
    seen: Known
    hidden: Known


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Two databases of the demo, the second one with drafts."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    with fresh(server) as plain, fresh(server) as drafting:
        for url in (plain, drafting):
            load_demo(url)
        folder: Path = tmp_path_factory.mktemp("drafts")
        add_drafts(drafting, folder)
        yield [plain, drafting]


@contextmanager
def fresh(server: PostgresServer | None) -> Iterator[str]:
    """An empty database of the suite's server, or of SQLite."""
    with fresh_sqlite() if server is None else server.fresh_database() as url:
        yield url


@pytest.fixture(scope="module")
async def pair(urls: list[str]) -> AsyncIterator[Pair]:
    """Speak to an application on each."""
    plain, drafting = urls
    seen = known_to(plain)
    hidden = known_to(drafting).beyond(seen)
    async with serving(plain) as without, serving(drafting) as among:
        yield Pair(without, among, drafting, seen, hidden)


async def differences(pair: Pair, asked: list[Request]) -> list[Request]:
    """The requests that the two answer differently."""
    return [each for each in asked if await answer(pair.plain, each) != await answer(pair.drafting, each)]


async def listed(client: AsyncClient) -> dict[str, list[Json]]:
    """The rows of every list that is open to anybody."""
    public = [path for path in LISTS if (await client.get(path)).status_code != NEEDS_A_CREDENTIAL]
    return {path: await rows_of(client, path) for path in public}


async def test_anybody_is_answered_alike(pair: Pair) -> None:
    asked = requests(pair.seen, pair.hidden, await listed(pair.plain), REQUESTS)

    assert len(asked) == REQUESTS
    assert await differences(pair, asked) == []


async def test_nobody_changes_anything_or_learns_from_trying(pair: Pair) -> None:
    asked = changes(pair.hidden)

    assert await differences(pair, asked) == []
    assert {(await answer(pair.drafting, each)).status for each in asked} <= {401, 404}


async def test_what_was_answered_before_is_not_sent_again_by_either(pair: Pair) -> None:
    for path in await listed(pair.plain):
        first = await pair.plain.get(path)
        again = Request(path, headers=(("if-none-match", first.headers["etag"]),))

        assert (await answer(pair.drafting, again)).status == 304
        assert await differences(pair, [again]) == []


async def test_pages_go_on_alike_to_the_end(pair: Pair) -> None:
    for path, rows in [*(await listed(pair.plain)).items()][PAGED]:
        query: tuple[tuple[str, str], ...] = (
            ("limit", str(len(rows) // 2 + 1)),
            ("sort", f"-{LISTS[path].sorts[-1]}"),
            ("include_total", "true"),
        )
        cursor: tuple[tuple[str, str], ...] | None = ()
        while cursor is not None:
            asked = Request(path, query + cursor)
            assert await differences(pair, [asked]) == []
            page: Json = (await pair.plain.get(path, params=[*asked.query])).json()
            following = page["next_cursor"]
            cursor = None if following is None else (("cursor", following),)


async def test_schemes_that_are_drafts_cannot_be_tried(pair: Pair) -> None:
    rows = [{"polarity": "higher_is_better", "value": "5", "annual_target": "6"}]
    public = [row["id"] for row in await rows_of(pair.plain, "/v1/schemes")]

    for scheme in (*public, *sorted(pair.hidden.ids)[::5]):
        body = {"scheme": {"id": scheme}, "rows": rows}
        alike = [await client.post("/v1/rules/evaluate", json=body) for client in (pair.plain, pair.drafting)]
        assert alike[0].content == alike[1].content
        assert alike[0].headers == alike[1].headers


def test_the_drafts_are_there_to_be_seen(pair: Pair) -> None:
    """Otherwise the tests above would hold of two databases without any."""
    assert {HIDDEN} <= pair.hidden.words["organisation_id"]
    assert {"2031-32-q2"} <= pair.hidden.words["period_id"]
    engine = reading_engine(pair.url)
    with engine.connect() as connection:
        editions = Editions(copies=False)
        public = editions.reading(connection, PUBLIC).edition
        drafts = editions.reading(connection, View(drafts=((None, None),))).edition
    engine.dispose()
    assert {scheme.slug for scheme in drafts.schemes} - {scheme.slug for scheme in public.schemes} == {
        "secret-plan"
    }
    assert drafts.matrices.keys() - public.matrices.keys()
