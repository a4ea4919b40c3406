"""Paging follows any order to its end, and keeps its place while rows are added."""

from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient

from tests.queries.lists import (
    LISTS,
    Json,
    ListRoute,
    choices,
    comparable,
    every_list,
    page_of,
    paged,
    rows_of,
)
from tests.queries.reports import BARNET_2011, BROXTOWE, add, copied, load

OBSERVATIONS = LISTS["/v1/observations"]
NARROWED = {
    "/v1/observations": [("period", "2013-14-q2"), ("period", "2004-05")],
    "/v1/workforce-metrics": [("measure_set", "hr")],
    "/v1/indicators": [("organisation", "thurrock")],
    "/v1/risks/heat-map": [("rating_min", "12")],
    "/v1/targets": [("organisation", "thurrock")],
    "/v1/notes": [("organisation", "barnet"), ("kind", "achievement")],
    "/v1/published-figures": [("organisation", "broxtowe"), ("subject_kind", "action")],
    "/v1/scheme-clauses": [("organisation", "broxtowe")],
    "/v1/heat-map-cells": [("count_min", "1")],
}
"""Enough rows to page through where a list has many; short lists are paged whole."""
THINNED = {"/v1/observations": 3, "/v1/workforce-metrics": 11}
"""Of so many columns one is sorted by, where a list has fifty that come from the same statement."""
LEAST_FOR_A_SECOND_PAGE = 4


def ordered(rows: list[Json], route: ListRoute, sort: str) -> list[Json]:
    """Rows as a sort should put them: by value, texts by code point, missing last, then by id."""
    name = sort.removeprefix("-")
    by_id = sorted(rows, key=lambda row: row["id"])
    schema = route.columns[name]
    there = [row for row in by_id if row[name] is not None]
    missing = [row for row in by_id if row[name] is None]
    there.sort(key=lambda row: comparable(schema, row[name]), reverse=sort.startswith("-"))
    return there + missing


def telling_sorts(rows: list[Json], route: ListRoute) -> list[str]:
    """A column of each form, with missing values and without, as far as a list has them."""
    found: dict[tuple[Any, ...], str] = {}
    for name in route.sorts:
        values = [row[name] for row in rows]
        kind = choices(route.columns[name])[0]
        form = (kind["type"], kind.get("format"), "enum" in kind, None in values)
        if any(value is not None for value in values) and len(set(values)) > 1:
            found.setdefault(form, name)
    return [*found.values()]


def in_turn(names: list[str]) -> list[str]:
    """Sorts by turns up and down: both ways for each form of column, in one list or another."""
    return [f"-{name}" if place % 2 else name for place, name in enumerate(names)]


@every_list
async def test_columns_sort_whatever_they_hold(client: AsyncClient, route: ListRoute) -> None:
    rows = await rows_of(client, route.path)
    names = route.sorts if route.item != OBSERVATIONS.item else route.sorts[:: THINNED[route.path]]

    for sort in in_turn(names):
        found = await rows_of(client, route.path, [("sort", sort)])

        assert [row["id"] for row in found] == [row["id"] for row in ordered(rows, route, sort)], sort


@every_list
async def test_pages_put_together_are_the_whole_list(client: AsyncClient, route: ListRoute) -> None:
    filters = NARROWED.get(route.path, [])
    rows = await rows_of(client, route.path, filters)
    names = telling_sorts(rows, route) if route.path != "/v1/workforce-metrics" else ["outturn"]

    for sort in ["-id", *in_turn(["id", *names])]:
        found = await paged(client, route.path, [*filters, ("sort", sort)])

        assert found == ordered(rows, route, sort), sort


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/observations", "significant_against_target"),
        ("/v1/risks", "overdue"),
        ("/v1/actions", "cancelled"),
        ("/v1/indicators", "workforce"),
    ],
)
@pytest.mark.parametrize("sign", ["", "-"])
async def test_a_page_may_end_at_any_flag(client: AsyncClient, path: str, name: str, sign: str) -> None:
    asked = [("sort", f"{sign}{name}")]
    asked += {"/v1/observations": [("organisation", "barnet"), ("measure_set", "corporate_plan")]}.get(
        path, []
    )
    rows = await rows_of(client, path, asked)

    for number in (1, 2):
        first = await page_of(client, path, [*asked, ("limit", str(number))])
        rest = await rows_of(client, path, [*asked, ("cursor", first["next_cursor"])])

        assert first["items"] + rest == rows


