"""Figures as documents print them, and whether a derived figure may be the one printed."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from app.rules.printed import Printed, agrees, explained_by_rounding, read_printed


@pytest.mark.parametrize(
    ("text", "value", "places"),
    [
        ("55.8%", "55.8", 1),
        ("86.6", "86.6", 1),
        ("11,299", "11299", 0),
        ("2,207,784", "2207784", 0),
        ("£2,151.50", "2151.5", 2),
        ("8,861K", "8861000", -3),
        ("1.5K", "1500", -2),
        ("(43)", "-43", 0),
        ("(3,353)", "-3353", 0),
        ("-3.3%", "-3.3", 1),
        ("-£76", "-76", 0),
        ("£-76", "-76", 0),
        ("(£76)", "-76", 0),
        ("\N{MINUS SIGN}2.99", "-2.99", 2),
        ("+6", "6", 0),
        (".5", "0.5", 1),
        ("0.0%", "0", 1),
        ("-", "0", 0),
        ("\N{EN DASH}", "0", 0),
        ("7:27", "447", 0),
        ("8:05", "485", 0),
        ("\N{BLACK UP-POINTING TRIANGLE} 15.5%", "15.5", 1),
        ("\N{BLACK UP-POINTING TRIANGLE} -93.8%", "-93.8", 1),
        ("\N{NO-BREAK SPACE}60.3\N{NO-BREAK SPACE}", "60.3", 1),
        ("9.3*", "9.3", 1),
    ],
)
def test_a_printed_figure_has_a_value_and_the_places_it_shows(text: str, value: str, places: int) -> None:
    assert read_printed(text) == Printed(Fraction(value), places)


@pytest.mark.parametrize("text", ["", "  ", "n/a", "N/A", "Not Known", "Awaited", "Green", "Jul"])
def test_words_are_no_figures(text: str) -> None:
    assert read_printed(text) is None


@pytest.mark.parametrize(
    ("derived", "printed", "same"),
    [
        ("55.803", "55.8%", True),
        ("55.85", "55.8%", False),
        ("55.75", "55.8%", True),
        ("-3.25", "-3.3%", True),
        ("-3.2499", "-3.3%", False),
        ("2.5", "3", True),
        ("2.4999", "3", False),
        ("8860500", "8,861K", True),
        ("8861499", "8,861K", True),
        ("8861500", "8,861K", False),
        ("-500", "-1K", True),
    ],
)
def test_a_figure_agrees_where_it_rounds_to_what_is_printed(
    derived: str, printed: str, *, same: bool
) -> None:
    shown = read_printed(printed)

    assert shown is not None
    assert agrees(Fraction(derived), shown) is same


def _change(inputs: Mapping[str, Fraction]) -> Fraction | None:
    if not inputs["previous"]:
        return None
    return 100 * abs(inputs["outturn"] - inputs["previous"]) / inputs["previous"]


def _printed(**texts: str) -> dict[str, Printed]:
    return {name: found for name, text in texts.items() if (found := read_printed(text))}


@pytest.mark.parametrize(
    ("outturn", "previous", "printed", "explained"),
    [
        ("3.5", "6.4", "45.1%", True),
        ("3.5", "6.4", "44.0%", False),
        ("3.5", "6.4", "47.0%", False),
        ("16.5", "15.0", "9.9%", True),
        ("-0.16", "-2.49", "-93.8%", True),
        ("0", "0", "5%", True),
        ("0.0", "0.0", "100%", True),
    ],
)
def test_hidden_digits_of_the_inputs_may_explain_a_printed_figure(
    outturn: str, previous: str, printed: str, *, explained: bool
) -> None:
    shown = read_printed(printed)

    assert shown is not None
    inputs = _printed(outturn=outturn, previous=previous)
    assert explained_by_rounding(_change, inputs, shown) is explained


@pytest.mark.parametrize(
    ("value", "explained"),
    [("2.149", True), ("2.15", False), ("1.851", True), ("1.85", False), ("2", True)],
)
def test_the_digits_that_inputs_hide_must_overlap_with_those_that_a_figure_hides(
    value: str, *, explained: bool
) -> None:
    printed = Printed(Fraction(value), 1)

    assert explained_by_rounding(lambda shown: 2 * shown["x"], _printed(x="1.0"), printed) is explained


def test_thousands_hide_half_a_thousand() -> None:
    assert explained_by_rounding(
        lambda shown: shown["x"], _printed(x="8,861K"), Printed(Fraction(8_860_501), 0)
    )
    assert not explained_by_rounding(
        lambda shown: shown["x"], _printed(x="8,861K"), Printed(Fraction(8_860_499), 0)
    )


def test_nothing_explains_a_figure_without_inputs_or_without_an_answer() -> None:
    shown = Printed(Fraction(1), 0)
    several = {f"x{n}": shown for n in range(7)}

    assert not explained_by_rounding(lambda _: Fraction(1), {}, shown)
    assert not explained_by_rounding(lambda _: None, {"x": shown}, shown)
    assert not explained_by_rounding(lambda _: Fraction(1), several, shown)
    assert explained_by_rounding(lambda _: Fraction(1), {"x": shown}, shown)


def test_half_a_unit_of_the_last_place_may_be_hidden() -> None:
    assert Printed(Fraction("55.8"), 1).half == Fraction("0.05")
    assert Printed(Fraction(8_861_000), -3).half == 500
