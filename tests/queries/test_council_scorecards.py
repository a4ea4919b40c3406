"""Scorecards of a council of our own: levels of escalation, orders with ties and gaps, what stands where."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx import AsyncClient

from app.db.migrations import migrate
from tests.imports.examples import EXAMPLE, Cells, write_report
from tests.queries.lists import LISTS, Json, rows_of
from tests.queries.reports import load
from tests.routers.problem_documents import check_problem
from tests.routers.serving import serving

Q2 = "/v1/scorecards/anyshire/front-office/2011-12-q2"
Q3 = "/v1/scorecards/anyshire/front-office/2011-12-q3"


def scheme(name: str, measure_set: str, **cells: str) -> Cells:
    return EXAMPLE["schemes"] | {"id": name, "name": name.title(), "measure_set": measure_set} | cells


def clauses(name: str, *rows: tuple[str, str, str, str]) -> list[Cells]:
    """Clauses in order: condition, code, label and points."""
    names = ("condition", "code", "label", "points")
    return [
        {"scheme": name, "position": str(place), **dict(zip(names, row, strict=True))}
        for place, row in enumerate(rows, 1)
    ]


def indicator(key: str, **cells: str) -> Cells:
    base = {"key": key, "code": "", "title": key.title(), "unit": "number", "calculation": "given"}
    return EXAMPLE["indicators"] | base | cells


def target(key: str, value: str, **cells: str) -> Cells:
    return EXAMPLE["targets"] | {"indicator": key, "value": value} | cells


def observation(key: str, value: str, previous: str = "", **cells: str) -> Cells:
    figures = {"indicator": key, "value": value, "numerator": "", "denominator": ""}
    before = {"previous_value": previous, "previous_period": "2011-12-q1"} if previous else {}
    return EXAMPLE["observations"] | figures | before | cells


def line(key: str, revised: str, forecast: str) -> Cells:
    named = {"key": key, "description": key.title()}
    return EXAMPLE["budget_lines"] | named | {"revised_budget": revised, "forecast": forecast}


def capital(key: str, approved: str, forecast: str) -> Cells:
    money = {"revised_budget": "", "approved_budget": approved, "additions": "0", "slippage": "0"}
    return line(key, "", forecast) | {"kind": "capital"} | money


def action(key: str, **cells: str) -> Cells:
    return EXAMPLE["actions"] | {"key": key, "code": key, "due_text": ""} | cells


def risk(code: str, impact: str, probability: str) -> Cells:
    return EXAMPLE["risks"] | {"code": code, "impact": impact, "probability": probability}


PLAN = clauses(
    "anyshire-plan",
    ("no outturn", "no_data", "No data", ""),
    ("no target", "no_target", "No target", ""),
    ("met", "met", "Green", "1"),
    ("otherwise", "missed", "Red", "-1"),
)
LEVELS = clauses(
    "levels",
    ("rating of plan below -6", "level_3", "Commissioners", ""),
    ("at least 50% missed and revenue variation above 0.04%", "level_2", "Board review", ""),
    ("rating of unheard_of below 100", "level_1", "Watch", ""),
    ("otherwise", "none", "No step", ""),
)
DUE = clauses("tasks", ("overdue", "overdue", "Late", ""), ("otherwise", "in_progress", "Going on", ""))
MORE: dict[str, list[Cells]] = {
    "services": [{"name": "Back Office", "kind": "directorate"}, {"name": "Idle", "kind": "directorate"}],
    "schemes": [
        scheme("levels", "escalation", effective_to="2011-09-30", variance_convention="none"),
        scheme("tasks", "actions", variance_convention="none"),
    ],
    "scheme_clauses": [*PLAN[1:], *LEVELS, *DUE],
    "risk_matrices": [
        {"matrix": "five", "kind": "band", "low": "13", "high": "25", "label": "Severe"},
    ],
    "indicators": [
        indicator("far", section="One"),
        indicator("zero", section="Two", polarity="lower_is_better"),
        indicator("tie-a", section="One"),
        indicator("tie-b", section="One"),
        indicator("fine", section="Two"),
        indicator("unruled", section="Two", measure_set="other"),
    ],
    "targets": [
        target("far", "100"),
        target("zero", "0"),
        target("tie-a", "100"),
        target("tie-b", "100"),
        target("fine", "1"),
    ],
    "observations": [
        observation("far", "10", "20"),
        observation("zero", "5", "0"),
        observation("tie-a", "50", "-10"),
        observation("tie-b", "50", "400"),
        observation("fine", "5"),
        observation("unruled", "5"),
        observation("fine", "5", period="2011-12-q3"),
    ],
    "budget_lines": [
        line("small", "1000", "1001"),
        line("tie", "100", "105"),
        line("under", "100", "90"),
        capital("works", "1000", "1900"),
    ],
    "risks": [risk("R1", "3", "5"), risk("R2", "5", "5"), risk("R3", "5", "3")],
    "actions": [
        action("late", due_date="2011-08-31"),
        action("later", due_date="2011-06-30"),
        action("past", due_date="2011-06-30", as_of="2011-05-01"),
    ],
    "notes": [
        EXAMPLE["notes"]
        | {"kind": "service", "subject": "back-office", "note_kind": "issue", "text": "Slow"},
    ],
}


@pytest.fixture(scope="module")
async def council(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AsyncClient]:
    """Speak to the application; its database holds the council's one report."""
    migrate(database_url)
    folder: Path = tmp_path_factory.mktemp("council")
    load(database_url, write_report(folder, MORE, scheme_clauses=PLAN[0], indicators={"section": "One"}))
    async with serving(database_url) as client:
        yield client