@pytest.mark.parametrize("sort", ["outturn", "-outturn", "significant_against_target", "-baseline_period"])
async def test_filtered_pages_put_together_are_the_filtered_list(client: AsyncClient, sort: str) -> None:
    asked = [("organisation", "barnet"), ("organisation", "thurrock"), ("status", "missed"), ("sort", sort)]
    rows = await rows_of(client, OBSERVATIONS.path, asked)

    found = await paged(client, OBSERVATIONS.path, asked, limit=2)

    assert len(rows) >= LEAST_FOR_A_SECOND_PAGE
    assert found == rows == ordered(rows, OBSERVATIONS, sort)


async def test_a_cursor_goes_on_with_another_limit(client: AsyncClient) -> None:
    rows = await rows_of(client, "/v1/actions", [("sort", "-progress")])
    first = await page_of(client, "/v1/actions", [("sort", "-progress"), ("limit", "2")])

    rest = await page_of(client, "/v1/actions", [("sort", "-progress"), ("cursor", first["next_cursor"])])

    assert first["items"] + rest["items"] == rows


ADDED: dict[str, tuple[str, str, Json, Json]] = {
    "/v1/budget-variances": (
        BARNET_2011,
        "budget_lines.csv",
        {"key": "grants"},
        {"description": "Grants, more"},
    ),
    "/v1/actions": (BROXTOWE, "actions.csv", {"key": "FP1922_02"}, {"code": "FP1922_99"}),
}


@pytest.mark.parametrize(
    ("path", "sort"),
    [
        ("/v1/budget-variances", "-variation"),
        ("/v1/budget-variances", "description"),
        ("/v1/actions", "due_date"),
        ("/v1/actions", "-status"),
        ("/v1/actions", "id"),
    ],
)
async def test_a_cursor_survives_that_rows_are_added(
    client: AsyncClient, database_url: str, tmp_path: Path, path: str, sort: str
) -> None:
    report, file, like, changed = ADDED[path]
    folder = copied(report, tmp_path)
    before = await rows_of(client, path, [("sort", sort)])
    number = len(before) // 2
    start = await page_of(client, path, [("sort", sort), ("limit", str(number))])
    for place in range(3):
        add(folder, file, like, **changed, key=f"{sort}-{place}")

    load(database_url, folder)
    rest = await rows_of(client, path, [("sort", sort), ("cursor", start["next_cursor"])])

    now = await rows_of(client, path, [("sort", sort)])
    old, seen = {row["id"] for row in before}, [row["id"] for row in start["items"] + rest]
    assert len(now) == len(before) + 3
    assert len(seen) == len(set(seen))
    assert [row for row in seen if row in old] == [row["id"] for row in before]
    assert rest == now[now.index(rest[0]) :]


async def test_a_page_may_end_at_a_long_text(client: AsyncClient, database_url: str, tmp_path: Path) -> None:
    folder = copied(BROXTOWE, tmp_path)
    for letter in "yz":
        long = letter * 3000
        add(
            folder,
            "actions.csv",
            {"key": "FP1922_02"},
            key=f"long-{letter}",
            code=f"LONG{letter}",
            comment=long,
        )
    load(database_url, folder)
    rows = await rows_of(client, "/v1/actions", [("sort", "comment")])

    found = await paged(client, "/v1/actions", [("sort", "comment")], limit=1)

    assert found == rows
    assert [row["code"] for row in rows[-2:]] == ["LONGy", "LONGz"]
