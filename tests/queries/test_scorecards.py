"""Scorecards of the five reports: what their first pages show, with the rows that it comes from."""

from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Any

import pytest
from httpx import AsyncClient

from app.db.snapshots import LONG
from tests.queries.lists import SCHEMAS, Json, rows_of
from tests.routers.problem_documents import check_problem
from tests.routers.serving import serving
from tests.routers.test_lists import follows, statements_counted

CHIEF = "/v1/scorecards/barnet/chief-executives-service/2011-12-q2"
COMMISSIONING = "/v1/scorecards/barnet/commissioning-group/2013-14-q2"
BATH = "/v1/scorecards/bath-and-north-east-somerset/customers/2004-05"
RESOURCES = "/v1/scorecards/broxtowe/resources/2019-20-q1"
THURROCK_INFORMATION = "/v1/scorecards/thurrock/information-team/2016-17-q1"
MOST_STATEMENTS = 19
"""One for the releases, one for whom and when, one a list, and a few for notes, places and schemes."""


async def card(client: AsyncClient, path: str, **asked: str) -> Json:
    """A scorecard, which must be answered."""
    answer = await client.get(path, params=asked or None)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def rating(client: AsyncClient, path: str, measure_set: str, **asked: str) -> Json:
    """The rating of a measure set."""
    ratings = (await card(client, path, **asked))["ratings"]
    [found] = [each for each in ratings if each["measure_set"] == measure_set]
    rating: Json = found
    return rating


def plain(formula: str) -> str:
    return formula.replace("(", "").replace(")", "")


def counts(statuses: list[Json]) -> dict[str, tuple[int, str]]:
    """How many have each label, and what percentage that is."""
    return {row["label"]: (row["count"], row["percent"]) for row in statuses}