async def card(client: AsyncClient, path: str) -> Json:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_the_level_is_that_of_the_first_clause_that_holds(council: AsyncClient) -> None:
    escalation = (await card(council, Q2))["escalation"]

    assert (escalation["level"], escalation["label"]) == ("level_2", "Board review")
    assert escalation["scheme"]["scheme"] == "levels"
    assert [(row["tried"], row["held"]) for row in escalation["clauses"]] == [
        (True, False),
        (True, True),
        (False, None),
        (False, None),
    ]
    assert escalation["clauses"][0]["filled"].replace("(", "").replace(")", "") == "-4 < -6"


async def test_a_level_rests_on_the_numbers_of_the_scorecard(council: AsyncClient) -> None:
    scorecard = await card(council, Q2)

    facts = {row["name"]: row["value"] for row in scorecard["escalation"]["facts"]}
    [plan] = [each for each in scorecard["ratings"] if each["measure_set"] == "plan"]
    assert plan["rating"] == "-4.00"
    assert facts == {
        "missed": "5",
        "missed_percent": "71.428571",
        "revenue_variation_percent": "0.049358",
        "rating_of_plan": "-4",
        "rating_of_other": None,
    }


async def test_no_level_is_given_once_the_scheme_has_ended(council: AsyncClient) -> None:
    assert (await card(council, Q3))["escalation"] is None


async def test_escalation_judges_no_measure(council: AsyncClient) -> None:
    scorecard = await card(council, Q2)

    assert [each["scheme"] for each in scorecard["schemes"]] == ["anyshire-plan"]
    assert {row["label"] for row in scorecard["statuses"]} == {"No data", "No target", "Green", "Red", None}


async def test_what_no_scheme_judges_is_counted_and_left_out(council: AsyncClient) -> None:
    scorecard = await card(council, Q2)

    [other] = [each for each in scorecard["ratings"] if each["measure_set"] == "other"]
    assert (other["rating"], other["scheme"]) == (None, None)
    assert [row["reason"] for row in other["unscored"]] == ["no_scheme"]
    [unlabelled] = [row for row in scorecard["statuses"] if row["label"] is None]
    assert (unlabelled["statuses"], unlabelled["count"], unlabelled["percent"]) == (["not_rated"], 1, "14")


