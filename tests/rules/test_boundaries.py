"""The bands that schemes cut the number line into are what their trees say at every point."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.rules.boundaries import Band, Varied
from app.rules.evaluation import Answer, evaluate, plain
from app.rules.indicators import direction_settled, target_met
from app.rules.judging import Clause, judge_action, judge_measure
from app.rules.nodes import Node, Operand, cases, node, rounded, size
from app.rules.schemes import action_tree, scheme_tree
from app.rules.tracing import RATIO
from tests.rules.facts import MEASURES, PROGRESS, day_pairs, maybe, observations
from tests.rules.own_schemes import OWN
from tests.rules.readers import Row
from tests.rules.schemes import ACTION_SCHEMES, MEASURE_SCHEMES

X = Operand("x", RATIO)
EPSILON = Fraction(1, 10**15)
OF_MEASURES = {
    **MEASURE_SCHEMES,
    **{name: tuple(c for c, _ in own.clauses) for name, own in OWN.items() if not own.actions},
}
OF_ACTIONS = {
    **ACTION_SCHEMES,
    **{name: tuple(c for c, _ in own.clauses) for name, own in OWN.items() if own.actions},
}
exhaustive = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def bands(tree: Node, **facts: Fraction) -> list[Band]:
    return Varied(tree, "x").bands(facts)


def clauses(conditions: Sequence[str]) -> list[Clause]:
    return [Clause(condition, "met", condition) for condition in conditions]


def points(found: Sequence[Band], more: Sequence[Fraction]) -> list[Fraction]:
    """Points of each band: its ends, just inside and outside of them, and some others."""
    ends = {end for band in found for end in (band.low, band.high) if end is not None}
    return sorted({*more, *ends, *(end + sign * EPSILON for end in ends for sign in (-1, 1))})


def assert_whole(found: Sequence[Band]) -> None:
    """The bands cover the line, each point once."""
    assert found[0].low is None
    assert found[-1].high is None
    for before, after in pairwise(found):
        assert before.high == after.low
        assert before.high_included != after.low_included


def answer_at(tree: Node, facts: Mapping[str, Answer], outturn: Fraction) -> Answer:
    """What a scheme says of an outturn, by the rules that the lists are derived by."""
    moved = {**facts, "outturn": outturn}
    moved["met"] = target_met.read(moved)
    moved["direction_of_travel"] = direction_settled.read(moved)
    return evaluate(tree, moved)


@pytest.mark.parametrize("name", OF_MEASURES)
@exhaustive
@given(row=observations(), more=st.lists(MEASURES, max_size=3))
def test_a_band_has_the_answer_of_its_scheme(name: str, row: Row, more: list[Fraction]) -> None:
    conditions = OF_MEASURES[name]
    raw = {name: plain(value) for name, value in row.items()}
    facts: dict[str, Answer] = {**raw, "numerator": None, "denominator": None}
    facts["met"] = target_met.read(facts)
    facts["direction_of_travel"] = direction_settled.read(facts)
    tree = scheme_tree(conditions)

    judgement = judge_measure(clauses(conditions), facts)

    assert_whole(judgement.bands)
    now = [facts["outturn"]] if isinstance(facts["outturn"], Fraction) else []
    for point in points(judgement.bands, [*more, *now]):
        [band] = [band for band in judgement.bands if band.holds(point)]
        answer = answer_at(tree, facts, point)
        assert (None if band.answer is None else band.answer + 1) == answer  # type: ignore[operator]  # a place
    place = evaluate(tree, facts)
    assert judgement.held == (None if place is None else int(place) - 1)


@pytest.mark.parametrize("name", OF_ACTIONS)
@exhaustive
@given(progress=maybe(PROGRESS), days=day_pairs(), span=st.integers(-5, 900), cancelled=st.booleans())
def test_a_band_of_progress_or_of_days_has_the_answer_of_its_scheme(
    name: str, progress: Fraction | None, days: tuple[date | None, date], span: int, *, cancelled: bool
) -> None:
    conditions = OF_ACTIONS[name]
    due, as_of = (plain(day) for day in days)
    start = max(Fraction(1), due - span) if isinstance(due, Fraction) else None
    facts: dict[str, Answer] = {
        "progress": progress, "due_date": due, "as_of": as_of, "start_date": start, "cancelled": cancelled
    }  # fmt: skip
    tree = action_tree(conditions)

    for varied in ("progress", "as_of"):
        judgement = judge_action(clauses(conditions), facts, varied)

        assert_whole(judgement.bands)
        for point in points(judgement.bands, [Fraction(0), Fraction(100)]):
            [band] = [band for band in judgement.bands if band.holds(point)]
            answer = evaluate(tree, {**facts, varied: point})
            assert (None if band.answer is None else band.answer + 1) == answer  # type: ignore[operator]  # a place


def test_an_answer_that_never_changes_is_one_band_without_ends() -> None:
    [band] = bands(cases(otherwise="same"))

    assert (band.low, band.high, band.answer) == (None, None, "same")


def test_a_single_point_may_be_a_band_of_its_own() -> None:
    tree = cases((X.equals(3), "here"), otherwise="elsewhere")

    assert [(b.low, b.high, b.answer) for b in bands(tree)] == [
        (None, 3, "elsewhere"),
        (3, 3, "here"),
        (3, None, "elsewhere"),
    ]


def test_magnitudes_turn_on_both_sides() -> None:
    tree = cases((size(X - 10) <= Operand("width", RATIO), "near"), otherwise="far")

    found = bands(tree, width=Fraction(1, 2))

    assert [(b.low, b.high, b.answer) for b in found] == [
        (None, Fraction(19, 2), "far"),
        (Fraction(19, 2), Fraction(21, 2), "near"),
        (Fraction(21, 2), None, "far"),
    ]


def test_a_quotient_by_what_stands_still_moves_in_a_line() -> None:
    tree = cases((100 * X / Operand("base", RATIO) >= 75, "met"), otherwise="missed")

    assert bands(tree, base=Fraction(8))[1].low == 6
    assert [band.answer for band in bands(tree, base=Fraction(0))] == ["missed"]


def test_what_is_missing_leaves_tests_unknown() -> None:
    tree = cases((Operand("limit", RATIO) < X, "over"), otherwise="not over")

    found = Varied(tree, "x").bands({"limit": None})

    assert [band.answer for band in found] == ["not over"]


def test_the_same_tree_is_settled_anew_for_other_words() -> None:
    tree = cases((Operand("kind", RATIO).among("twice"), cases((2 * X > 10, "over"))), otherwise="any")
    varied = Varied(tree, "x")

    assert [band.answer for band in varied.bands({"kind": "twice"})] == [None, "over"]
    assert [band.answer for band in varied.bands({"kind": "once"})] == ["any"]
    assert [band.answer for band in varied.bands({"kind": "twice"})] == [None, "over"]


def test_a_rounded_number_that_stands_still_is_compared_as_rounded() -> None:
    tree = cases((rounded(Operand("limit", RATIO), 0) <= X, "over"), otherwise=node(0))

    assert bands(tree, limit=Fraction(5, 2))[1].low == 3
