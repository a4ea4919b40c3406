"""What the plain reader derives from the raw facts is what SQL answers, at the places of each column."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from app.queries.budgets import BUDGET_TOTALS, BUDGET_VARIANCES
from app.queries.derivations import all_derivations
from app.queries.editions import Reading
from app.queries.findings.derived import Derivations
from app.queries.observations import OBSERVATIONS, observation_facts
from app.queries.organisations import SERVICES
from app.queries.schemes import SCHEMES, clauses_of
from app.queries.workforce import WORKFORCE_PROFILES
from app.rules import indicators, surveys
from app.rules.evaluation import evaluate, half_up
from app.rules.schemes import scheme_tree
from tests.queries.reading import reading, rows_of

Row = dict[str, Any]

PLACES = {"target_variance_as_reported": 1, "direction_variance": 1, "target_difference": 4, "previous": 4}
MONEY = ("original_budget", "approved_budget", "additions", "slippage", "forecast")
OF_BUDGETS = {
    **dict.fromkeys((*MONEY, "revised_budget", "variation"), 2),
    "variation_percent": 1,
    "slippage_percent": 0,
}
RULES = {
    rule.name: rule
    for rule in (
        indicators.outturn_rounded,
        indicators.outturn_unrounded,
        indicators.target_rounded,
        indicators.target_difference,
        indicators.target_variance,
        indicators.target_variance_as_reported,
        indicators.direction_of_travel,
        indicators.direction_variance,
        indicators.direction_basis,
        surveys.interval_low,
        surveys.interval_high,
        surveys.significance_badge,
    )
}
COLUMNS = {"outturn_rounded": "outturn", "target_rounded": "target"}
"""Where a rule's answer is listed, if not under the rule's own name."""


@pytest.fixture(scope="module")
def reader(demo_url: str) -> Iterator[Reading]:
    """Read the demo."""
    with reading(demo_url) as reader:
        yield reader


@pytest.fixture(scope="module")
def derivations(reader: Reading) -> Derivations:
    """Every figure that the plain reader derives."""
    return all_derivations(reader.by_rules())


def shown(value: str | None) -> Fraction | None:
    """A decimal of a list as the number it is."""
    return None if value is None else Fraction(Decimal(value))


def told(answer: object, places: int) -> object:
    """An unrounded answer as a column of some places holds it."""
    return half_up(answer, places) if isinstance(answer, Fraction) else answer


def given(raw: Mapping[str, Any]) -> Row:
    """The operands of an observation's rules, each derived by the plain reader."""
    facts = dict(raw)
    facts["outturn"] = evaluate(indicators.outturn.tree, facts)
    facts["previous"] = evaluate(indicators.baseline.tree, facts)
    facts["met"] = evaluate(indicators.target_met.tree, facts)
    facts["direction_of_travel"] = evaluate(indicators.direction_of_travel.tree, facts)
    return facts


def test_observations_are_derived_alike(reader: Reading, derivations: Derivations) -> None:
    rows = rows_of(reader, OBSERVATIONS)

    for row in rows:
        places = {**PLACES, "outturn": row["decimals"]}
        for name in ("outturn", *PLACES):
            answer = derivations.figures[row["id"], None, name].answer
            listed = shown(row[name])
            if name == "target_difference" and listed is not None:
                listed = abs(listed)  # as sentences print it
            assert told(answer, places[name]) == listed, (row["indicator_key"], row["period"], name)


def test_every_rule_of_observations_has_one_answer(reader: Reading) -> None:
    rows = rows_of(reader, OBSERVATIONS)
    facts = observation_facts(reader)

    for row in rows:
        operands = given(facts[row["id"]])
        for name, rule in RULES.items():
            listed = row[COLUMNS.get(name, name)]
            answer = evaluate(rule.tree, operands)
            listed = shown(listed) if isinstance(answer, Fraction) else listed
            assert answer == listed, (row["indicator_key"], row["period"], name)


def test_significance_is_judged_alike(reader: Reading) -> None:
    rows = rows_of(reader, OBSERVATIONS)
    facts = observation_facts(reader)

    for row in rows:
        operands = given(facts[row["id"]])
        for other in ("target", "previous"):
            answer = evaluate(surveys.significant.tree, {**operands, "other": operands[other]})
            assert answer == row[f"significant_against_{other}"], (row["indicator_key"], row["period"])


def test_schemes_judge_alike(reader: Reading) -> None:
    rows = rows_of(reader, OBSERVATIONS)
    facts = observation_facts(reader)
    schemes = {(scheme["organisation"], scheme["scheme"]): scheme for scheme in rows_of(reader, SCHEMES)}
    ids = [scheme["id"] for scheme in schemes.values()]
    clauses = clauses_of(reader, ids)

    for row in rows:
        label = None
        if row["scheme"] is not None:
            mine = clauses[schemes[row["organisation"], row["scheme"]]["id"]]
            tree = scheme_tree([clause["condition"] for clause in mine])
            position = evaluate(tree, given(facts[row["id"]]))
            label = next((c["label"] for c in mine if c["position"] == position), None)
        assert label == row["status_label"], (row["indicator_key"], row["period"])


def test_budget_lines_are_derived_alike(reader: Reading, derivations: Derivations) -> None:
    rows = rows_of(reader, BUDGET_VARIANCES)

    for row in rows:
        for name, places in OF_BUDGETS.items():
            answer = derivations.figures[row["id"], None, name].answer
            assert told(answer, places) == shown(row[name]), (row["description"], name)


def test_budget_totals_are_derived_alike(reader: Reading, derivations: Derivations) -> None:
    rows = rows_of(reader, BUDGET_TOTALS)
    services = {(row["organisation"], row["service"]): row["id"] for row in rows_of(reader, SERVICES)}

    for row in rows:
        service = services[row["organisation"], row["service"]]
        for name, places in OF_BUDGETS.items():
            field = f"budget_total:{row['kind']}:{name}"
            answer = derivations.figures[service, row["period"], field].answer
            assert told(answer, places) == shown(row[name]), (row["id"], name)


def test_budget_totals_are_the_sums_of_their_lines(reader: Reading) -> None:
    lines = rows_of(reader, BUDGET_VARIANCES)

    for total in rows_of(reader, BUDGET_TOTALS):
        table = ("organisation", "service", "period", "kind")
        mine = [line for line in lines if all(line[name] == total[name] for name in table)]
        assert len(mine) == total["lines"]
        for name in ("revised_budget", "variation"):
            assert sum(Decimal(line[name]) for line in mine) == Decimal(total[name]), (total["id"], name)


def test_profile_shares_are_derived_alike(reader: Reading, derivations: Derivations) -> None:
    rows = rows_of(reader, WORKFORCE_PROFILES)

    for row in rows:
        answer = derivations.figures[row["id"], None, "share"].answer
        assert told(answer, 2) == shown(row["share"]), (row["dimension"], row["category"])


def test_every_row_of_a_table_is_derived(reader: Reading, derivations: Derivations) -> None:
    for listing in (OBSERVATIONS, BUDGET_VARIANCES, WORKFORCE_PROFILES):
        derived = {subject for subject, _, _ in derivations.figures}

        assert {row["id"] for row in rows_of(reader, listing)} <= derived
