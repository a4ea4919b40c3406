"""Counts of observations agree with the rows they count, by any of their words, percentages half up."""

from collections import Counter
from itertools import combinations

import pytest
from httpx import AsyncClient

from tests.queries.lists import SCHEMAS, Json, Params, rows_of

SUMMARY = "/v1/observations/summary"
COLUMNS = ("organisation", "service", "period", "section", "measure_set", "status", "status_label")
OF_STATUS = {"status", "status_label"}

GROUPS = [
    *((name,) for name in COLUMNS),
    *combinations(("organisation", "period", "section", "status"), 2),
    ("status", "organisation"),
    ("status", "status_label"),
    ("measure_set", "status_label", "period"),
    COLUMNS,
    COLUMNS[::-1],
]
NARROWED: list[Params] = [
    [("organisation", "barnet")],
    [("period", "2011/12 Q2"), ("period", "2013-14-q2"), ("measure_set", "corporate_plan")],
    [("status", "missed"), ("status", "near")],
    [("target_variance_max", "-0.05")],
    [("significant_against_target", "true")],
    [("organisation", "broxtowe"), ("direction_of_travel", "worsened"), ("outturn_min", "10.5")],
]


async def summary(client: AsyncClient, groups: tuple[str, ...], where: Params = ()) -> Json:
    answer = await client.get(SUMMARY, params=[*where, ("group_by", ",".join(groups))])
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def counted(rows: list[Json], groups: tuple[str, ...]) -> list[Json]:
    """What a summary of rows should say: percentages are of the rows that differ in status only."""
    counts = Counter(tuple(row[name] for name in groups) for row in rows)
    wholes: Counter[tuple[str | None, ...]] = Counter()
    for key, count in counts.items():
        wholes[_whole(key, groups)] += count
    blank = dict.fromkeys(COLUMNS)
    return [
        {
            **blank,
            **dict(zip(groups, key, strict=True)),
            "count": count,
            "total": wholes[_whole(key, groups)],
            "percent": _half_up(count, wholes[_whole(key, groups)]),
        }
        for key, count in sorted(counts.items(), key=lambda each: [(v is None, v or "") for v in each[0]])
    ]


def _whole(key: tuple[str | None, ...], groups: tuple[str, ...]) -> tuple[str | None, ...]:
    return tuple(value for value, name in zip(key, groups, strict=True) if name not in OF_STATUS)


def _half_up(part: int, whole: int) -> str:
    return str((200 * part + whole) // (2 * whole))


@pytest.mark.parametrize("groups", GROUPS, ids=",".join)
async def test_counts_are_those_of_the_rows(client: AsyncClient, groups: tuple[str, ...]) -> None:
    rows = await rows_of(client, "/v1/observations")

    found = await summary(client, groups)

    assert found["items"] == counted(rows, groups)
    assert found["total"] == len(rows)


@pytest.mark.parametrize("where", NARROWED, ids=str)
async def test_filtered_counts_are_those_of_the_filtered_rows(client: AsyncClient, where: Params) -> None:
    groups = ("organisation", "period", "status")
    rows = await rows_of(client, "/v1/observations", where)

    found = await summary(client, groups, where)

    assert rows
    assert found["items"] == counted(rows, groups)
    assert found["total"] == len(rows)


async def test_rows_are_counted_by_status_unless_asked(client: AsyncClient) -> None:
    unasked = await client.get(SUMMARY)

    assert unasked.json() == await summary(client, ("status",))


async def test_nothing_counts_to_nothing(client: AsyncClient) -> None:
    assert await summary(client, ("status",), [("outturn_min", "999999999999")]) == {"items": [], "total": 0}


async def test_a_percentage_that_ends_in_a_half_goes_up(client: AsyncClient) -> None:
    """Thurrock's information team has 8 rows: 3 of them are 37.5%, 2 are 25%."""
    found = await summary(client, ("status",), [("service", "information-team"), ("period", "2016-17-q1")])

    assert [(row["status"], row["count"], row["total"], row["percent"]) for row in found["items"]] == [
        ("met", 3, 8, "38"),
        ("missed", 2, 8, "25"),
        ("no_target", 3, 8, "38"),
    ]


async def test_percentages_of_a_group_are_over_its_rows_without_data_too(client: AsyncClient) -> None:
    where = [("organisation", "bath-and-north-east-somerset"), ("period", "2004-05")]

    found = await summary(client, ("organisation", "status_label"), where)

    assert [(row["status_label"], row["count"], row["total"], row["percent"]) for row in found["items"]] == [
        ("GREEN", 9, 11, "82"),
        ("NOT KNOWN", 2, 11, "18"),
    ]


def test_a_row_of_a_summary_has_every_column_that_may_be_counted_by() -> None:
    assert list(SCHEMAS["SummaryRow"]["properties"]) == [*COLUMNS, "count", "total", "percent"]
