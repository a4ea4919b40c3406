"""Printed texts are read as the numbers they show, and agree with derived ones at the places shown."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from app.rules.printed import Printed, agrees, explained_by_rounding, read_printed

NUMBERS: list[tuple[str, str, int]] = [
    ("55.8%", "55.8", 1),
    ("17", "17", 0),
    ("2,025", "2025", 0),
    ("1,385/1,599", "1385", 0),
    ("£1,206,756", "1206756", 0),
    (".5", "0.5", 1),
    ("0.00", "0", 2),
    # negative: brackets, a hyphen, a minus sign, before or after the pound
    ("(43)", "-43", 0),
    ("(3,353)", "-3353", 0),
    ("( 43 )", "-43", 0),
    ("(£43)", "-43", 0),
    ("£(43)", "-43", 0),
    ("-57.5%", "-57.5", 1),
    ("−57.5%", "-57.5", 1),
    ("- 4.5", "-4.5", 1),
    ("-£40", "-40", 0),
    ("£-40", "-40", 0),
    # a lone dash is nil
    ("-", "0", 0),
    ("–", "0", 0),
    ("−", "0", 0),
    # signs and words around the number
    ("▲ 15.5%", "15.5", 1),
    ("▼ 22.0%", "22.0", 1),
    ("▲ -93.8%", "-93.8", 1),
    ("< 0.01%", "0.01", 2),
    ("9.3*", "9.3", 1),
    ("2 percentage points", "2", 0),
    ("9 percentage point", "9", 0),
    (" 24% ", "24", 0),
    # non-breaking spaces
    ("\N{NO-BREAK SPACE}17\N{NO-BREAK SPACE}", "17", 0),
    ("▲\N{NO-BREAK SPACE}-93.8%", "-93.8", 1),
    # thousands
    ("8,861K", "8861000", -3),
    ("2.5K", "2500", -2),
    ("(43K)", "-43000", -3),
    # minutes and seconds
    ("7:27", "447", 0),
    ("10:00", "600", 0),
    ("0:05", "5", 0),
]
ABSENT = [
    "",
    " ",
    "n/a",
    "N/A",
    "NA",
    "NOT KNOWN",
    "Unknown",
    "Awaited",
    "\N{NO-BREAK SPACE}",
    "Yes",
    "▲",
    "—",
    "١٢",
]


@pytest.mark.parametrize(("text", "value", "places"), NUMBERS)
def test_a_printed_text_shows_a_number_to_its_places(text: str, value: str, places: int) -> None:
    assert read_printed(text) == Printed(Fraction(value), places)


@pytest.mark.parametrize("text", ABSENT)
def test_a_text_without_a_number_shows_none(text: str) -> None:
    assert read_printed(text) is None


@pytest.mark.parametrize(
    ("text", "half"), [("2", "0.5"), ("2.1", "0.05"), ("2.10", "0.005"), ("8,861K", "500"), ("2.5K", "50")]
)
def test_a_hidden_number_lies_within_half_a_unit_of_the_last_place(text: str, half: str) -> None:
    printed = read_printed(text)

    assert printed is not None
    assert printed.half == Fraction(half)


AGREEING: list[tuple[str, str, bool]] = [
    ("55.802887", "55.8%", True),
    ("55.75", "55.8%", True),  # a tie goes up
    ("55.85", "55.8%", False),
    ("55.849999999", "55.8%", True),
    ("55.749999999", "55.8%", False),
    ("-55.75", "(55.8)", True),  # away from nought, below it as well
    ("-55.85", "(55.8)", False),
    ("0.05", "0.0%", False),
    ("0.049", "0.0%", True),
    ("-0.049", "0.0%", True),
    ("2.5", "3", True),
    ("-2.5", "-3", True),
    ("2.5", "2", False),
    ("17.4", "17.40", True),
    ("17.404", "17.40", True),
    ("17.405", "17.40", False),
    ("8860500", "8,861K", True),
    ("8861499", "8,861K", True),
    ("8861500", "8,861K", False),
    ("8860499", "8,861K", False),
    ("447", "7:27", True),
    ("447.5", "7:27", False),
    ("0", "-", True),
    ("0.4", "-", True),
    ("0.5", "-", False),
]


@pytest.mark.parametrize(("derived", "text", "agreeing"), AGREEING)
def test_a_number_agrees_at_the_places_printed_half_up(derived: str, text: str, agreeing: bool) -> None:  # noqa: FBT001 - pytest passes it by name
    printed = read_printed(text)

    assert printed is not None
    assert agrees(Fraction(derived), printed) == agreeing


def growth(inputs: Mapping[str, Fraction]) -> Fraction:
    """Percent by which one figure is above another."""
    return 100 * (inputs["outturn"] - inputs["previous"]) / inputs["previous"]


EXPLAINED: list[tuple[dict[str, str], str, bool]] = [
    # Barnet 3003: 3.5 against 6.4 gives 45.3, and a hidden 6.37 the printed 45.1; 44 is out of reach
    ({"outturn": "3.5", "previous": "6.4"}, "-45.1%", True),
    ({"outturn": "3.5", "previous": "6.4"}, "-44.0%", False),
    ({"outturn": "3.5", "previous": "6.4"}, "45.1%", False),
    ({"outturn": "3.50", "previous": "6.40"}, "-45.1%", False),
    # the more places an input shows, the less it can hide
    ({"outturn": "12", "previous": "10"}, "24%", True),
    ({"outturn": "12.0", "previous": "10.0"}, "24%", False),
    ({"outturn": "12.0", "previous": "10.0"}, "21%", True),
    # thousands hide up to five hundred
    ({"outturn": "12K", "previous": "10K"}, "24%", True),
    ({"outturn": "12K", "previous": "10000"}, "24.6%", True),
    ({"outturn": "12000", "previous": "10000"}, "24.6%", False),
]


@pytest.mark.parametrize(("inputs", "text", "explained"), EXPLAINED)
def test_hidden_digits_explain_what_they_can_reach(
    inputs: dict[str, str],
    text: str,
    explained: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    shown = {name: number for name, each in inputs.items() if (number := read_printed(each)) is not None}
    printed = read_printed(text)

    assert printed is not None
    assert explained_by_rounding(growth, shown, printed) == explained


def test_nothing_is_explained_by_no_input_or_by_too_many() -> None:
    printed = Printed(Fraction(1), 0)
    many = {f"input {number}": printed for number in range(7)}

    assert not explained_by_rounding(lambda _: Fraction(1), {}, printed)
    assert not explained_by_rounding(lambda _: Fraction(1), many, printed)
    assert explained_by_rounding(lambda _: Fraction(1), {"input": printed}, printed)


def test_nothing_is_explained_by_what_cannot_be_derived() -> None:
    printed = Printed(Fraction(1), 0)

    assert not explained_by_rounding(lambda _: None, {"input": printed}, printed)


def test_a_corner_that_cannot_be_derived_does_not_hinder_the_others() -> None:
    def above_one(inputs: Mapping[str, Fraction]) -> Fraction | None:
        return inputs["input"] if inputs["input"] > 1 else None

    shown = {"input": Printed(Fraction(1), 0)}

    assert explained_by_rounding(above_one, shown, Printed(Fraction("1.5"), 1))
    assert not explained_by_rounding(above_one, shown, Printed(Fraction("1.2"), 1))
