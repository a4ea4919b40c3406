"""A scheme at work on one row: what is tried, what holds, and what would reach the rest."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.rules import indicators as rules
from app.rules.budgets import budget_status
from app.rules.evaluation import Answer, evaluate
from app.rules.judging import Clause, Judgement, Words, judge_action, judge_measure
from app.rules.risks import Band, band
from app.rules.schemes import scheme_tree
from tests.rules.schemes import MEASURE_SCHEMES

BARNET = (
    Clause("no outturn", "no_data", "No data"),
    Clause("no target", "no_target", "No target"),
    Clause("met", "met", "Green", "green", Fraction(1)),
    Clause("within 15% of target", "near", "Amber", "amber", Fraction(-1, 2)),
    Clause("otherwise", "missed", "Red", "red", Fraction(-1)),
)
RAW: dict[str, Answer] = {
    "value": None,
    "numerator": Fraction(159488),
    "denominator": Fraction(285806),
    "calculation": "share",
    "target": Fraction(75),
    "previous": Fraction(483, 10),
    "year_earlier": None,
    "polarity": "higher_is_better",
    "target_kind": "value",
    "range_percent": None,
    "amber_limit": None,
    "amber_strict": False,
    "amber_percent": None,
    "dead_band_percent": None,
    "dead_band_units": None,
    "state": "reported",
    "data_only": False,
}


def known(**given: Answer) -> dict[str, Answer]:
    """Raw facts, some of them others, and what follows from them."""
    facts = {**RAW, **given}
    facts["outturn"] = rules.outturn.read(facts)
    facts["met"] = rules.target_met.read(facts)
    facts["direction_of_travel"] = rules.direction_settled.read(facts)
    return facts


def needed(judgement: Judgement) -> Mapping[str, tuple[Fraction, bool, bool | None]]:
    return {BARNET[r.place].label: (r.value, r.included, r.better) for r in judgement.reaches}


def test_the_clauses_are_tried_in_order_until_one_holds() -> None:
    judgement = judge_measure(BARNET, known(value=Fraction(80), numerator=None))

    assert judgement.held == 2
    assert [trial and trial.held for trial in judgement.trials] == [False, False, True, None, None]
    assert judgement.trials[2] is not None
    assert judgement.trials[2].filled == "80 ≥ 75"


def test_3002_needs_so_many_more_calls() -> None:
    judgement = judge_measure(BARNET, known())

    assert judgement.held == 4
    assert needed(judgement) == {"Green": (Fraction(75), True, True), "Amber": (Fraction(255, 4), True, True)}
    changes = {BARNET[place].label: count - 159488 for place, count in judgement.counts.items()}
    assert changes == {"Amber": 22714, "Green": 54867}


def test_the_nearest_boundaries_are_found_on_both_sides() -> None:
    judgement = judge_measure(BARNET, known(value=Fraction(70), numerator=None))

    better, worse = judgement.nearest(better=True), judgement.nearest(better=False)

    assert better is not None
    assert worse is not None
    assert BARNET[better.place].label == "Green"
    assert (better.value, better.distance, better.included) == (Fraction(75), Fraction(5), True)
    assert (BARNET[worse.place].label, worse.value, worse.included) == ("Red", Fraction(255, 4), False)
    assert judgement.counts == {}


def test_where_lower_is_better_fewer_are_needed() -> None:
    facts = known(
        numerator=Fraction(10), denominator=Fraction(4), calculation="average", polarity="lower_is_better"
    )

    judgement = judge_measure(BARNET, {**facts, "target": Fraction(2), "met": False})

    assert judgement.counts[2] == 8
    assert judgement.counts[3] == 9


def test_a_strict_limit_is_not_reached_at_its_own_value() -> None:
    facts = known(numerator=Fraction(60), denominator=Fraction(10), calculation="average")
    limit = {**facts, "polarity": "lower_is_better", "target_kind": "limit", "target": Fraction(6)}

    judgement = judge_measure(BARNET, {**limit, "met": rules.target_met.read(limit)})

    assert needed(judgement)["Green"] == (Fraction(6), False, True)
    assert judgement.counts[2] == 59


def test_counts_in_hundredths_move_by_hundredths() -> None:
    facts = known(
        numerator=Fraction("10.25"), denominator=Fraction(3), calculation="average", target=Fraction(4)
    )

    assert judge_measure(BARNET, facts).counts[2] == 12
    assert (
        judge_measure(BARNET, known(numerator=Fraction("10.25"), denominator=Fraction(100))).counts[2] == 75
    )


def test_without_an_outturn_the_bands_are_there_and_nothing_is_in_reach() -> None:
    judgement = judge_measure(BARNET, known(numerator=None, state="awaited"))

    assert judgement.held == 0
    assert judgement.reaches == ()
    assert [None if b.answer is None else BARNET[int(b.answer)].label for b in judgement.bands] == [
        "Red", "Amber", "Green"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "held"),
    [
        ({"polarity": "contextual"}, None),
        ({"target": None}, 1),
        ({"target": None, "target_kind": "none"}, 1),
        ({"numerator": None, "state": "not_supplied"}, 0),
        ({"denominator": Fraction(0)}, 0),
    ],
)
def test_what_cannot_be_judged_is_in_no_reach_of_another_status(
    facts: dict[str, Answer], held: int | None
) -> None:
    judgement = judge_measure(BARNET, known(**facts))

    assert judgement.held == held
    assert judgement.nearest(better=True) is None
    assert judgement.nearest(better=False) is None


def test_no_scheme_judges_nothing() -> None:
    judgement = judge_measure((), known())

    assert (judgement.held, judgement.trials, judgement.reaches) == (None, (), ())


def test_between_equal_statuses_points_tell_which_is_better() -> None:
    clauses = (
        Clause("met", "near", "Light amber", points=Fraction(0)),
        Clause("otherwise", "near", "Amber", points=Fraction(-1)),
    )

    assert [reach.better for reach in judge_measure(clauses, known()).reaches] == [True]


def test_what_may_only_be_yes_or_no_is_reached_at_one_of_them() -> None:
    facts = known(value=Fraction(1), numerator=None, target=Fraction(1))

    judgement = judge_measure(BARNET, facts, (Fraction(0), Fraction(1)))

    assert needed(judgement) == {"Red": (Fraction(0), True, False)}


def test_a_direction_comes_closer_to_the_target_of_its_own_period() -> None:
    """The status against the year's target rests on the direction that the row has, towards its own."""
    clauses = (Clause("direction improved", "met", "Green"), Clause("otherwise", "missed", "Red"))
    facts = known(
        value=Fraction(50),
        numerator=None,
        previous=Fraction(58),
        target=Fraction(50),
        polarity="closest_to_target",
    )
    year = {**facts, "direction_target": Fraction(50), "target": Fraction(100)}
    year["met"] = rules.target_met.read(year)

    judgement = judge_measure(clauses, year)

    assert facts["direction_of_travel"] == "improved"
    assert judgement.held == 0
    [here] = [each for each in judgement.bands if each.holds(Fraction(50))]
    assert here.answer == 0


