"""Answers are compressed as each client accepts: the same text, tagged by its coding, never twice."""

import zlib
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Response
from httpx import AsyncClient
from httpx import Response as Answer
from starlette.types import ASGIApp

from tests.demo import load_demo
from tests.routers.problem_documents import check_problem
from tests.routers.serving import serving, speaking_to, under_contract

LIST = "/v1/observations?limit=50"
LONG = "text " * 1000
CODINGS: dict[str | None, str | None] = {
    None: None,
    "": None,
    "gzip": "gzip",
    "GZip": "gzip",
    "zstd": "zstd",
    "gzip, zstd": "zstd",
    "zstd;q=0.1, gzip": "zstd",
    "gzip;q=0.001": "gzip",
    "gzip;q=0": None,
    "gzip;q=0.0, zstd": "zstd",
    "gzip, zstd;q=0": "gzip",
    "gzip;q=no": None,
    "identity": None,
    "*": "zstd",
    "*, zstd;q=0": "gzip",
    "*;q=0": None,
    "br": None,
    "br, deflate, gzip": "gzip",
}
"""What a client may accept, and the coding that it gets."""


@pytest.fixture(scope="module")
def demo(sqlite_url: str) -> str:
    """A database that holds the demo."""
    load_demo(sqlite_url)
    return sqlite_url


@pytest.fixture(scope="module", params=[0, 32], ids=["fresh", "kept"])
async def client(request: pytest.FixtureRequest, demo: str) -> AsyncIterator[AsyncClient]:
    """Speak to the application; its answers are fresh, or may be kept ones."""
    async with serving(demo, cache_megabytes=request.param) as client:
        yield client


async def ask(
    client: AsyncClient, accepted: str | None, path: str = LIST, method: str = "GET", **headers: str
) -> Answer:
    """An answer to a client that accepts some codings."""
    request = client.build_request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    del request.headers["accept-encoding"]
    if accepted is not None:
        request.headers["accept-encoding"] = accepted
    return await client.send(request)


def giving(response: Response) -> ASGIApp:
    """A tiny application that gives one answer, compressed as the whole one's are."""
    app = FastAPI()

    @app.get("/")
    async def answer() -> Response:
        return response

    return under_contract(app)


def varies_by(answer: Answer) -> list[str]:
    return [name.strip().lower() for name in answer.headers["vary"].split(",")]


@pytest.mark.parametrize("accepted", CODINGS, ids=str)
async def test_an_answer_has_the_coding_that_is_accepted(client: AsyncClient, accepted: str | None) -> None:
    coding = CODINGS[accepted]
    plain = await ask(client, "identity")

    answer = await ask(client, accepted)

    assert answer.headers.get("content-encoding") == coding
    assert answer.content == plain.content
    assert answer.headers["content-length"] == str(answer.num_bytes_downloaded)
    assert (answer.num_bytes_downloaded < len(plain.content) // 5) is (coding is not None)


@pytest.mark.parametrize("accepted", CODINGS, ids=str)
async def test_head_is_answered_as_get(client: AsyncClient, accepted: str | None) -> None:
    answer = await ask(client, accepted)

    head = await ask(client, accepted, method="HEAD")

    assert head.headers.raw == answer.headers.raw
    assert head.num_bytes_downloaded == 0


async def test_each_coding_has_its_own_tag(client: AsyncClient) -> None:
    tags: dict[str | None, set[str]] = {}
    for accepted, coding in [*CODINGS.items()] * 2:
        tags.setdefault(coding, set()).add((await ask(client, accepted)).headers["etag"])

    assert [len(found) for found in tags.values()] == [1, 1, 1]
    assert len(set.union(*tags.values())) == 3


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("identity", '"87d01efb63799b1ff5ce63ac40c5f924"'),
        ("gzip", '"87d01efb63799b1ff5ce63ac40c5f924-gzip"'),
        ("zstd", '"87d01efb63799b1ff5ce63ac40c5f924-zstd"'),
    ],
)
async def test_every_process_gives_a_text_the_same_tag(accepted: str, tag: str) -> None:
    async with speaking_to(giving(Response(LONG, media_type="text/plain"))) as client:
        assert (await ask(client, accepted, "/")).headers["etag"] == tag


@pytest.mark.parametrize("accepted", ["zstd", "gzip"])
async def test_one_tag_stands_for_the_same_bytes_at_any_time(
    monkeypatch: pytest.MonkeyPatch, accepted: str
) -> None:
    packed = []
    async with speaking_to(giving(Response(LONG, media_type="text/plain"))) as client:
        for moment in (0, 1_000_000_000):
            monkeypatch.setattr("gzip.time.time", lambda moment=moment: moment)
            request = client.build_request("GET", "/", headers={"Accept-Encoding": accepted})
            answer = await client.send(request, stream=True)
            packed.append([answer.headers["etag"], *[part async for part in answer.aiter_raw()]])

    assert packed[0] == packed[1]


