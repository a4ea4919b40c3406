"""What a list cannot be asked is refused by name with what it can, and never with a failure."""

from typing import Any
from urllib.parse import quote

import pytest
from httpx import AsyncClient

from tests.queries.lists import LISTS, PAGING, Json, ListRoute, choices, every_list, page_of
from tests.routers.problem_documents import check_problem

LONG = "x" * 10_000
HOSTILE = (
    "",
    " ",
    "' OR 1=1 --",
    '"; DROP TABLE observation; --',
    "%",
    "1e5",
    "١٢",
    "9" * 400,
    "1_000",
    "+1",
    "1.",
    "1.0000000001",
    "NaN",
    "1\n",
    "🗿",
)
"""Each parameter of a list is given some of these, and every one is given to some."""
NO_TEXT = ("%00", "a%00b", "%ED%A0%80", "%FF", "%C0%AF")
"""A null, a lone surrogate, and what is no UTF-8."""

SUMMARY = "/v1/observations/summary"


def allowed(schema: Json) -> str:
    """What a refusal says of a parameter: how its values are written, or which there are."""
    [kind] = choices(schema["items"] if schema.get("type") == "array" else schema)
    if "enum" in kind or kind["type"] == "integer":
        return "must be"
    if kind["type"] == "boolean":
        return "must be true or false"
    return "must be a decimal number such as 12.5" if kind.get("format") == "decimal" else ""


def fault_of(problem: Json, name: str) -> Json:
    """The one fault of a refusal, which names the parameter and says what is allowed."""
    [fault] = problem["errors"]
    assert fault["parameter"] == name
    assert fault["message"]
    assert name in problem["detail"]
    found: Json = fault
    return found


@every_list
async def test_no_parameter_takes_what_it_cannot_be(client: AsyncClient, route: ListRoute) -> None:
    for place, (name, schema) in enumerate(route.parameters.items()):
        for value in (*HOSTILE[place % 3 :: 3], LONG):
            answer = await client.get(route.path, params={name: value})

            code = (
                "invalid-cursor" if name == "cursor" and 0 < len(value) < len(LONG) else "invalid-parameter"
            )
            fault = fault_of(check_problem(answer, 400, code), name)
            assert allowed(schema) in fault["message"], (name, value)


@every_list
async def test_no_parameter_takes_what_is_no_text(client: AsyncClient, route: ListRoute) -> None:
    for name in route.parameters:
        for value in NO_TEXT:
            answer = await client.get(f"{route.path}?{name}={value}")

            check_problem(answer, 400, "malformed-request")


@every_list
@pytest.mark.parametrize("limit", ["0", "-1", "1001", "9" * 400, "1000000000000000000000"])
async def test_a_limit_is_from_1_to_1000(client: AsyncClient, route: ListRoute, limit: str) -> None:
    answer = await client.get(route.path, params={"limit": limit})

    fault = fault_of(check_problem(answer, 400, "invalid-parameter"), "limit")
    assert "1" in fault["message"]


@every_list
async def test_an_unknown_sort_is_told_every_column(client: AsyncClient, route: ListRoute) -> None:
    for sort in ("colour_of_moon", "--id", "-", "id,organisation", "ID", "id desc", "rowid"):
        answer = await client.get(route.path, params={"sort": sort})

        fault = fault_of(check_problem(answer, 400, "invalid-parameter"), "sort")
        assert fault["code"] == "unknown_sort"
        assert all(name in fault["message"] for name in route.sorts)


@every_list
async def test_a_word_outside_a_closed_list_is_told_the_list(client: AsyncClient, route: ListRoute) -> None:
    for name, schema in route.filters.items():
        words = choices(schema.get("items", {}))[0].get("enum") if "items" in schema else None
        for value in (f"{words[0]}x", words[0].upper(), f" {words[0]}", "") if words else ():
            answer = await client.get(route.path, params={name: value})

            fault = fault_of(check_problem(answer, 400, "invalid-parameter"), name)
            assert all(word in fault["message"] for word in words or ())


