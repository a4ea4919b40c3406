"""Clauses in words: what each condition means at its boundaries, and what is not in the vocabulary."""

import re

import pytest

from app.rules.cases.conditions import (
    ACTION_BASE,
    ACTIONS_TRIED,
    MEASURE_BASE,
    MEASURES_TRIED,
    Tried,
)
from app.rules.cases.tables import Cell, fact_of
from app.rules.evaluation import Answer, Raw, evaluate
from app.rules.nodes import Node, operands
from app.rules.schemes import _FIXED, _MEASURED, UnknownConditionError, action_tree, condition, scheme_tree
from app.rules.vocabulary import State
from tests.rules.readers import Question, Reader, Row
from tests.rules.schemes import ACTION_SCHEMES, MEASURE_SCHEMES

KNOWN = {
    operand.name: operand
    for tree in (
        *(scheme_tree(clauses) for clauses in MEASURE_SCHEMES.values()),
        *(action_tree(clauses) for clauses in ACTION_SCHEMES.values()),
    )
    for operand in operands(tree)
}
BASE_OF = {**dict.fromkeys(MEASURES_TRIED, MEASURE_BASE), **dict.fromkeys(ACTIONS_TRIED, ACTION_BASE)}
TRIED = {**MEASURES_TRIED, **ACTIONS_TRIED}


def _rows(base: dict[str, Cell], each: Tried) -> list[Row]:
    stated = [{**base, **each.facts, each.varied: value} for value in each.holds]
    return [{name: fact_of(KNOWN[name], cell) for name, cell in cells.items()} for cells in stated]


@pytest.mark.parametrize("words", TRIED)
def test_a_condition_holds_up_to_its_boundary(words: str, reader: Reader) -> None:
    rows = [row for each in TRIED[words] for row in _rows(BASE_OF[words], each)]

    answers = reader({"holds": Question(condition(words))}, rows)

    expected = [holds for each in TRIED[words] for holds in each.holds.values()]
    shown = [(each.facts, each.varied, value) for each in TRIED[words] for value in each.holds]
    found = [answer["holds"] for answer in answers]
    assert [*zip(shown, found, strict=True)] == [*zip(shown, expected, strict=True)]


def test_every_condition_of_the_vocabulary_is_tried() -> None:
    words = {part for words in TRIED for part in words.split(" and ")}

    assert set(_FIXED) - words == set()
    for pattern in _MEASURED:
        assert any(re.fullmatch(pattern, part) for part in words), pattern


@pytest.mark.parametrize("state", State)
def test_a_missing_outturn_may_be_told_by_any_state(state: State) -> None:
    tree = scheme_tree([f"no outturn: {state}", "no outturn"])

    assert [_position(tree, outturn=None, state=each) for each in State] == [
        1 if each == state else 2 for each in State
    ]
    assert _position(tree, outturn=1, state=state) is None


def _position(tree: Node, **facts: Raw) -> Answer:
    return evaluate(tree, facts)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Met",
        "not met",
        "met and",
        "met and  and no target",
        "met or no target",
        "met, no target",
        "within % of target",
        "within -5% of target",
        "within 5.% of target",
        "within .5% of target",
        "within 5 % of target",
        "within \N{ARABIC-INDIC DIGIT FIVE}% of target",
        "within 1e3% of target",
        "within 5% of target!",
        "nearly within 5% of target",
        "due within 2.5 days",
        "due within \N{ARABIC-INDIC DIGIT THREE} days",
        "no outturn: lost",
        "no outturn:awaited",
        "no outturn: awaited now",
        "exceeded by more than 5%",
        "progress at least half",
    ],
)
def test_words_outside_the_vocabulary_are_refused(words: str) -> None:
    with pytest.raises(UnknownConditionError, match="unknown condition: '"):
        condition(words)


def test_a_refusal_names_the_words_it_does_not_know() -> None:
    with pytest.raises(UnknownConditionError, match=r"^unknown condition: 'nearly met'$"):
        condition("no outturn and nearly met and no target")


def test_spaces_around_a_condition_do_not_matter() -> None:
    assert condition("  met  and   no target ") == condition("met and no target")
    assert action_tree([" otherwise "]) == action_tree(["otherwise"])


def test_conditions_are_joined_in_their_order_each_once() -> None:
    met, untargeted, improved = map(condition, ("met", "no target", "direction improved"))

    assert condition("met and no target") == met & untargeted
    assert condition("met and no target and direction improved") == met & untargeted & improved


def test_otherwise_always_holds_for_an_action_and_needs_a_judgement_for_a_measure() -> None:
    assert _position(action_tree(["otherwise"])) == 1
    assert _position(scheme_tree(["otherwise"]), met=None) is None
    assert _position(scheme_tree(["otherwise"]), met=False) == 1


def test_positions_are_counted_from_one_in_the_order_of_the_clauses() -> None:
    tree = action_tree(["progress at least 100", "progress at least 50", "progress above 0"])

    found = [_position(tree, progress=progress) for progress in (100, 99, 50, 49, 0)]

    assert found == [1, 2, 2, 3, None]
