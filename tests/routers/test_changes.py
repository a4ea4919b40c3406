"""What changed between releases, through HTTP: for the public, and for who reads drafts."""

import base64
import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
from httpx import AsyncClient

from tests.imports.examples import WHERE
from tests.routers.changing import OTHER, OWNER, Made, publish_history
from tests.routers.problem_documents import check_problem
from tests.routers.serving import serving

Json = dict[str, Any]


@pytest.fixture(scope="module")
def made(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Two councils with releases and drafts."""
    return publish_history(database_url, tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="module")
async def client(made: Made) -> AsyncIterator[AsyncClient]:
    """Speak to the application; its database holds the releases."""
    async with serving(made.url) as client:
        yield client


async def read(
    client: AsyncClient, path: str = "/v1/changes", key: str | None = None, **asked: object
) -> list[Json]:
    """The items of an answer; nothing is left for another page."""
    query = {name.rstrip("_"): str(value) for name, value in asked.items()}
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    answer = await client.get(path, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["next_cursor"] is None
    items: list[Json] = page["items"]
    return items


def told(row: Json) -> tuple[Any, ...]:
    """What of a cell differs from case to case."""
    return tuple(row[name] for name in ("kind", "key", "field", "old", "new", "release", "reason"))


OBSERVED = f"3002/front-office/{WHERE['period']}"


async def test_a_correction_says_what_it_put_right_and_why(client: AsyncClient, made: Made) -> None:
    first, second, _ = made.releases

    [row] = await read(client, from_=first, to=second)

    assert told(row) == ("observation", OBSERVED, "numerator", "70.00", "80.00", second, "Recounted")
    assert (row["change"], row["title"], row["service"]) == ("changed", "% of calls answered", "front-office")
    assert (row["period"], row["indicator_key"]) == (WHERE["period"], "3002")


async def test_a_release_of_a_part_changes_nothing_else(client: AsyncClient, made: Made) -> None:
    rows = await read(client, organisation=OWNER)

    assert [told(row)[1:] for row in rows] == [
        (f"B1/back-office/{WHERE['period']}", "numerator", "60.00", "40.00", made.releases[2], "Letters only")
    ]


async def test_each_cell_names_the_release_that_brought_it(client: AsyncClient, made: Made) -> None:
    rows = await read(client, from_=made.releases[0])

    assert [(row["service"], row["release"]) for row in rows] == [
        ("front-office", made.releases[1]),
        ("back-office", made.releases[2]),
    ]


async def test_what_reads_as_it_was_says_what_the_cells_say(client: AsyncClient) -> None:
    released = await read(client, "/v1/releases", organisation=OWNER)
    moments = [row["published_at"] for row in sorted(released, key=lambda row: row["id"])]

    for row in await read(client, from_=moments[0], to=moments[2], organisation=OWNER):
        before, after = [
            (await client.get(row["href"], params={"as_of": moment})).json()[row["field"]]
            for moment in (moments[0], moments[2])
        ]
        assert (before, after) == (row["old"], row["new"])


async def test_drafts_are_what_would_change_if_they_were_released(client: AsyncClient, made: Made) -> None:
    rows = await read(client, key=made.keys["reader"], view="draft")

    assert [told(row)[:5] for row in rows] == [
        ("indicator", "3002", "title", "% of calls answered", "Calls"),
        ("observation", OBSERVED, "numerator", "80.00", "70.00"),
    ]
    assert {(row["release"], row["published_at"]) for row in rows} == {(None, None)}
    read_back = await client.get(rows[1]["href"], headers={"Authorization": f"Bearer {made.keys['reader']}"})
    assert read_back.json()["numerator"] == "70.00"


async def test_drafts_since_a_release_tell_what_was_released_meanwhile(
    client: AsyncClient, made: Made
) -> None:
    rows = await read(client, key=made.keys["reader"], view="draft", from_=made.releases[0])

    assert [(row["field"], row["release"]) for row in rows] == [
        ("title", None),
        ("numerator", made.releases[2]),
    ]


async def test_drafts_of_other_services_are_not_told(client: AsyncClient, made: Made) -> None:
    assert await read(client, key=made.keys["back"], view="draft") == []

    since = await read(client, key=made.keys["back"], view="draft", from_=made.releases[0])
    assert [row["service"] for row in since] == ["back-office"]
    statuses = await read(
        client, "/v1/changes/statuses", made.keys["back"], view="draft", from_=made.releases[0]
    )
    assert [row["service"] for row in statuses] == ["back-office"]


@pytest.mark.parametrize("path", ["/v1/changes", "/v1/changes/statuses", "/v1/changes.csv"])
async def test_the_public_is_told_no_draft_and_no_inner_reason(client: AsyncClient, path: str) -> None:
    for query in ({}, {"from": "1"}, {"organisation": OWNER, "from": "2011-01-01"}):
        answer = await client.get(
            path, params={"limit": "1000", **query} if path != "/v1/changes.csv" else query
        )

        assert answer.status_code == 200
        for word in ("drafted so", "not told", "Calls", "Still in draft"):
            assert word not in answer.text


async def test_drafts_take_a_credential(client: AsyncClient, made: Made) -> None:
    check_problem(await client.get("/v1/changes", params={"view": "draft"}), 401, "unauthenticated")
    headers = {"Authorization": f"Bearer {made.keys['reader']}"}
    answer = await client.get("/v1/changes", params={"view": "draft", "to": "1"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-parameter")


async def test_statuses_that_turned_are_told_with_why(client: AsyncClient, made: Made) -> None:
    first, second, third = made.releases
    path = "/v1/changes/statuses"

    [recovered] = await read(client, path, from_=first, to=second)
    [missed] = await read(client, path, from_=second, to=third)

    assert recovered["transition"] == "recovered"
    assert [recovered[end]["status_label"] for end in ("before", "after")] == ["Red", "Green"]
    assert (missed["transition"], missed["indicator_key"]) == ("became_missed", "B1")
    assert missed["after"]["scheme"] == "anyshire-plan"
    for row in (recovered, missed):
        for end in ("before", "after"):
            explained = (await client.get(row[end]["explain"])).json()
            assert row[end]["status_label"] in explained["sentence"]
    since = await read(client, path, from_=first)
    assert [(row["id"], row["transition"]) for row in since] == [
        (recovered["id"], "recovered"),
        (missed["id"], "became_missed"),
    ]
    assert await read(client, path, from_=first, transition="recovered") == since[:1]
    assert await read(client, path, from_=first, transition="other") == []


@pytest.mark.parametrize("asked", [{}, {"transition": "recovered"}, {"view": "draft"}], ids=str)
async def test_statuses_that_changed_are_the_same_as_csv(
    client: AsyncClient, made: Made, asked: dict[str, str]
) -> None:
    headers = {"Authorization": f"Bearer {made.keys['admin']}"}
    if "view" not in asked:
        asked = {**asked, "from": str(made.releases[0])}
    listed = (await client.get("/v1/changes/statuses", params=asked, headers=headers)).json()["items"]

    answer = await client.get("/v1/changes/statuses.csv", params=asked, headers=headers)

    ends = ("before", "after")
    flat = [
        {name: cell for name, cell in row.items() if name not in ends}
        | {f"{end}_{name}": cell for end in ends for name, cell in row[end].items()}
        for row in listed
    ]
    rows = [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in flat]
    assert list(csv.DictReader(io.StringIO(answer.text, newline=""))) == rows
    assert rows


async def test_drafts_turn_statuses_too(client: AsyncClient, made: Made) -> None:
    [row] = await read(client, "/v1/changes/statuses", made.keys["reader"], view="draft")

    assert (row["transition"], row["after"]["explain"].partition("?")[2]) == ("became_missed", "view=draft")


async def test_every_status_that_turned_is_told(client: AsyncClient, made: Made) -> None:
    """A target and a scheme are drafted for the other council, of which neither is an observation."""
    asked = {"organisation": OTHER, "view": "draft"}
    headers = {"Authorization": f"Bearer {made.keys['admin']}"}
    now = await client.get("/v1/observations", params=asked, headers=headers)
    before = await read(client, "/v1/observations", organisation=OTHER)

    answer = await client.get("/v1/changes/statuses", params=asked, headers=headers)

    was = {row["id"]: row["status"] for row in before}
    turned = {row["id"]: (was[row["id"]], row["status"]) for row in now.json()["items"]}
    assert {
        row["id"]: (row["before"]["status"], row["after"]["status"]) for row in answer.json()["items"]
    } == {number: pair for number, pair in turned.items() if pair[0] != pair[1]}
    assert sorted(row["transition"] for row in answer.json()["items"]) == ["became_missed", "other"]


async def test_pages_put_together_are_all_cells(client: AsyncClient) -> None:
    query = {"from": "2011-01-01", "include_total": "true"}
    whole = (await client.get("/v1/changes", params={**query, "limit": "1000"})).json()
    rows: list[Json] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await client.get("/v1/changes", params={**query, "limit": "120", **cursor})
        page = answer.json()
        rows += page["items"]
        if page["next_cursor"] is None:
            break
        assert len(page["items"]) == 120
        assert page["next_cursor"] in answer.headers["link"]
        cursor = {"cursor": page["next_cursor"]}

    assert rows == whole["items"]
    assert whole["total"] == len(rows) > 200
    text = (await client.get("/v1/changes.csv", params={"from": "2011-01-01"})).text
    assert text.count("\r\n") == len(rows) + 1


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({"kind": "target"}, {("target", "anyshire"), ("target", "othershire")}),
        (
            {"organisation": OWNER, "indicator_key": "B1"},
            {(k, OWNER) for k in ("indicator", "target", "observation")},
        ),
        ({"organisation": OTHER, "kind": "note"}, {("note", OTHER)}),
    ],
)
async def test_filters_leave_what_they_name(
    client: AsyncClient, query: Json, kept: set[tuple[str, str]]
) -> None:
    every = await read(client, limit=1000, from_="2011-01-01")

    rows = await read(client, limit=1000, from_="2011-01-01", **query)

    assert {(row["kind"], row["organisation"]) for row in rows} == kept
    assert rows == [row for row in every if all(row[name] == value for name, value in query.items())]


async def test_a_service_has_what_belongs_to_it(client: AsyncClient) -> None:
    every = await read(client, limit=1000, from_="2011-01-01", organisation=OWNER)

    rows = await read(client, limit=1000, from_="2011-01-01", organisation=OWNER, service="front-office")

    assert rows == [row for row in every if row["service"] == "front-office"]
    assert {"service", "note", "published_figure", "risk_control", "risk_assessment"} <= {
        row["kind"] for row in rows
    }
    periods = await read(client, limit=1000, from_="2011-01-01", organisation=OWNER, period=WHERE["period"])
    assert periods == [row for row in every if row["period"] == WHERE["period"]]


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ({"from": "999"}, "from", "unknown_value"),
        ({"from": "yesterday"}, "from", "not_an_instant"),
        ({"to": "2999-01-01"}, "to", "in_the_future"),
        ({"from": "2026-11-20", "to": "2026-11-19"}, "from", "out_of_order"),
        ({"from": "1", "to": "2"}, "to", "cannot_combine"),
        ({"from": "3", "to": "2"}, "from", "out_of_order"),
        ({"from": "2", "organisation": OTHER}, "from", "unknown_value"),
        ({"service": "nowhere"}, "service", "unknown_value"),
        ({"indicator_key": "none"}, "indicator_key", "unknown_value"),
        ({"organisation": "nowhere"}, "organisation", "unknown_value"),
        ({"cursor": "x"}, "cursor", "invalid_cursor"),
        ({"kind": "nothing"}, "kind", "unknown_value"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    client: AsyncClient, query: dict[str, str], parameter: str, code: str
) -> None:
    slug = "invalid-cursor" if parameter == "cursor" else "invalid-parameter"

    problem = check_problem(await client.get("/v1/changes", params=query), 400, slug)

    assert [(each["parameter"], each["code"]) for each in problem["errors"]] == [(parameter, code)]


async def test_a_measure_that_came_later_is_no_mistake(client: AsyncClient) -> None:
    asked = {"from": "2011-01-01", "to": "2011-01-02", "indicator_key": "3002", "service": "front-office"}

    for path in ("/v1/changes", "/v1/changes/statuses"):
        assert (await client.get(path, params=asked)).json()["items"] == []


async def test_a_cursor_is_of_its_question(client: AsyncClient) -> None:
    query = {"from": "2011-01-01", "limit": "5"}
    cursor = (await client.get("/v1/changes", params=query)).json()["next_cursor"]

    for path, other in (("/v1/changes", {"kind": "note"}), ("/v1/changes/statuses", {})):
        answer = await client.get(path, params={**query, **other, "cursor": cursor})
        check_problem(answer, 400, "invalid-cursor")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/v1/changes", ["anyshire", "nothing", 1, "title"]),
        ("/v1/changes", ["anyshire", "note", 1, "title"]),
        ("/v1/changes", ["anyshire", "note", True, "text"]),
        ("/v1/changes", ["anyshire", "note", 2**31, "text"]),
        ("/v1/changes", ["anyshire", "note", 1]),
        ("/v1/changes/statuses", ["anyshire", 1, 2**63]),
        ("/v1/changes/statuses", ["anyshire", "1", 1]),
        ("/v1/changes/statuses", []),
    ],
)
async def test_a_cursor_that_was_not_given_out_is_refused(
    client: AsyncClient, path: str, place: list[object]
) -> None:
    query = {"from": "1" if path == "/v1/changes" else "2"}
    mark, moment, *_ = orjson.loads(await given_out(client, path, query))
    parts = orjson.dumps([mark, moment, *place])

    cursor = base64.urlsafe_b64encode(parts).decode().rstrip("=")

    check_problem(await client.get(path, params={**query, "cursor": cursor}), 400, "invalid-cursor")


async def given_out(client: AsyncClient, path: str, query: dict[str, str]) -> bytes:
    """What a cursor of a list says; of one that fits a page, nothing in particular."""
    answer = await client.get(path, params={**query, "limit": "1"})
    cursor: str = answer.json()["next_cursor"] or base64.urlsafe_b64encode(b'["",null]').decode()
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