UNKNOWN: list[tuple[str, str, str, str]] = [
    ("/v1/observations", "organisation", "Barnet", "allowed: barnet, bath-and-north-east-somerset, broxtowe"),
    ("/v1/observations", "organisation", "barnett", "allowed: barnet"),
    ("/v1/observations", "service", "chief-executives", "chief-executives-service"),
    ("/v1/observations", "indicator_code", "302", "3002"),
    ("/v1/observations", "measure_set", "HR", "hr"),
    ("/v1/risks", "band", "high", "allowed: High, Medium High"),
    ("/v1/schemes", "measure_set", "action", "actions"),
    ("/v1/actions", "section", "Finance", "Finance Services"),
    ("/v1/actions", "published_status", "overdue", "Overdue"),
    ("/v1/periods", "kind", "year", "quarter"),
    ("/v1/workforce-profiles", "dimension", "sex", "gender"),
    ("/v1/projects", "status", "green", "Green"),
]


@pytest.mark.parametrize(("path", "name", "value", "hint"), UNKNOWN)
async def test_an_unknown_word_is_told_the_known_ones(
    client: AsyncClient, path: str, name: str, value: str, hint: str
) -> None:
    answer = await client.get(path, params={name: value})

    fault = fault_of(check_problem(answer, 400, "invalid-parameter"), name)
    assert fault["code"] == "unknown_value"
    assert hint in fault["message"]


async def test_one_unknown_word_among_known_ones_is_refused(client: AsyncClient) -> None:
    answer = await client.get("/v1/observations?organisation=barnet&organisation=nowhere")

    assert "nowhere" in fault_of(check_problem(answer, 400, "invalid-parameter"), "organisation")["message"]


@pytest.mark.parametrize(
    "period",
    [
        "2011",
        "2011-12-q5",
        "2011-13-q2",
        "2011/12",
        "q2",
        "2011-12-Q2 ",
        "2011-12-q2; x",
        "2011-02-30",
        "0-1-q1",
    ],
)
async def test_a_malformed_period_is_refused(client: AsyncClient, period: str) -> None:
    for path in ("/v1/observations", "/v1/budget-variances/totals", SUMMARY):
        answer = await client.get(path, params={"period": period})

        if period == "2011/12":  # the label of a financial year
            assert answer.status_code == 200
        else:
            fault = fault_of(check_problem(answer, 400, "invalid-parameter"), "period")
            assert fault["code"] == "malformed_period"


@every_list
async def test_a_filter_takes_a_hundred_values_at_most(client: AsyncClient, route: ListRoute) -> None:
    for name, schema in route.filters.items():
        if schema.get("maxItems"):
            asked = "&".join([f"{name}={quote('2011-12-q2')}"] * 101)
            answer = await client.get(f"{route.path}?{asked}")

            fault = fault_of(check_problem(answer, 400, "invalid-parameter"), name)
            assert "100" in fault["message"]


@every_list
async def test_every_wrong_parameter_is_named_at_once(client: AsyncClient, route: ListRoute) -> None:
    answer = await client.get(route.path, params={"limit": "0", "sort": "moon", "include_total": "false"})

    problem = check_problem(answer, 400, "invalid-parameter")
    assert sorted(fault["parameter"] for fault in problem["errors"]) == ["limit", "sort"]


@pytest.mark.parametrize(
    "group_by", ["", "moon", "status,status", "status,", ",", "id", "status;id", "outturn", LONG]
)
async def test_a_summary_counts_by_known_columns_once_each(client: AsyncClient, group_by: str) -> None:
    answer = await client.get(SUMMARY, params={"group_by": group_by})

    fault = fault_of(check_problem(answer, 400, "invalid-parameter"), "group_by")
    names = ("organisation", "service", "period", "section", "measure_set", "status", "status_label")
    assert all(name in fault["message"] for name in names)


async def test_a_summary_has_no_pages(client: AsyncClient) -> None:
    cursor = (await page_of(client, "/v1/observations", [("limit", "1")]))["next_cursor"]

    for name, value in {"limit": "1", "cursor": cursor, "include_total": "true", "sort": "id"}.items():
        answer = await client.get(SUMMARY, params={name: value})

        problem = check_problem(answer, 400, "unknown-parameter")
        assert [fault["parameter"] for fault in problem["errors"]] == [name]


async def test_a_summary_takes_the_filters_of_observations(client: AsyncClient) -> None:
    filters: dict[str, Any] = LISTS["/v1/observations"].filters

    for name in filters:
        answer = await client.get(SUMMARY, params={name: LONG})

        fault_of(check_problem(answer, 400, "invalid-parameter"), name)


def test_the_paging_parameters_are_those_of_every_list() -> None:
    assert all(set(PAGING) <= set(route.parameters) for route in LISTS.values())