async def test_missed_goes_by_distance_and_ties_by_the_report(council: AsyncClient) -> None:
    missed = (await card(council, Q2))["exceptions"]["missed"]

    assert [(row["indicator_key"], row["target_variance"]) for row in missed] == [
        ("far", "-90.0"),
        ("tie-a", "-50.0"),
        ("tie-b", "-50.0"),
        ("3002", "-25.6"),
        ("zero", None),
    ]


async def test_worsened_goes_by_change_whatever_its_sign(council: AsyncClient) -> None:
    worsened = (await card(council, Q2))["exceptions"]["worsened"]

    assert [(row["indicator_key"], row["direction_variance"]) for row in worsened] == [
        ("tie-b", "87.5"),
        ("far", "50.0"),
        ("zero", None),
    ]


async def test_overdue_actions_are_those_of_the_period_the_longest_first(council: AsyncClient) -> None:
    scorecard = await card(council, Q2)

    assert [row["code"] for row in scorecard["exceptions"]["overdue_actions"]] == ["later", "late"]
    assert scorecard["actions"]["total"] == 3


async def test_high_risks_are_of_the_top_band_whatever_it_is_called(council: AsyncClient) -> None:
    risks = (await card(council, Q2))["exceptions"]["high_risks"]

    assert [(row["code"], row["rating"], row["band"]) for row in risks] == [
        ("R2", 25, "Severe"),
        ("R1", 15, "Severe"),
        ("R3", 15, "Severe"),
    ]


async def test_overspends_are_revenue_and_capital_by_pounds(council: AsyncClient) -> None:
    overspends = (await card(council, Q2))["exceptions"]["overspends"]

    assert [(row["kind"], row["description"], row["variation"]) for row in overspends] == [
        ("capital", "Works", "900000.00"),
        ("revenue", "Grants", "5000.00"),
        ("revenue", "Tie", "5000.00"),
        ("revenue", "Small", "1000.00"),
    ]


async def test_sections_keep_the_order_of_the_report(council: AsyncClient) -> None:
    sections = (await card(council, Q2))["sections"]

    assert [(each["section"], [row["indicator_key"] for row in each["measures"]]) for each in sections] == [
        ("One", ["3002", "far", "tie-a", "tie-b"]),
        ("Two", ["zero", "fine", "unruled"]),
    ]


async def test_a_service_with_only_words_has_a_scorecard_and_an_idle_one_has_none(
    council: AsyncClient,
) -> None:
    words = await card(council, Q2.replace("front", "back"))
    idle = await council.get(Q2.replace("front-office", "idle"))

    assert [note["text"] for note in words["challenges"]] == ["Slow"]
    assert (words["measures"], words["ratings"], words["revenue"]) == (0, [], None)
    assert {row["percent"] for row in words["directions"]} == {None}
    check_problem(idle, 404, "not-found")
    listed = await rows_of(council, "/v1/scorecards")
    assert [row["id"] for row in listed] == [
        "anyshire/back-office/2011-12-q2",
        "anyshire/front-office/2011-12-q2",
        "anyshire/front-office/2011-12-q3",
    ]
    assert [(row["observations"], row["budget_lines"], row["risks"]) for row in listed] == [
        (0, 0, 0),
        (7, 5, 4),
        (1, 0, 0),
    ]


async def test_levels_leave_every_list_as_it_is(council: AsyncClient) -> None:
    for path in LISTS:
        answer = await council.get(path)

        assert answer.status_code == 200 or "{" in path, answer.text
    for row in await rows_of(council, "/v1/observations"):
        assert row["scheme"] != "levels"
        explained = await council.get(f"/v1/observations/{row['id']}/explain")
        assert explained.status_code == 200, explained.text


async def test_levels_are_listed_among_schemes(council: AsyncClient) -> None:
    [levels] = await rows_of(council, "/v1/schemes", [("measure_set", "escalation")])

    assert [clause["code"] for clause in levels["clauses"]] == ["level_3", "level_2", "level_1", "none"]
