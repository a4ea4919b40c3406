"""Webhooks through HTTP: made, told, listed, replayed and ended by who administers, unseen by all others."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from app.db.connections import writing_engine
from app.db.writing import Writer
from app.services import delivering
from app.services.delivering import Deliverer, Onlooker
from app.services.drafting import table
from app.services.keys import make_key
from app.services.permissions import read_grant
from app.services.sending import Sender
from tests.demo import load_demo
from tests.routers.serving import serving
from tests.services.receivers import Receiver, receiving

ASKED = {"organisation": "barnet", "url": "https://portal.example.org/told", "events": ["release.published"]}
WHY = {"reason": "The portal wants to know"}
GRANTS = {
    "barnet": "administrator:barnet",
    "thurrock": "administrator:thurrock",
    "all": "administrator",
    "editor": "editor:barnet",
    "service": "administrator:barnet/commissioning-group",
}
Headers = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def demo(database_url: str) -> str:
    load_demo(database_url)
    return database_url


@pytest.fixture(scope="module")
def engine(demo: str) -> Engine:
    return writing_engine(demo)


@pytest.fixture(scope="module")
def as_(engine: Engine) -> Headers:
    """The credential of each caller."""
    with Session(engine) as session, session.begin():
        made = {
            name: make_key(session, name, [read_grant(grant)], "test")[1] for name, grant in GRANTS.items()
        }
    return {name: {"Authorization": f"Bearer {text}"} for name, text in made.items()}


@pytest.fixture(scope="module")
async def client(demo: str, engine: Engine) -> AsyncIterator[AsyncClient]:
    async with serving(demo, webhook_private=True) as client:
        yield client
    engine.dispose()


async def make(client: AsyncClient, headers: dict[str, str], **changed: Any) -> Response:  # noqa: ANN401 - any JSON
    return await client.post("/v1/webhooks", json={**ASKED, **changed}, params=WHY, headers=headers)


async def made(client: AsyncClient, headers: dict[str, str], **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    answer = await make(client, headers, **changed)
    assert answer.status_code == 201, answer.text
    webhook: dict[str, Any] = answer.json()
    return webhook


def refusal(answer: Response, status: int, code: str) -> dict[str, Any]:
    """The document of a refusal."""
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    return problem


def audited(engine: Engine, act: str) -> int:
    entries = table("audit_entry").c
    with Session(engine) as session:
        query = select(func.count()).where(entries.act == act, entries.chain == "barnet")
        return session.scalar(query.where(entries.reason == WHY["reason"])) or 0


async def test_a_secret_is_shown_once(client: AsyncClient, as_: Headers, engine: Engine) -> None:
    before = audited(engine, "make_webhook")
    answer = await make(client, as_["barnet"])

    webhook = answer.json()
    where = answer.headers["location"]
    assert answer.status_code == 201
    assert webhook.pop("secret").startswith("whsec_")
    assert where == f"/v1/webhooks/{webhook['id']}"
    assert (await client.get(where, headers=as_["barnet"])).json() == webhook
    listed = (await client.get("/v1/webhooks", headers=as_["barnet"])).json()["items"]
    assert webhook in listed
    assert audited(engine, "make_webhook") == before + 1


async def test_an_event_is_wanted_once(client: AsyncClient, as_: Headers) -> None:
    wanted = ["status.changed", "release.published", "status.changed"]

    webhook = await made(client, as_["barnet"], events=wanted)

    assert webhook["events"] == ["release.published", "status.changed"]
    got = await client.get(f"/v1/webhooks/{webhook['id']}", headers=as_["barnet"])
    assert got.json()["events"] == webhook["events"]


async def test_an_address_that_is_none_is_not_found(client: AsyncClient, as_: Headers) -> None:
    webhook = await made(client, as_["barnet"])
    where = f"/v1/webhooks/{webhook['id']}/deliveries"
    for path in (
        f"/v1/webhooks/{2**63 - 1}",
        f"/v1/webhooks/{2**63}",
        "/v1/webhooks/0",
        f"{where}/{'m' * 500}",
        f"{where}/{'m' * 500}/replay?reason=no",
        f"{where}/%F0%9F%98%80/replay?reason=no",
    ):
        answer = await client.request("POST" if "replay" in path else "GET", path, headers=as_["barnet"])
        refusal(answer, 404, "not-found")


async def test_a_request_that_is_repeated_with_its_key_makes_one_webhook(
    client: AsyncClient, as_: Headers
) -> None:
    headers = {**as_["barnet"], "Idempotency-Key": "one and only".replace(" ", "-")}

    first, second = await make(client, headers), await make(client, headers)

    assert second.json() == first.json()
    assert second.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"url": "https://169.254.169.254/"}, "/url", "refused_address"),
        ({"url": "https://user:word@example.org/"}, "/url", "refused_address"),
        ({"url": "gopher://example.org/"}, "/url", "refused_address"),
        ({"url": 5}, "/url", "not_a_text"),
        ({"events": []}, "/events", "wrong_length"),
        ({"events": ["everything"]}, "/events/0", "unknown_value"),
        ({"secret": "whsec_mine"}, "/secret", "unknown"),
        ({"organisation": "atlantis"}, "/organisation", "unknown_value"),
    ],
)
async def test_a_webhook_that_cannot_be_is_refused_where_it_is_wrong(
    client: AsyncClient, as_: Headers, changed: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await make(client, as_["all"], **changed)

    problem = refusal(answer, 422, "invalid-body")
    assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [(pointer, code)]


async def test_why_is_asked(client: AsyncClient, as_: Headers) -> None:
    answer = await client.post("/v1/webhooks", json=ASKED, headers=as_["barnet"])

    assert refusal(answer, 400, "invalid-parameter")["errors"][0]["parameter"] == "reason"


async def test_only_who_administers_the_organisation_makes_one(client: AsyncClient, as_: Headers) -> None:
    refusal(await make(client, {}), 401, "unauthenticated")
    for caller in ("editor", "service", "thurrock"):
        refusal(await make(client, as_[caller]), 403, "forbidden")
    answer = await make(client, as_["barnet"], organisation="atlantis")
    refusal(answer, 422, "invalid-body")


async def test_a_webhook_of_others_does_not_exist(client: AsyncClient, as_: Headers) -> None:
    webhook = await made(client, as_["barnet"])
    for caller in ("thurrock", "editor", "service"):
        for method, path in (
            ("GET", ""),
            ("DELETE", "?reason=no"),
            ("GET", "/deliveries"),
            ("POST", "/deliveries/msg_1/replay?reason=no"),
        ):
            answers = [
                await client.request(method, f"/v1/webhooks/{number}{path}", headers=as_[caller])
                for number in (webhook["id"], 999_999)
            ]
            told = [answer.text.replace(str(webhook["id"]), "N") for answer in answers]
            assert [answer.status_code for answer in answers] == [404, 404]
            assert told[0] == told[1].replace("999999", "N")


async def test_each_caller_lists_their_own(client: AsyncClient, as_: Headers) -> None:
    theirs = {
        name: (await made(client, as_["all"], organisation=name))["id"] for name in ("barnet", "thurrock")
    }

    async def listed(caller: str, **asked: str) -> set[int]:
        answer = await client.get("/v1/webhooks", params={"limit": "1000", **asked}, headers=as_[caller])
        return {row["id"] for row in answer.json()["items"]} & set(theirs.values())

    assert await listed("all") == set(theirs.values())
    assert await listed("barnet") == {theirs["barnet"]}
    assert await listed("barnet", organisation="thurrock") == set()
    assert await listed("editor") == set()
    total = await client.get("/v1/webhooks?include_total=true&limit=1", headers=as_["editor"])
    assert total.json() == {"items": [], "next_cursor": None, "total": 0}


async def test_pages_go_on_to_the_end(client: AsyncClient, as_: Headers) -> None:
    for _ in range(3):
        await made(client, as_["thurrock"], organisation="thurrock")
    found, path = [], "/v1/webhooks?limit=1&sort=-id"
    while path:
        answer = await client.get(path, headers=as_["thurrock"])
        found += [row["id"] for row in answer.json()["items"]]
        path = answer.links.get("next", {}).get("url", "")

    assert found == sorted(set(found), reverse=True)
    assert len(found) >= 3


async def test_a_message_is_listed_replayed_and_given_up(
    client: AsyncClient, as_: Headers, demo: str, engine: Engine
) -> None:
    headers, write, database = as_["barnet"], Writer(demo), Onlooker(demo)
    async with receiving(Receiver()) as receiver:
        webhook = await made(client, headers, url=receiver.url, events=["release.published"])
        where = f"/v1/webhooks/{webhook['id']}"
        with Session(engine) as session, session.begin():
            release_now(session)
        deliverer = Deliverer(database, write, Sender(private=True))
        await deliverer.step()

        [message] = (await client.get(f"{where}/deliveries", headers=headers)).json()["items"]
        assert (message["state"], message["attempts"], message["outcome"]) == ("delivered", 1, "Answered 204")
        again = await client.post(f"{where}/deliveries/{message['id']}/replay", params=WHY, headers=headers)
        assert (again.status_code, again.json()["state"]) == (202, "waiting")
        await deliverer.step()
        first, second = (
            Webhook(webhook["secret"]).verify(each.body, each.headers) for each in receiver.received
        )
        assert first == second
        assert {each.headers["webhook-id"] for each in receiver.received} == {message["id"]}

    await client.post(f"{where}/deliveries/{message['id']}/replay", params=WHY, headers=headers)
    waiting = await client.get(f"{where}/deliveries", params={"state": "waiting"}, headers=headers)
    assert [row["id"] for row in waiting.json()["items"]] == [message["id"]]
    assert (await client.delete(where, params=WHY, headers=headers)).status_code == 204
    dead = await client.get(f"{where}/deliveries", params={"state": "dead"}, headers=headers)
    assert [row["outcome"] for row in dead.json()["items"]] == ["Given up, as the webhook has ended"]
    assert (await client.get(where, headers=headers)).json()["ended_at"] is not None
    late = await client.post(f"{where}/deliveries/{message['id']}/replay", params=WHY, headers=headers)
    refusal(late, 409, "conflict")
    assert (audited(engine, "replay_message"), audited(engine, "end_webhook")) == (2, 1)
    await database.close()
    await write.close()


async def test_a_server_tells_webhooks_while_it_runs(
    demo: str, client: AsyncClient, as_: Headers, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "PAUSE", 0.01)
    async with receiving(Receiver()) as receiver:
        webhook = await made(client, as_["barnet"], url=receiver.url, events=["release.published"])
        with Session(engine) as session, session.begin():
            release_now(session)
        async with (
            serving(demo, webhooks=True, webhook_private=True, public_url="https://outturn.example"),
            asyncio.timeout(60),
        ):
            await receiver.told.wait()

        [received] = receiver.received
        told = Webhook(webhook["secret"]).verify(received.body, received.headers)
    assert told["data"]["release"]["href"].startswith("https://outturn.example/v1/releases/")


def release_now(session: Session) -> None:
    """Publish what is there once more, as a release of now."""
    releases = table("release")
    newest = select(releases).where(releases.c.organisation_id == "barnet").order_by(releases.c.id.desc())
    row = dict(session.execute(newest.limit(1)).mappings().one())
    moment = session.execute(select(func.max(table("webhook").c.made_at))).scalar_one()
    session.execute(
        releases.insert().values(
            {name: value for name, value in row.items() if name != "id"} | {"published_at": moment}
        )
    )
