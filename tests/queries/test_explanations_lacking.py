"""What cannot be explained says what is missing, and says so in words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.db.migrations import migrate
from app.queries.actions import ACTIONS_LIST
from app.queries.budgets import BUDGET_VARIANCES
from app.queries.editions import Reading
from app.queries.explanations.actions import explain_action
from app.queries.explanations.budgets import explain_budget_line
from app.queries.explanations.observations import explain_observation
from app.queries.explanations.risks import explain_risk
from app.queries.explanations.workforce import explain_establishment
from app.queries.listings import Listing
from app.queries.observations import OBSERVATIONS
from app.queries.risks import RISKS
from app.queries.workforce import WORKFORCE_ESTABLISHMENT
from tests.imports.examples import Cells, write_report
from tests.queries.reading import reading, rows_of
from tests.queries.reports import load

Json = dict[str, Any]
Explain = Callable[[Reading, int], Json | None]
CLAUSES: list[tuple[str, str, str]] = [
    ("no outturn", "no_data", "No data"),
    ("no target", "no_target", "No target"),
    ("met", "met", "Green"),
    ("otherwise", "missed", "Red"),
]
CASES: dict[str, tuple[dict[str, Cells], dict[str, str], str]] = {
    "no-outturn": (
        {"observations": {"numerator": "", "denominator": "", "state": "awaited"}},
        {
            "outturn": "no value; awaited",
            "target_variance": "no outturn",
            "direction_variance": "no outturn; no previous outturn",
        },
        "No data: “% of calls answered” has no outturn; it is awaited.",
    ),
    "suppressed": (
        {"observations": {"numerator": "", "denominator": "", "state": "suppressed"}},
        {"outturn": "no value; suppressed"},
        "No data: “% of calls answered” has no outturn; it is suppressed.",
    ),
    "zero-denominator": (
        {"observations": {"denominator": "0"}},
        {"outturn": "denominator is zero"},
        "No data: “% of calls answered” has no outturn; its denominator is zero.",
    ),
    "no-target": (
        {"targets": {"kind": "none", "value": ""}},
        {
            "target": "no period target; no annual target; target kind is none",
            "target_difference": "no target",
        },
        "and there is no target to hold it against.",
    ),
    "zero-target": (
        {"targets": {"value": "0"}},
        {"target_variance": "target is zero", "target_variance_as_reported": "target is zero"},
        "better than the target of 0.0%.",
    ),
    "contextual": (
        {"indicators": {"polarity": "contextual"}},
        {"target_variance": "polarity is contextual", "status_label": "no clause of the scheme holds"},
        "and it has no good direction to be judged by.",
    ),
    "no-scheme": (
        {"schemes": {"effective_from": "2020-04-01"}},
        {
            "status_label": "no scheme judges this measure in this period",
            "target_variance_as_reported": "no convention",
        },
        "and no scheme of its council judges it in this period.",
    ),
    "no-annual-target": ({}, {"status_year_end": "no annual target"}, "Red: “% of calls answered”"),
    "no-sample": (
        {},
        {"interval_low": "not a survey sample", "significance_badge": "not a survey sample"},
        "Red: “% of calls answered”",
    ),
}
"""By name: what is other in the report, why which field is null, and what the sentence says."""


def explained(url: str, folder: Path, name: str, listing: Listing, explain: Explain, **cells: Cells) -> Json:
    """The explanation of the one row that a report of one's own has in a list."""
    migrate(url)
    clauses = [
        {"position": str(place), "condition": words, "code": code, "label": label, "colour": "", "points": ""}
        for place, (words, code, label) in enumerate(CLAUSES, 1)
    ]
    first, *others = clauses
    report = write_report(
        folder,
        {"scheme_clauses": [{"scheme": "anyshire-plan", **clause} for clause in others]},
        **{
            "organisation": {"id": name, "name": name, "area_code": "E09000001"},
            "scheme_clauses": first,
            "direction_labels": {"scheme": "anyshire-plan"},
            **cells,
        },
    )
    load(url, report)
    with reading(url) as here:
        [row] = [row for row in rows_of(here, listing) if row["organisation"] == name]
        explanation = explain(here, row["id"])
    assert explanation is not None
    return explanation