def hrefs(part: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Every address that an answer names as some row's own."""
    if isinstance(part, dict):
        yield from (value for name, value in part.items() if name in {"href", "explain"})
        part = list(part.values())
    for each in part if isinstance(part, list) else ():
        yield from hrefs(each)


async def test_hr_is_four_reds_and_one_amber(client: AsyncClient) -> None:
    hr = await rating(client, CHIEF, "hr")

    assert hr["rating"] == "-4.50"
    assert plain(hr["filled"]) == "4 × -1 + 1 × -0.5 = -4.5"
    assert [(row["indicator_key"], row["label"], row["points"]) for row in hr["scored"]] == [
        ("hr-absence-rolling-year", "Red", "-1.00"),
        ("hr-absence-quarter", "Red", "-1.00"),
        ("hr-absence-returns", "Red", "-1.00"),
        ("hr-paybill-variance", "Red", "-1.00"),
        ("hr-objectives-set", "Amber", "-0.50"),
    ]
    assert [(row["label"], row["count"], row["sum"]) for row in hr["subtotals"]] == [
        ("Red", 4, "-4.00"),
        ("Amber", 1, "-0.50"),
    ]


async def test_hr_leaves_out_the_review_that_is_not_due_and_what_has_no_target(client: AsyncClient) -> None:
    hr = await rating(client, CHIEF, "hr")

    assert [(row["indicator_key"], row["reason"], row["state"]) for row in hr["unscored"]] == [
        ("hr-mid-year-reviews", "no_outturn", "not_yet_due"),
        ("hr-top-earners-female", "no_outturn", "suppressed"),
        ("hr-bme-employees", "no_target", "reported"),
        ("hr-disabled-employees", "no_outturn", "suppressed"),
    ]


async def test_the_corporate_plan_counts_what_was_not_supplied(client: AsyncClient) -> None:
    plan = await rating(client, CHIEF, "corporate_plan")

    assert plan["rating"] == "-3.00"
    assert plain(plan["filled"]) == "4 × -1 + 1 × -1 + 2 × -0.5 + 3 × 1 = -3"
    assert {row["state"] for row in plan["unscored"]} == {"new"}


async def test_the_rating_of_2013_is_derived_whatever_is_printed(client: AsyncClient) -> None:
    plan = await rating(client, COMMISSIONING, "corporate_plan")

    assert plan["rating"] == "-0.50"
    assert [row["indicator_key"] for row in plan["scored"]] == ["5001"]


async def test_every_rating_is_the_sum_of_its_rows(client: AsyncClient) -> None:
    for listed in await rows_of(client, "/v1/scorecards"):
        scorecard = await card(client, listed["href"])
        rated = 0
        for each in scorecard["ratings"]:
            points = [Decimal(row["points"]) for row in each["scored"]]
            sums = [Decimal(row["sum"]) for row in each["subtotals"]]
            assert each["rating"] == (f"{sum(points):.2f}" if points else None)
            assert sum(sums) == sum(points)
            rated += len(each["scored"]) + len(each["unscored"])
        assert rated == scorecard["measures"] == listed["observations"]


async def test_a_rating_is_explained_as_the_scorecard_shows_it(client: AsyncClient) -> None:
    hr = await rating(client, CHIEF, "hr")

    explained = await card(client, hr["href"])

    follows("RatingExplanation").validate(explained)
    assert explained["sentence"] == hr["sentence"]
    assert explained["sentence"] == (
        "HR is rated -4.5: four reds at -1 each and one amber at -0.5; one measure is not scored because its "
        "figure is not due yet, two because their figures are suppressed, and one because it has no target."
    )
    for name in ("rating", "scored", "unscored", "subtotals", "scheme"):
        assert explained[name] == hr[name]
    [step] = explained["steps"]
    assert (step["exact"], step["answer"], step["filled"]) == ("-9/2", "-4.50", hr["filled"])
    assert [row["source"]["id"] for row in explained["operands"]] == [
        str(row["observation_id"]) for row in hr["scored"]
    ]
    assert explained["not_derived"] == []


async def test_a_set_without_points_is_not_rated_and_says_why(client: AsyncClient) -> None:
    explained = await card(client, f"{BATH}/ratings/performance_plan/explain")

    assert explained["rating"] is None
    assert explained["steps"] == explained["operands"] == []
    [missing] = explained["not_derived"]
    assert missing["field"] == "rating"
    assert "their status carries no points" in missing["lacking"]


async def test_money_is_the_total_and_its_lines(client: AsyncClient) -> None:
    scorecard = await card(client, CHIEF)
    revenue, capital = scorecard["revenue"], scorecard["capital"]

    assert (revenue["variation"], revenue["variation_percent"]) == ("17000.00", "0.2")
    assert [row["variation"] for row in revenue["lines"]] == [
        "0.00",
        "-76000.00",
        "5000.00",
        "58000.00",
        "30000.00",
    ]
    assert (capital["variation"], capital["slippage_percent"]) == ("-43000.00", "-3")
    assert [row["description"] for row in capital["lines"]] == ["Chief Executive Services"]
    assert (await card(client, BATH))["revenue"] is None


async def test_bath_is_green_or_not_known_and_counts_what_none_is(client: AsyncClient) -> None:
    scorecard = await card(client, BATH)

    assert counts(scorecard["statuses"]) == {
        "NOT KNOWN": (2, "18"),
        "GREEN": (9, "82"),
        "AMBER": (0, "0"),
        "RED": (0, "0"),
    }
    [unknown] = [row for row in scorecard["statuses"] if row["label"] == "NOT KNOWN"]
    assert (unknown["statuses"], unknown["colour"]) == (["no_data", "no_target"], "grey")


async def test_thurrock_passes_fails_or_has_no_target(client: AsyncClient) -> None:
    scorecard = await card(client, THURROCK_INFORMATION)

    assert counts(scorecard["statuses"]) == {"n/a": (3, "38"), "ACHIEVED": (3, "38"), "FAILED": (2, "25")}


async def test_broxtowe_counts_add_up_over_its_services(client: AsyncClient) -> None:
    whole: dict[str, int] = {}
    for listed in await rows_of(client, "/v1/scorecards", [("period", "2019-20-q1")]):
        for row in (await card(client, listed["href"]))["statuses"]:
            whole[row["label"]] = whole.get(row["label"], 0) + row["count"]

    assert whole == {"Green": 11, "Amber": 3, "Red": 6, "Unknown": 4, "Data Only": 2}


async def test_counts_are_those_of_the_summary_for_all_and_by_section(client: AsyncClient) -> None:
    for listed in await rows_of(client, "/v1/scorecards"):
        scorecard = await card(client, listed["href"])
        where = {name: listed[name] for name in ("organisation", "service", "period")}

        for part, groups in ((scorecard, "status_label"), *((s, "section") for s in scorecard["sections"])):
            asked = {**where, "group_by": "section,status_label"}
            rows = (await client.get("/v1/observations/summary", params=asked)).json()["items"]
            mine = [r for r in rows if groups == "status_label" or r["section"] == part["section"]]
            summed: dict[str, int] = {}
            for row in mine:
                summed[row["status_label"]] = summed.get(row["status_label"], 0) + row["count"]
            assert {row["label"]: row["count"] for row in part["statuses"] if row["count"]} == summed
        directions = scorecard["directions"]
        assert sum(row["count"] for row in directions) == scorecard["measures"]


async def test_sections_and_measures_are_in_the_order_of_the_report(client: AsyncClient) -> None:
    scorecard = await card(client, CHIEF)

    assert [section["section"] for section in scorecard["sections"]] == [
        "Performance",
        "Attendance",
        "Performance Review",
        "Cost",
        "Diversity data",
        "Employee Relations",
    ]
    [attendance] = [s for s in scorecard["sections"] if s["section"] == "Attendance"]
    assert [row["indicator_key"] for row in attendance["measures"]] == [
        "hr-absence-rolling-year",
        "hr-absence-quarter",
        "hr-absence-returns",
    ]
    assert [each["measure_set"] for each in scorecard["ratings"]] == ["corporate_plan", "hr", "hr_management"]


async def test_exceptions_have_the_worst_first(client: AsyncClient) -> None:
    exceptions = (await card(client, CHIEF))["exceptions"]

    assert list(exceptions) == ["missed", "worsened", "overdue_actions", "high_risks", "overspends"]
    assert [(row["indicator_key"], row["target_variance"]) for row in exceptions["missed"]] == [
        ("3009", "-106.2"),
        ("hr-absence-rolling-year", "-57.8"),
        ("hr-absence-returns", "-54.5"),
        ("hr-absence-quarter", "-26.0"),
        ("3005", "-25.7"),
        ("3002", "-25.6"),
        ("3007", "-17.4"),
        ("hr-paybill-variance", "-7.9"),
    ]
    assert [(row["indicator_key"], row["direction_variance"]) for row in exceptions["worsened"]] == [
        ("hr-absence-returns", "27.0"),
        ("3005", "22.1"),
    ]
    assert [(row["description"], row["variation"]) for row in exceptions["overspends"]] == [
        ("Library Services", "58000.00"),
        ("Customer Services & Registration", "30000.00"),
        ("Grants", "5000.00"),
    ]


async def test_high_risks_are_those_of_the_top_band(client: AsyncClient) -> None:
    exceptions = (await card(client, COMMISSIONING))["exceptions"]

    assert [(row["rating"], row["band"]) for row in exceptions["high_risks"]] == [
        (20, "High"),
        (15, "High"),
        (15, "High"),
    ]
    assert exceptions["high_risks"][0]["code"] == "ST0072"
    assert (await card(client, CHIEF))["exceptions"]["high_risks"] == []


async def test_actions_stand_under_the_quarter_that_was_reported(client: AsyncClient) -> None:
    now, before = (
        await card(client, RESOURCES),
        await card(client, RESOURCES.replace("2019-20-q1", "2018-19")),
    )
    actions = await rows_of(client, "/v1/actions", [("service", "resources")])

    assert [row["code"] for row in now["exceptions"]["overdue_actions"]] == ["FP1922_02"]
    assert now["actions"]["total"] == len(actions) > 0
    assert sum(row["count"] for row in now["actions"]["statuses"]) == len(actions)
    assert before["actions"] == {"total": 0, "statuses": []}


async def test_the_heat_map_counts_risks_from_a_rating(client: AsyncClient) -> None:
    from_12 = (await card(client, COMMISSIONING, risk_rating_min="12"))["risks"]
    from_20 = (await card(client, COMMISSIONING, risk_rating_min="20"))["risks"]["heat_map"]

    heat_map = from_12["heat_map"]
    assert (from_12["total"], heat_map["registered"], heat_map["published"]) == (9, 9, 10)
    assert {cell["rating"] for cell in from_20["cells"]} == {20, 25}
    assert (from_20["registered"], from_20["published"]) == (1, 2)
    listed = (await client.get(heat_map["href"])).json()
    assert (listed["registered"], listed["published"]) == (9, 10)


async def test_what_a_report_says_stands_under_its_headings(client: AsyncClient) -> None:
    scorecard = await card(client, CHIEF)

    assert [len(scorecard[name]) for name in ("achievements", "challenges", "actions_needed")] == [3, 3, 3]
    assert {note["about"] for note in scorecard["challenges"]} == {"service"}
    assert "measure" in {note["about"] for note in scorecard["notes"]}
    [posts] = scorecard["workforce"]["establishment"]
    assert (posts["establishment_total"], posts["occupancy_total"]) == ("235.00", "230.00")


async def test_interventions_are_as_stated_and_no_level_is_made_up(client: AsyncClient) -> None:
    scorecard = await card(client, COMMISSIONING)

    assert [row["level"] for row in scorecard["interventions"]] == [1, 2, 1, 1]
    assert scorecard["escalation"] is None


async def test_every_scorecard_of_the_list_is_there_and_as_documented(client: AsyncClient) -> None:
    for listed in await rows_of(client, "/v1/scorecards"):
        scorecard = await card(client, listed["href"])

        follows("ScorecardOut").validate(scorecard)
        assert scorecard["id"] == listed["id"]
        assert scorecard["risks"]["total"] == listed["risks"]
        lines = [table["lines"] for table in (scorecard["revenue"], scorecard["capital"]) if table]
        assert sum(map(len, lines)) == listed["budget_lines"]


@pytest.mark.parametrize("path", [CHIEF, COMMISSIONING, BATH, RESOURCES, f"{RESOURCES}?scheme=barnet-hr"])
async def test_every_link_leads_somewhere(client: AsyncClient, path: str) -> None:
    for href in sorted(set(hrefs(await card(client, path)))):
        answer = await client.get(href)

        assert answer.status_code == 200, href


@pytest.mark.parametrize("label", ["2011/12 Q2", "Qtr 2 2011/12", "2011-12-q2"])
async def test_a_period_may_be_named_by_its_label(client: AsyncClient, label: str) -> None:
    path = f"/v1/scorecards/barnet/chief-executives-service/{label.replace('/', '%2F')}"

    assert await card(client, path) == await card(client, CHIEF)
    assert await card(client, f"{path}/ratings/hr/explain") == await card(
        client, f"{CHIEF}/ratings/hr/explain"
    )


@pytest.mark.parametrize(
    "path",
    [
        CHIEF.replace("barnet", "nowhere"),
        CHIEF.replace("barnet", "broxtowe"),
        CHIEF.replace("chief-executives-service", "unknown"),
        CHIEF.replace("2011-12-q2", "1999-00-q3"),
        CHIEF.replace("2011-12-q2", "2011-12-q1"),
        CHIEF.replace("2011-12-q2", "2013-14-q2"),
        CHIEF.replace("2011-12-q2", "someday"),
        f"{CHIEF}/ratings",
        f"{CHIEF}/ratings/csi/explain",
        f"{CHIEF.replace('2011-12-q2', '2011-12-q1')}/ratings/hr/explain",
    ],
)
async def test_where_nothing_is_reported_there_is_no_scorecard(client: AsyncClient, path: str) -> None:
    problem = check_problem(await client.get(path), 404, "not-found")

    assert problem["detail"] == "Nothing is reported there."


async def test_another_scheme_gives_a_scorecard_under_it(client: AsyncClient) -> None:
    own, other = await card(client, CHIEF), await card(client, CHIEF, scheme="thurrock-pass-fail")

    assert [scheme["scheme"] for scheme in other["schemes"]] == ["thurrock-pass-fail"]
    assert counts(other["statuses"]).keys() == {"n/a", "ACHIEVED", "FAILED"}
    assert [each["rating"] for each in other["ratings"]] == [None, None, None]
    assert {row["reason"] for each in other["ratings"] for row in each["unscored"]} == {
        "no_outturn",
        "no_points",
        "no_target",
    }
    for name in ("revenue", "capital", "risks", "workforce", "interventions", "actions"):
        assert other[name] == own[name]
    assert await card(client, CHIEF) == own


async def test_a_scheme_that_gives_points_rates_what_its_own_does_not(client: AsyncClient) -> None:
    plan = await rating(client, BATH, "performance_plan", scheme="barnet-corporate-plan")

    assert (plan["rating"], plan["scheme"]["organisation"]) == ("9.00", "barnet")
    assert plan["href"].endswith("/explain?scheme=barnet-corporate-plan")
    assert (await card(client, plan["href"]))["rating"] == "9.00"
    observation = await card(client, plan["scored"][0]["href"])
    assert observation["scheme"] == "barnet-corporate-plan"
    assert observation["status_points"] == plan["scored"][0]["points"]


async def test_a_scheme_for_measures_leaves_actions_to_their_own(client: AsyncClient) -> None:
    own, other = await card(client, RESOURCES), await card(client, RESOURCES, scheme="barnet-hr")

    assert other["statuses"] != own["statuses"]
    assert other["actions"] == own["actions"]
    assert other["exceptions"]["overdue_actions"] == own["exceptions"]["overdue_actions"]


PARTS = (
    *("OrganisationLink", "ServiceLink", "PeriodLink", "SchemeLink", "BudgetLineLink", "SubtotalOut"),
    *("ScoredOut", "UnscoredOut", "StatusCount", "DirectionCount", "MeasureOut", "OverdueAction"),
    *("HighRisk", "Overspend", "NoteOut", "InterventionOut", "InitiativeLink", "ProjectLink"),
    *("HeatMapCount", "EstablishmentLink", "ProfileLink"),
)
NUMBERED = {"id", "observation_id", "href", "explain"}
"""What counts rows in the order in which they were loaded, and addresses made of that."""


def unnumbered(part: Json) -> Json:
    return {name: value for name, value in part.items() if name not in NUMBERED}


def parts(part: Any) -> Iterator[Json]:  # noqa: ANN401 - any JSON value
    """Every object of an answer."""
    if isinstance(part, dict):
        yield unnumbered(part)
        part = list(part.values())
    for each in part if isinstance(part, list) else ():
        yield from parts(each)


async def test_the_examples_of_parts_are_parts_of_scorecards(client: AsyncClient) -> None:
    there = [p for path in (CHIEF, COMMISSIONING, BATH, RESOURCES) for p in parts(await card(client, path))]

    for name in PARTS:
        [example] = SCHEMAS[name]["examples"]
        assert unnumbered(example) in there, name


@pytest.fixture(scope="module")
async def uncached(client: AsyncClient, demo_url: str) -> AsyncIterator[AsyncClient]:
    """Speak to the application while it keeps no answers."""
    assert not client.is_closed
    async with serving(demo_url, cache_megabytes=0) as uncached:
        yield uncached


@pytest.mark.parametrize("path", [CHIEF, COMMISSIONING, BATH, RESOURCES, THURROCK_INFORMATION])
@pytest.mark.parametrize("asked", [{}, {"scheme": "thurrock-pass-fail"}], ids=["own", "other"])
async def test_a_scorecard_takes_a_fixed_number_of_statements(
    uncached: AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str, asked: dict[str, str]
) -> None:
    monkeypatch.setattr("app.db.snapshots.SHORT", LONG)
    await card(uncached, path, **asked)

    with statements_counted() as statements:
        await card(uncached, path, **asked)

    assert len(statements) <= MOST_STATEMENTS


async def test_a_scorecard_of_many_rows_is_read_page_by_page(
    uncached: AsyncClient, client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.queries.scorecards.rows.MOST_ROWS", 4)

    assert await card(uncached, CHIEF) == await card(client, CHIEF)
