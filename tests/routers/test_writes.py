"""Facts through HTTP: created, replaced, patched and retired, by who may, once, and as drafts only."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.db.connections import writing_engine
from app.schemas.organisations import OrganisationPage
from app.schemas.writes import RESOURCES, Resource
from app.services.drafting import table
from tests.routers.serving import serving
from tests.routers.writers import WHY, Json, Officer, key_for, refused

EXECUTIVE, COMMISSIONING = "chief-executives-service", "commissioning-group"
LATER = {"period": "2012-13-q2"}
NEW: dict[str, Json] = {
    "services": {"name": "Complaints", "parent": None},
    "schemes": {"id": "barnet-trial", "measure_set": "trial", "note": "Tried"},
    "scheme-clauses": {"scheme": "spare", "position": 1, "condition": "otherwise", "points": "-1"},
    "direction-labels": {"scheme": "spare", "label": "Better"},
    "risk-matrices": {"matrix": "trial", "label": "Middling"},
    "disclosure-policies": {"counts": "workforce-metrics", "threshold": 15},
    "risks": {"code": "NEW1", "impact": 2},
    "risk-controls": {"percent_complete": "10"},
    "heat-map-cells": {**LATER, "count": 2},
    "indicators": {"key": "9002", "code": "9002", "title": "% of letters answered"},
    "targets": {**LATER, "value": "70"},
    "observations": {**LATER, "numerator": "100"},
    "comparators": {**LATER, "value": "80"},
    "equalities": {**LATER, "value": "70"},
    "interventions": {**LATER, "reason": "Late"},
    "budget-variances": {**LATER, "forecast": "5000000"},
    "workforce-establishment": {**LATER, "vacant": "20"},
    "workforce-profiles": {"period": "2005-06", "count": "100"},
    "actions": {"key": "FP1922_99", "progress": "80"},
    "initiatives": {**LATER, "status": "Begun"},
    "projects": {**LATER, "status": "Amber"},
    "notes": {**LATER, "text": "Leave reviewed"},
    "published-figures": {"place": "annex", "reason": "As printed"},
}
"""What makes of the example of each resource, which the demo holds, a new fact."""


def example(path: str, **changes: object) -> Json:
    """The example of a resource's body, with some fields changed."""
    configured: Any = RESOURCES[path].model.model_config["json_schema_extra"]
    return {**configured["examples"][0], **changes}


def new(path: str, **changes: object) -> Json:
    """The body of a fact that the demo does not hold."""
    return example(path, **{**NEW[path], **changes})


@pytest.fixture(scope="module")
async def administrator(client: AsyncClient, database_url: str) -> Officer:
    """Whoever may do everything; there is a scheme to be spared."""
    officer = Officer(client, key_for(database_url, "administrator"))
    made = await officer.create("/v1/schemes", example("schemes", id="spare", measure_set="spare"))
    assert made.status_code == 201, made.text
    return officer


@pytest.fixture(scope="module")
def executive(client: AsyncClient, database_url: str) -> Officer:
    """Whoever edits one service of Barnet."""
    return Officer(client, key_for(database_url, f"editor:barnet/{EXECUTIVE}"))


@pytest.fixture(scope="module")
def commissioning(client: AsyncClient, database_url: str) -> Officer:
    """Whoever edits the other."""
    return Officer(client, key_for(database_url, f"editor:barnet/{COMMISSIONING}"))


@pytest.fixture(scope="module")
def bath(client: AsyncClient, database_url: str) -> Officer:
    """Whoever edits another council."""
    return Officer(client, key_for(database_url, "editor:bath-and-north-east-somerset"))


@pytest.fixture(scope="module")
async def note(administrator: Officer) -> Json:
    """A fact to be changed."""
    made = await administrator.create("/v1/notes", new("notes", position=7))
    assert made.status_code == 201, made.text
    found: Json = made.json()
    return found


@contextmanager
def another_writes(url: str) -> Iterator[Connection]:
    """Somebody else changes what is Barnet's, and takes their time."""
    engine = writing_engine(url)
    with engine.connect() as connection, connection.begin():
        organisation = table("organisation")
        query = select(organisation).where(organisation.c.id == "barnet").with_for_update()
        connection.execute(query)
        yield connection
    engine.dispose()


FEW = ("services", "schemes", "risks", "risk-controls", "observations")
"""Those that are written in ways of their own; the others are the same on any database."""


