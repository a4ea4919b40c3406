"""A cursor is taken for the question it was given out for, and for no other; a forged one is refused."""

import base64
import json
from typing import Any

import pytest
from httpx import AsyncClient

from tests.queries.lists import LISTS, ListRoute, Params, every_list, page_of, rows_of
from tests.routers.problem_documents import check_problem

OBSERVATIONS = LISTS["/v1/observations"]


async def cursor_of(client: AsyncClient, path: str, params: Params = ()) -> str:
    cursor: str = (await page_of(client, path, [("limit", "1"), *params]))["next_cursor"]
    assert cursor
    return cursor


def opened(cursor: str) -> list[Any]:
    parts: list[Any] = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return parts


def closed(parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


async def refused(client: AsyncClient, path: str, cursor: str, params: Params = ()) -> None:
    answer = await client.get(path, params=[*params, ("cursor", cursor)])

    problem = check_problem(answer, 400, "invalid-cursor")
    assert [fault["parameter"] for fault in problem["errors"]] == ["cursor"], cursor


@pytest.mark.parametrize(
    "params",
    [
        [],
        [("sort", "-id")],
        [("sort", "status")],
        [("organisation", "barnet")],
        [("organisation", "thurrock"), ("organisation", "barnet")],
        [("status", "met")],
        [("outturn_min", "1")],
        [("significant_against_target", "true")],
    ],
)
async def test_a_cursor_of_another_question_is_refused(client: AsyncClient, params: Params) -> None:
    other = await cursor_of(client, OBSERVATIONS.path, [("organisation", "thurrock")])

    await refused(client, OBSERVATIONS.path, other, params)


@every_list
async def test_a_cursor_of_another_list_is_refused(client: AsyncClient, route: ListRoute) -> None:
    path = "/v1/services" if route.path != "/v1/services" else "/v1/indicators"

    await refused(client, route.path, await cursor_of(client, path))


@every_list
async def test_what_is_no_cursor_is_refused(client: AsyncClient, route: ListRoute) -> None:
    for cursor in ("x", "=", "====", "a b", "é", "%", "W10", "e30", "bnVsbA", "WyI", "WzEsMiwzXQ", "_" * 999):
        await refused(client, route.path, cursor)


WRONG = {
    "id": ["1", 1.5, True, [1], {}, 2**31, -(2**31) - 1, 2**63],
    "title": [1, 1.5, True, [], {}, "a\0b"],
    "outturn": ["1", 1.5, False, [], 2**63],
    "workforce": [1, 0, "true", 1.0, []],
    "as_of": [1, True, "2011-13-40", "yesterday", "", "2011-09-30T00:00:00", []],
    "period_end": ["0", 20110930],
    "status_points": [1.5, "1.5", True],
    "decimals": ["1", True, 1.5],
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_forged_value_of_another_type_is_refused(client: AsyncClient, name: str) -> None:
    mark, value, row_id = opened(await cursor_of(client, OBSERVATIONS.path, [("sort", name)]))

    for wrong in WRONG[name]:
        await refused(client, OBSERVATIONS.path, closed([mark, wrong, row_id]), [("sort", name)])
    for wrong in (None, *WRONG["id"]):
        await refused(client, OBSERVATIONS.path, closed([mark, value, wrong]), [("sort", name)])
    for parts in ([mark, value], [mark, value, row_id, 1], [value, mark, row_id], {"a": mark}, mark):
        await refused(client, OBSERVATIONS.path, closed(parts), [("sort", name)])


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63), 0])
async def test_a_forged_value_of_the_right_type_is_only_a_place(client: AsyncClient, value: int) -> None:
    mark, _, _ = opened(await cursor_of(client, OBSERVATIONS.path, [("sort", "outturn")]))

    forged = closed([mark, value, 2**31 - 1])
    rows = await rows_of(client, OBSERVATIONS.path, [("sort", "outturn"), ("cursor", forged)])

    every = await rows_of(client, OBSERVATIONS.path, [("sort", "outturn")])
    assert rows == every[len(every) - len(rows) :]


@every_list
async def test_a_damaged_cursor_is_refused(client: AsyncClient, route: ListRoute) -> None:
    if len(await rows_of(client, route.path)) == 1:
        return
    cursor = await cursor_of(client, route.path)
    mark, value, row_id = opened(cursor)

    for damaged in (cursor[:-2], cursor[2:], cursor + "!", closed([mark[::-1], value, row_id])):
        await refused(client, route.path, damaged)
