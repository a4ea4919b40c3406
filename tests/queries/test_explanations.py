"""Explanations agree with the lists, row by row, and each boundary is where the scheme changes its mind."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import orjson
import pytest

from app.queries.actions import ACTIONS_LIST
from app.queries.budgets import BUDGET_VARIANCES
from app.queries.editions import Reading
from app.queries.explanations.actions import explain_action
from app.queries.explanations.budgets import explain_budget_line
from app.queries.explanations.observations import explain_observation
from app.queries.explanations.risks import explain_risk
from app.queries.explanations.workforce import explain_establishment, explain_profile
from app.queries.listings import Listing
from app.queries.observations import OBSERVATIONS, observation_facts
from app.queries.risks import RISKS
from app.queries.workforce import WORKFORCE_ESTABLISHMENT, WORKFORCE_PROFILES
from app.rules.budgets import budget_status
from app.rules.evaluation import Answer, evaluate, plain
from app.rules.indicators import STEPS, direction_settled, target_met
from app.rules.schemes import action_tree, scheme_tree
from app.schemas.explanations import Explanation
from tests.queries.reading import reading, rows_of

Json = dict[str, Any]
Explain = Callable[[Reading, int], Json | None]
EXPLAINED: Mapping[str, tuple[Listing, Explain, frozenset[str]]] = {
    "observations": (
        OBSERVATIONS,
        explain_observation,
        frozenset(OBSERVATIONS.names) & {step.field for step in STEPS},
    ),
    "budget-variances": (
        BUDGET_VARIANCES,
        explain_budget_line,
        frozenset({"revised_budget", "variation", "variation_percent", "slippage_percent", "status"}),
    ),
    "risks": (RISKS, explain_risk, frozenset({"rating", "target_rating", "movement", "overdue"})),
    "actions": (ACTIONS_LIST, explain_action, frozenset()),
    "workforce-establishment": (
        WORKFORCE_ESTABLISHMENT,
        explain_establishment,
        frozenset({"establishment_total", "occupancy_total", "occupancy_variance"}),
    ),
    "workforce-profiles": (WORKFORCE_PROFILES, explain_profile, frozenset({"share"})),
}
NUDGE = Fraction(1, 10**9)


@pytest.fixture(scope="module")
def here(demo_url: str) -> Iterator[Reading]:
    """The demo on each database."""
    with reading(demo_url) as found:
        yield found


def explained(here: Reading, name: str) -> Iterator[tuple[Json, Json]]:
    """Each row of a list, and its explanation as it is written out."""
    listing, explain, _ = EXPLAINED[name]
    rows = rows_of(here, listing)
    assert rows
    for row in rows:
        yield row, orjson.loads(orjson.dumps(explain(here, row["id"])))


def as_text(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


@pytest.mark.parametrize("name", EXPLAINED)
def test_every_derived_field_is_explained_and_agrees_with_its_list(here: Reading, name: str) -> None:
    for row, explanation in explained(here, name):
        Explanation.model_validate(explanation)
        answers = {step["field"]: step["answer"] for step in explanation["steps"]}
        without = {each["field"]: each["reason"] for each in explanation["not_derived"]}

        for field in EXPLAINED[name][2]:
            assert (field in answers) != (field in without), (row["id"], field)
            assert answers.get(field) == as_text(row[field]), (row["id"], field)
        assert all(without.values())
        assert explanation["subject"]["id"] == row["id"]
        assert explanation["sentence"].endswith(".")


def test_an_observation_has_the_statuses_of_its_list(here: Reading) -> None:
    for row, explanation in explained(here, "observations"):
        judged = {each["against"]: each for each in explanation["judgements"]}
        now, year = judged.get("period"), judged.get("year_end")
        without = {each["field"] for each in explanation["not_derived"]}

        names = ("code", "label", "colour", "points")
        found = ("not_rated", None, None, None) if now is None else tuple(now[name] for name in names)
        assert found == tuple(row[f"status{name}"] for name in ("", "_label", "_colour", "_points")), row[
            "id"
        ]
        held = None if year is None or year["held"] is None else year["code"]
        assert held == row["status_year_end"], row["id"]
        assert ("status_year_end" in without) == (row["status_year_end"] is None)
        assert (explanation["scheme"] or {}).get("scheme") == row["scheme"]


def test_a_risk_has_the_bands_of_its_list(here: Reading) -> None:
    for row, explanation in explained(here, "risks"):
        judged = {each["against"]: each["label"] for each in explanation["judgements"]}

        assert judged["matrix"] == row["band"]
        assert judged.get("matrix_target") == row["target_band"]


def test_an_action_has_the_status_of_its_list(here: Reading) -> None:
    for row, explanation in explained(here, "actions"):
        for judged in explanation["judgements"]:
            found = (judged["code"], judged["label"], judged["colour"])
            assert found == (row["status"], row["status_label"], row["status_colour"]), row["id"]
        assert [judged["varied"] for judged in explanation["judgements"]] == ["progress", "as_of"]


def test_each_band_of_an_observation_is_as_the_rules_of_the_list_have_it(here: Reading) -> None:
    """Just inside and just outside of each end, and at it, the scheme gives the clause that is named."""
    facts = observation_facts(here)
    tried = 0
    for row, explanation in explained(here, "observations"):
        raw = {name: plain(value) for name, value in facts[row["id"]].items()}
        raw["previous"] = None if row["previous"] is None else _ratio(facts[row["id"]], "previous")
        raw["year_earlier"] = None  # no scheme of the demo looks back on it
        for judged in explanation["judgements"][:1]:
            tree = scheme_tree([clause["condition"] for clause in judged["clauses"]])
            for band in judged["bands"]:
                for point in _points(band):
                    moved: dict[str, Answer] = {**raw, "outturn": point}
                    moved["met"] = target_met.read(moved)
                    moved["direction_of_travel"] = direction_settled.read(moved)
                    assert evaluate(tree, moved) == band["position"], (row["id"], band, point)
                    tried += 1
    assert tried > 300


def test_each_band_of_an_action_is_as_its_clauses_have_it(here: Reading) -> None:
    for row, explanation in explained(here, "actions"):
        facts: dict[str, Answer] = {"cancelled": row["cancelled"], "progress": None}
        for name in ("start_date", "due_date", "as_of"):
            facts[name] = None if row[name] is None else _day(row[name])
        if row["progress"] is not None:
            facts["progress"] = Fraction(row["progress"])
        for judged in explanation["judgements"]:
            tree = action_tree([clause["condition"] for clause in judged["clauses"]])
            for band in judged["bands"]:
                for point in (_days if judged["varied"] == "as_of" else _points)(band):
                    assert evaluate(tree, {**facts, judged["varied"]: point}) == band["position"]


def test_each_band_of_a_budget_line_is_as_its_rule_has_it(here: Reading) -> None:
    for row, explanation in explained(here, "budget-variances"):
        facts = {name: row[name] and Fraction(row[name]) for name in ("additions", "slippage")}
        facts |= {"approved": row["approved_budget"] and Fraction(row["approved_budget"])}
        facts |= {"stated_revised": row["revised_budget"] and Fraction(row["revised_budget"])}
        [judged] = explanation["judgements"]
        assert judged["code"] == row["status"]
        for band in judged["bands"]:
            for point in _points(band, Fraction(1, 100)):
                assert budget_status.of(kind=row["kind"], forecast=point, **facts) == band["code"]


def test_each_band_of_a_risk_is_as_its_matrix_has_it(here: Reading) -> None:
    matrices = {owner: bands for (owner, _), bands in here.edition.matrices.items()}
    for row, explanation in explained(here, "risks"):
        for judged in explanation["judgements"]:
            for band in judged["bands"]:
                for point in _points(band, Fraction(1)):
                    labels = [b.label for b in matrices[row["organisation"]] if b.low <= point <= b.high]
                    assert labels == ([] if band["label"] is None else [band["label"]])


@pytest.mark.parametrize("name", EXPLAINED)
def test_a_boundary_leads_into_the_band_of_its_clause(here: Reading, name: str) -> None:
    for _, explanation in explained(here, name):
        for judged in explanation["judgements"]:
            for boundary in judged["boundaries"]:
                ends = {(b["low"], b["position"]) for b in judged["bands"]}
                ends |= {(b["high"], b["position"]) for b in judged["bands"]}
                assert judged["unit"] == "yes_no" or (boundary["value"], boundary["position"]) in ends
                assert boundary["position"] != judged["held"]
                assert boundary["label"] in boundary["needs"]


def test_3002_is_explained_down_to_its_calls(here: Reading) -> None:
    [explanation] = [e for row, e in explained(here, "observations") if _is_3002(row)]
    steps = {step["field"]: step for step in explanation["steps"]}
    operands = {operand["name"]: operand for operand in explanation["operands"]}
    [judged] = explanation["judgements"]
    needed = {b["label"]: b for b in judged["boundaries"]}

    assert operands["numerator"]["value"] == "159488"
    assert operands["denominator"]["value"] == "285806"
    assert operands["numerator"]["source"]["field"] == "numerator"
    assert operands["stated_previous"]["source"]["period"] == "2011-12-q1"
    assert steps["outturn"]["exact"] == "7974400/142903"
    assert steps["outturn"]["unrounded"].startswith("55.802887")
    assert steps["outturn"]["rounding"] == "rounded half up to 1 place"
    assert steps["outturn"]["filled"] == "100 × 159488 ÷ 285806"
    assert steps["target_difference"]["answer"] == "-19.1971"
    [held] = [clause for clause in judged["clauses"] if clause["held"]]
    assert (held["label"], held["condition"], held["position"]) == ("Red", "otherwise", judged["held"])
    assert [clause["filled"] for clause in judged["clauses"] if clause["condition"] == "met"] == [
        "55.802887… ≥ 75"
    ]
    assert (needed["Amber"]["value"], needed["Amber"]["numerator_change"]) == ("63.75", "22714")
    assert (needed["Green"]["value"], needed["Green"]["numerator_change"]) == ("75", "54867")
    assert judged["next_better"] == needed["Amber"]
    assert judged["next_worse"] is None
    for words in ("55.8% (55.802887… before rounding)", "75.0%", "22,714 more", "54,867 more"):
        assert words in explanation["sentence"]


def test_what_says_nothing_is_left_out(here: Reading) -> None:
    [explanation] = [e for row, e in explained(here, "observations") if _is_3002(row)]
    without = {each["field"]: each["reason"] for each in explanation["not_derived"]}

    assert "earlier" not in {step["field"] for step in explanation["steps"]}
    assert without["interval_low"] == "not a survey sample"
    assert without["status_year_end"] == "no annual target"
    assert "annual_target" not in {operand["name"] for operand in explanation["operands"]}


def test_a_row_that_no_release_holds_has_no_explanation(here: Reading) -> None:
    assert [explain(here, 2**62) for _, explain, _ in EXPLAINED.values()] == [None] * len(EXPLAINED)


def _is_3002(row: Json) -> bool:
    return bool(row["indicator_code"] == "3002" and row["period"] == "2011-12-q2")


def _ratio(row: Mapping[str, Any], name: str) -> Fraction:
    return Fraction(row[f"{name}_top"]) / Fraction(row[f"{name}_bottom"])


def _day(text: str) -> Fraction:
    return Fraction(date.fromisoformat(text).toordinal())


def _days(band: Json) -> Iterator[Fraction]:
    """The first and the last day of a band."""
    return (_day(band[end]) for end in ("low", "high") if band[end] is not None)


def _points(band: Json, step: Fraction = NUDGE) -> Iterator[Fraction]:
    """Points of a band: at its ends where they belong to it, and a step inside of them."""
    low, high = (None if band[end] is None else Fraction(band[end]) for end in ("low", "high"))
    for end, included, inward in ((low, "low_included", step), (high, "high_included", -step)):
        if end is not None and band[included]:
            yield end
        if end is not None and (low is None or high is None or high - low >= 2 * step):
            yield end + inward
    if low is None and high is None:
        yield Fraction(0)
