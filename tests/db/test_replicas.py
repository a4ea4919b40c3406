"""Reading from a hot standby: writers read what they wrote, the public one state, if need be for ever."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

import pytest
from httpx import AsyncClient, Response
from sqlalchemy.orm import Session

from app.db.backups import back_up
from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.services.keys import make_key
from app.services.permissions import Grant, Role
from tests.imports.examples import write_report
from tests.queries.reports import load
from tests.routers.serving import serving
from tests.standby import Server, catch_up, running_pair

LIST = "/v1/observations?organisation=anyshire"
PATHS = (LIST, "/v1/organisations", "/v1/releases", "/v1/indicators", LIST + "&limit=1")
RECOVERY = 5
"""Seconds after which the service has found a server that is there again."""


class Pair(NamedTuple):
    """A primary and its standby, and the credential of an administrator."""

    primary: Server
    standby: Server
    shown: dict[str, str]


class Council:
    """A council that changes its one figure, and publishes it."""

    def __init__(self, client: AsyncClient, shown: dict[str, str]) -> None:
        self.client, self.shown = client, shown

    async def change(self, figure: int) -> Response:
        """Put another numerator into the draft."""
        row = await self.row(view="draft")
        path = f"/v1/observations/{row['id']}"
        found = await self.client.get(path, params={"view": "draft"}, headers=self.shown)
        headers = {**self.shown, "If-Match": found.headers["etag"]}
        said = {"numerator": str(figure)}
        return await self.client.patch(path, params={"reason": "Recount"}, json=said, headers=headers)

    async def publish(self) -> Response:
        """Make the draft public."""
        wish = {"organisation": "anyshire", "note": "Recount"}
        return await self.client.post("/v1/releases", json=wish, headers=self.shown)

    async def row(self, **asked: str) -> dict[str, str]:
        """The one row, as the council sees it."""
        answer = await self.client.get(LIST, params={"organisation": "anyshire", **asked}, headers=self.shown)
        [row] = answer.json()["items"]
        return dict(row)

    async def is_served(self) -> bool:
        """Whether what needs the primary is answered."""
        return (await self.client.get(LIST, headers=self.shown)).status_code == HTTPStatus.OK

    async def public(self) -> list[tuple[str | None, bytes]]:
        """Several pages, as anybody sees them, with the count of changes that each takes account of."""
        answers = await asyncio.gather(*(self.client.get(path) for path in PATHS))
        assert {answer.status_code for answer in answers} == {200}
        return [(answer.headers["outturn-changes"], answer.content) for answer in answers]

    async def public_figure(self) -> str:
        """The numerator that anybody sees."""
        [row] = (await self.client.get(LIST)).json()["items"]
        return str(row["numerator"])


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A primary with a published figure, and its standby."""
    with running_pair() as (primary, standby):
        migrate(primary.url())
        load(primary.url(), write_report(tmp_path_factory.mktemp("replicas") / "report"))
        engine = writing_engine(primary.url())
        with Session(engine) as session, session.begin():
            _, text = make_key(session, "Council", [Grant(Role.administrator)], "")
        engine.dispose()
        catch_up(primary, standby)
        yield Pair(primary, standby, {"Authorization": f"Bearer {text}"})


@pytest.fixture
async def council(pair: Pair) -> AsyncIterator[Council]:
    """A council that speaks to a service which reads from the standby."""
    async with serving(pair.primary.url(), replica_url=pair.standby.url(), webhooks=False) as client:
        yield Council(client, pair.shown)


async def test_the_standby_answers_what_the_primary_published(pair: Pair, council: Council) -> None:
    changed, published = await council.change(11), await council.publish()
    catch_up(pair.primary, pair.standby)

    assert (changed.status_code, published.status_code) == (200, 201)
    assert await council.public_figure() == "11.00"


async def test_behind_a_standby_that_lags_writers_read_what_they_wrote_and_the_public_one_state(
    pair: Pair, council: Council
) -> None:
    before, figure = await council.public(), await council.public_figure()
    pair.standby.ask("SELECT pg_wal_replay_pause()")
    try:
        await council.change(12)
        draft = await council.row(view="draft")
        released = await council.row()
        published = await council.publish()
        theirs = await council.row()
        meanwhile = [await council.public() for _ in range(2)]
    finally:
        pair.standby.ask("SELECT pg_wal_replay_resume()")
    catch_up(pair.primary, pair.standby)

    assert published.status_code == 201
    assert (draft["numerator"], released["numerator"], theirs["numerator"]) == ("12.00", figure, "12.00")
    assert meanwhile == [before, before]
    assert len({changes for changes, _ in before}) == 1
    assert await council.public_figure() == "12.00"


async def test_without_its_primary_the_public_reads_on_and_nobody_writes(
    pair: Pair, council: Council
) -> None:
    await council.row()
    before = await council.public()

    pair.primary.stop()
    try:
        public = await council.public()
        answers = [
            await council.client.get(LIST, headers=pair.shown),
            await council.client.get(LIST + "&view=draft", headers=pair.shown),
            await council.publish(),
        ]
    finally:
        pair.primary.start()
    async with asyncio.timeout(RECOVERY):
        while not await council.is_served():  # noqa: ASYNC110 - a database tells nobody that it is there
            await asyncio.sleep(0.1)
    changed = await council.change(13)

    assert public == before
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(503, "unavailable")] * 3
    assert all(each.headers["retry-after"] for each in answers)
    assert changed.status_code == 200
    assert (await council.row(view="draft"))["numerator"] == "13.00"


async def test_who_is_sent_to_a_standby_to_write_is_put_off(pair: Pair) -> None:
    async with serving(pair.standby.url(), webhooks=False, read_model=False) as client:
        council = Council(client, pair.shown)
        changed, read = await council.change(14), await council.is_served()

    assert (changed.status_code, changed.json()["code"], read) == (503, "unavailable", True)


def test_a_backup_of_the_standby_is_as_good(pair: Pair, tmp_path: Path) -> None:
    there = back_up(pair.primary.url(), tmp_path / "primary")
    catch_up(pair.primary, pair.standby)

    assert back_up(pair.standby.url(), tmp_path / "standby").tables == there.tables