def without(explanation: Json) -> dict[str, str]:
    return {each["field"]: each["reason"] for each in explanation["not_derived"]}


@pytest.mark.parametrize("name", CASES)
def test_an_observation_says_what_it_lacks(database_url: str, tmp_path: Path, name: str) -> None:
    cells, reasons, said = CASES[name]

    explanation = explained(database_url, tmp_path, name, OBSERVATIONS, explain_observation, **cells)

    found = without(explanation)
    assert {field: found.get(field) for field in reasons} == reasons
    assert said in explanation["sentence"]


def test_without_a_scheme_there_is_nothing_to_judge_by(database_url: str, tmp_path: Path) -> None:
    later = {"schemes": {"effective_from": "2020-04-01"}}

    explanation = explained(database_url, tmp_path, "unruled", OBSERVATIONS, explain_observation, **later)

    assert explanation["scheme"] is None
    assert explanation["judgements"] == []


def test_the_words_for_what_is_counted_are_used(database_url: str, tmp_path: Path) -> None:
    counted = {"indicators": {"counted": "calls answered in time"}}

    explanation = explained(database_url, tmp_path, "counting", OBSERVATIONS, explain_observation, **counted)

    assert "Green needs 75.0%, which is 54,867 more calls answered in time." in explanation["sentence"]


def test_a_budget_line_without_a_forecast_says_so(database_url: str, tmp_path: Path) -> None:
    explanation = explained(
        database_url,
        tmp_path,
        "unforecast",
        BUDGET_VARIANCES,
        explain_budget_line,
        budget_lines={"forecast": ""},
    )

    assert without(explanation)["variation"] == "no forecast"
    assert without(explanation)["slippage_percent"] == "kind is revenue"
    assert "no forecast" in explanation["sentence"]
    assert explanation["judgements"][0]["code"] == "no_data"
    assert [band["code"] for band in explanation["judgements"][0]["bands"]] == [
        "underspend", "on_budget", "overspend"
    ]  # fmt: skip


def test_a_budget_line_says_what_would_bring_it_to_its_budget(database_url: str, tmp_path: Path) -> None:
    explanation = explained(
        database_url, tmp_path, "over", BUDGET_VARIANCES, explain_budget_line,
        budget_lines={"revised_budget": "5738", "forecast": "5796"},
    )  # fmt: skip

    assert explanation["sentence"] == (
        "Overspend: “Grants” is forecast £5,796,000, £58,000 (about 1.0%) over its revised budget of "
        "£5,738,000; on budget at £5,738,000."
    )


def test_a_risk_beyond_every_band_says_so(database_url: str, tmp_path: Path) -> None:
    explanation = explained(
        database_url, tmp_path, "unbanded", RISKS, explain_risk,
        risks={"impact": "1", "probability": "1", "target_impact": "", "target_probability": ""},
    )  # fmt: skip

    assert without(explanation)["band"] == "no band of the matrix holds the rating"
    assert without(explanation)["target_band"] == "no target rating"
    assert "no band of its matrix holds that rating" in explanation["sentence"]


def test_an_action_without_a_scheme_says_so(database_url: str, tmp_path: Path) -> None:
    explanation = explained(database_url, tmp_path, "unjudged", ACTIONS_LIST, explain_action)

    assert explanation["sentence"].startswith("Not rated: no scheme of its council judges “Strategy”")
    assert without(explanation)["status_label"] == "no scheme of its council judges actions on that date"
    assert explanation["judgements"] == []


def test_posts_that_are_not_stated_are_named(database_url: str, tmp_path: Path) -> None:
    explanation = explained(
        database_url, tmp_path, "unstaffed", WORKFORCE_ESTABLISHMENT, explain_establishment
    )

    assert without(explanation)["establishment_total"] == "no fixed term"
    assert "no occupied permanent" in without(explanation)["occupancy_total"]
    assert "cannot be added up" in explanation["sentence"]
