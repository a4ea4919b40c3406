"""What is wrong with a scheme is found, each fault with facts that show it; what is sound is let be."""

from fractions import Fraction

import pytest

from app.rules.boundaries import Varied
from app.rules.evaluation import evaluate
from app.rules.indicators import direction_settled, target_met
from app.rules.judging import Clause
from app.rules.linting import Lint, lint_scheme
from app.rules.nodes import substituted
from app.rules.schemes import scheme_tree
from app.rules.vocabulary import LintKind, Polarity
from tests.rules.own_schemes import OWN

START = (("no outturn", "no_data"), ("no target", "no_target"))
END = (("otherwise", "missed"),)


def scheme(*clauses: tuple[str, str]) -> list[Clause]:
    """A scheme for measures that has these clauses between the usual first ones and nothing."""
    return [Clause(words, code, code.title()) for words, code in (*START, *clauses)]


def found(clauses: list[Clause], kind: LintKind) -> list[Lint]:
    """The faults of one kind."""
    return [lint for lint in lint_scheme(clauses) if lint.kind == kind]


def position(clauses: list[Clause], lint: Lint) -> object:
    """Which clause holds for a fault's example, by the plain reader."""
    tree = scheme_tree([clause.condition for clause in clauses])
    derived = {"met": target_met.tree, "direction_of_travel": direction_settled.tree}
    return evaluate(substituted(tree, derived), lint.example)


def test_a_gap_is_shown_by_an_outturn_that_no_clause_judges() -> None:
    clauses = scheme(("met", "met"), ("within 5% of target", "near"))

    [gap, _] = found(clauses, LintKind.gap)

    assert gap.refused
    assert position(clauses, gap) is None
    outturn, target = gap.example["outturn"], gap.example["target"]
    assert isinstance(outturn, Fraction)
    assert isinstance(target, Fraction)
    assert outturn < target * Fraction(95, 100)


@pytest.mark.parametrize("lacking", [0, 1])
def test_a_measure_without_an_outturn_or_a_target_is_a_gap_that_is_let_in(lacking: int) -> None:
    clauses = scheme(("met", "met"), *END)
    del clauses[lacking]

    gaps = found(clauses, LintKind.gap)

    assert [gap.refused for gap in gaps] == [False]
    assert gaps[0].example[("outturn", "target")[lacking]] is None


def test_a_clause_that_another_hides_is_unreachable() -> None:
    clauses = scheme(("met", "met"), ("within 5% of target", "near"), ("within 3% of target", "near"), *END)

    [hidden] = found(clauses, LintKind.unreachable)

    assert (hidden.place, hidden.message) == (4, "clause 4 holds wherever it does")


def test_a_clause_that_asks_for_what_cannot_be_is_unreachable() -> None:
    clauses = scheme(("met", "met"), ("no outturn and met", "near"), *END)

    [impossible] = found(clauses, LintKind.unreachable)

    assert (impossible.place, impossible.message) == (3, "holds for nothing that was tried")


def test_a_better_status_behind_a_worse_one_overlaps() -> None:
    clauses = scheme(("within 5% of target", "near"), ("met", "met"), *END)

    [overlap] = found(clauses, LintKind.overlap)

    assert overlap.place == 3
    assert position(clauses, overlap) == 3
    assert overlap.example["outturn"] == overlap.example["target"]


def test_an_outturn_on_its_target_that_is_not_met_lies_on_the_wrong_side() -> None:
    clauses = scheme(("exceeded by more than 0 units", "met"), ("within 5% of target", "near"), *END)

    [wrong] = found(clauses, LintKind.wrong_side)

    assert (wrong.place, wrong.example["outturn"]) == (3, wrong.example["target"])
    assert position(clauses, wrong) == 4


def test_a_status_at_one_point_only_lies_on_the_wrong_side() -> None:
    clauses = scheme(
        ("exceeded by more than 5 units", "exceeded"),
        ("at least 105% of target", "near"),
        ("met", "met"),
        *END,
    )

    wrong = found(clauses, LintKind.wrong_side)[0]

    assert (wrong.place, wrong.example["target"], wrong.example["outturn"]) == (3, 100, 105)


def test_percent_of_a_target_of_zero_is_told_of_every_such_clause() -> None:
    clauses = scheme(
        ("exceeded by more than 10% of target", "exceeded"),
        ("met", "met"),
        ("within 5% of target", "near"),
        ("at least 90% of target", "near"),
        *END,
    )

    told = found(clauses, LintKind.zero_target)

    assert [lint.place for lint in told] == [2, 4, 5]
    assert {lint.example["target"] for lint in told} == {Fraction(0)}
    assert (
        found(scheme(("met", "met"), ("within 5 units of target", "near"), *END), LintKind.zero_target) == []
    )


def test_a_share_of_the_target_makes_no_sense_where_closest_is_best() -> None:
    clauses = scheme(("at least 100% of target", "met"), ("at least 90% of target", "near"), *END)

    [senseless] = found(clauses, LintKind.senseless)

    assert senseless.example["polarity"] == Polarity.closest_to_target


def test_an_action_that_no_clause_judges_is_a_gap() -> None:
    clauses = [Clause(words, code, code) for words, code in OWN["progress against elapsed time"].clauses]

    [gap] = [lint for lint in lint_scheme(clauses[:-1], actions=True) if lint.kind == LintKind.gap]
    hidden = lint_scheme([*clauses, clauses[1]], actions=True)

    assert gap.refused
    assert gap.example["progress"] == 0
    assert [(lint.kind, lint.place) for lint in hidden] == [(LintKind.unreachable, len(clauses))]


@pytest.mark.parametrize("name", OWN)
def test_schemes_of_our_own_have_no_gap_and_nothing_hidden(name: str) -> None:
    own = OWN[name]
    clauses = [Clause(words, code, code) for words, code in own.clauses]

    kinds = {lint.kind for lint in lint_scheme(clauses, actions=own.actions)}

    assert kinds <= {LintKind.zero_target, LintKind.senseless}


def test_examples_lie_where_the_bands_have_them() -> None:
    """The gap's example lies in a band of no answer, by the bands of the whole scheme."""
    clauses = scheme(("met", "met"), ("within 5% of target", "near"))
    tree = substituted(
        scheme_tree([clause.condition for clause in clauses]),
        {"met": target_met.tree, "direction_of_travel": direction_settled.tree},
    )
    gap = found(clauses, LintKind.gap)[0]
    outturn = gap.example["outturn"]
    assert isinstance(outturn, Fraction)

    [band] = [band for band in Varied(tree, "outturn").bands(gap.example) if band.holds(outturn)]

    assert band.answer is None
