"""The figures that the five reports print come back from raw ones, through the public face."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from httpx import AsyncClient

from tests.queries.lists import Json, Params, page_of, rows_of
from tests.routers.serving import serving
from tests.routers.writers import key_for

BARNET_2011 = [("organisation", "barnet"), ("period", "2011-12-q2")]
BARNET_2013 = [("organisation", "barnet"), ("period", "2013-14-q2")]
THURROCK = [("organisation", "thurrock"), ("period", "2016-17-q1")]
BATH = [("organisation", "bath-and-north-east-somerset"), ("period", "2004-05")]
BROXTOWE = [("organisation", "broxtowe"), ("period", "2019-20-q1")]


AS_COUNTED = ("view", "draft")
"""Asks for counts of people as they are, which is for those who read drafts."""


@pytest.fixture(scope="module")
async def council(client: AsyncClient, database_url: str) -> AsyncIterator[AsyncClient]:  # noqa: ARG001 - it loads the demo
    """Speak to the application as somebody who reads drafts."""
    async with serving(database_url) as speaking:
        speaking.headers["Authorization"] = f"Bearer {key_for(database_url, 'reader')}"
        yield speaking


async def observation(client: AsyncClient, key: str, where: Params) -> Json:
    """The one observation of an indicator in a period."""
    [row] = await rows_of(client, "/v1/observations", [*where, ("indicator_key", key)])
    return row


async def total(client: AsyncClient, kind: str, where: Params) -> Json:
    """The total of the one table of a kind."""
    [row] = await rows_of(client, "/v1/budget-variances/totals", [*where, ("kind", kind)])
    return row


async def rating(client: AsyncClient, measure_set: str, where: Params) -> Decimal:
    """The sum of points of a measure set, the rows without points aside."""
    rows = await rows_of(client, "/v1/observations", [*where, ("measure_set", measure_set)])
    points = [Decimal(row["status_points"]) for row in rows if row["status_points"] is not None]
    return sum(points, Decimal(0))


def has(row: Json, **expected: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether a row has these values; says which it has instead."""
    assert {name: row[name] for name in expected} == expected
    return True


BARNET_2011_ROWS: dict[str, Json] = {
    "3002": {
        "outturn": "55.8",
        "outturn_unrounded": "55.802887",
        "target_variance_as_reported": "25.6",
        "target_variance": "-25.6",
        "target_difference": "-19.1971",
        "status": "missed",
        "status_label": "Red",
        "direction_of_travel": "improved",
        "direction_label": "▲",
        "direction_variance": "15.5",
        "direction_basis": "previous_period",
        "baseline_period": "2011-12-q1",
    },
    "3003": {
        "outturn": "3.5",
        "previous": "6.4000",
        "target": "10.0000",
        "polarity": "lower_is_better",
        "status": "met",
        "target_variance": "65.0",
        "target_variance_as_reported": "65.0",
        "direction_of_travel": "improved",
        "direction_label": "▲",
    },
    "3004": {
        "outturn": "77.4",
        "target_variance_as_reported": "8.9",
        "direction_of_travel": "not_comparable",
    },
    "3005": {
        "outturn": "63.1",
        "target_variance_as_reported": "25.7",
        "direction_of_travel": "worsened",
        "direction_label": "▼",
    },
    "3006": {"outturn": None, "state": "not_supplied", "status": "no_data", "status_points": "-1.00"},
    "3007": {"calculation": "share", "outturn": "16.5", "target_variance_as_reported": "17.4"},
    "3009": {"calculation": "growth", "outturn": "-0.16", "target_variance_as_reported": "106.2"},
    "3010": {"outturn": None, "state": "new", "status": "no_data", "status_points": None},
    "3011": {
        "calculation": "growth",
        "outturn": "2.1",
        "target_variance_as_reported": "14.2",
        "direction_of_travel": "improved",
        "direction_label": "▲",
    },
    "3013": {"outturn": "13", "target_variance_as_reported": "333.3", "status": "met"},
    "3014": {"outturn": "3", "target_variance_as_reported": "0.0", "status": "met"},
    "hr-absence-returns": {"outturn": "45.5", "target_variance_as_reported": "54.5", "status": "missed"},
    "hr-objectives-set": {"outturn": "91.7", "target_variance_as_reported": "8.3", "status": "near"},
    "hr-top-earners-female": {"outturn": None, "numerator": None, "state": "suppressed"},
    "hr-paybill-variance": {"target_variance_as_reported": "-7.9", "status": "missed"},
}


