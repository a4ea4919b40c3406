"""Every filter of every list, raw or derived, leaves the rows that satisfy it, and no others."""

from decimal import Decimal
from typing import Any

import pytest
from httpx import AsyncClient

from tests.queries.lists import (
    LISTS,
    SCHEMAS,
    Json,
    ListRoute,
    choices,
    comparable,
    every_list,
    page_of,
    rows_of,
)

TINY = Decimal("0.000000001")
WIDEST = "999999999999999999"
AT_ONCE = 100
"""How many values one filter takes."""

Asked = list[tuple[str, str]]


SAME_AS = {"/v1/workforce-metrics": "/v1/observations"}
"""A list of some of the same rows, asked by the same model: one filter in four is tried again."""


def tried(route: ListRoute, names: list[str]) -> list[str]:
    """The filters to try on a list."""
    return names[::4] if route.path in SAME_AS else names


def words_of(route: ListRoute) -> list[str]:
    """The filters that keep values, whether any text or one of a list."""
    return [name for name, schema in route.filters.items() if schema.get("type") == "array"]


def flags_of(route: ListRoute) -> list[str]:
    """The filters that keep what is true, or what is not."""
    return [n for n, schema in route.filters.items() if choices(schema)[0]["type"] == "boolean"]


def ranges_of(route: ListRoute) -> list[str]:
    """The columns that are filtered by a least and a greatest value."""
    return [name.removesuffix("_min") for name in route.filters if name.endswith("_min")]


def ids(rows: list[Json]) -> list[Any]:
    return [row["id"] for row in rows]


def test_every_filter_is_of_a_kind_and_has_a_column() -> None:
    for route in LISTS.values():
        ends = [f"{name}_{end}" for name in ranges_of(route) for end in ("min", "max")]
        assert sorted([*words_of(route), *flags_of(route), *ends]) == sorted(route.filters)
        assert {*words_of(route), *flags_of(route), *ranges_of(route)} <= set(route.columns)
    assert all(LISTS[path].parameters == LISTS[other].parameters for path, other in SAME_AS.items())


@every_list
async def test_a_value_keeps_the_rows_that_have_it(client: AsyncClient, route: ListRoute) -> None:
    rows = await rows_of(client, route.path)

    for name in tried(route, words_of(route)):
        there = sorted({row[name] for row in rows} - {None})
        for value in {there[0], there[-1]} if there else ():
            found = await rows_of(client, route.path, [(name, value)])

            assert found == [row for row in rows if row[name] == value], (name, value)


@every_list
async def test_values_repeated_keep_the_rows_that_have_one(client: AsyncClient, route: ListRoute) -> None:
    rows = await rows_of(client, route.path)

    for name in tried(route, words_of(route)):
        there = sorted({row[name] for row in rows} - {None})
        kept: list[Json] = []
        for start in range(0, len(there), AT_ONCE):
            values = there[start : start + AT_ONCE]
            kept += await rows_of(client, route.path, [(name, value) for value in values])

        assert sorted(ids(kept)) == ids([row for row in rows if row[name] is not None]), name


@every_list
async def test_a_value_given_twice_counts_once(client: AsyncClient, route: ListRoute) -> None:
    for name in words_of(route)[:1]:
        value = (await rows_of(client, route.path))[0][name]

        page = await page_of(
            client, route.path, [(name, value), (name, value), ("include_total", "true"), ("limit", "1000")]
        )

        assert page["total"] == len(page["items"]) == len({row["id"] for row in page["items"]})


@every_list
async def test_words_that_no_row_has_may_be_asked_for(client: AsyncClient, route: ListRoute) -> None:
    rows = await rows_of(client, route.path)

    for name in tried(route, words_of(route)):
        [item] = choices(route.filters[name]["items"])
        absent = sorted(set(item.get("enum", ())) - {row[name] for row in rows})
        if absent:
            assert await rows_of(client, route.path, [(name, word) for word in absent]) == [], name


@every_list
async def test_a_flag_keeps_one_side_or_the_other(client: AsyncClient, route: ListRoute) -> None:
    rows = await rows_of(client, route.path)

    for name in flags_of(route):
        kept = {side: await rows_of(client, route.path, [(name, side)]) for side in ("true", "false")}

        assert kept["true"] == [row for row in rows if row[name] is True], name
        assert kept["false"] == [row for row in rows if row[name] is False], name


