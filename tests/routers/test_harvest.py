"""A portal that harvests unattended: all that is listed, nothing twice, and again only what has changed."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from httpx import AsyncClient
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.entities import Organisation, Revision
from app.feeds.datasets import NAMED
from app.services.releases import publish_release
from tests.databases import fresh_sqlite
from tests.routers.changing import release_report
from tests.routers.serving import serving

BASE = "https://outturn.example"
FIRST, SECOND = "anyshire", "bigshire"
CATALOGUE = "/catalog.jsonld?limit=7"


class Held(NamedTuple):
    """A file as a portal has it, with what it asks for it with again."""

    tag: str
    body: bytes


async def nothing() -> None:
    """Nothing happens between two pages."""


class Portal:
    """What a portal holds, and how it comes to hold it: from the catalogue alone, in cycles."""

    def __init__(self, client: AsyncClient) -> None:
        self.files: dict[str, Held] = {}
        self.modified: dict[str, str] = {}
        self._client = client

    async def listed(self, between: Callable[[], Awaitable[None]] = nothing) -> list[dict[str, Any]]:
        """All nodes of the catalogue, page after page."""
        nodes, following = [], CATALOGUE
        while following:
            page = (await self._client.get(following.removeprefix(BASE))).raise_for_status().json()
            nodes += page["@graph"]
            following = next((node["hydra:next"] for node in page["@graph"] if "hydra:next" in node), "")
            await between()
        return nodes

    async def cycle(self) -> set[str]:
        """Ask for everything that is listed, let go of what is not, and say what was fetched.

        Of JSON alone: the other forms are of the same rows, and of no more.
        """
        listed = {
            node["dcat:downloadURL"].removeprefix(BASE): node["dct:modified"]
            for node in await self.listed()
            if "dcat:downloadURL" in node
        }
        modified = {
            address: date for address, date in listed.items() if address.endswith((".jsonl", ".json"))
        }
        fetched = {address for address in modified if await self._fetch(address)}
        self.files = {address: self.files[address] for address in modified}
        self.modified = modified
        return fetched

    async def _fetch(self, address: str) -> bool:
        held = self.files.get(address)
        asked = {"If-None-Match": held.tag} if held else {}
        answer = await self._client.get(address, headers={"Accept-Encoding": "identity", **asked})
        if answer.status_code == 304:
            return False
        assert answer.status_code == 200
        self.files[address] = Held(answer.headers["etag"], answer.content)
        return True


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A database of nobody's."""
    with fresh_sqlite() as url:
        migrate(url)
        yield url


@pytest.fixture(scope="module")
async def client(url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AsyncClient]:
    """Speak to the application, which keeps files in a folder."""
    folder = tmp_path_factory.mktemp("kept")
    async with serving(url, public_url=BASE, files_folder=folder / "files") as client:
        yield client


def datasets_of(addresses: set[str], owner: str | None) -> set[str]:
    """The datasets of a council, or of all, that some files are of."""
    folder = "/v1/datasets/" if owner is None else f"/v1/organisations/{owner}/datasets/"
    return {
        address.removeprefix(folder).partition(".")[0] for address in addresses if address.startswith(folder)
    }


def pages(nodes: list[dict[str, Any]]) -> list[str]:
    return [node["@id"] for node in nodes if node["@type"] == "dcat:Dataset"]


async def test_a_portal_fetches_what_changed_and_holds_what_there_is(
    client: AsyncClient, url: str, tmp_path: Path
) -> None:
    portal, controls = Portal(client), {"percent_complete": "60"}
    release_report(url, tmp_path, FIRST)

    assert await portal.cycle() == portal.files.keys()
    assert datasets_of({*portal.files}, FIRST) == datasets_of({*portal.files}, None) == NAMED.keys()
    assert await portal.cycle() == set()

    before = portal.modified
    release_report(url, tmp_path, FIRST, risk_controls=controls)
    fetched = await portal.cycle()
    assert fetched <= {address for address in portal.files if "/risks." in address}
    assert {"/v1/datasets/risks.jsonl", f"/v1/organisations/{FIRST}/datasets/risks.jsonl"} <= fetched
    newer = {address for address in before if portal.modified[address] != before[address]}
    assert datasets_of(newer, FIRST) == datasets_of(newer, None) == {"risks"}

    release_report(url, tmp_path, SECOND)
    fetched = await portal.cycle()
    assert datasets_of(fetched, FIRST) == set()
    assert datasets_of(fetched, SECOND) == datasets_of(fetched, None) == NAMED.keys()

    release_report(url, tmp_path, FIRST, risk_controls=controls, actions={"progress": "60"})
    fetched = await portal.cycle()
    assert datasets_of(fetched, SECOND) == set()
    assert {"actions"} <= datasets_of(fetched, FIRST) <= datasets_of(fetched, None) == {"actions", "findings"}
    assert await portal.cycle() == set()

    async with serving(url, public_url=BASE, files_megabytes=0) as other:  # which reads every file anew
        fresh = Portal(other)
        await fresh.cycle()
    assert {address: held.body for address, held in fresh.files.items()} == {
        address: held.body for address, held in portal.files.items()
    }
    assert fresh.modified == portal.modified


async def test_a_catalogue_is_whole_whatever_is_released_between_its_pages(
    client: AsyncClient, url: str, tmp_path: Path
) -> None:
    portal = Portal(client)
    before = pages(await portal.listed())
    owners = iter(["aardshire", "bogshire", "zedshire"])

    async def release() -> None:
        if owner := next(owners, None):
            release_report(url, tmp_path, owner)

    during, after = pages(await portal.listed(release)), pages(await portal.listed())

    assert len(set(during)) == len(during)
    assert {*before} <= {*during} <= {*after}
    assert len(after) == len(before) + 3 * len(NAMED)


async def test_a_release_that_is_not_made_yet_is_in_no_catalogue(client: AsyncClient, url: str) -> None:
    before = (await client.get(CATALOGUE)).json()
    engine = writing_engine(url)
    with Session(engine) as session:
        session.add(Organisation(id="draftshire", name="Draftshire", area_code="E09000001"))
        session.flush()
        session.add(revision := Revision(organisation_id="draftshire", made_at=datetime.now(UTC), reason=""))
        session.flush()
        assert revision.id is not None
        publish_release(session, "draftshire", revision.id, note="Nothing yet")

        assert (await client.get(CATALOGUE)).json() == before
        session.commit()
    engine.dispose()

    after = (await client.get(CATALOGUE)).json()
    assert [
        node["hydra:totalItems"] for node in (*before["@graph"], *after["@graph"]) if "hydra:next" in node
    ] == [
        "66",
        "67",
    ]
