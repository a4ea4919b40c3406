"""Feeds: tagged by the releases they are made of, of one state, spared whoever has them, never cut short."""

import asyncio
import csv
import io
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import pytest
from httpx import AsyncClient, Response
from sqlalchemy.orm import Session
from starlette.types import Message

from app.db import streams
from app.db.connections import writing_engine
from app.db.snapshots import snapshots
from app.errors import Unavailable
from app.queries import exports as queries
from app.queries.editions import Reader
from app.queries.exports import lines_of_list
from app.queries.listings import Question
from app.queries.observations import OBSERVATIONS
from app.routers import exports
from app.routers.exports import CsvFeed, unpaged
from app.schemas.actions import ActionPremises, ActionQuery
from app.schemas.stated.schemes import SchemeClauseQuery
from app.services.releases import Publication, latest_revision, publish
from tests.routers.changing import OTHER, OWNER, Made, publish_history
from tests.routers.problem_documents import check_problem
from tests.routers.serving import serving
from tests.routers.test_lists import statements_counted

CSV = "/v1/observations.csv"
FEEDS = [CSV, f"{CSV}?organisation={OWNER}&sort=-outturn", "/v1/periods.csv", "/v1/changes/statuses.csv"]


@pytest.fixture(scope="module")
def made(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Two councils with releases and drafts."""
    return publish_history(database_url, tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="module")
async def client(made: Made) -> AsyncIterator[AsyncClient]:
    """Speak to the application; its database holds the releases."""
    async with serving(made.url) as client:
        yield client


def release(url: str, owner: str) -> None:
    """Make what an organisation drafts public."""
    engine = writing_engine(url)
    with Session(engine) as session, session.begin():
        newest = latest_revision(session, owner)
        assert newest is not None
        publish(session, owner, newest, Publication("As drafted"))
    engine.dispose()


def lines(answer: Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def rows_read(statements: list[str]) -> bool:
    """Whether one of some statements prints rows."""
    return any("printf(" in statement or "format(" in statement for statement in statements)


@pytest.mark.parametrize("path", FEEDS)
async def test_who_has_a_feed_is_spared_its_rows(client: AsyncClient, made: Made, path: str) -> None:
    with statements_counted() as read:
        whole = await client.get(path)
    async with serving(made.url) as another:
        with statements_counted() as first:
            spared = await another.get(path, headers={"If-None-Match": whole.headers["etag"]})
            headed = await another.head(path)
        with statements_counted() as then:
            again = await another.get(path, headers={"If-None-Match": whole.headers["etag"]})

    assert [spared.status_code, again.status_code] == [304, 304]
    assert [spared.content, headed.content, again.content] == [b"", b"", b""]
    assert headed.headers == whole.headers
    assert {"etag", "last-modified", "cache-control", "vary"} <= set(spared.headers)
    assert rows_read(read) == (path != FEEDS[-1])
    assert not rows_read(first)
    assert then == []


async def test_each_coding_has_its_tag_and_the_same_rows(client: AsyncClient) -> None:
    answers = {
        coding: await client.get(CSV, headers={"Accept-Encoding": coding})
        for coding in ("identity", "gzip", "zstd")
    }

    assert {answer.content for answer in answers.values()} == {answers["identity"].content}
    assert [answer.headers.get("content-encoding") for answer in answers.values()] == [None, "gzip", "zstd"]
    assert len({answer.headers["etag"] for answer in answers.values()}) == 3


async def test_what_a_credential_asks_for_is_not_kept(client: AsyncClient, made: Made) -> None:
    shown = {"Authorization": f"Bearer {made.keys['reader']}"}
    asked = {"organisation": OWNER}

    public = await client.get(CSV, params=asked, headers=shown)
    drafts = await client.get(CSV, params={**asked, "view": "draft"}, headers=shown)
    listed = await client.get("/v1/observations", params={**asked, "view": "draft"}, headers=shown)

    for answer in (public, drafts):
        assert answer.headers["cache-control"] == "private, no-store"
        assert "etag" not in answer.headers
    assert [row["outturn"] for row in lines(drafts)] == [item["outturn"] for item in listed.json()["items"]]
    assert drafts.content != public.content
    check_problem(await client.get(CSV, params={"view": "draft"}), 401, "unauthenticated")


async def test_a_release_changes_the_feeds_that_it_is_in_and_none_that_is_under_way(
    client: AsyncClient, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, theirs, others = CSV, f"{CSV}?organisation={OWNER}", f"{CSV}?organisation={OTHER}"
    judged = f"{theirs}&scheme={OWNER}/anyshire-plan"
    before = {path: await client.get(path) for path in (whole, theirs, others, judged)}
    monkeypatch.setattr(queries, "AT_ONCE", 1)
    reader = Reader(asked := snapshots(made.url))
    async with aclosing(reader.stream(lambda here: lines_of_list(here, OBSERVATIONS, Question()))) as parts:
        under_way = [await anext(parts)]
        release(made.url, OTHER)
        under_way += [part async for part in parts]
    await asked.close()
    after = {path: await client.get(path) for path in before}

    assert before[whole].content.endswith(b"".join(under_way))
    assert len(under_way) == len(lines(before[whole])) > 1
    changed = {path for path in before if after[path].headers["etag"] != before[path].headers["etag"]}
    assert changed == {whole, others, judged}
    assert after[theirs].content == before[theirs].content
    assert after[theirs].headers["last-modified"] == before[theirs].headers["last-modified"]
    assert after[others].content != before[others].content


async def test_what_a_release_had_stays_as_it_was(client: AsyncClient, made: Made) -> None:
    released = (await client.get("/v1/releases", params={"organisation": OWNER})).json()["items"]
    assert [row["id"] for row in released] == made.releases
    for row in released:
        asked = {"organisation": OWNER, "as_of": row["published_at"]}
        then = await client.get(CSV, params=asked)

        file = await client.get(f"/v1/releases/{row['id']}/datasets/observations.csv")

        assert file.content == then.content
        assert file.headers["last-modified"] == then.headers["last-modified"]
    files = {(await client.get(f"/v1/releases/{n}/datasets/observations.csv")).content for n in made.releases}
    assert len(files) == len(made.releases)


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        (f"{CSV}?limit=3", 400, "unknown-parameter"),
        (f"{CSV}?cursor=abc", 400, "unknown-parameter"),
        (f"{CSV}?include_total=true", 400, "unknown-parameter"),
        (f"{CSV}?organisation=nowhere", 400, "invalid-parameter"),
        (f"{CSV}?sort=nothing", 400, "invalid-parameter"),
        (f"{CSV}?scheme=nothing", 400, "invalid-parameter"),
        (f"{CSV}?as_of=tomorrow", 400, "invalid-parameter"),
    ],
)
async def test_what_is_wrong_is_told_before_anything_goes_out(
    client: AsyncClient, path: str, status: int, slug: str
) -> None:
    check_problem(await client.get(path), status, slug)


async def test_a_feed_for_which_there_is_no_place_is_refused(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "PLACES", 0)
    monkeypatch.setattr(streams, "WAIT", 0.01)
    async with serving(made.url, place_seconds=0.01) as client:
        check_problem(await client.get(CSV), 503, "unavailable")


async def parts() -> AsyncGenerator[bytes]:
    for part in (b"one", b"two"):
        yield part


async def send_all(feed: CsvFeed, sent: list[Message], refused: bytes = b"") -> None:
    """Send a feed to somebody who never takes one of its parts."""

    async def send(message: Message) -> None:
        if refused and message.get("body") == refused:
            await asyncio.Event().wait()
        sent.append(message)

    await feed.stream_response(send)


@pytest.mark.parametrize("limit", ["SLOWEST", "LONGEST"])
async def test_a_feed_that_is_not_taken_breaks_off_and_does_not_look_whole(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    whole: list[Message] = []
    broken: list[Message] = []
    await send_all(CsvFeed(parts()), whole)
    monkeypatch.setattr(exports, limit, 0.01)

    with pytest.raises(Unavailable):
        await send_all(CsvFeed(taken := parts()), broken, refused=b"two")

    assert [message.get("body") for message in whole] == [None, b"", b"one", b"two", b""]
    assert [message.get("more_body") for message in whole] == [None, True, True, True, False]
    assert broken == whole[:3]
    assert [part async for part in taken] == []  # it was closed


async def test_a_feed_ends_when_its_reader_has_gone() -> None:
    gone = asyncio.Event()
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)
        if message.get("body") == b"one":
            gone.set()
            await asyncio.Event().wait()

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    await CsvFeed(taken := parts())({"type": "http"}, receive, send)

    assert [message.get("body") for message in sent] == [None, b"", b"one"]
    assert [part async for part in taken] == []  # it was closed


def test_what_a_feed_may_be_asked_is_what_its_list_may_but_for_pages() -> None:
    actions, clauses = unpaged(ActionQuery), unpaged(SchemeClauseQuery)

    assert issubclass(actions, ActionPremises)
    assert set(ActionQuery.model_fields) - set(actions.model_fields) == {"limit", "cursor", "include_total"}
    assert set(clauses.model_fields) == {"view", "as_of", "organisation", "scheme", "code", "sort"}
    assert actions.model_fields["sort"].description == ActionQuery.model_fields["sort"].description
