"""What a councillor reads: rounding stated, gaps that round to nothing shown, each case in its own words."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from app.rules.amounts import Measure, day, digits, grouped, percent, pounds
from app.rules.evaluation import Answer
from app.rules.judging import Clause, judge_measure
from app.rules.line_sentences import budget_sentence, profile_sentence
from app.rules.sentences import Judged, measure_sentence
from tests.rules.test_judging import BARNET, known

CALLS = Measure("Calls answered", "percent", 1, "calls answered in time")


def sentence(given: Mapping[str, Answer], clauses: tuple[Clause, ...] = BARNET) -> str:
    facts = known(**given)
    return measure_sentence(Judged(CALLS, facts, clauses, judge_measure(clauses, facts)))


def test_3002_is_told_with_what_amber_and_green_need() -> None:
    assert sentence({}) == (
        "Red: “Calls answered” came to 55.8% (55.802887… before rounding), about 19.2 points worse than the "
        "target of 75.0%. Amber needs 63.75%, which is 22,714 more calls answered in time. Green needs "
        "75.0%, which is 54,867 more calls answered in time."
    )


CASES: dict[str, dict[str, Answer]] = {
    "No data: “Calls answered” has no outturn; it was not supplied": {
        "numerator": None,
        "state": "not_supplied",
    },
    "No data: “Calls answered” has no outturn; it is awaited": {"numerator": None, "state": "awaited"},
    "No data: “Calls answered” has no outturn; its denominator is zero": {"denominator": Fraction(0)},
    "No target: “Calls answered” came to 0.0%, and there is no target to hold it against": {
        "target": None,
        "target_kind": None,
        "numerator": Fraction(0),
    },
    "No target: “Calls answered” came to 0.0%, and its target is for a later time": {
        "target": None,
        "target_kind": "future",
        "numerator": Fraction(0),
    },
    "No target: “Calls answered” came to 0.0%, and there is no earlier figure to compare it with": {
        "target": None,
        "previous": None,
        "target_kind": "reduction",
        "numerator": Fraction(0),
    },
    "Not rated: “Calls answered” came to 0.0% against the target of 75.0%, and it has no good direction to "
    "be judged by": {"polarity": "contextual", "numerator": Fraction(0)},
    "Amber: “Calls answered” came to 75.0% (74.96 before rounding), 0.04 points worse than the target of "
    "75.0%. Green needs 75.0%. It would be Red below 63.75%": {"value": Fraction("74.96"), "numerator": None},
    "Green: “Calls answered” came to 75.0%, exactly the target of 75.0%. It would be Amber below 75.0%": {
        "value": Fraction(75),
        "numerator": None,
    },
    "Green: “Calls answered” came to 48.0%, against a target of less than the 48.3% before. It would be Red "
    "at 48.3%": {
        "value": Fraction(48),
        "numerator": None,
        "target_kind": "reduction",
    },
}


@pytest.mark.parametrize(("said", "given"), CASES.items())
def test_each_case_has_words_of_its_own(said: str, given: dict[str, Answer]) -> None:
    assert sentence(given) == f"{said}."


@pytest.mark.parametrize(("clear", "where"), [(True, "outside"), (False, "inside")])
def test_a_survey_says_how_far_chance_may_carry_it(*, clear: bool, where: str) -> None:
    survey: dict[str, Answer] = {
        "interval_low": Fraction("84.9"),
        "interval_high": Fraction("88.2"),
        "significant_against_target": clear,
    }

    assert f"between 84.9% and 88.2%; the target lies {where} that range." in sentence(survey)


def test_without_a_scheme_it_says_so() -> None:
    assert sentence({"numerator": Fraction(0)}, ()) == (
        "Not rated: “Calls answered” came to 0.0%, and no scheme of its council judges it in this period."
    )


@pytest.mark.parametrize(
    ("measure", "value", "said"),
    [
        (Measure("", "percent", 1), Fraction(100, 3), "33.3333…%"),
        (Measure("", "pounds", 0), Fraction(-41525, 10), "-£4,152.50"),
        (Measure("", "pounds", 0), Fraction(4152), "£4,152"),
        (Measure("", "number", 0), Fraction(1234567), "1,234,567"),
        (Measure("", "days", 2), Fraction(6), "6.00 days"),
        (Measure("", "yes_no", 0), Fraction(1), "yes"),
        (Measure("", "date", 0), Fraction(734045), "30 September 2010"),
    ],
)
def test_an_amount_is_given_as_it_is_used(measure: Measure, value: Fraction, said: str) -> None:
    assert measure.exactly(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(Fraction(1, 3), "about 0.3 points"), (Fraction(1), "1.0 point"), (Fraction(1, 25), "0.04 points")],
)
def test_a_gap_says_whether_it_is_rounded(value: Fraction, said: str) -> None:
    assert CALLS.gap(-value) == said


def test_digits_are_set_apart() -> None:
    assert [grouped(text) for text in ("-1234.5", "999", "1000…", "0.001")] == [
        "-1,234.5",
        "999",
        "1,000…",
        "0.001",
    ]
    assert (digits(Fraction(5, 2), 2), pounds(Fraction(1, 10)), percent(Fraction(1, 8), 1)) == (
        "2.50", "£0.10", "0.1%"
    )  # fmt: skip
    assert day(Fraction(734045)) == "30 September 2010"


def test_a_budget_line_says_how_far_over_it_is() -> None:
    facts: dict[str, Answer] = {
        "kind": "revenue",
        "forecast": Fraction(5796000),
        "stated_revised": Fraction(5738000),
        "revised_budget": Fraction(5738000),
        "approved": None,
        "variation": Fraction(58000),
        "variation_percent": Fraction(1),
        "status": "overspend",
    }

    assert budget_sentence("Grants", facts, (), ()) == (
        "Overspend: “Grants” is forecast £5,796,000, £58,000 (about 1.0%) over its revised budget of "
        "£5,738,000."
    )


def test_a_share_of_nobody_says_so() -> None:
    facts: dict[str, Answer] = {"headcount": Fraction(1), "base": Fraction(0), "share": None}

    assert profile_sentence("age", "71+", facts, ("base is zero",)) == (
        "The share of “71+” (age) cannot be worked out; base is zero."
    )
