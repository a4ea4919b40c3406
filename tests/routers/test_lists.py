"""Every list keeps to what the OpenAPI document says of it, in a small constant number of statements."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from httpx import AsyncClient
from jsonschema import Draft202012Validator
from sqlalchemy import Engine, event

from app.db.snapshots import LONG
from tests.queries.lists import DOCUMENT, LISTS, SCHEMAS, ListRoute, every_list, page_of, rows_of
from tests.routers.serving import serving

DEFAULT_LIMIT = 100
STATEMENTS = dict.fromkeys(LISTS, 2) | {
    "/v1/risks": 3,  # ... and the controls
    "/v1/risks/heat-map": 3,  # ... and the totals
    "/v1/schemes": 4,  # ... and the clauses, and the words for directions
    "/v1/findings": 1,  # ... they were worked out before
}
"""One to see which releases are in force, one for the page."""
WITHOUT_COUNTING = {"/v1/findings"}
"""Lists whose total takes no statement."""

with_one = pytest.mark.parametrize(
    "route",
    [pytest.param(route, id=path) for path, route in LISTS.items() if f"{path}/{{id}}" in DOCUMENT["paths"]],
)


@pytest.fixture(scope="module")
async def uncached(client: AsyncClient, database_url: str) -> AsyncIterator[AsyncClient]:
    """Speak to the application while it keeps no answers."""
    assert not client.is_closed
    async with serving(database_url, cache_megabytes=0) as uncached:
        yield uncached


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never put a question again in a thread."""
    monkeypatch.setattr("app.db.snapshots.SHORT", LONG)


@contextmanager
def statements_counted() -> Iterator[list[str]]:
    """The statements that are run inside the block, but for the one that begins a transaction.

    The look for files that wait to be taken in comes whenever it is its time, and is of no request.
    """
    seen: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:  # noqa: ANN401 - whatever SQLAlchemy passes
        if statement != "BEGIN" and "FROM import_job" not in statement:
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def follows(schema: str) -> Draft202012Validator:
    """What validates against a schema of the document, dates and decimals included."""
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{schema}", "components": DOCUMENT["components"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def test_every_list_of_the_plan_is_there() -> None:
    named = {path.removeprefix("/v1/") for path in LISTS}

    assert named == {
        "organisations",
        "services",
        "periods",
        "schemes",
        "indicators",
        "observations",
        "budget-variances",
        "budget-variances/totals",
        "risks",
        "risks/heat-map",
        "workforce-metrics",
        "workforce-establishment",
        "workforce-profiles",
        "actions",
        "scorecards",
        "findings",
        "comparators",
        "equalities",
        "initiatives",
        "projects",
        "targets",
        "interventions",
        "risk-controls",
        "risk-matrices",
        "disclosure-policies",
        "heat-map-cells",
        "notes",
        "published-figures",
        "scheme-clauses",
        "direction-labels",
        "releases",
        "digests",
    }


@every_list
def test_an_item_has_no_other_columns_than_those_documented(route: ListRoute) -> None:
    for name in (route.page, route.item):
        assert SCHEMAS[name]["additionalProperties"] is False
        assert set(SCHEMAS[name]["required"]) == set(SCHEMAS[name]["properties"])


@every_list
async def test_every_row_is_as_documented(client: AsyncClient, route: ListRoute) -> None:
    page = await page_of(client, route.path, [("limit", "1000"), ("include_total", "true")])

    assert page["items"]
    follows(route.page).validate(page)


@every_list
async def test_a_page_has_a_hundred_rows_unless_asked(client: AsyncClient, route: ListRoute) -> None:
    rows = await rows_of(client, route.path)

    page = await page_of(client, route.path)

    assert page["items"] == rows[:DEFAULT_LIMIT]
    assert (page["next_cursor"] is None) == (len(rows) <= DEFAULT_LIMIT)
    assert page["total"] is None


@every_list
async def test_a_page_may_have_one_row(client: AsyncClient, route: ListRoute) -> None:
    rows = await rows_of(client, route.path)

    page = await page_of(client, route.path, [("limit", "1")])

    assert page["items"] == rows[:1]
    assert (page["next_cursor"] is None) == (len(rows) == 1)


