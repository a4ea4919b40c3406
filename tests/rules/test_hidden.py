"""What a printed input may hide that explains a figure: exactly those values, and no others."""

from collections.abc import Callable, Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.hidden import explaining, joint_example, shortest
from app.rules.printed import Interval, Printed, agrees, read_printed

Figure = Callable[[Fraction], Fraction | None]


def printed(text: str) -> Printed:
    shown = read_printed(text)
    assert shown is not None
    return shown


def change_from(outturn: str) -> Figure:
    """Percent by which an outturn differs from a previous figure, as Barnet prints it."""
    now = Fraction(outturn)
    return lambda previous: 100 * abs(now - previous) / previous if previous else None


def interval(low: str, high: str, ends: str) -> Interval:
    return Interval(Fraction(low), ends[0] == "[", Fraction(high), ends[1] == "]")


CASES: list[tuple[str, Figure, str, str, list[Interval]]] = [
    # Barnet 3003: from 3.5, a change of 45.1% needs a previous figure that is printed 6.4 and is about 6.37
    ("a ratio", change_from("3.5"), "6.4", "45.1%", [interval("1000/157", "7000/1097", "[)")]),
    ("out of reach", change_from("3.5"), "6.4", "44.0%", []),
    # 2x is printed 2.2 from 2.15, which x = 1.075 gives; x hides less than 1.05
    ("beyond what is hidden", lambda x: 2 * x, "1.0", "2.2", []),
    ("a straight line", lambda x: 2 * x, "1.0", "2.0", [interval("0.975", "1.025", "[)")]),
    ("a falling line", lambda x: -2 * x, "1.0", "-2.0", [interval("0.975", "1.025", "[)")]),
    ("all that is hidden", lambda x: 2 * x, "1.0", "2", [interval("0.95", "1.05", "[)")]),
    ("up to an end", lambda x: 2 * x, "1.0", "2.1", [interval("1.025", "1.05", "[)")]),
    # below nought a half goes down, so the end that belongs is the other
    ("below nought", lambda x: x, "-1", "-1.2", [interval("-1.25", "-1.15", "(]")]),
    ("around nought", lambda x: x, "0", "0.2", [interval("0.15", "0.25", "[)")]),
    ("thousands", lambda x: x / 1000, "12K", "12.3", [interval("12250", "12350", "[)")]),
    # a size turns at nought: either side gives the figure
    (
        "two sides of a turn",
        lambda x: abs(3 - x),
        "3",
        "0.3",
        [interval("2.65", "2.75", "(]"), interval("3.25", "3.35", "[)")],
    ),
    ("beside an end that is not its own", lambda x: x, "1", "0", []),
    ("beyond its only end", lambda x: -x, "1", "0", []),
    ("no part in it", lambda _: Fraction(5), "3", "5", []),
    ("nowhere to be derived", lambda _: None, "3", "5", []),
]