async def test_a_fact_of_every_kind_lives_and_ends(administrator: Officer, database_url: str) -> None:
    for path in RESOURCES if database_url.startswith("sqlite") else FEW:
        answers = await _life(administrator, RESOURCES[path])

        told = [answer.json() for answer in answers]
        assert [each["changed"] for each in told] == [True, False, True, True], path
        assert [answer.headers["etag"] for answer in answers] == [each["etag"] for each in told]
        assert {each["href"] for each in told} == {answers[0].headers["location"]}
        versions = [each["version"] for each in told]
        assert versions == sorted(versions)
        assert len(set(versions)) == 3


async def _life(officer: Officer, resource: Resource) -> list[Response]:
    """What is answered to who creates a fact, states it again, patches and retires it."""
    body, last = new(resource.path), {resource.shown: example(resource.path)[resource.shown]}
    made = await officer.create(f"/v1/{resource.path}", body)
    assert made.status_code == 201, made.text
    href = made.headers["location"]
    read = await officer.read(href)
    assert read.json()["id"] == made.json()["id"]
    replaced = await officer.change("PUT", href, read.headers["etag"], body)
    patched = await officer.change("PATCH", href, replaced.headers["etag"], last)
    retired = await officer.change("DELETE", href, patched.headers["etag"])
    assert (await officer.read(href)).status_code == 404
    return [made, replaced, patched, retired]


async def test_what_the_demo_holds_cannot_be_created_again(administrator: Officer) -> None:
    for path in ("observations", "actions", "risks"):
        [fault] = refused(await administrator.create(f"/v1/{path}", example(path)), 409, "conflict")
        assert fault["code"] == "exists"
        number = int(fault["message"].rpartition(" ")[2])
        assert (await administrator.draft(f"/v1/{path}/{number}"))["id"] == number


async def test_what_is_still_named_does_not_end(administrator: Officer) -> None:
    path = "/v1/indicators"
    found = (await administrator.read("/v1/observations", indicator_key="3002")).json()["items"]
    href = f"{path}/{found[0]['indicator_id']}"
    tag = (await administrator.read(href)).headers["etag"]

    faults = refused(await administrator.change("DELETE", href, tag), 409, "conflict")

    assert {fault["code"] for fault in faults} == {"still_named"}
    assert (await administrator.read(href)).headers["etag"] == tag


async def test_nobody_writes_without_a_credential_that_counts(client: AsyncClient, note: Json) -> None:
    for headers in ({}, {"Authorization": "Bearer outturn_x"}):
        for method, path in (("POST", "/v1/notes"), ("PUT", note["href"]), ("PATCH", note["href"])):
            answer = await client.request(method, path, params={"reason": WHY}, json={}, headers=headers)
            refused(answer, 401, "unauthenticated")
            assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("grant", ["reader:barnet", "publisher:barnet", "editor:barnet/commissioning-group"])
async def test_who_may_see_and_not_edit_is_told_so(
    client: AsyncClient, database_url: str, grant: str
) -> None:
    officer = Officer(client, key_for(database_url, grant))
    found = await client.get("/v1/observations", params={"organisation": "barnet", "service": EXECUTIVE})
    href = f"/v1/observations/{found.json()['items'][0]['id']}"
    version = (await officer.read(href)).headers.get("etag", '"1"')

    refused(await officer.change("PATCH", href, version, {"numerator": "1"}), 403, "forbidden")
    refused(await officer.create("/v1/observations", new("observations")), 403, "forbidden")


async def test_what_is_unknown_retired_or_not_ones_own_is_the_same_nothing(
    administrator: Officer, bath: Officer, commissioning: Officer
) -> None:
    made = [(await administrator.create("/v1/indicators", new("indicators", key=key))).json() for key in "xy"]
    await administrator.change("DELETE", made[1]["href"], made[1]["etag"])
    numbers = [999_999_999, made[1]["id"], made[0]["id"]]

    for officer in (bath, commissioning):
        answers = [
            [
                await officer.read(f"/v1/indicators/{number}"),
                await officer.ask("GET", f"/v1/indicators/{number}"),
                await officer.change("PUT", f"/v1/indicators/{number}", '"1"', new("indicators")),
                await officer.change("PATCH", f"/v1/indicators/{number}", '"1"', {"title": "Taken"}),
                await officer.change("DELETE", f"/v1/indicators/{number}", '"1"'),
                await officer.batch(
                    {"act": "create", "resource": "indicators", "body": new("indicators", key="z")},
                    {"act": "retire", "resource": "indicators", "id": number, "version": 1},
                ),
            ]
            for number in numbers
        ]
        told = [
            [_told(answer, number) for answer in each] for each, number in zip(answers, numbers, strict=True)
        ]
        assert {answer.status_code for each in answers for answer in each} == {404}
        assert told == [told[0]] * len(numbers)


