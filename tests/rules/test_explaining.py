"""How answers come about: the tests tried, the formula, the rounding, and what keeps them from an answer."""

from fractions import Fraction

import pytest

from app.rules import indicators as rules
from app.rules import surveys
from app.rules.evaluation import Answer
from app.rules.explaining import Explainer, Trial, attempt, explain
from app.rules.nodes import Operand
from app.rules.tracing import RATIO, Rule

A = Operand("a", RATIO)
SHARE: dict[str, Answer] = {
    "value": None,
    "numerator": Fraction(159488),
    "denominator": Fraction(285806),
    "calculation": "share",
}
TARGET: dict[str, Answer] = {
    "outturn": Fraction(50),
    "target": Fraction(60),
    "previous": Fraction(40),
    "polarity": "higher_is_better",
    "target_kind": "value",
    "range_percent": None,
    "convention": "unsigned_relative",
}


def test_a_share_is_explained_by_its_numerator_and_denominator() -> None:
    explained = explain(rules.outturn.tree, SHARE)

    assert explained.formula == "100 × numerator ÷ denominator"
    assert explained.filled == "100 × 159488 ÷ 285806"
    assert explained.exact == explained.answer == Fraction(7974400, 142903)
    assert [trial.held for trial in explained.trials] == [False, True]
    assert explained.trials[1] == Trial("calculation is share", "calculation (share) is share", held=True)
    assert explained.used == {"numerator", "denominator", "calculation"}
    assert explained.rounding is None


def test_rounding_is_stated_with_its_places() -> None:
    outturn: dict[str, Answer] = {"outturn": Fraction(7974400, 142903), "decimals": Fraction(1)}

    explained = explain(rules.outturn_rounded.tree, outturn)

    assert explained.exact == Fraction(7974400, 142903)
    assert explained.answer == Fraction("55.8")
    assert explained.rounding == "rounded half up to 1 place"


def test_choices_within_a_formula_are_made_before_it_is_put_in_words() -> None:
    facts: dict[str, Answer] = {**TARGET, "polarity": "lower_is_better"}

    assert explain(rules.target_variance.tree, TARGET).formula == "100 × (outturn − target) ÷ |target|"
    assert explain(rules.target_variance.tree, facts).formula == "100 × −(outturn − target) ÷ |target|"
    assert explain(rules.target_met.tree, facts).filled == "60 ≥ 50"


@pytest.mark.parametrize(
    ("rule", "facts", "lacking"),
    [
        (rules.outturn, {**SHARE, "denominator": Fraction(0)}, ("denominator is zero",)),
        (rules.outturn, {**SHARE, "numerator": None}, ("no value",)),
        (rules.target_variance, {**TARGET, "target": Fraction(0)}, ("target is zero",)),
        (rules.target_variance, {**TARGET, "target": None}, ("no target",)),
        (rules.target_variance, {**TARGET, "polarity": "contextual"}, ("polarity is contextual",)),
        (rules.target_met, {**TARGET, "polarity": "contextual"}, ("polarity is contextual",)),
        (rules.target_met, {**TARGET, "target_kind": "range"}, ("no range percent",)),
        (
            rules.target_met,
            {**TARGET, "target_kind": "limit", "polarity": "closest_to_target"},
            ("polarity is closest to target",),
        ),
        (rules.target_variance_as_reported, {**TARGET, "convention": "none"}, ("convention is none",)),
        (rules.target_variance_as_reported, {**TARGET, "convention": None}, ("no convention",)),
        (surveys.interval_low, {**SHARE, "sample": False}, ("not a survey sample",)),
        (surveys.interval_low, {**SHARE, "sample": True, "numerator": None}, ("no numerator",)),
        (surveys.significant, {**SHARE, "sample": False, "other": None}, ("not a survey sample",)),
        (surveys.significant, {**SHARE, "sample": True, "other": None}, ("no other",)),
        (
            rules.outturn_rounded,
            {"outturn": Fraction(10) ** 40, "decimals": Fraction(1)},
            ("too wide to be held exactly",),
        ),
    ],
)
def test_what_keeps_a_figure_from_an_answer_is_named(
    rule: Rule, facts: dict[str, Answer], lacking: tuple[str, ...]
) -> None:
    explained = explain(rule.tree, facts)

    assert explained.answer is None
    assert explained.lacking == lacking


def test_an_answer_lacks_nothing() -> None:
    assert explain(rules.target_variance.tree, TARGET).lacking == ()


def test_a_test_that_cannot_be_tried_is_unknown() -> None:
    assert attempt(A > 3, {"a": None}) == Trial("a > 3", "(no a) > 3", held=None)
    assert attempt(A > 3, {"a": Fraction(4)}) == Trial("a > 3", "4 > 3", held=True)


def test_one_explainer_serves_rows_of_every_kind() -> None:
    explainer = Explainer(rules.target_met.tree)
    lower: dict[str, Answer] = {**TARGET, "polarity": "lower_is_better"}

    filled = [explainer.explain(facts).filled for facts in (TARGET, lower, TARGET)]

    assert filled == ["50 ≥ 60", "60 ≥ 50", "50 ≥ 60"]
