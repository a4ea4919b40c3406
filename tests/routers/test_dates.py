"""If-Modified-Since: answered where nothing else is named, and where a date of whole seconds can tell."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import select, update

from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.services.drafting import table
from tests.databases import fresh_sqlite
from tests.routers.changing import release_report
from tests.routers.serving import serving

OWNER = "anyshire"
DATASETS = ("/v1/datasets/risks.csv", f"/v1/organisations/{OWNER}/datasets/risks.csv")
PATHS = (*DATASETS, "/catalog.jsonld", "/data.json", "/feeds/releases.atom", "/sitemap.xml")


def put_back(url: str, hours: int) -> None:
    """Let every release there is have been so much earlier."""
    engine = writing_engine(url)
    releases = table("release")
    with engine.begin() as connection:
        for number, moment in connection.execute(select(releases.c.id, releases.c.published_at)).all():
            earlier = {"published_at": moment - timedelta(hours=hours)}
            connection.execute(update(releases).where(releases.c.id == number).values(earlier))
    engine.dispose()


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A council that released one report, some hours ago."""
    with fresh_sqlite() as url:
        migrate(url)
        (tmp_path / "reports").mkdir()
        release_report(url, tmp_path / "reports", OWNER)
        put_back(url, 2)
        yield url


@pytest.fixture
async def client(url: str, tmp_path: Path) -> AsyncIterator[AsyncClient]:
    """Speak to the application."""
    async with serving(url, files_folder=tmp_path / "files") as client:
        yield client


async def since(client: AsyncClient, path: str, date: str, **more: str) -> int:
    headers = {"if-modified-since": date, **{name.replace("_", "-"): text for name, text in more.items()}}
    answer = await client.get(path, headers=headers)
    assert answer.status_code != 304 or answer.content == b""
    return answer.status_code


def date_of(answer: Response) -> str:
    assert answer.status_code == 200
    return str(answer.headers["last-modified"])


@pytest.mark.parametrize("path", PATHS)
async def test_who_names_the_date_of_what_there_is_has_it(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)
    date = date_of(answer)
    moment = parsedate_to_datetime(date)
    earlier = format_datetime(moment - timedelta(seconds=1), usegmt=True)

    assert await since(client, path, date) == 304
    assert await since(client, path, format_datetime(moment + timedelta(days=1), usegmt=True)) == 304
    assert await since(client, path, moment.strftime("%A, %d-%b-%y %H:%M:%S GMT")) == 304
    assert await since(client, path, earlier) == 200
    for nonsense in ("yesterday", "", "Sun, 99 Nov 9999 99:99:99 GMT"):
        assert await since(client, path, nonsense) == 200
    assert await since(client, path, date, if_none_match='"another"') == 200
    assert await since(client, path, earlier, if_none_match=answer.headers["etag"]) == 304
    assert (await client.head(path, headers={"if-modified-since": date})).status_code == 304


async def test_a_release_that_changes_something_has_another_date(
    client: AsyncClient, url: str, tmp_path: Path
) -> None:
    before = {path: date_of(await client.get(path)) for path in PATHS}
    actions = f"/v1/organisations/{OWNER}/datasets/actions.csv"
    then = date_of(await client.get(actions))

    release_report(url, tmp_path / "reports", OWNER, risks={"title": "Weak figures"})

    for path in PATHS:
        assert await since(client, path, before[path]) == 200, path
        assert await since(client, path, date_of(await client.get(path))) == 304, path
    assert await since(client, actions, then) == 304


async def test_of_two_changes_within_a_minute_no_date_tells(
    client: AsyncClient, url: str, tmp_path: Path
) -> None:
    release_report(url, tmp_path / "reports", OWNER, risks={"title": "Weak figures"})
    before = {path: date_of(await client.get(path)) for path in PATHS}

    release_report(url, tmp_path / "reports", OWNER, risks={"title": "No figures"})

    for path in PATHS:
        answer = await client.get(path)
        assert await since(client, path, before[path]) == 200, path
        assert await since(client, path, date_of(answer)) == 200, path
        again = await client.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
