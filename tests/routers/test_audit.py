"""The audit through HTTP: for who administers an organisation, and for nobody else."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.entities import Organisation
from app.services.audit import FIRST, Change, record
from app.services.keys import make_key
from app.services.permissions import read_grant
from tests.routers.serving import serving

GRANTS = {
    "all": "administrator",
    "barnet": "administrator:barnet",
    "service": "administrator:barnet/hr",
    "editor": "editor:barnet",
}
CHANGED = 5
Json = dict[str, Any]


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """Connections to a database that holds the audit of two organisations."""
    migrate(database_url)
    engine = writing_engine(database_url)
    changes = [
        Change("note", number, f"key {number}", {"text": "old"}, {"text": f"new {number}"})
        for number in range(1, CHANGED)
    ]
    with Session(engine) as session, session.begin():
        session.add_all([Organisation(id=name, name=name, area_code="E1") for name in ("barnet", "bath")])
        session.flush()
        new = Change("note", CHANGED, "new", None, {"text": "new"})
        record(session, "barnet", "key:aaaa2222", "change", "first", changes=[*changes, new], revision_id=1)
        record(
            session, "barnet", "key:bbbb2222", "release", "out", release_id=1, detail={"approved_by": None}
        )
        record(session, "bath", "key:cccc2222", "change", "theirs", changes=changes[:1], revision_id=2)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def keys(engine: Engine) -> dict[str, str]:
    """A key for each sort of caller; giving them out stands in the audit as well."""
    with Session(engine) as session, session.begin():
        return {name: make_key(session, name, [read_grant(text)], "test")[1] for name, text in GRANTS.items()}


@pytest.fixture(scope="module")
async def client(database_url: str, engine: Engine) -> AsyncIterator[AsyncClient]:
    """Speak to the application."""
    assert engine.dialect.name
    async with serving(database_url) as client:
        yield client


async def ask(client: AsyncClient, key: str | None, path: str = "/v1/audit", **asked: object) -> Response:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return await client.get(path, params={name: str(value) for name, value in asked.items()}, headers=headers)


async def entries(client: AsyncClient, key: str, **asked: object) -> list[Json]:
    """The entries of one page."""
    answer = await ask(client, key, "/v1/audit", **asked)
    assert answer.status_code == 200, answer.text
    items: list[Json] = answer.json()["items"]
    return items


async def test_the_newest_entries_come_first(client: AsyncClient, keys: dict[str, str]) -> None:
    rows = await entries(client, keys["barnet"], act="release") + await entries(
        client, keys["barnet"], act="change"
    )
    every = await entries(client, keys["barnet"])

    assert [row["id"] for row in every] == sorted((row["id"] for row in every), reverse=True)
    assert [(row["number"], row["actor"], row["reason"], row["changes"]) for row in rows] == [
        (2, "key:bbbb2222", "out", 0),
        (1, "key:aaaa2222", "first", CHANGED),
    ]
    assert rows[1]["seal_before"] == FIRST
    assert rows[0]["seal_before"] == rows[1]["seal"]
    assert {row["organisation"] for row in every} == {"barnet"}
    oldest = await entries(client, keys["barnet"], sort="number", limit=1)
    assert oldest == [rows[1]]


async def test_who_administers_everything_reads_everything(client: AsyncClient, keys: dict[str, str]) -> None:
    rows = await entries(client, keys["all"])

    assert {"barnet", "bath"} <= {row["organisation"] for row in rows}
    assert [row["organisation"] for row in await entries(client, keys["all"], organisation="bath")] == [
        "bath"
    ]


@pytest.mark.parametrize("caller", ["service", "editor"])
async def test_others_read_nothing(client: AsyncClient, keys: dict[str, str], caller: str) -> None:
    assert (await ask(client, keys[caller])).status_code == 403
    for number in (1, 999):
        answer = await ask(client, keys[caller], f"/v1/audit/{number}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_nobody_reads_it_without_a_credential(client: AsyncClient) -> None:
    for path in ("/v1/audit", "/v1/audit/1", "/v1/audit/999"):
        answer = await ask(client, None, path)
        assert answer.status_code == 401
        assert "www-authenticate" in answer.headers


async def test_what_is_not_theirs_is_unknown_to_an_administrator(
    client: AsyncClient, keys: dict[str, str]
) -> None:
    [theirs] = await entries(client, keys["all"], organisation="bath")
    unseen = await ask(client, keys["barnet"], f"/v1/audit/{theirs['id']}")
    unknown = await ask(client, keys["barnet"], "/v1/audit/999999")

    assert unseen.status_code == unknown.status_code == 404
    assert unseen.text.replace(str(theirs["id"]), "999999") == unknown.text
    assert (await ask(client, keys["barnet"], organisation="bath")).status_code in {400, 403}
    assert (await entries(client, keys["barnet"], actor="key:cccc2222")) == []
    assert "cccc2222" not in (await ask(client, keys["barnet"], actor="key:cccc")).text


async def test_an_entry_has_its_changes_page_by_page(client: AsyncClient, keys: dict[str, str]) -> None:
    [entry] = await entries(client, keys["barnet"], act="change")
    path, items = f"/v1/audit/{entry['id']}", []
    answer = (await ask(client, keys["barnet"], path, limit=2, include_total="true")).json()
    first = answer
    while True:
        items += answer["items"]
        if answer["next_cursor"] is None:
            break
        answer = (await ask(client, keys["barnet"], path, limit=2, cursor=answer["next_cursor"])).json()

    assert (first["entry"], first["detail"], first["total"]) == (entry, {}, CHANGED)
    assert [each["id"] for each in items] == list(range(1, CHANGED + 1))
    assert items[0] == {
        "id": 1,
        "kind": "note",
        "key": "key 1",
        "before": {"text": "old"},
        "after": {"text": "new 1"},
    }
    assert (items[-1]["before"], items[-1]["after"]) == (None, {"text": "new"})


async def test_a_fact_has_the_entries_that_changed_it(client: AsyncClient, keys: dict[str, str]) -> None:
    rows = await entries(client, keys["all"], subject=1, include_total="true")

    assert [row["organisation"] for row in rows] == ["bath", "barnet"]
    assert set(rows[0]) == set((await entries(client, keys["all"], limit=1))[0])
    assert [row["changes"] for row in rows] == [1, CHANGED]
    assert await entries(client, keys["barnet"], subject=1) == rows[1:]
    assert await entries(client, keys["barnet"], subject=999) == []


async def test_moments_and_days_bound_what_is_listed(client: AsyncClient, keys: dict[str, str]) -> None:
    rows = await entries(client, keys["barnet"])
    moment = datetime.fromisoformat(rows[-1]["made_at"])
    today, before = (moment + timedelta(hours=1)).date(), moment - timedelta(days=2)

    assert await entries(client, keys["barnet"], since=rows[-1]["made_at"]) == rows
    assert await entries(client, keys["barnet"], until=rows[-1]["made_at"]) == rows[-1:]
    assert await entries(client, keys["barnet"], since=before.date()) == rows
    assert await entries(client, keys["barnet"], until=before.date()) == []
    assert await entries(client, keys["barnet"], since=today + timedelta(days=2)) == []
    assert moment.tzinfo == UTC
    for name in ("since", "until"):
        answer = await ask(client, keys["barnet"], **{name: "some time ago"})
        assert answer.json()["errors"][0]["code"] == "not_an_instant"


async def test_pages_put_together_are_the_whole(client: AsyncClient, keys: dict[str, str]) -> None:
    for sort in ("-id", "changes", "-made_at"):
        whole, found = await entries(client, keys["all"], sort=sort), []
        page = (await ask(client, keys["all"], sort=sort, limit=2, include_total="true")).json()
        assert page["total"] == len(whole)
        while True:
            found += page["items"]
            if page["next_cursor"] is None:
                break
            page = (await ask(client, keys["all"], sort=sort, limit=2, cursor=page["next_cursor"])).json()
        assert found == whole


async def test_a_cursor_is_no_way_to_what_is_not_theirs(client: AsyncClient, keys: dict[str, str]) -> None:
    cursor = (await ask(client, keys["all"], limit=1)).json()["next_cursor"]

    answer = await ask(client, keys["barnet"], limit=1, cursor=cursor)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")