@pytest.mark.parametrize("key", BARNET_2011_ROWS)
async def test_barnet_2011_indicators_come_back(client: AsyncClient, key: str) -> None:
    row = await observation(client, key, BARNET_2011)

    assert has(row, **BARNET_2011_ROWS[key])


AS_PRINTED: dict[str, Json] = {
    "hr-absence-returns": {"outturn": "45.3", "target_variance_as_reported": "54.7", "status": "missed"},
    "hr-objectives-set": {"outturn": "91.3", "target_variance_as_reported": "8.7", "status": "near"},
    "hr-top-earners-female": {"outturn": "42.9", "numerator": "6.00", "state": "reported"},
}
"""What follows from counts of people that the public reads rounded, or not at all."""


@pytest.mark.parametrize("key", AS_PRINTED)
async def test_counts_of_people_come_back_to_who_may_read_them(council: AsyncClient, key: str) -> None:
    row = await observation(council, key, [*BARNET_2011, AS_COUNTED])

    assert has(row, **AS_PRINTED[key])


async def test_barnet_2011_ratings_are_sums_of_points(client: AsyncClient) -> None:
    hr = await rows_of(client, "/v1/observations", [*BARNET_2011, ("measure_set", "hr")])
    points = [row["status_points"] for row in hr if row["status_points"] is not None]

    assert sorted(points) == ["-0.50", "-1.00", "-1.00", "-1.00", "-1.00"]
    assert await rating(client, "hr", BARNET_2011) == Decimal("-4.5")
    assert await rating(client, "corporate_plan", BARNET_2011) == -3


async def test_barnet_2011_budgets_come_back(client: AsyncClient) -> None:
    revenue, capital = [await total(client, kind, BARNET_2011) for kind in ("revenue", "capital")]
    lines = await rows_of(client, "/v1/budget-variances", [*BARNET_2011, ("kind", "revenue")])

    assert has(revenue, variation="17000.00", variation_percent="0.2", status="overspend", lines=5)
    assert has(capital, variation="-43000.00", slippage_percent="-3", revised_budget="1330000.00")
    assert [(row["variation"], row["variation_percent"]) for row in lines] == [
        ("0.00", "0.0"),
        ("-76000.00", "-3.3"),
        ("5000.00", "0.6"),
        ("58000.00", "1.0"),
        ("30000.00", "1.7"),
    ]


async def test_barnet_2011_workforce_comes_back(client: AsyncClient, council: AsyncClient) -> None:
    [row] = await rows_of(council, "/v1/workforce-establishment", [*BARNET_2011, AS_COUNTED])
    [told] = await rows_of(client, "/v1/workforce-establishment", BARNET_2011)

    assert has(row, establishment_total="235.20", occupancy_total="232.21", occupancy_variance="-2.99")
    assert has(told, establishment_total="235.00", occupancy_total="230.00", occupancy_variance="-5.00")
    assert (row["state"], told["state"], told["consultants"]) == ("reported", "suppressed", None)


async def test_barnet_2013_slippage_stands_beside_the_variation(client: AsyncClient) -> None:
    revenue, capital = [await total(client, kind, BARNET_2013) for kind in ("revenue", "capital")]

    assert has(capital, slippage_percent="-73", variation="13747000.00", revised_budget="18355000.00")
    assert has(revenue, variation="247000.00", variation_percent="3.3")


