"""Atom feeds of releases and of statuses that changed with them."""

from collections.abc import AsyncIterator
from xml.etree import ElementTree as ET

import pytest
from httpx import AsyncClient

from tests.routers.changing import OTHER, Made, publish_history
from tests.routers.problem_documents import check_problem
from tests.routers.serving import serving

ATOM, PAGE = "{http://www.w3.org/2005/Atom}", "{http://www.w3.org/1999/xhtml}"
BASE = "https://outturn.example"
RELEASES, STATUSES = "/feeds/releases.atom", "/feeds/statuses.atom"
every_feed = pytest.mark.parametrize("path", [RELEASES, STATUSES])


@pytest.fixture(scope="module")
def made(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Two councils with releases and drafts."""
    return publish_history(sqlite_url, tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="module")
async def reader(made: Made) -> AsyncIterator[AsyncClient]:
    """Read feeds of what they released."""
    async with serving(made.url, public_url=BASE) as client:
        yield client


async def read(client: AsyncClient, path: str, **asked: str) -> ET.Element:
    answer = await client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return ET.fromstring(answer.content)  # noqa: S314 - it was written just now


def texts(feed: ET.Element, name: str) -> list[str | None]:
    return [entry.findtext(f"{ATOM}{name}") for entry in feed.findall(f"{ATOM}entry")]


def links(entry: ET.Element) -> dict[str | None, str | None]:
    return {line.text: line.get("href") for line in entry.iter(f"{PAGE}a")}


async def test_every_release_is_told_the_newest_first(reader: AsyncClient) -> None:
    feed = await read(reader, RELEASES)

    assert texts(feed, "title") == [
        "Anyshire: Letters only",
        "Anyshire: Recounted",
        "Anyshire: Quarter 2",
        "Othershire: The other's",
    ]
    assert feed.findtext(f"{ATOM}updated") == texts(feed, "updated")[0]
    assert len(set(texts(feed, "id"))) == 4


async def test_a_release_leads_to_its_files_for_good_and_to_what_it_changed(
    reader: AsyncClient, made: Made
) -> None:
    newest, _, first, _ = (await read(reader, RELEASES)).findall(f"{ATOM}entry")

    second, third = made.releases[1:]
    found = links(newest)
    assert found["Findings (CSV)"] == f"{BASE}/v1/releases/{third}/datasets/findings.csv"
    assert found["Cell by cell"] == f"{BASE}/v1/changes?from={second}&to={third}"
    changed = await reader.get(str(found["Statuses"]).removeprefix(BASE))
    assert len(changed.json()["items"]) == 1
    assert "Cell by cell" not in links(first)
    [link] = newest.findall(f"{ATOM}link")
    assert (await reader.get(str(link.get("href")).removeprefix(BASE))).json()["id"] == third


async def test_a_status_that_changed_says_from_what_to_what_and_why(reader: AsyncClient, made: Made) -> None:
    feed = await read(reader, STATUSES)

    assert texts(feed, "title") == [
        "Anyshire: Letters, 2011-12-q2: Green, now Red",
        "Anyshire: % of calls answered, 2011-12-q2: Red, now Green",
    ]
    assert texts(feed, "summary") == ["Became missed, with: Letters only", "Recovered, with: Recounted"]
    releases = [await reader.get(f"/v1/releases/{number}") for number in made.releases[:0:-1]]
    assert texts(feed, "updated") == [release.json()["published_at"] for release in releases]
    entry, _ = feed.findall(f"{ATOM}entry")
    for text, href in links(entry).items():
        answer = await reader.get(str(href).removeprefix(BASE))
        assert answer.status_code == 200, text


@every_feed
async def test_a_feed_may_be_of_some_organisations(reader: AsyncClient, path: str) -> None:
    feed = await read(reader, path, organisation=OTHER)

    assert texts(feed, "title") == (["Othershire: The other's"] if path == RELEASES else [])
    [itself] = [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert itself.get("href") == f"{BASE}{path}?organisation={OTHER}"
    assert feed.findtext(f"{ATOM}id") != (await read(reader, path)).findtext(f"{ATOM}id")


@every_feed
async def test_a_feed_is_as_long_as_is_asked(reader: AsyncClient, path: str) -> None:
    one = await read(reader, path, limit="1")

    assert texts(one, "id") == texts(await read(reader, path), "id")[:1]


@every_feed
async def test_a_feed_is_sent_again_when_it_changed(reader: AsyncClient, path: str) -> None:
    answer = await reader.get(path)
    again = await reader.get(path, headers={"If-None-Match": answer.headers["etag"]})

    assert again.status_code == 304
    assert again.headers["last-modified"] == answer.headers["last-modified"]


@every_feed
@pytest.mark.parametrize("asked", [{"organisation": "nowhere"}, {"limit": "501"}])
async def test_a_feed_of_nobody_is_refused(reader: AsyncClient, path: str, asked: dict[str, str]) -> None:
    check_problem(await reader.get(path, params=asked), 400, "invalid-parameter")


@every_feed
async def test_drafts_are_in_no_feed(reader: AsyncClient, made: Made, path: str) -> None:
    headers = {"Authorization": f"Bearer {made.keys['reader']}"}

    answer = await reader.get(path, params={"view": "draft"})

    check_problem(answer, 400, "unknown-parameter")
    shown = await reader.get(path, headers=headers)
    assert shown.content == (await reader.get(path)).content
