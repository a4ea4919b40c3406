"""Cells that print a number, as councils write them."""

import re
from decimal import Decimal

import pytest

from app.imports.numbers import Grammar, read_number
from app.imports.problems import PERCENT_SIGN
from app.rules.tracing import MEASURE, QUANTITY

VALUE = Grammar(MEASURE, percent=True, thousands=True)
COUNT = Grammar(QUANTITY)


@pytest.mark.parametrize(
    ("text", "value", "notes"),
    [
        ("55.8", "55.8", []),
        ("-0.16", "-0.16", []),
        ("0", "0", []),
        ("5.0", "5", []),
        ("84,617", "84617", ["thousands commas are dropped"]),
        ("2151", "2151", []),
        ("8,861K", "8861000", ["thousands commas are dropped", "K is read as thousands"]),
        ("1.25K", "1250", ["K is read as thousands"]),
        ("(43)", "-43", ["brackets are read as minus"]),
        ("(3,353)", "-3353", ["thousands commas are dropped", "brackets are read as minus"]),
        ("90%", "90", [PERCENT_SIGN]),
        ("97 %", "97", [PERCENT_SIGN]),
        ("9.3*", "9.3", ["the footnote mark is dropped"]),
        ("9.3†", "9.3", ["the footnote mark is dropped"]),
        ("99.5%*", "99.5", ["the footnote mark is dropped", PERCENT_SIGN]),
        ("<b>9.3</b>", "9.3", ["the markup around the number is dropped"]),
        ("**9.3**", "9.3", ["the markup around the number is dropped"]),
        ("9999999999.9999", "9999999999.9999", []),
    ],
)
def test_a_number_is_read_exactly_and_what_was_normalised_is_noted(
    text: str, value: str, notes: list[str]
) -> None:
    assert read_number(text, VALUE) == (Decimal(value), notes)


@pytest.mark.parametrize(("text", "kept"), [("0.50", "0.5"), ("-0", "0"), ("-0.0", "0"), ("007", "7")])
def test_nothing_is_kept_of_zeros_that_say_nothing(text: str, kept: str) -> None:
    assert str(read_number(text, VALUE)[0]) == kept


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Green", "is a word where a number is expected"),
        ("N/A", "is a word where a number is expected"),
        ("Yes", "is a word where a number is expected"),
        ("7:27", "is a clock time; write minutes and seconds as seconds"),
        ("07:27:00", "is a clock time; write minutes and seconds as seconds"),
        ("<10", "is not a number"),
        ("9,3", "is not a number"),
        ("1,00", "is not a number"),
        ("1 000", "is not a number"),
        ("1_000", "is not a number"),
        ("1e5", "is not a number"),
        ("NaN", "is a word where a number is expected"),
        ("Infinity", "is a word where a number is expected"),
        ("٣", "is not a number"),
        (".5", "is not a number"),
        ("5.", "is not a number"),
        ("1.2.3", "is not a number"),
        ("(43", "is not a number"),
        ("43)", "is not a number"),
        ("(-43)", "is negative twice: a minus within brackets"),
        ("*", "is not a number"),
        ("9.12345", "has more than 4 decimal places"),
        ("10000000000", "is too wide: 10000000000 is the limit"),
        ("-10000000000", "is too wide: 10000000000 is the limit"),
        ("10000000K", "is too wide: 10000000000 is the limit"),
        ("9" * 5000, "is too wide: 10000000000 is the limit"),
        ("0." + "1" * 5000, "has more than 4 decimal places"),
    ],
)
def test_anything_else_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        read_number(text, VALUE)


@pytest.mark.parametrize("text", ["45%", "45K"])
def test_a_column_of_counts_takes_no_sign(text: str) -> None:
    with pytest.raises(ValueError, match="which this column does not take"):
        read_number(text, COUNT)