def _told(answer: Response, number: int) -> tuple[str, list[tuple[str, str]]]:
    headers = [pair for pair in answer.headers.multi_items() if pair[0] != "content-length"]
    return answer.text.replace(str(number), "ID"), headers


async def test_a_version_must_be_named_and_be_the_last(administrator: Officer, note: Json) -> None:
    for tag in (None, "*"):
        answer = await administrator.change("PATCH", note["href"], tag, {"text": "Other"})
        refused(answer, 428, "precondition-required")
    for tag in ('"0"', f"W/{note['etag']}", '"x"', note["etag"].strip('"'), f'{note["etag"]}, "0"'):
        answer = await administrator.change("PATCH", note["href"], tag, {"text": "Other"})
        refused(answer, 412, "precondition-failed")
    assert (await administrator.draft(note["href"]))["text"] == new("notes")["text"]


async def test_of_two_who_read_the_same_version_one_writes(administrator: Officer) -> None:
    made = (await administrator.create("/v1/notes", new("notes", position=8))).json()

    answers = await asyncio.gather(
        *(administrator.change("PATCH", made["href"], made["etag"], {"text": text}) for text in "ab")
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_a_request_with_a_key_is_made_once_by_each_caller(
    administrator: Officer, client: AsyncClient, database_url: str
) -> None:
    body, other = new("notes", position=9), Officer(client, key_for(database_url, "administrator"))

    first = await administrator.create("/v1/notes", body, key="once")
    again = await administrator.create("/v1/notes", dict(reversed(body.items())), key="once")
    differs = await administrator.create("/v1/notes", {**body, "text": "Other"}, key="once")
    elsewhere = await administrator.create("/v1/batches", body, key="once")
    others = await other.create("/v1/notes", body, key="once")

    assert first.status_code == 201
    assert (again.status_code, again.content) == (201, first.content)
    assert (again.headers["etag"], again.headers["location"]) == (
        first.headers["etag"],
        first.headers["location"],
    )
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    refused(differs, 422, "invalid-body")
    refused(elsewhere, 422, "invalid-body")
    refused(others, 409, "conflict")


async def test_what_was_refused_may_be_asked_again_with_its_key(administrator: Officer) -> None:
    body = new("notes", position=10, subject="later")
    answer = await administrator.create("/v1/notes", body, key="refused")
    await administrator.create("/v1/indicators", new("indicators", key="later"))

    assert answer.status_code == 422
    assert (await administrator.create("/v1/notes", body, key="refused")).status_code == 201


@pytest.fixture
async def elsewhere(database_url: str) -> AsyncIterator[AsyncClient]:
    """Speak to another process on the same database."""
    async with serving(database_url, read_model=False) as client:
        yield client


async def test_a_request_is_not_made_twice_at_the_same_time(
    administrator: Officer, database_url: str
) -> None:
    body = new("notes", position=11)
    with another_writes(database_url):
        asked = [asyncio.create_task(administrator.create("/v1/notes", body, key="twice")) for _ in range(2)]
        [told], [waiting] = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)

    refused(told.result(), 409, "conflict")
    assert (await waiting).status_code == 201


async def test_nor_is_it_in_another_process(
    administrator: Officer, elsewhere: AsyncClient, database_url: str
) -> None:
    body, other = new("notes", position=12), Officer(elsewhere, administrator.shown)
    with another_writes(database_url):
        asked = [
            asyncio.create_task(who.create("/v1/notes", body, key="2")) for who in (administrator, other)
        ]
        await asyncio.wait(asked, timeout=0.1)
    answers = [await answer for answer in asked]

    assert sorted(answer.status_code for answer in answers) in ([201, 201], [201, 409])
    assert len({answer.content for answer in answers if answer.is_success}) == 1


async def test_a_batch_is_made_whole_and_names_what_it_makes(administrator: Officer) -> None:
    made = await administrator.batch(
        {"act": "create", "resource": "observations", "body": new("observations", indicator="batched")},
        {"act": "create", "resource": "indicators", "body": new("indicators", key="batched")},
        key="batch",
    )

    assert made.status_code == 200, made.text
    rows = made.json()["items"]
    assert [row["href"].split("/")[2] for row in rows] == ["observations", "indicators"]
    assert len({row["version"] for row in rows}) == 1
    for row in rows:
        assert (await administrator.read(row["href"])).headers["etag"].startswith(row["etag"][:-1])