async def test_barnet_2013_heat_map_prints_a_risk_that_its_register_lacks(client: AsyncClient) -> None:
    asked = [*BARNET_2013, ("rating_min", "12")]
    page = await page_of(client, "/v1/risks/heat-map", asked)

    assert has(page, published=10, registered=9)
    [cell] = [row for row in page["items"] if row["published"] != row["registered"]]
    assert has(cell, impact_label="Catastrophic", probability_label="Likely", rating=20, band="High")
    assert has(cell, published=1, registered=0)


async def test_barnet_2013_survey_is_significant_against_target_only(client: AsyncClient) -> None:
    row = await observation(client, "5001", BARNET_2013)

    assert has(row, outturn="86.6", interval_low="84.9", interval_high="88.2")
    assert has(row, significant_against_target=True, significant_against_previous=False)
    assert has(
        row, target_variance_as_reported="3.8", direction_of_travel="worsened", direction_variance="1.6"
    )


BANDS_2013 = {
    "ST0072": (20, "High", 8, "Medium High"),
    "ST0081": (15, "High", 10, "Medium High"),
    "ST0070": (15, "High", 10, "Medium High"),
    "ST0068": (12, "Medium High", 6, "Medium Low"),
    "ST0069": (12, "Medium High", 9, "Medium High"),
    "ST0073": (12, "Medium High", 8, "Medium High"),
    "ST0074": (12, "Medium High", 8, "Medium High"),
    "ST0077": (12, "Medium High", 6, "Medium Low"),
    "ST0082": (12, "Medium High", 6, "Medium Low"),
}
BANDS_2011 = {
    "ST0039": (12, "Medium High", 6, "Medium Low"),
    "ST0041": (12, "Medium High", 8, "Medium High"),
    "ST0042": (12, "Medium High", 8, "Medium High"),
}


@pytest.mark.parametrize(("where", "bands"), [(BARNET_2011, BANDS_2011), (BARNET_2013, BANDS_2013)])
async def test_risks_have_the_bands_of_both_assessments(
    client: AsyncClient, where: Params, bands: dict[str, tuple[int, str, int, str]]
) -> None:
    rows = await rows_of(client, "/v1/risks", where)

    names = ("rating", "band", "target_rating", "target_band")
    assert {row["code"]: tuple(row[name] for name in names) for row in rows} == bands


THURROCK_ROWS: dict[str, Json] = {
    "imp-days-to-fill-dbs": {
        "outturn": "60.3",
        "target": "60.0000",
        "status": "missed",
        "status_label": "FAILED",
    },
    "info-ombudsman-enquiries": {
        "outturn": "4",
        "previous": "4.0000",
        "direction_of_travel": "unchanged",
        "direction_label": "Same",
        "direction_basis": "share_of_last_year",
        "baseline_period": "2015-16",
    },
    "cust-waiting-time": {
        "outturn": "447",
        "unit": "seconds",
        "target_kind": "limit",
        "target": "600.0000",
        "status": "met",
        "status_label": "ACHIEVED",
        "previous": "503.0000",
        "direction_of_travel": "improved",
    },
    "cust-emails-within-2-days": {"status": "met", "direction_of_travel": "unchanged"},
    "info-complaints": {"target_kind": "reduction", "status": "met"},
    "info-governance-incidents": {"target_kind": "reduction", "status": "missed"},
    "hr-fte": {"status": "no_target", "direction_of_travel": "fell", "direction_label": "Fewer"},
}


@pytest.mark.parametrize("key", THURROCK_ROWS)
async def test_thurrock_passes_or_fails_as_printed(client: AsyncClient, key: str) -> None:
    row = await observation(client, key, THURROCK)

    assert has(row, **THURROCK_ROWS[key])