@pytest.mark.parametrize(
    ("derive", "shown", "figure", "intervals"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_values_that_explain_a_figure_lie_between_exact_ends(
    derive: Figure, shown: str, figure: str, intervals: list[Interval]
) -> None:
    found = explaining(derive, printed(shown), printed(figure))

    assert list(found.intervals) == intervals
    assert found.exact


def test_a_figure_that_goes_in_several_lines_is_explained_on_the_one_that_gives_it() -> None:
    """The first three readings are those of a ratio that never comes to 3, and the fourth is 3."""
    xs = [Fraction(5 + 2 * n, 10) for n in range(6)]
    ys = [Fraction(y) for y in ("0", "1", "1.5", "3", "4", "5")]

    def derive(x: Fraction) -> Fraction:
        n = next(n for n in range(5) if x <= xs[n + 1])
        return ys[n] + (ys[n + 1] - ys[n]) * (x - xs[n]) / (xs[n + 1] - xs[n])

    found = explaining(derive, printed("1"), printed("2.0"))

    assert found == ((interval("0.96", "73/75", "[)"),), False)


def test_where_a_figure_turns_at_no_half_of_a_half_it_is_searched_for_and_said_so() -> None:
    found = explaining(lambda x: abs(Fraction("3.1") - x), printed("3"), printed("0.3"))

    assert not found.exact
    assert list(found.intervals) == [interval("2.75", "2.85", "(]"), interval("3.35", "3.45", "[)")]


def test_a_figure_that_cannot_be_derived_somewhere_is_searched_for_around_it() -> None:
    found = explaining(lambda x: 1 / x if x else None, printed("0"), printed("4"))

    [around] = found.intervals
    assert not found.exact
    assert around == interval("2/9", "2/7", "(]")


amounts = st.fractions(min_value=-50, max_value=50, max_denominator=200)
places = st.integers(min_value=0, max_value=2)


@given(amounts, amounts, places, places, st.lists(st.fractions(0, 1, max_denominator=97), max_size=8))
def test_a_hidden_value_is_in_an_interval_exactly_where_it_gives_the_figure(
    outturn: Fraction, previous: Fraction, input_places: int, figure_places: int, tries: list[Fraction]
) -> None:
    shown = Printed(Fraction(round(previous * 10**input_places), 10**input_places), input_places)
    derive = change_from(str(outturn))
    exactly = derive(previous)
    if not outturn or exactly is None or not shown.hidden.holds(previous):
        return  # all of nothing is lost whatever there was before: the figure does not depend on it
    figure = Printed(Fraction(round(exactly * 10**figure_places), 10**figure_places), figure_places)

    found = explaining(derive, shown, figure)

    low, high = shown.hidden.low, shown.hidden.high
    for value in [previous, *(low + (high - low) * part for part in tries)]:
        answer = derive(value)
        if found.exact and answer is not None and shown.hidden.holds(value):
            held = any(each.holds(value) for each in found.intervals)
            assert held == agrees(answer, figure), value


@given(amounts, places, amounts)
def test_what_a_printed_number_hides_is_all_that_is_printed_so(
    value: Fraction, shown_places: int, other: Fraction
) -> None:
    shown = Printed(Fraction(round(value * 10**shown_places), 10**shown_places), shown_places)

    assert shown.hidden.holds(other) == agrees(other, shown)
    for end in (shown.hidden.low, shown.hidden.high):
        assert shown.hidden.holds(end) == agrees(end, shown)


def gap(inputs: Mapping[str, Fraction]) -> Fraction | None:
    return abs(inputs["target"] - inputs["value"])


def test_several_inputs_explain_together_what_none_does_alone() -> None:
    """Barnet 2013/14: 84 against 85 is called 2 points."""
    shown = {"target": printed("85"), "value": printed("84")}

    example = joint_example(gap, shown, printed("2 points"))

    assert example is not None
    assert all(number.hidden.holds(example[name]) for name, number in shown.items())
    assert agrees(Fraction(gap(example) or 0), printed("2 points"))
    assert example == {"target": Fraction("85.3"), "value": Fraction("83.8")}


@pytest.mark.parametrize("figure", ["3 points", "5 points"])
def test_several_inputs_do_not_explain_what_is_out_of_reach(figure: str) -> None:
    shown = {"target": printed("85"), "value": printed("84")}

    assert joint_example(gap, shown, printed(figure)) is None


def test_several_inputs_explain_a_figure_of_many_places() -> None:
    shown = {"target": printed("85"), "value": printed("84")}

    example = joint_example(gap, shown, printed("1.234"))

    assert example is not None
    assert agrees(Fraction(gap(example) or 0), printed("1.234"))
    assert all((number * 10**3).denominator == 1 for number in example.values())


def test_several_inputs_explain_nothing_that_cannot_be_derived() -> None:
    """Nowhere; by no number of few decimals; on no way to it; or only by a leap."""
    shown = {"value": printed("84")}
    broken: Callable[[Mapping[str, Fraction]], Fraction | None] = lambda inputs: (  # noqa: E731 - beside its like
        inputs["value"] if (2 * inputs["value"]).denominator == 1 else None
    )

    assert joint_example(lambda _: None, shown, printed("2")) is None
    assert joint_example(gap, {**shown, "target": printed("85")}, printed("1.2" + 18 * "3")) is None
    assert joint_example(broken, shown, printed("84.3")) is None
    assert joint_example(lambda inputs: Fraction(inputs["value"] > 84), shown, printed("0.5")) is None


def test_a_figure_that_is_no_ratio_of_straight_lines_is_only_searched() -> None:
    found = explaining(lambda x: x * x, printed("3.0"), printed("9.1"))

    [around] = found.intervals
    assert not found.exact
    assert agrees(around.low**2, printed("9.1"))
    assert agrees(around.high**2, printed("9.1"))
    part = Fraction(1, 10 * 4096)
    assert not agrees((around.low - part) ** 2, printed("9.1"))
    assert not agrees((around.high + part) ** 2, printed("9.1"))


@pytest.mark.parametrize(
    ("within", "at_least", "number"),
    [
        (interval("1000/157", "7000/1097", "[)"), 2, "6.37"),
        (interval("3.5104", "3.5168", "(]"), 1, "3.511"),
        (interval("2", "3", "()"), 0, "2.1"),
        (interval("2", "3", "(]"), 0, "3"),
        (interval("-1.25", "-1.15", "(]"), 0, "-1.2"),
        (interval("12250", "12350", "[)"), -3, "12250"),
    ],
)
def test_the_shortest_number_of_an_interval_has_the_fewest_decimals(
    within: Interval, at_least: int, number: str
) -> None:
    assert shortest(within, at_least) == Fraction(number)


def test_an_empty_interval_has_no_number() -> None:
    assert shortest(interval("1", "1", "()"), 0) is None