counted = st.fixed_dictionaries(
    {
        "numerator": st.integers(0, 400).map(Fraction),
        "denominator": st.integers(1, 300).map(Fraction),
        "target": st.integers(0, 2000).map(lambda tenths: Fraction(tenths, 10)),
        "polarity": st.sampled_from(["higher_is_better", "lower_is_better", "closest_to_target"]),
        "calculation": st.sampled_from(["share", "average", "growth", "difference"]),
    }
)


@pytest.mark.parametrize("name", MEASURE_SCHEMES)
@settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
@given(raw=counted)
def test_a_count_reaches_what_it_says_and_the_one_before_does_not(name: str, raw: dict[str, Answer]) -> None:
    conditions = MEASURE_SCHEMES[name]
    clauses = [Clause(condition, "met", condition) for condition in conditions]
    tree = scheme_tree(conditions)
    now = raw["numerator"]
    assert isinstance(now, Fraction)

    judgement = judge_measure(clauses, known(**raw))

    for place, count in judgement.counts.items():
        before = count + (-1 if count > now else 1)
        assert evaluate(tree, known(**{**raw, "numerator": count})) == place + 1
        assert evaluate(tree, known(**{**raw, "numerator": before})) != place + 1


def test_progress_moves_an_action_and_so_does_time() -> None:
    clauses = (
        Clause("progress at least 100", "completed", "Done"),
        Clause("overdue", "overdue", "Late"),
        Clause("otherwise", "in_progress", "Under way"),
    )
    facts: dict[str, Answer] = {
        "progress": Fraction(40),
        "start_date": None,
        "due_date": Fraction(1000),
        "as_of": Fraction(900),
        "cancelled": False,
    }

    by_progress, by_date = judge_action(clauses, facts), judge_action(clauses, facts, "as_of")

    assert by_progress.held == by_date.held == 2
    assert [(r.place, r.value, r.included, r.better) for r in by_progress.reaches] == [
        (0, Fraction(100), True, True)
    ]
    assert [(r.place, r.value, r.included, r.better) for r in by_date.reaches] == [
        (1, Fraction(1000), False, False)
    ]


def test_a_rule_of_words_is_judged_as_a_scheme() -> None:
    words = Words(budget_status.tree, "forecast", ("no variation", "over", "under", "otherwise"))
    line: dict[str, Answer] = {
        "kind": "revenue",
        "stated_revised": Fraction(5738000),
        "approved": None,
        "additions": None,
        "slippage": None,
        "forecast": Fraction(5796000),
    }

    judgement = words.judge(line)

    assert judgement.held is not None
    assert words.clauses[judgement.held].code == "overspend"
    reach = judgement.nearest(better=True)
    assert reach is not None
    assert (words.clauses[reach.place].label, reach.value, reach.included) == (
        "on budget",
        Fraction(5738000),
        True,
    )
    assert judgement.trials[1] is not None
    assert judgement.trials[1].filled == "5796000 > 5738000"


def test_a_lower_band_is_better() -> None:
    bands = (Band(1, 6, "Low"), Band(8, 12, "Medium"), Band(15, 25, "High"))
    words = Words(band(bands), "rating", ("low", "medium", "high"), {b.label: -b.low for b in bands})

    judgement = words.judge({"rating": Fraction(12)})

    lower, higher = judgement.nearest(better=True), judgement.nearest(better=False)
    assert lower is not None
    assert higher is not None
    assert (lower.value, lower.included, higher.value, higher.included) == (
        Fraction(6),
        True,
        Fraction(15),
        True,
    )
    assert ceil(lower.value) == lower.value
