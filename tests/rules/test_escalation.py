"""Levels of escalation: what the vocabulary takes, and which clause holds on a scorecard's numbers."""

from fractions import Fraction

import pytest

from app.rules.cases.escalation import SCORECARDS_TRIED
from app.rules.cases.tables import fact_of
from app.rules.escalation import Escalated, escalation_condition, judge_scorecard
from app.rules.evaluation import Answer, evaluate
from app.rules.judging import Clause
from app.rules.nodes import operands
from app.rules.schemes import UnknownConditionError

SCHEME = [
    Clause("rating of hr below -4 and at least 50% missed", "level_3", "Commissioners"),
    Clause("at least 3 missed", "level_2", "Board review"),
    Clause("revenue variation above 0.5%", "level_1", "Watch"),
    Clause("otherwise", "none", "None"),
]


def judged(**known: int | str | None) -> Escalated:
    facts: dict[str, Answer] = {
        "missed": Fraction(0),
        "missed_percent": Fraction(0),
        "revenue_variation_percent": Fraction(0),
        "rating_of_hr": Fraction(0),
    }
    facts |= {name: None if value is None else Fraction(value) for name, value in known.items()}
    return judge_scorecard(SCHEME, facts)


@pytest.mark.parametrize(
    ("known", "held"),
    [
        ({}, 3),
        ({"rating_of_hr": "-4.5", "missed_percent": 50}, 0),
        ({"rating_of_hr": "-4", "missed_percent": 50}, 3),
        ({"rating_of_hr": "-4.5", "missed_percent": "49.99"}, 3),
        ({"rating_of_hr": None, "missed_percent": 50}, 3),
        ({"missed": 3}, 1),
        ({"missed": 2}, 3),
        ({"revenue_variation_percent": "0.5"}, 3),
        ({"revenue_variation_percent": "0.500001"}, 2),
        ({"revenue_variation_percent": None}, 3),
    ],
)
def test_the_first_clause_that_holds_gives_the_level(known: dict[str, int | str | None], held: int) -> None:
    assert judged(**known).held == held


def test_a_clause_after_the_one_that_holds_is_not_tried() -> None:
    trials = judged(missed=8).trials

    assert [None if trial is None else trial.held for trial in trials] == [False, True, None, None]
    assert trials[1] is not None
    assert trials[1].filled == "8 ≥ 3"


def test_what_is_missing_is_unknown_and_does_not_hold() -> None:
    [first, *_] = judged(rating_of_hr=None, missed_percent=50).trials

    assert first is not None
    assert first.held is None


def test_a_rating_that_no_scorecard_has_is_missing() -> None:
    scheme = [Clause("rating of csi below 0", "level_1", "Watch")]

    assert judge_scorecard(scheme, {}).held is None


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("rating of hr below -4.5", {"rating_of_hr"}),
        ("rating of corporate plan below 2", {"rating_of_corporate plan"}),
        ("at least 3 missed", {"missed"}),
        ("at least 12.5% missed", {"missed_percent"}),
        ("revenue variation above 1% and at least 3 missed", {"revenue_variation_percent", "missed"}),
        ("otherwise", set()),
    ],
)
def test_a_condition_reads_the_numbers_that_it_names(words: str, names: set[str]) -> None:
    assert {operand.name for operand in operands(escalation_condition(words))} == names


@pytest.mark.parametrize(
    "words",
    [
        "met",
        "at least -1 missed",
        "at least 1.5 missed",
        "rating of below 3",
        "revenue variation above 1",
        "",
    ],
)
def test_words_outside_the_vocabulary_are_refused(words: str) -> None:
    with pytest.raises(UnknownConditionError, match="unknown condition"):
        escalation_condition(words)


@pytest.mark.parametrize("form", SCORECARDS_TRIED)
def test_a_condition_of_the_handbook_holds_as_it_says(form: str) -> None:
    each = SCORECARDS_TRIED[form]
    test = escalation_condition(each.condition)
    [operand] = operands(test)

    found = {value: evaluate(test, {operand.name: fact_of(operand, value)}) for value in each.holds}

    assert operand.name == each.varied
    assert found == each.holds