@pytest.mark.parametrize("accepted", ["identity", "gzip", "zstd"])
async def test_only_the_tag_of_its_own_coding_spares_an_answer(client: AsyncClient, accepted: str) -> None:
    tags = {coding: (await ask(client, coding)).headers["etag"] for coding in ("identity", "gzip", "zstd")}

    statuses = {
        coding: (await ask(client, accepted, if_none_match=tag)).status_code for coding, tag in tags.items()
    }

    assert statuses == dict.fromkeys(tags, 200) | {accepted: 304}


@pytest.mark.parametrize("accepted", ["identity", "gzip"])
async def test_unmodified_is_told_with_the_tag_and_without_a_body(client: AsyncClient, accepted: str) -> None:
    whole = await ask(client, accepted)

    spared = await ask(client, accepted, if_none_match=whole.headers["etag"])

    of_content = {"content-encoding", "content-length", "content-type"}
    assert spared.headers.raw == [pair for pair in whole.headers.raw if pair[0].decode() not in of_content]
    assert (spared.status_code, spared.num_bytes_downloaded) == (304, 0)


@pytest.mark.parametrize(
    "path", [LIST, "/health/live", "/docs", "/v1/observations/0", "/v1/observations?x=1"]
)
@pytest.mark.parametrize("accepted", [None, "gzip", "zstd", "identity"])
async def test_every_answer_says_once_that_it_varies_by_coding(
    client: AsyncClient, accepted: str | None, path: str
) -> None:
    answer = await ask(client, accepted, path)

    assert sorted(set(varies_by(answer))) == sorted(varies_by(answer))
    assert "accept-encoding" in varies_by(answer)
    assert len(answer.headers.get_list("vary")) == 1


@pytest.mark.parametrize(("size", "coding"), [(499, None), (500, "gzip")])
async def test_what_is_short_is_not_worth_compressing(size: int, coding: str | None) -> None:
    async with speaking_to(giving(Response("x" * size, media_type="text/plain"))) as client:
        answer, plain = await ask(client, "gzip", "/"), await ask(client, "identity", "/")

    assert answer.headers.get("content-encoding") == coding
    assert answer.content == plain.content
    assert (answer.headers["etag"] == plain.headers["etag"]) is (coding is None)


async def test_what_is_compressed_already_goes_out_as_it_is() -> None:
    packed = zlib.compress(LONG.encode())
    app = giving(Response(packed, headers={"Content-Encoding": "deflate"}, media_type="text/plain"))

    async with speaking_to(app) as client:
        answer = await ask(client, "gzip, zstd, deflate", "/")

    assert answer.headers.get_list("content-encoding") == ["deflate"]
    assert answer.num_bytes_downloaded == len(packed)
    assert answer.text == LONG


@pytest.mark.parametrize("accepted", ["gzip", "zstd", "*", "identity;q=0"])
@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("/nowhere", 404, "not-found"),
        ("/v1/observations?organisation=nowhere", 400, "invalid-parameter"),
        ("/v1/observations?status=no&period=no&limit=no&sort=no&outturn_min=no", 400, "invalid-parameter"),
    ],
)
async def test_a_problem_is_told_plainly(
    client: AsyncClient, accepted: str, path: str, status: int, slug: str
) -> None:
    answer = await ask(client, accepted, path)

    check_problem(answer, status, slug)
    assert "content-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == answer.num_bytes_downloaded == len(answer.content)


@pytest.mark.parametrize("accepted", ["gzip", "zstd"])
async def test_files_of_the_documentation_are_compressed_on_their_way(
    client: AsyncClient, accepted: str
) -> None:
    plain = await ask(client, "identity", "/docs/files/swagger-ui.css")

    answer = await ask(client, accepted, "/docs/files/swagger-ui.css")
    head = await ask(client, accepted, "/docs/files/swagger-ui.css", "HEAD")
    spared = await ask(client, accepted, "/docs/files/swagger-ui.css", if_none_match=answer.headers["etag"])

    assert answer.headers["content-encoding"] == accepted
    assert answer.content == plain.content
    assert answer.num_bytes_downloaded < len(plain.content) // 2
    assert head.headers.raw == answer.headers.raw
    assert (spared.status_code, head.content, spared.content) == (304, b"", b"")
