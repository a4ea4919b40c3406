"""Releases through HTTP: made whole or of a part, to come, taken back, put right, approved by another."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.services.audit import Chain, verify
from app.services.drafting import table
from tests.imports.examples import EXAMPLE, write_report
from tests.queries.reports import load
from tests.routers.serving import serving
from tests.routers.writers import WHY, Json, Officer, key_for, refused

PERIOD = "2011-12-q2"
DAY = timedelta(days=1)


class Council(NamedTuple):
    """A council of two services, and its officers."""

    id: str
    url: str
    public: AsyncClient
    editor: Officer
    publisher: Officer
    second: Officer

    async def note(self, subject: str, text: str, position: int = 1) -> Response:
        """State something new of a measure or a service, whose drafts one reads."""
        body = {"organisation": self.id, "kind": "indicator", "subject": subject, "period": PERIOD}
        return await self.editor.create(
            "/v1/notes", {**body, "note_kind": "commentary", "position": position, "text": text}
        )

    async def notes(self, **asked: str) -> list[str]:
        """What is said to anybody."""
        answer = await self.public.get("/v1/notes", params={"organisation": self.id, "sort": "id", **asked})
        assert answer.status_code == 200, answer.text
        return [row["text"] for row in answer.json()["items"]]

    async def drafts(self) -> list[str]:
        """What is said in draft."""
        answer = await self.editor.read("/v1/notes", organisation=self.id, sort="id")
        assert answer.status_code == 200, answer.text
        return [row["text"] for row in answer.json()["items"]]

    async def publish(self, **wish: Any) -> Json:  # noqa: ANN401 - a release as it is asked for
        """A release that is made."""
        answer = await self.publisher.release(self.id, **wish)
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()
        assert answer.headers["location"] == f"/v1/releases/{made['id']}"
        return made

    async def last_released(self) -> str:
        """When the last release came out."""
        asked = {"organisation": self.id, "sort": "-published_at", "limit": "1"}
        [row] = (await self.public.get("/v1/releases", params=asked)).json()["items"]
        moment: str = row["published_at"]
        return moment

    def move(self, release: int, moment: datetime) -> None:
        """Let a release come into force at another moment."""
        engine = writing_engine(self.url)
        releases = table("release")
        with Session(engine) as session, session.begin():
            session.execute(update(releases).where(releases.c.id == release).values(published_at=moment))
        engine.dispose()


@pytest.fixture(scope="module")
async def first_client(database_url: str) -> AsyncIterator[AsyncClient]:
    """Speak to the application."""
    migrate(database_url)
    async with serving(database_url) as client:
        yield client


@pytest.fixture(scope="module")
async def strict_client(first_client: AsyncClient, database_url: str) -> AsyncIterator[AsyncClient]:
    """Speak to one that wants every release approved."""
    assert first_client is not None
    async with serving(database_url, second_approver=True, read_model=False) as client:
        yield client


@pytest.fixture
def council(
    first_client: AsyncClient,
    database_url: str,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Council:
    """A council that no other test knows, which has released a report."""
    name = request.node.originalname.removeprefix("test_").replace("_", "-")
    itself = {"id": name, "name": name, "area_code": "E09000001"}
    back = {**EXAMPLE["indicators"], "key": "7001", "code": "7001", "service": "back-office"}
    more = {"services": [{**EXAMPLE["services"], "name": "Back Office"}], "indicators": [back]}
    load(database_url, write_report(tmp_path_factory.mktemp("council") / "report", more, organisation=itself))
    keys = [key_for(database_url, *grants) for grants in _grants(name)]
    return Council(name, database_url, first_client, *(Officer(first_client, key) for key in keys))


def _grants(name: str) -> Iterator[tuple[str, ...]]:
    yield (f"editor:{name}",)
    yield (f"publisher:{name}",)
    yield (f"publisher:{name}",)


async def test_what_stands_is_public_once_it_is_released(council: Council) -> None:
    await council.note("3002", "Falling", position=2)
    before = await council.notes()

    made = await council.publish(period=PERIOD, as_of="2011-09-30")

    assert before == ["Rising"]
    assert await council.notes() == ["Rising", "Falling"]
    listed = (await council.public.get(f"/v1/releases/{made['id']}")).json()
    assert {name: listed[name] for name in made} == made
    assert (await council.public.get(made["findings"])).status_code == 200


async def test_nothing_is_released_twice(council: Council) -> None:
    nothing = await council.publisher.release(council.id)
    await council.note("3002", "Falling", position=2)

    first, again = [await council.publisher.release(council.id, key="once") for _ in range(2)]

    refused(nothing, 409, "conflict")
    assert (first.status_code, again.content) == (201, first.content)
    refused(await council.publisher.release(council.id), 409, "conflict")


async def test_who_publishes_does_not_edit_and_who_edits_does_not_publish(council: Council) -> None:
    await council.note("3002", "Falling", position=2)

    refused(await council.editor.release(council.id), 403, "forbidden")
    nobody = await council.public.post("/v1/releases", json={"organisation": council.id, "note": WHY})
    refused(nobody, 401, "unauthenticated")
    assert await council.notes() == ["Rising"]


async def test_a_part_is_released_with_what_it_names_and_the_rest_stays_in_draft(council: Council) -> None:
    first = await council.last_released()
    observation = {"organisation": council.id, "period": PERIOD, "value": "3", "state": "reported"}
    new = {**EXAMPLE["indicators"], "organisation": council.id, "key": "7002", "service": "back-office"}
    for path, body in (
        ("indicators", {**new, "decimals": 1, "calculation": "given"}),
        ("observations", {**observation, "indicator": "7002", "service": "back-office"}),
    ):
        stated = await council.editor.create(f"/v1/{path}", body)
        assert stated.status_code == 201, stated.text
    await council.note("3002", "Falling", position=2)
    await council.note("7002", "New", position=1)
    drafts = await council.drafts()

    made = await council.publish(service="back-office", period=PERIOD)

    assert (made["service"], made["period"]) == ("back-office", PERIOD)
    measures = await council.public.get("/v1/observations", params={"organisation": council.id})
    assert [row["indicator_key"] for row in measures.json()["items"]] == ["3002", "7002"]
    assert await council.notes() == ["Rising", "New"]
    assert await council.notes(as_of=first) == ["Rising"]
    assert await council.drafts() == drafts == ["Rising", "Falling", "New"]
    refused(
        await council.publisher.release(council.id, service="back-office", period=PERIOD), 409, "conflict"
    )
    await council.publish()
    assert await council.notes() == drafts
    assert await council.notes(as_of=made["published_at"]) == ["Rising", "New"]


async def test_a_part_is_of_a_period_and_of_a_service_that_is_there(council: Council) -> None:
    await council.note("3002", "Falling", position=2)

    [lacking] = refused(
        await council.publisher.release(council.id, service="back-office"), 422, "invalid-body"
    )
    unknown = await council.publisher.release(council.id, service="x", period=PERIOD)

    assert lacking["pointer"] == "/period"
    assert refused(unknown, 422, "invalid-body")[0]["pointer"] == "/service"
    refused(
        await council.publisher.release(council.id, service="back-office", period=PERIOD), 409, "conflict"
    )


async def test_who_publishes_one_service_publishes_no_more(council: Council) -> None:
    officer = Officer(council.public, key_for(council.url, f"publisher:{council.id}/front-office"))
    await council.note("3002", "Falling", position=2)

    refused(await officer.release(council.id), 403, "forbidden")
    refused(await officer.release(council.id, service="back-office", period=PERIOD), 403, "forbidden")
    made = await officer.release(council.id, service="front-office", period=PERIOD)

    assert made.status_code == 201, made.text
    assert await council.notes() == ["Rising", "Falling"]


async def test_a_policy_of_small_counts_waits_for_a_release_of_the_whole_council(council: Council) -> None:
    path, about = "/v1/disclosure-policies", {"organisation": council.id, "counts": "equalities"}
    made = await council.editor.create(path, {**about, "threshold": 6, "rounding": 1})
    await council.note("3002", "Falling", position=2)

    await council.publish(service="front-office", period=PERIOD)
    before = await council.public.get(path, params=about)
    await council.publish()
    after = await council.public.get(path, params=about)

    assert made.status_code == 201, made.text
    assert before.json()["items"] == []
    assert [row["threshold"] for row in after.json()["items"]] == [6]


async def test_a_release_to_come_is_seen_when_its_moment_comes(council: Council) -> None:
    await council.note("3002", "Falling", position=2)
    before = [await council.public.get(path) for path in ("/v1/notes", "/v1/releases")]
    tomorrow = datetime.now(UTC) + DAY

    made = await council.publish(publish_at=tomorrow.isoformat())

    after = [await council.public.get(path) for path in ("/v1/notes", "/v1/releases")]
    assert [(each.content, each.headers) for each in after] == [
        (each.content, each.headers) for each in before
    ]
    assert (await council.public.get(f"/v1/releases/{made['id']}")).status_code == 404
    assert (await council.publisher.read(f"/v1/releases/{made['id']}")).json()["id"] == made["id"]
    await council.note("3002", "Even more", position=3)
    refused(await council.publisher.release(council.id), 409, "conflict")
    council.move(made["id"], datetime.now(UTC))
    assert await council.notes() == ["Rising", "Falling"]
    assert await council.drafts() == ["Rising", "Falling", "Even more"]


async def test_a_moment_that_has_passed_is_none_to_publish_at(council: Council) -> None:
    await council.note("3002", "Falling", position=2)
    yesterday = (datetime.now(UTC) - DAY).isoformat()

    [fault] = refused(await council.publisher.release(council.id, publish_at=yesterday), 422, "invalid-body")

    assert fault["pointer"] == "/publish_at"


async def test_a_release_to_come_is_taken_back_and_one_that_is_out_is_not(council: Council) -> None:
    await council.note("3002", "Falling", position=2)
    made = await council.publish(publish_at=(datetime.now(UTC) + DAY).isoformat())
    href, why = f"/v1/releases/{made['id']}", {"reason": "Too early"}

    refused(await council.editor.ask("DELETE", href, why), 403, "forbidden")
    withdrawn = await council.publisher.ask("DELETE", href, why)
    gone = await council.publisher.ask("DELETE", href, why)
    out = await council.publish()

    assert (withdrawn.status_code, withdrawn.content) == (204, b"")
    refused(gone, 404, "not-found")
    assert await council.notes() == ["Rising", "Falling"]
    refused(await council.publisher.ask("DELETE", f"/v1/releases/{out['id']}", why), 409, "conflict")


async def test_a_correction_says_what_it_puts_right_and_what_was_public_stays(council: Council) -> None:
    made = (await council.note("3002", "Falling", position=2)).json()
    wrong = await council.publish()
    patched = await council.editor.change("PATCH", made["href"], made["etag"], {"text": "Level"})
    assert patched.status_code == 200

    right = await council.publish(corrects=wrong["id"])

    assert right["corrects"] == wrong["id"]
    assert await council.notes() == ["Rising", "Level"]
    assert await council.notes(as_of=wrong["published_at"]) == ["Rising", "Falling"]


async def test_only_what_is_public_of_the_same_council_is_corrected(council: Council, tmp_path: Path) -> None:
    another = {"id": "corrected-elsewhere", "name": "Elsewhere"}
    load(council.url, write_report(tmp_path / "report", organisation=another))
    [release] = (await council.public.get("/v1/releases?organisation=corrected-elsewhere")).json()["items"]
    await council.note("3002", "Falling", position=2)
    to_come = await council.publish(publish_at=(datetime.now(UTC) + DAY).isoformat())
    wish = {"organisation": council.id, "note": WHY}

    for number in (to_come["id"], release["id"], 999_999):
        asked = {**wish, "corrects": number}
        for answer in (
            await council.publisher.release(council.id, corrects=number),
            await council.publisher.ask("POST", "/v1/proposals", json=asked),
        ):
            [fault] = refused(answer, 422, "invalid-body")
            assert (fault["pointer"], fault["code"]) == ("/corrects", "unknown_value")


@pytest.mark.parametrize("number", [2**31 - 1, 2**31, 2**63 - 1, 2**63])
async def test_what_no_release_is_called_is_not_found(council: Council, number: int) -> None:
    why = {"reason": WHY}

    for answer in (
        await council.publisher.ask("DELETE", f"/v1/proposals/{number}", why),
        await council.publisher.ask("POST", f"/v1/proposals/{number}/approval"),
        await council.publisher.ask("DELETE", f"/v1/releases/{number}", why),
    ):
        refused(answer, 404, "not-found")


async def test_findings_of_a_draft_are_there_before_it_is_released(council: Council) -> None:
    asked = {"organisation": council.id, "check": "published_figure"}
    before = (await council.editor.read("/v1/findings", **asked)).json()["items"]
    printed = {"kind": "observation", "subject": "3002", "service": "front-office", "period": PERIOD}
    body = {**printed, "organisation": council.id, "field": "outturn", "printed": "1%", "place": "annex"}
    made = await council.editor.create("/v1/published-figures", body)
    assert made.status_code == 201, made.text

    drafted = (await council.editor.read("/v1/findings", **asked)).json()["items"]
    public = (await council.public.get("/v1/findings", params=asked)).json()["items"]
    released = await council.publish()

    [new] = [row for row in drafted if row["id"] not in {each["id"] for each in before}]
    assert (new["release"], new["published"], new["place"]) == (None, "1%", "annex")
    assert new["id"] not in {row["id"] for row in public}
    after = (await council.public.get("/v1/findings", params=asked)).json()["items"]
    assert {**new, "release": released["id"]} in after


async def test_where_two_must_agree_nobody_publishes_alone(
    council: Council, strict_client: AsyncClient
) -> None:
    await council.note("3002", "Falling", position=2)
    first, second = (Officer(strict_client, who.shown) for who in (council.publisher, council.second))
    wish = {"organisation": council.id, "note": WHY}

    refused(await first.release(council.id), 403, "forbidden")
    proposed = await first.ask("POST", "/v1/proposals", json=wish)
    assert proposed.status_code == 201, proposed.text
    href = proposed.headers["location"]
    await council.note("3002", "Later", position=3)
    refused(await first.ask("POST", f"{href}/approval"), 403, "forbidden")
    refused(
        await Officer(strict_client, council.editor.shown).ask("POST", f"{href}/approval"), 404, "not-found"
    )
    approved = await second.ask("POST", f"{href}/approval")

    assert approved.status_code == 201, approved.text
    assert await council.notes() == ["Rising", "Falling"]
    refused(await second.ask("POST", f"{href}/approval"), 409, "conflict")
    told = (await second.ask("GET", href)).json()
    assert (told["release"], told["made_by"], told["ended_by"]) == (
        approved.json()["id"],
        first.name,
        second.name,
    )


async def test_what_was_proposed_takes_back_nothing_that_is_public_since(council: Council) -> None:
    await council.note("3002", "Falling", position=2)
    wish = {"organisation": council.id, "note": WHY}
    proposed = await council.publisher.ask("POST", "/v1/proposals", json=wish)
    href = proposed.headers["location"]
    await council.note("7001", "Level", position=1)
    await council.publish(service="front-office", period=PERIOD)
    before = await council.notes()

    refused(await council.second.ask("POST", f"{href}/approval"), 409, "conflict")
    withdrawn = await council.second.ask("DELETE", href, {"reason": "Overtaken"})

    assert withdrawn.status_code == 204
    assert await council.notes() == before == ["Rising", "Falling"]


async def test_what_was_public_at_a_moment_is_read_in_every_way(council: Council) -> None:
    first = await council.last_released()
    found = (await council.editor.read("/v1/observations", organisation=council.id)).json()["items"][0]
    href = f"/v1/observations/{found['id']}"
    tag = (await council.editor.read(href)).headers["etag"]
    assert (await council.editor.change("PATCH", href, tag, {"numerator": "285806"})).status_code == 200
    await council.publish()

    where = {"organisation": council.id}
    for path, query in (
        ("/v1/observations", where),
        ("/v1/findings", where),
        (href, {}),
        (f"/v1/scorecards/{council.id}/front-office/{PERIOD}", {}),
    ):
        now = await council.public.get(path, params=query)
        then = await council.public.get(path, params={**query, "as_of": first})
        assert (now.status_code, then.status_code) == (200, 200), then.text
        assert now.json() != then.json()
    assert (await council.public.get(href, params={"as_of": first})).json()["numerator"] == "159488.00"
    refused_of_then = await council.public.get(href, params={"as_of": "1999-01-01"})
    assert refused_of_then.status_code == 404


async def test_the_audit_tells_who_did_what_when_and_why(council: Council) -> None:
    began = datetime.now(UTC)
    made = (await council.note("3002", "Falling", position=2)).json()
    changed = await council.editor.change("PATCH", made["href"], made["etag"], {"text": "Level"})
    await council.editor.change("DELETE", made["href"], changed.headers["etag"])
    await council.note("3002", "Falling", position=3)
    release = await council.publish()

    engine = writing_engine(council.url)
    entries, changes = table("audit_entry"), table("audit_change")
    with Session(engine) as session:
        theirs = select(entries).where(entries.c.chain == council.id).order_by(entries.c.number)
        rows = session.execute(theirs).mappings().all()[-5:]
        told = [
            session.execute(select(changes).where(changes.c.entry_id == row["id"])).mappings().all()
            for row in rows
        ]
        assert all(isinstance(chain, Chain) for chain in verify(session.connection()))
    engine.dispose()

    assert [row["act"] for row in rows] == ["change"] * 4 + ["release"]
    assert [row["actor"] for row in rows] == [council.editor.name] * 4 + [council.publisher.name]
    assert {row["reason"] for row in rows} == {WHY}
    assert all(began <= row["made_at"].replace(tzinfo=UTC) <= datetime.now(UTC) for row in rows)
    assert rows[-1]["release_id"] == release["id"]
    texts = [[(each["before"], each["after"]) for each in part] for part in told]
    assert texts[1] == [('{"text":"Falling"}', '{"text":"Level"}')]
    assert (texts[0][0][0], texts[2][0][1], texts[4]) == (None, None, [])
    assert {each["subject_id"] for part in told[:3] for each in part} == {made["id"]}
