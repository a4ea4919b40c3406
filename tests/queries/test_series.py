"""Series of a council's own: six quarters with one missing, kinds apart, and where its year is heading."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient

from app.db.migrations import migrate
from tests.imports.examples import Cells, write_report
from tests.queries.lists import rows_of
from tests.queries.reports import load
from tests.queries.test_premises import versioned
from tests.routers.serving import serving

Json = dict[str, Any]
QUARTERS = ("2011-12-q2", "2011-12-q3", "2011-12-q4", "2012-13-q1", "2012-13-q2", "2012-13-q3")
MISSING = "2011-12-q4"
REPORTED = [quarter for quarter in QUARTERS if quarter != MISSING]
COUNCIL = "seriesshire"
CLAUSES = (
    ("no outturn: awaited", "no_data"),
    ("no target", "no_target"),
    ("met", "met"),
    ("within amber limit", "near"),
    ("otherwise", "missed"),
)
MEASURES = {
    "visits": {"nature": "cumulative", "baseline": "previous_period"},
    "losses": {"nature": "cumulative", "baseline": "previous_period", "calculation": "difference"},
    "calls": {"nature": "flow", "baseline": "previous_period"},
    "homes": {"nature": "stock", "baseline": "previous_period"},
    "absence": {"nature": "rolling_year", "baseline": "previous_period"},
    "collected": {"nature": "cumulative", "unit": "percent"},
    "complaints": {
        "nature": "cumulative",
        "polarity": "lower_is_better",
        "baseline": "same_period_last_year",
    },
    "fines": {"nature": "cumulative", "polarity": "lower_is_better", "baseline": "last_year"},
    "begun": {"nature": "cumulative"},
    "spend": {"nature": "cumulative"},
    "sales": {"nature": "cumulative"},
}
VALUES = dict(zip(QUARTERS, ("20", "40", "", "", "70", "100"), strict=True))


def indicator(key: str) -> Cells:
    plain = {"key": key, "code": "", "title": key, "unit": "number", "calculation": "given", "baseline": ""}
    return {
        "service": "front-office",
        "measure_set": "plan",
        "decimals": "1",
        "polarity": "higher_is_better",
        **plain,
        **MEASURES[key],
    }


def observed(key: str, period: str, value: str, **cells: str) -> Cells:
    """What is reported; awaited without a value."""
    state = "reported" if value or "numerator" in cells else "awaited"
    return {
        "indicator": key,
        "service": "front-office",
        "period": period,
        "value": value,
        "state": state,
        **cells,
    }


def target(key: str, value: str = "", kind: str = "value", period: str = "2012-13") -> Cells:
    return {"indicator": key, "service": "front-office", "period": period, "kind": kind, "value": value}


def observations() -> list[Cells]:
    found = [observed(key, q, VALUES[q]) for key in ("visits", "calls", "homes") for q in REPORTED]
    found += [
        observed("homes", "2011-12", "50"),
        observed("homes", "2012-13", "55", basis="estimated_full_year", as_of="2012-09-30"),
        observed("homes", "2010-11-q1", "40", covers="as-at-2010-06-15"),
        observed("homes", "2010-11-q3", "41", covers="as-at-2010-12-15"),
        observed("homes", "2010-11-q4", "42", as_of="2011-03-15"),
        observed("absence", "2011-12-q1", "9", covers="year-to-2011-06-30"),
        observed("absence", "2011-12-q2", "2"),
        observed("absence", "2011-12-q3", "8", covers="year-to-2011-12-31"),
        observed("absence", "2012-13-q1", "7.5", covers="2012-05-01--2012-06-15"),
        observed("losses", "2012-13-q3", "", numerator="1", denominator="8"),
        observed("losses", "2012-13-q1", "", numerator="1", denominator="3"),
        observed("collected", "2012-13-q1", "29.7"),
        observed("complaints", "2011-12-q2", "30"),
        observed("complaints", "2012-13-q2", "20"),
        observed("fines", "2011-12", "45"),
        observed("fines", "2012-13-q2", "20"),
        observed("begun", "2012-13-q2", "20", covers="2012-05-01--2012-09-30"),
        observed("sales", "2012-13-q3", "100"),
        observed("spend", "2012-13", "90", basis="estimated_full_year"),
        observed("spend", "2012-13-q2", "60", as_of="2012-10-31"),
        observed("spend", "2012-13-q3", "", covers="as-at-2012-11-30"),
    ]
    return found


def report(folder: Path) -> Path:
    clauses = [
        {"scheme": "plan", "position": str(place), "condition": words, "code": code, "label": code}
        for place, (words, code) in enumerate(CLAUSES, 1)
    ]
    return write_report(
        folder,
        {
            "scheme_clauses": clauses[1:],
            "indicators": [indicator(key) for key in MEASURES],
            "targets": [
                target("visits", "133.3333"),
                target("losses", "0"),
                target("calls", "400"),
                target("sales", "140") | {"amber_percent": "5"},
                target("sales", "90", period="2012-13-q3") | {"amber_percent": "1"},
                target("complaints", kind="reduction"),
                target("fines", kind="reduction"),
            ],
            "observations": observations(),
        },
        organisation={"id": COUNCIL, "name": COUNCIL, "area_code": "E09000001"},
        schemes={"id": "plan", "effective_from": "2001-04-01"},
        scheme_clauses=clauses[0] | {"colour": "", "points": ""},
        direction_labels={"scheme": "plan"},
    )


@pytest.fixture(scope="module")
async def council(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AsyncClient]:
    """Speak to the application; its database holds two councils of our own."""
    migrate(database_url)
    load(database_url, report(tmp_path_factory.mktemp("own") / COUNCIL))
    load(database_url, versioned(tmp_path_factory.mktemp("own") / "versioned", "versioned"))
    async with serving(database_url) as client:
        yield client


async def series(client: AsyncClient, key: str, organisation: str = COUNCIL, **asked: str) -> list[Json]:
    """The series of an indicator by its key."""
    rows = await rows_of(client, "/v1/indicators", [("organisation", organisation)])
    [row] = [row for row in rows if row["indicator_key"] == key]
    answer = await client.get(f"/v1/indicators/{row['id']}/series", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.json()["indicator"] == row
    found: list[Json] = answer.json()["series"]
    return found


def kinds(found: list[Json]) -> list[tuple[str, str, str]]:
    return [(each["covers"], each["reported_by"], each["basis"]) for each in found]


def shape(each: Json) -> list[tuple[str, str | None]]:
    """What each point has: its outturn, or its state, or that it is a gap."""
    return [
        (p["period"], "gap" if p["gap"] else p["state"] if p["outturn"] is None else p["outturn"])
        for p in each["points"]
    ]


@pytest.mark.parametrize("key", ["visits", "calls", "homes"])
async def test_a_gap_is_kept_and_is_not_what_was_reported_as_absent(council: AsyncClient, key: str) -> None:
    [quarters] = [each for each in await series(council, key) if each["covers"] == "quarter"]

    assert quarters["gaps_known"]
    assert shape(quarters) == [
        ("2011-12-q2", "20.0"),
        ("2011-12-q3", "40.0"),
        ("2011-12-q4", "gap"),
        ("2012-13-q1", "awaited"),
        ("2012-13-q2", "70.0"),
        ("2012-13-q3", "100.0"),
    ]


async def test_a_gap_has_its_days_and_nothing_else(council: AsyncClient) -> None:
    [only] = await series(council, "visits")

    [gap] = [point for point in only["points"] if point["gap"]]
    having = {name: value for name, value in gap.items() if value is not None}
    assert having == {
        "period": "2011-12-q4",
        "label": "2011/12 Q4",
        "start": "2012-01-01",
        "end": "2012-03-31",
        "gap": True,
    }


async def test_a_point_is_as_the_observation_is_listed(council: AsyncClient) -> None:
    [only] = await series(council, "visits")

    for point in only["points"]:
        if point["gap"]:
            continue
        row = (await council.get(point["href"])).json()
        assert point["observation_id"] == row["id"]
        assert point["reported_in"] == row["period"]
        own = {"period", "label", "start", "end", "gap", "reported_in", "covers", "observation_id", "href"}
        shown = point.keys() - own - {"projection"}
        assert {name: point[name] for name in shown} == {name: row[name] for name in shown}
        assert (point["label"], point["end"]) == (row["period_label"], row["period_end"])


async def test_what_figures_cover_and_how_they_are_meant_keeps_series_apart(council: AsyncClient) -> None:
    by_kind = {kind: shape(each) for each in await series(council, "homes") for kind in kinds([each])}

    assert list(by_kind) == sorted(by_kind)
    del by_kind["quarter", "quarter", "actual"]
    assert by_kind == {
        ("as_at", "quarter", "actual"): [
            ("2010-11-q1", "40.0"),
            ("2010-11-q2", "gap"),
            ("2010-11-q3", "41.0"),
            ("2010-11-q4", "42.0"),
        ],
        ("financial_year", "financial_year", "actual"): [("2011-12", "50.0")],
        ("financial_year", "financial_year", "estimated_full_year"): [("2012-13", "55.0")],
    }


async def test_a_figure_as_at_a_day_of_its_own_says_so(council: AsyncClient) -> None:
    days, *_ = await series(council, "homes")

    assert [point["covers"] for point in days["points"]] == [
        "as-at-2010-06-15",
        None,
        "as-at-2010-12-15",
        "as-at-2011-03-15",
    ]


async def test_rolling_years_quarters_and_stretches_do_not_mix(council: AsyncClient) -> None:
    found = await series(council, "absence")

    assert {kind[0]: shape(each) for each in found for kind in kinds([each])} == {
        "custom": [("2012-13-q1", "7.5")],
        "quarter": [("2011-12-q2", "2.0")],
        "rolling_year": [("2011-12-q1", "9.0"), ("2011-12-q2", "gap"), ("2011-12-q3", "8.0")],
    }


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"from": "2012-13", "to": "2012-13"}, ["awaited", "70.0", "100.0", "gap"]),
        ({"from": "2012/13 Q3"}, ["100.0"]),
        ({"to": "2011-12-q3"}, ["20.0", "40.0"]),
        ({"from": "2011-12", "to": "2011-12-q2"}, ["gap", "20.0"]),
        ({"from": "2013-14", "to": "2013-14-q1"}, ["gap"]),
        ({"to": "2010-11"}, None),
        ({"from": "2020-21"}, None),
    ],
)
async def test_years_asked_for_are_shown_whole(
    council: AsyncClient, asked: dict[str, str], expected: list[str] | None
) -> None:
    found = await series(council, "visits", **asked)

    assert [[value for _, value in shape(each)] for each in found] == ([expected] if expected else [])


async def test_a_projection_is_exact_and_says_that_it_is_one(council: AsyncClient) -> None:
    """To one place it would miss the target that it meets: 400/3 is more than 133.3333, 133.3 is less."""
    [only] = await series(council, "visits")

    *before, last = only["points"]
    assert [point["projection"] for point in before] == [None] * 5
    assert last["outturn"] == "100.0"
    assert last["projection"] == {
        "stated_as": "projection",
        "value": "133.3",
        "exact": "400/3",
        "basis": "outturn x 12 / 9 months",
        "months_elapsed": 9,
        "beyond_whole": False,
        "year": "2012-13",
        "against": "133.3333",
        "status": "met",
        "status_label": "met",
        "status_colour": None,
        "reason": None,
    }


async def test_the_year_so_far_is_projected_from_the_last_point_that_has_a_figure(
    council: AsyncClient,
) -> None:
    [only] = await series(council, "visits", **{"from": "2012-13", "to": "2012-13"})

    assert [bool(point["projection"]) for point in only["points"]] == [False, False, True, False]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("sales", ("133.3", "400/3", "near", None)),
        ("losses", ("-9.3", "-28/3", "missed", None)),
        ("collected", ("118.8", "594/5", None, "no annual target")),
        ("fines", ("40.0", "40", "met", None)),
        (
            "complaints",
            ("40.0", "40", None, "the scheme asks for an earlier figure, which is not of a full year"),
        ),
    ],
)
async def test_a_projection_is_held_against_the_year_or_tells_why_not(
    council: AsyncClient, key: str, expected: tuple[str | None, ...]
) -> None:
    """Half a year's complaints are no baseline of a year's; last year's fines are.

    Sales meet the quarter's target, and are heading for less than the year's, by no more than it allows.
    """
    points = [point for each in await series(council, key) for point in each["points"]]

    [projection] = [point["projection"] for point in points if point["projection"]]
    assert tuple(projection[name] for name in ("value", "exact", "status", "reason")) == expected
    assert projection["beyond_whole"] == (key == "collected")


async def test_only_cumulative_figures_of_a_part_of_a_year_are_projected(council: AsyncClient) -> None:
    for key in ("calls", "homes", "absence", "begun"):
        points = [point for each in await series(council, key) for point in each["points"]]

        assert {point["projection"] is None for point in points} == {True}


async def test_a_figure_of_a_later_day_is_projected_by_its_own_months_and_an_estimate_not_at_all(
    council: AsyncClient,
) -> None:
    days, year = await series(council, "spend")

    assert shape(days) == [("2012-13-q2", "60.0"), ("2012-13-q3", "awaited")]
    assert days["points"][0]["projection"]["basis"] == "outturn x 12 / 7 months"
    assert days["points"][0]["projection"]["exact"] == "720/7"
    assert (year["basis"], year["points"][0]["projection"]) == ("estimated_full_year", None)


async def test_premises_decide_statuses_directions_and_the_projections_status(council: AsyncClient) -> None:
    own, other = await series(council, "visits"), await series(council, "visits", scheme="versioned/plan@1")
    last = [found[0]["points"][-1] for found in (own, other)]

    assert [(p["status_label"], p["projection"]["status_label"]) for p in last] == [
        ("met", "met"),
        ("plan met", "plan met"),
    ]
    [only] = await series(council, "visits", baseline="same_period_last_year")
    assert [p["baseline_period"] for p in only["points"][-2:]] == ["2011-12-q2", "2011-12-q3"]
    assert own == await series(council, "visits")


async def test_each_point_is_judged_by_the_version_of_its_own_day(council: AsyncClient) -> None:
    [own] = await series(council, "3002", "versioned")
    [newest] = await series(council, "3002", "versioned", scheme="versioned/plan")

    assert [point["status_label"] for point in own["points"]] == ["plan near", "plan@2 missed"]
    assert [point["status_label"] for point in newest["points"]] == ["plan@2 missed"] * 2