@every_list
async def test_a_page_that_holds_all_rows_is_the_last(client: AsyncClient, route: ListRoute) -> None:
    rows = await rows_of(client, route.path)

    page = await page_of(client, route.path, [("limit", str(len(rows)))])

    assert page["items"] == rows
    assert page["next_cursor"] is None


@every_list
async def test_the_total_counts_all_rows_whatever_the_page(client: AsyncClient, route: ListRoute) -> None:
    rows = await rows_of(client, route.path)

    page = await page_of(client, route.path, [("limit", "1"), ("include_total", "true")])
    uncounted = await page_of(client, route.path, [("limit", "1"), ("include_total", "false")])

    assert page["total"] == len(rows)
    assert uncounted["total"] is None


@every_list
async def test_the_link_leads_to_the_next_page(client: AsyncClient, route: ListRoute) -> None:
    rows = await rows_of(client, route.path, [("sort", "-id")])

    first = await client.get(route.path, params={"limit": "1", "sort": "-id", "include_total": "true"})
    second = await client.get(first.links["next"]["url"]) if "next" in first.links else None

    assert ("next" in first.links) == (len(rows) > 1)
    if second is not None:
        assert second.json()["items"] == rows[1:2]
        assert second.json()["total"] == len(rows)
        assert first.headers["link"].startswith(f"<{route.path}?limit=1&sort=-id&include_total=true&cursor=")


@every_list
async def test_the_last_page_has_no_link(client: AsyncClient, route: ListRoute) -> None:
    answer = await client.get(route.path, params={"limit": "1000"})

    assert "link" not in answer.headers


@every_list
async def test_ids_are_unique_and_in_order(client: AsyncClient, route: ListRoute) -> None:
    ids = [row["id"] for row in await rows_of(client, route.path)]

    assert ids == sorted(set(ids))


@with_one
async def test_a_row_by_its_id_is_the_row_of_the_list(client: AsyncClient, route: ListRoute) -> None:
    rows = await rows_of(client, route.path)

    for row in rows[:: 1 + len(rows) // 10]:
        answer = await client.get(f"{route.path}/{row['id']}")

        assert answer.status_code == 200
        assert answer.json() == row


@every_list
async def test_a_page_takes_as_many_statements_however_long(uncached: AsyncClient, route: ListRoute) -> None:
    counts = {}
    await page_of(uncached, route.path)

    for limit in ("1", "1000"):
        with statements_counted() as statements:
            await page_of(uncached, route.path, [("limit", limit)])
        counts[limit] = len(statements)

    assert counts == {"1": STATEMENTS[route.path], "1000": STATEMENTS[route.path]}


@every_list
async def test_a_total_takes_one_statement_more(uncached: AsyncClient, route: ListRoute) -> None:
    await page_of(uncached, route.path)

    with statements_counted() as statements:
        await page_of(uncached, route.path, [("include_total", "true")])

    assert len(statements) == STATEMENTS[route.path] + (route.path not in WITHOUT_COUNTING)


@every_list
async def test_known_words_are_read_once(uncached: AsyncClient, route: ListRoute) -> None:
    asked = [("organisation", "barnet")] if "organisation" in route.filters else []
    await page_of(uncached, route.path, asked)

    with statements_counted() as statements:
        await page_of(uncached, route.path, asked)

    assert len(statements) == STATEMENTS[route.path]


@with_one
async def test_one_row_takes_as_many_statements_as_a_page(uncached: AsyncClient, route: ListRoute) -> None:
    row_id = (await page_of(uncached, route.path))["items"][0]["id"]

    with statements_counted() as statements:
        await uncached.get(f"{route.path}/{row_id}")

    assert len(statements) == STATEMENTS[route.path]


async def test_a_summary_takes_two_statements(uncached: AsyncClient) -> None:
    await uncached.get("/v1/observations/summary")

    with statements_counted() as statements:
        answer = await uncached.get("/v1/observations/summary", params={"group_by": "organisation,status"})

    assert answer.status_code == 200
    assert len(statements) == 2
