"""Long files: sent in pieces from where they are kept, and known without asking the application again."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from httpx import AsyncClient

from tests.databases import fresh_sqlite
from tests.routers.changing import Made, publish_history
from tests.routers.problem_documents import check_problem
from tests.routers.serving import serving
from tests.routers.test_files import get
from tests.routers.test_lists import statements_counted


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Two councils with releases and drafts, in a database of their own."""
    with fresh_sqlite() as url:
        yield publish_history(url, tmp_path_factory.mktemp("reports"))


@pytest.fixture
async def released(made: Made, tmp_path: Path) -> AsyncIterator[AsyncClient]:
    """Speak to the application; its database holds these releases, and no file is kept yet."""
    async with serving(made.url, files_folder=tmp_path / "files") as client:
        yield client


@pytest.fixture(autouse=True)
def all_files_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every file sent in several pieces, so that none is kept in memory."""
    monkeypatch.setattr("app.routers.files.AT_ONCE", 100)


async def test_a_long_file_is_answered_without_asking_the_application_again(
    released: AsyncClient, made: Made
) -> None:
    path = f"/v1/releases/{made.releases[0]}/datasets/observations.csv"
    whole = await get(released, path)
    part = await get(released, path, accept_encoding="gzip, identity", range="bytes=5-500")
    tag = whole.headers["etag"]

    with statements_counted() as statements:
        again = await get(released, path)
        spared = await get(released, path, if_none_match=tag)
        same = await get(released, path, range="bytes=5-500")
        last = await get(released, path, range="bytes=-7", if_range=tag)
        headed = await released.head(path, headers={"accept-encoding": "identity"})

    assert not statements
    assert (again.content, again.headers) == (whole.content, whole.headers)
    assert (spared.status_code, spared.content) == (304, b"")
    assert (same.status_code, same.content) == (206, whole.content[5:501])
    assert sorted(same.headers.raw) == sorted(part.headers.raw)
    assert (last.status_code, last.content) == (206, whole.content[-7:])
    assert (headed.headers["content-length"], headed.content) == (str(len(whole.content)), b"")


async def test_what_is_asked_amiss_of_a_long_file_is_answered_as_of_any(
    released: AsyncClient, made: Made
) -> None:
    path = f"/v1/releases/{made.releases[0]}/datasets/observations.csv"
    whole = await get(released, path)

    refused = await get(released, path, range="bytes=99999999-")
    others = [
        await get(released, path, range="bytes=0-3", if_range='"another"'),
        await get(released, path, range="bytes=0-1,3-4"),
    ]

    check_problem(refused, 416, "range-not-satisfiable")
    assert [answer.status_code for answer in others] == [200, 200]
    assert [answer.content for answer in others] == [whole.content] * 2
    coded = await released.get(path, headers={"accept-encoding": "zstd"})
    part = await released.get(path, headers={"accept-encoding": "zstd", "range": "bytes=0-99"})
    assert (coded.headers["content-encoding"], coded.content) == ("zstd", whole.content)
    assert part.content == whole.content[:100]


async def test_a_long_file_that_was_thrown_away_is_made_again(
    released: AsyncClient, made: Made, tmp_path: Path
) -> None:
    path = f"/v1/releases/{made.releases[0]}/datasets/observations.csv"
    first = await get(released, path)
    for each in (tmp_path / "files").iterdir():
        each.unlink()

    again = await get(released, path)

    assert (again.status_code, again.content) == (200, first.content)


async def test_parquet_of_everything_is_kept_once_it_was_asked_for(released: AsyncClient) -> None:
    path = "/v1/datasets/observations.parquet"
    fed = await get(released, path)
    kept = await get(released, path)
    part = await get(released, path, range="bytes=0-3", if_range=fed.headers["etag"])
    spared = await get(released, path, if_none_match=fed.headers["etag"])

    assert "accept-ranges" not in fed.headers
    assert kept.headers["accept-ranges"] == "bytes"
    assert kept.content == fed.content
    for name in ("etag", "last-modified", "cache-control", "content-type"):
        assert kept.headers[name] == fed.headers[name]
    assert (part.status_code, part.content) == (206, b"PAR1")
    assert spared.status_code == 304