async def counts(client: AsyncClient, column: str, where: Params) -> dict[str, tuple[int, str]]:
    """How many observations have each word of a column, and what percentage that is."""
    answer = await client.get("/v1/observations/summary", params=[*where, ("group_by", column)])
    return {row[column]: (row["count"], row["percent"]) for row in answer.json()["items"]}


async def test_bath_counts_by_status_as_printed(client: AsyncClient) -> None:
    assert await counts(client, "status", BATH) == {"met": (9, "82"), "no_data": (2, "18")}
    assert await counts(client, "status_label", BATH) == {"GREEN": (9, "82"), "NOT KNOWN": (2, "18")}


async def test_broxtowe_counts_by_status_under_the_stated_default(client: AsyncClient) -> None:
    """17 rows print Green, of which 6 are not at 5%: 2 red, 2 amber, and 2 have no figure."""
    assert await counts(client, "status", BROXTOWE) == {
        "met": (11, "42"),
        "near": (3, "12"),
        "missed": (6, "23"),
        "no_data": (4, "15"),
        "data_only": (2, "8"),
    }
    assert await counts(client, "status_label", BROXTOWE) == {
        "Green": (11, "42"),
        "Amber": (3, "12"),
        "Red": (6, "23"),
        "Unknown": (4, "15"),
        "Data Only": (2, "8"),
    }


BROXTOWE_ACTIONS: dict[str, Json] = {
    "DEM1922_01": {"published_status": "Overdue", "status": "in_progress", "due_date": "2020-02-28"},
    "IT1920_01": {"published_status": "Overdue", "status": "in_progress", "due_date": "2020-03-31"},
    "IT1920_02": {
        "published_status": "Overdue",
        "status": "in_progress",
        "due_date": None,
        "due_text": "31-Apr-2020",
    },
    "IT1920_17": {"published_status": "Not Started", "status": "in_progress", "progress": "50.00"},
    "FP1922_02": {"published_status": "Overdue", "status": "overdue", "status_colour": "red"},
    "FP1922_01": {"published_status": "Completed", "status": "completed", "progress": "100.00"},
}


@pytest.mark.parametrize("code", BROXTOWE_ACTIONS)
async def test_broxtowe_actions_are_judged_by_their_dates(client: AsyncClient, code: str) -> None:
    [row] = await rows_of(client, "/v1/actions", [("code", code)])

    assert has(row, **BROXTOWE_ACTIONS[code], as_of="2019-09-10")


async def test_broxtowe_prints_overdue_four_times_and_is_so_once(client: AsyncClient) -> None:
    printed = await rows_of(client, "/v1/actions", [("published_status", "Overdue")])
    derived = await rows_of(client, "/v1/actions", [("status", "overdue")])

    assert [row["code"] for row in printed] == ["FP1922_02", "DEM1922_01", "IT1920_01", "IT1920_02"]
    assert [row["code"] for row in derived] == ["FP1922_02"]


async def test_bath_profiles_do_not_sum_to_their_base(council: AsyncClient) -> None:
    rows = await rows_of(council, "/v1/workforce-profiles", [*BATH, AS_COUNTED])

    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row["dimension"]] = sums.get(row["dimension"], Decimal(0)) + Decimal(row["headcount"])
    assert {row["base"] for row in rows} == {"158.00"}
    assert sums == {"gender": 158, "ethnic origin": 163, "age": 156, "religion": 158, "disability": 158}


async def test_bath_profiles_are_told_without_small_counts(client: AsyncClient) -> None:
    rows = await rows_of(client, "/v1/workforce-profiles", BATH)

    assert {row["base"] for row in rows} == {"160.00"}
    assert {Decimal(row["headcount"]) % 5 for row in rows if row["headcount"]} == {0}
    hidden = [row for row in rows if row["state"] == "suppressed"]
    assert len(hidden) == 14
    assert {(row["headcount"], row["share"]) for row in hidden} == {(None, None)}
    [women] = [row for row in rows if row["category"] == "Female"]
    assert has(women, headcount="130.00", share="81.25")