async def test_a_batch_with_something_wrong_changes_nothing_and_tells_where(
    administrator: Officer, note: Json
) -> None:
    before = await administrator.read(note["href"])

    answer = await administrator.batch(
        {
            "act": "patch",
            "resource": "notes",
            "id": note["id"],
            "version": note["version"],
            "body": {"text": "B"},
        },
        {"act": "create", "resource": "targets", "body": new("targets", indicator="nothing")},
        {"act": "create", "resource": "observations", "body": new("observations", numerator="x", more=1)},
    )
    stale = await administrator.batch(
        {"act": "create", "resource": "targets", "body": new("targets")},
        {"act": "patch", "resource": "notes", "id": note["id"], "version": 1, "body": {"text": "B"}},
    )

    pointers = {fault["pointer"] for fault in refused(answer, 422, "invalid-body")}
    assert pointers == {"/operations/2/body/numerator", "/operations/2/body/more"}
    [fault] = refused(stale, 412, "precondition-failed")
    assert fault["pointer"] == "/operations/1/body"
    assert (await administrator.read(note["href"])).headers["etag"] == before.headers["etag"]


async def test_a_batch_is_of_one_council_and_not_too_long(administrator: Officer) -> None:
    several = await administrator.batch(
        {"act": "create", "resource": "targets", "body": new("targets")},
        {"act": "create", "resource": "actions", "body": new("actions")},
    )
    creating = {"act": "create", "resource": "targets", "body": {}}

    assert refused(several, 422, "invalid-body")[0]["code"] == "several"
    refused(await administrator.batch(*[creating] * 1001), 422, "invalid-body")
    refused(await administrator.batch(), 422, "invalid-body")


async def test_what_cannot_be_read_or_means_nothing_is_refused_by_its_place(administrator: Officer) -> None:
    path, why = "/v1/notes", {"reason": WHY}
    json = {"Content-Type": "application/json"}

    malformed = await administrator.ask("POST", path, why, json, content=b'{"a": ')
    typed = await administrator.ask("POST", path, why, {"Content-Type": "text/plain"}, content=b"{}")
    packed = await administrator.ask("POST", path, why, {**json, "Content-Encoding": "gzip"}, content=b"{}")
    large = await administrator.ask("POST", path, why, json, content=b" " * (2**20 + 1))
    silent = await administrator.ask("POST", path, None, None, json=new("notes"))
    blank = await administrator.ask("POST", path, {"reason": " "}, None, json=new("notes"))
    more = await administrator.create(path, new("notes", id=1, position="x"))

    refused(malformed, 400, "malformed-request")
    refused(typed, 415, "unsupported-media-type")
    refused(packed, 415, "unsupported-media-type")
    refused(large, 413, "content-too-large")
    for answer in (silent, blank):
        assert refused(answer, 400, "invalid-parameter")[0]["parameter"] == "reason"
    faults = refused(more, 422, "invalid-body")
    assert {fault["pointer"] for fault in faults} == {"/id", "/position"}
    assert all(fault["message"] for fault in faults)


async def test_what_names_a_fact_does_not_change(administrator: Officer, note: Json) -> None:
    tag = (await administrator.read(note["href"])).headers["etag"]

    answer = await administrator.change("PATCH", note["href"], tag, {"position": 77})

    assert refused(answer, 422, "invalid-body")[0]["code"] == "identity"


async def test_a_policy_is_written_by_who_edits_the_whole_council_and_keeps_something(
    administrator: Officer, executive: Officer, client: AsyncClient, database_url: str
) -> None:
    path, policy = "/v1/disclosure-policies", new("disclosure-policies", organisation="barnet")
    editor = Officer(client, key_for(database_url, "editor:barnet"))
    publisher = Officer(client, key_for(database_url, "publisher:barnet"))

    for other in (executive, publisher):
        refused(await other.create(path, policy), 403, "forbidden")
    made = await editor.create(path, policy)
    low = await editor.change("PATCH", made.json()["href"], made.headers["etag"], {"threshold": 5})
    lowest = await editor.change("PATCH", made.json()["href"], low.headers["etag"], {"rounding": 1})

    assert (made.status_code, low.status_code) == (201, 200), (made.text, low.text)
    [fault] = refused(lowest, 422, "invalid-body")
    assert (fault["pointer"], fault["message"][:10]) == ("/threshold", "is too low")
    assert (await client.get(made.json()["href"])).status_code == 404
    read = await administrator.draft(made.json()["href"])
    assert (read["counts"], read["threshold"], read["rounding"]) == ("workforce-metrics", 5, 5)


