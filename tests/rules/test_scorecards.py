"""What ratings add up to and say, why measures are left out, and which period an action stands under."""

from datetime import date
from fractions import Fraction

import pytest

from app.rules.explaining import explain
from app.rules.scorecards import (
    Gap,
    Reported,
    Subtotal,
    measure_set_called,
    period_reported_on,
    rating,
    rating_sentence,
    subtotals,
    version_of,
    why_unscored,
)
from app.rules.vocabulary import State, Status, Unscored

RED, AMBER, GREEN = ("Red", Fraction(-1)), ("Amber", Fraction(-1, 2)), ("Green", Fraction(1))
HR = subtotals([RED, AMBER, RED, RED, RED])
NOT_DUE = Gap(Unscored.no_outturn, State.not_yet_due, 1)
NO_TARGET = Gap(Unscored.no_target, State.reported, 3)


def total(parts: tuple[Subtotal, ...]) -> object:
    tree, facts = rating(parts)
    assert tree is not None
    return explain(tree, facts).answer


def test_four_reds_and_one_amber_are_minus_four_and_a_half() -> None:
    tree, facts = rating(HR)
    assert tree is not None

    account = explain(tree, facts)

    assert account.answer == Fraction(-9, 2)
    assert account.filled.replace("(", "").replace(")", "") == "4 × -1 + 1 × -0.5"
    assert account.formula.replace("(", "").replace(")", "") == "Red × -1 + Amber × -0.5"
    assert facts == {"Red": 4, "Amber": 1}


def test_subtotals_have_the_fewest_points_first_and_then_the_most_measures() -> None:
    parts = subtotals([GREEN, ("Data not supplied", Fraction(-1)), RED, AMBER, RED, GREEN])

    assert [(part.label, part.measures, part.sum) for part in parts] == [
        ("Red", 2, -2),
        ("Data not supplied", 1, -1),
        ("Amber", 1, Fraction(-1, 2)),
        ("Green", 2, 2),
    ]
    assert total(parts) == Fraction(-3, 2)


def test_nothing_that_counts_is_no_rating_and_points_of_zero_are_one() -> None:
    assert rating(()) == (None, {})
    assert total(subtotals([("Amber", Fraction(0))])) == 0


def test_one_label_worth_different_points_counts_as_two() -> None:
    tree, facts = rating(subtotals([("Red", Fraction(-1)), ("Red", Fraction(-2)), ("Red", Fraction(-2))]))
    assert tree is not None

    assert facts == {"Red at -2": 2, "Red at -1": 1}
    assert explain(tree, facts).answer == -5


def test_the_version_changes_with_the_points_and_not_with_the_counts() -> None:
    versions = []
    for labels in ([RED, AMBER], [RED, RED, AMBER], [RED, ("Amber", Fraction(0))]):
        tree, _ = rating(subtotals(labels))
        assert tree is not None
        versions.append(version_of(tree))

    assert versions[0] == versions[1] != versions[2]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((Status.missed, "1.0", "plan", "-1.00"), None),
        ((Status.no_data, None, "plan", "-1.00"), None),
        ((Status.near, "1.0", "plan", "0.00"), None),
        ((Status.no_data, None, "plan", None), Unscored.no_outturn),
        ((Status.no_target, "1.0", "plan", None), Unscored.no_target),
        ((Status.no_target, None, "plan", None), Unscored.no_outturn),
        ((Status.data_only, "1.0", "plan", None), Unscored.data_only),
        ((Status.data_only, None, "plan", None), Unscored.data_only),
        ((Status.met, "1.0", "plan", None), Unscored.no_points),
        ((Status.not_rated, "1.0", "plan", None), Unscored.not_rated),
        ((Status.not_rated, "1.0", None, None), Unscored.no_scheme),
        ((Status.not_rated, None, None, None), Unscored.no_scheme),
    ],
)
def test_what_counts_nothing_says_why(
    row: tuple[str, str | None, str | None, str | None], reason: Unscored | None
) -> None:
    assert why_unscored(*row) == reason


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("reason", Unscored)
def test_every_reason_has_words_for_one_and_for_several(reason: Unscored, state: State) -> None:
    one, several = Gap(reason, state, 1).because, Gap(reason, state, 2).because

    assert one != several or reason == Unscored.no_points
    assert one
    assert several


def test_the_sentence_tells_what_counts_and_what_does_not() -> None:
    assert rating_sentence("hr", Fraction(-9, 2), HR, [NOT_DUE, NO_TARGET]) == (
        "HR is rated -4.5: four reds at -1 each and one amber at -0.5; one measure is not scored because its "
        "figure is not due yet, and three because they have no target."
    )


def test_three_reasons_are_listed() -> None:
    gaps = [
        NOT_DUE._replace(measures=2),
        NO_TARGET._replace(measures=1),
        Gap(Unscored.data_only, State.new, 11),
    ]

    assert rating_sentence("kpi", None, (), gaps) == (
        "KPI is not rated; two measures are not scored because their figures are not due yet, one because "
        "it has no target, and 11 because they are shown without being judged."
    )


def test_a_word_that_is_no_colour_stays_the_councils() -> None:
    parts = subtotals([("Data not supplied", Fraction(-1)), GREEN, GREEN, GREEN])

    assert rating_sentence("corporate_plan", Fraction(2), parts, []) == (
        "Corporate plan is rated 2: one “Data not supplied” at -1 and three greens at 1 each."
    )


@pytest.mark.parametrize(
    ("name", "called"),
    [("hr", "HR"), ("csi", "CSI"), ("hr_management", "HR management"), ("corporate_plan", "Corporate plan")],
)
def test_a_measure_set_is_called_as_a_person_would(name: str, called: str) -> None:
    assert measure_set_called(name) == called


def period(name: str, start: str, end: str) -> Reported:
    return Reported(name, date.fromisoformat(start), date.fromisoformat(end))


YEAR = period("2018-19", "2018-04-01", "2019-03-31")
Q1 = period("2019-20-q1", "2019-04-01", "2019-06-30")
Q2 = period("2019-20-q2", "2019-07-01", "2019-09-30")
HALF = period("2019-20-h1", "2019-04-01", "2019-09-30")
NEXT = period("2019-20", "2019-04-01", "2020-03-31")


@pytest.mark.parametrize(
    ("as_of", "periods", "found"),
    [
        ("2019-09-10", [YEAR, Q1], "2019-20-q1"),
        ("2019-09-10", [Q2, YEAR, Q1], "2019-20-q1"),
        ("2019-09-30", [YEAR, Q1, Q2], "2019-20-q2"),
        ("2021-01-01", [Q2, YEAR, Q1], "2019-20-q2"),
        ("2019-09-30", [Q2, HALF], "2019-20-q2"),
        ("2019-06-29", [YEAR, Q1], "2018-19"),
        ("2019-06-29", [NEXT], "2019-20"),
        ("2019-06-29", [NEXT, Q1], "2019-20-q1"),
        ("2019-03-31", [NEXT, Q1], None),
        ("2019-03-31", [], None),
    ],
)
def test_an_action_stands_under_the_last_period_that_ended_or_else_began(
    as_of: str, periods: list[Reported], found: str | None
) -> None:
    assert period_reported_on(date.fromisoformat(as_of), periods) == found