@every_list
async def test_a_range_holds_its_ends_and_nothing_missing(client: AsyncClient, route: ListRoute) -> None:
    rows = await rows_of(client, route.path)

    for name in tried(route, ranges_of(route)):
        schema = route.columns[name]
        known = {row["id"]: Decimal(comparable(schema, row[name])) for row in rows if row[name] is not None}
        number = sorted(set(known.values()))[len(set(known.values())) // 2]
        for asked in (number, number - TINY, number + TINY):
            least = await rows_of(client, route.path, [(f"{name}_min", f"{asked:f}")])
            most = await rows_of(client, route.path, [(f"{name}_max", f"{asked:f}")])

            assert ids(least) == [i for i, value in known.items() if value >= asked], (name, asked)
            assert ids(most) == [i for i, value in known.items() if value <= asked], (name, asked)


@every_list
async def test_a_range_has_two_ends(client: AsyncClient, route: ListRoute) -> None:
    rows = await rows_of(client, route.path)

    for name in tried(route, ranges_of(route)):
        numbers = sorted(Decimal(row[name]) for row in rows if row[name] is not None)
        low, high = numbers[len(numbers) // 4], numbers[3 * len(numbers) // 4]
        both = await rows_of(client, route.path, [(f"{name}_min", f"{low:f}"), (f"{name}_max", f"{high:f}")])
        none = await rows_of(
            client, route.path, [(f"{name}_min", f"{high + TINY:f}"), (f"{name}_max", f"{high:f}")]
        )

        assert len(both) == sum(low <= number <= high for number in numbers)
        assert none == []


@every_list
async def test_a_range_may_be_as_wide_as_can_be_written(client: AsyncClient, route: ListRoute) -> None:
    rows = await rows_of(client, route.path)

    for name in tried(route, ranges_of(route)):
        there = ids([row for row in rows if row[name] is not None])
        for asked, kept in ((f"-{WIDEST}.{'9' * 9}", there), (WIDEST, [])):
            assert ids(await rows_of(client, route.path, [(f"{name}_min", asked)])) == kept
            left = [row_id for row_id in there if row_id not in set(kept)]
            assert ids(await rows_of(client, route.path, [(f"{name}_max", asked)])) == left


async def test_an_end_with_more_places_than_the_column_is_no_looser(client: AsyncClient) -> None:
    path = "/v1/budget-variances/totals"
    barnet = [("organisation", "barnet"), ("kind", "revenue"), ("period", "2011-12-q2")]

    within = await rows_of(client, path, [*barnet, ("variation_percent_min", "0.15")])
    at_the_end = await rows_of(client, path, [*barnet, ("variation_percent_max", "0.2")])
    outside = await rows_of(client, path, [*barnet, ("variation_percent_min", "0.2000001")])
    below = await rows_of(client, path, [*barnet, ("variation_percent_max", "0.199999999")])

    assert [row["variation_percent"] for row in within] == ["0.2"]
    assert at_the_end == within
    assert outside == below == []


COMBINED: list[tuple[str, Asked]] = [
    ("/v1/observations", [("status", "missed"), ("direction_of_travel", "improved")]),
    ("/v1/observations", [("status", "missed"), ("status", "near"), ("organisation", "barnet")]),
    ("/v1/observations", [("period", "2011/12 Q2"), ("measure_set", "hr"), ("target_variance_max", "-10")]),
    ("/v1/observations", [("significant_against_target", "true"), ("unit", "percent")]),
    ("/v1/risks", [("band", "High"), ("target_band", "Medium High")]),
    ("/v1/budget-variances", [("kind", "revenue"), ("status", "overspend"), ("variation_min", "20000")]),
    ("/v1/actions", [("status", "warning"), ("status", "overdue"), ("progress_min", "90")]),
    ("/v1/workforce-profiles", [("dimension", "age"), ("share_min", "10"), ("share_max", "30.38")]),
]


@pytest.mark.parametrize(("path", "asked"), COMBINED, ids=[f"{path} {asked}" for path, asked in COMBINED])
async def test_filters_together_keep_what_each_would(client: AsyncClient, path: str, asked: Asked) -> None:
    names = dict.fromkeys(name for name, _ in asked)
    alone = [ids(await rows_of(client, path, [pair for pair in asked if pair[0] == name])) for name in names]

    found = await rows_of(client, path, asked)

    assert found
    assert ids(found) == [row_id for row_id in alone[0] if all(row_id in kept for kept in alone)]


@every_list
async def test_a_period_may_be_asked_for_by_its_label(client: AsyncClient, route: ListRoute) -> None:
    if "period" not in route.filters:
        return
    labels = {row["id"]: row["label"] for row in await rows_of(client, "/v1/periods")}
    for period in sorted({row["period"] for row in await rows_of(client, route.path)} - {None}):
        by_id = await rows_of(client, route.path, [("period", period)])

        assert await rows_of(client, route.path, [("period", labels[period])]) == by_id != []


async def test_a_period_that_nothing_is_reported_for_has_no_rows(client: AsyncClient) -> None:
    assert await rows_of(client, "/v1/observations", [("period", "1999-00-q3")]) == []


async def test_the_heat_map_counts_what_its_filters_keep_whatever_the_page(client: AsyncClient) -> None:
    asked = [("organisation", "barnet"), ("period", "2013-14-q2"), ("rating_min", "12")]
    cells = await rows_of(client, "/v1/risks/heat-map", asked)

    page = await page_of(client, "/v1/risks/heat-map", [*asked, ("limit", "1")])

    assert len(cells) > 1
    assert page["registered"] == sum(cell["registered"] for cell in cells)
    assert page["published"] == sum(cell["published"] for cell in cells)


def test_the_closed_lists_are_the_schemas_own() -> None:
    statuses = LISTS["/v1/observations"].filters["status"]["items"]

    assert choices(statuses)[0]["enum"] == SCHEMAS["Status"]["enum"]