async def test_who_edits_elsewhere_sees_no_version_move(administrator: Officer, bath: Officer) -> None:
    found = await administrator.read("/v1/observations", indicator_key="3003", organisation="barnet")
    href = f"/v1/observations/{found.json()['items'][0]['id']}"
    before = [await bath.read(href), await bath.ask("GET", href)]
    tag = (await administrator.read(href)).headers["etag"]

    changed = await administrator.change("PATCH", href, tag, {"footnote": "Recounted"})

    assert changed.json()["changed"]
    after = [await bath.read(href), await bath.ask("GET", href)]
    assert [(each.content, each.headers) for each in after] == [
        (each.content, each.headers) for each in before
    ]


@pytest.fixture(scope="module")
def unreleased(database_url: str, client: AsyncClient) -> str:
    """A council that has not published anything."""
    assert client is not None
    engine = writing_engine(database_url)
    with engine.begin() as connection:
        row = {"id": "secretshire", "name": "Secretshire", "area_code": "E09000077"}
        connection.execute(table("organisation").insert().values(row))
    engine.dispose()
    return row["id"]


async def test_a_council_without_a_release_is_unknown_to_who_is_not_its_own(
    bath: Officer, unreleased: str
) -> None:
    answers = [
        [
            await bath.create("/v1/services", new("services", organisation=name)),
            await bath.hand_in("name,kind\nX,directorate\n", organisation=name, kind="services"),
            await bath.release(name),
            await bath.read("/v1/services", organisation=name),
        ]
        for name in (unreleased, "nowhere-shire")
    ]

    hidden, unknown = ([each.text.replace("nowhere-shire", unreleased) for each in part] for part in answers)
    assert hidden == unknown
    assert [each.status_code for each in answers[0]] == [422, 403, 422, 400]


async def test_a_council_that_is_added_is_there_in_draft_without_a_release(
    administrator: Officer, client: AsyncClient
) -> None:
    body = {"id": "newshire", "name": "Newshire", "area_code": "E09000078"}

    made = await administrator.create("/v1/organisations", body)

    assert made.status_code == 201, made.text
    page = OrganisationPage.model_validate((await administrator.read("/v1/organisations")).json())
    [row] = [each for each in page.items if each.id == "newshire"]
    assert (row.name, row.release, row.release_note, row.as_of) == ("Newshire", None, None, None)
    assert "newshire" not in (await client.get("/v1/organisations")).text
    refused(await administrator.create("/v1/organisations", body), 409, "conflict")
    [fault] = refused(
        await administrator.create("/v1/organisations", {**body, "id": "new/shire"}), 422, "invalid-body"
    )
    assert fault["pointer"] == "/id"


async def test_who_edits_one_service_learns_nothing_of_anothers_drafts(
    executive: Officer, commissioning: Officer
) -> None:
    all_of = {"include_total": "true", "organisation": "barnet"}
    lists = ("services", "indicators", "observations", "risks", "risk-controls", "notes", "initiatives")
    asked: list[tuple[str, dict[str, str]]] = [
        *((f"/v1/{name}", all_of) for name in lists),
        ("/v1/observations/summary", {"organisation": "barnet"}),
        ("/v1/observations", {"indicator_key": "hidden"}),
        ("/v1/observations", {"section": "Hidden section"}),
        (f"/v1/scorecards/barnet/{EXECUTIVE}/2012-13-q2", {}),
        ("/v1/risks/heat-map", {"organisation": "barnet"}),
        ("/v1/budget-variances/totals", {"organisation": "barnet"}),
    ]
    before = [_whole(await commissioning.read(path, **query)) for path, query in asked]

    for made in (
        await executive.create("/v1/indicators", new("indicators", key="hidden", section="Hidden section")),
        await executive.create("/v1/observations", new("observations", indicator="hidden")),
        await executive.create("/v1/risks", new("risks", code="HIDDEN")),
        await executive.create("/v1/risk-controls", new("risk-controls", risk="HIDDEN")),
        await executive.create("/v1/notes", new("notes", subject="hidden")),
        await executive.create("/v1/budget-variances", new("budget-variances", key="hidden")),
        await executive.create("/v1/initiatives", new("initiatives", key="hidden")),
    ):
        assert made.status_code == 201, made.text

    after = [_whole(await commissioning.read(path, **query)) for path, query in asked]
    differing = [ask for ask, one, other in zip(asked, before, after, strict=True) if one != other]
    assert differing == []
    named = [
        await commissioning.create(
            "/v1/observations", new("observations", indicator=key, service=COMMISSIONING)
        )
        for key in ("hidden", "absent")
    ]
    assert [each.status_code for each in named] == [422, 422]
    assert named[0].text.replace("hidden", "absent") == named[1].text
    taken = await commissioning.create("/v1/indicators", new("indicators", key="hidden", service=EXECUTIVE))
    refused(taken, 403, "forbidden")


def _whole(answer: Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    return answer.status_code, answer.content, answer.headers.multi_items()
