"""Missing numbers, unknown tests, roots and rounding: the same in each reader."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest

from app.rules.evaluation import evaluate, half_up, plain
from app.rules.nodes import (
    ABSENT,
    Operand,
    cases,
    missing,
    node,
    present,
    root,
    rounded,
    size,
)
from app.rules.tracing import DAY, FLAG, MEASURE, TEXT
from tests.rules.readers import Question, Reader, Row

X, Y = Operand("x", MEASURE), Operand("y", MEASURE)
FIRST, SECOND, WORD = Operand("first", FLAG), Operand("second", FLAG), Operand("word", TEXT)
DAY_NUMBER = Operand("day", DAY)
TRUTHS = (True, False, None)


def test_a_missing_number_makes_a_number_missing(reader: Reader) -> None:
    trees = [X + Y, X - Y, X * Y, X / Y, Y / X, size(X - Y), 0 * X + Y, X + 0 * Y]
    rows: list[Row] = [
        {"x": None, "y": Fraction(2)},
        {"x": Fraction(2), "y": None},
        {"x": None, "y": None},
    ]
    rounding = {f"rounded {n}": Question(rounded(tree, 1), 1) for n, tree in enumerate(trees)}
    asking = {f"missing {n}": Question(missing(tree)) for n, tree in enumerate(trees)}

    answers = reader({**rounding, **asking}, rows)

    assert answers == [dict.fromkeys(rounding, None) | dict.fromkeys(asking, True)] * 3


def test_division_by_nought_is_missing(reader: Reader) -> None:
    asked = {
        "share": Question(rounded(X / Y, 1), 1),
        "missing": Question(missing(X / Y)),
        "present": Question(present(X / Y)),
    }

    answers = reader(asked, [{"x": Fraction(1), "y": Fraction(0)}])

    assert answers == [{"share": None, "missing": True, "present": False}]


def test_tests_have_three_answers(reader: Reader) -> None:
    asked = {
        "both": Question(FIRST & SECOND),
        "either": Question(FIRST | SECOND),
        "opposite": Question(~FIRST),
        "unknown": Question(missing(FIRST & SECOND)),
    }
    pairs = list(product(TRUTHS, TRUTHS))

    answers = reader(asked, [{"first": a, "second": b} for a, b in pairs])

    found = {pair: tuple(answer.values()) for pair, answer in zip(pairs, answers, strict=True)}
    assert found == {
        (True, True): (True, True, False, False),
        (True, False): (False, True, False, False),
        (True, None): (None, True, False, True),
        (False, True): (False, True, True, False),
        (False, False): (False, False, True, False),
        (False, None): (False, None, True, False),
        (None, True): (None, True, None, True),
        (None, False): (False, None, None, False),
        (None, None): (None, None, None, True),
    }


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "="])
def test_comparing_with_the_missing_is_unknown(sign: str, reader: Reader) -> None:
    tests = {"<": X < Y, "<=": X <= Y, ">": X > Y, ">=": X >= Y, "=": X.equals(Y)}
    rows: list[Row] = [
        {"x": Fraction(x), "y": None if y is None else Fraction(y)}
        for x, y in ((1, 2), (2, 2), (3, 2), (3, None))
    ]

    answers = [answer["test"] for answer in reader({"test": Question(tests[sign])}, rows)]

    assert (
        answers
        == {
            "<": [True, False, False, None],
            "<=": [True, True, False, None],
            ">": [False, False, True, None],
            ">=": [False, True, True, None],
            "=": [False, True, False, None],
        }[sign]
    )


def test_a_missing_word_is_among_no_words_and_not_outside_them(reader: Reader) -> None:
    asked = {
        "among": Question(WORD.among("met", "it's")),
        "outside": Question(~WORD.among("met", "it's")),
        "missing": Question(missing(WORD)),
        "word": Question(cases((WORD.among("met"), "yes"), otherwise=WORD)),
    }

    answers = reader(asked, [{"word": word} for word in ("met", "it's", "no", None)])

    assert [tuple(answer.values()) for answer in answers] == [
        (True, False, False, "yes"),
        (True, False, False, "it's"),
        (False, True, False, "no"),
        (None, None, True, None),
    ]


@pytest.mark.parametrize(
    ("value", "places", "answer"),
    [
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("0.4999999", 0, "0"),
        ("-0.4999999", 0, "0"),
        ("0.05", 1, "0.1"),
        ("0.15", 1, "0.2"),
        ("-0.25", 1, "-0.3"),
        ("1/3", 4, "0.3333"),
        ("2/3", 4, "0.6667"),
        ("7", 2, "7"),
        ("0", 3, "0"),
    ],
)
def test_a_half_goes_away_from_nought(value: str, places: int, answer: str) -> None:
    assert half_up(Fraction(value), places) == Fraction(answer)


@pytest.mark.parametrize(
    ("value", "places", "answer"),
    [
        ("2", 0, "1"),
        ("4", 0, "2"),
        ("3.9999", 0, "1"),
        ("2", 4, "1.4142"),
        ("0.25", 1, "0.5"),
        ("0.2499", 1, "0.4"),
        ("0", 3, "0"),
        ("9999999999", 3, "99999.999"),
        ("-0.0001", 3, None),
        (None, 3, None),
    ],
)
def test_a_root_is_cut_off_after_its_places(
    value: str | None, places: int, answer: str | None, reader: Reader
) -> None:
    whole = Question(rounded(root(X, places), 4), 4)
    third = Question(rounded(root(X / 3 * 3, places), 4), 4)
    row: Row = {"x": None if value is None else Fraction(value)}

    expected = None if answer is None else Fraction(answer)
    assert reader({"whole": whole, "third": third}, [row]) == [{"whole": expected, "third": expected}]


def test_a_root_too_wide_to_keep_is_missing(reader: Reader) -> None:
    asked = {
        "fits": Question(rounded(root(X * X * 10**16, 0), 0), 0),
        "not": Question(rounded(root(X * X, 0), 12), 12),
    }

    answers = reader(asked, [{"x": Fraction(9_223_372_036)}])

    assert answers == [{"fits": Fraction(922_337_203_600_000_000), "not": None}]


def test_a_root_may_be_compared(reader: Reader) -> None:
    asked = {"above": Question(root(X, 2) > Y), "is": Question(root(X, 2).equals(Y))}
    rows: list[Row] = [{"x": Fraction(2), "y": Fraction(y)} for y in ("1.4", "1.41", "1.42")]

    answers = [tuple(answer.values()) for answer in reader(asked, rows)]

    assert answers == [(True, False), (False, True), (False, False)]


def test_a_date_is_its_day_number(reader: Reader) -> None:
    days = [date(1, 1, 1), date(1900, 2, 28), date(2000, 2, 29), date(9999, 12, 31), None]
    asked = {"day": Question(rounded(DAY_NUMBER, 0), 0), "first": Question(DAY_NUMBER <= 1)}

    answers = reader(asked, [{"day": day} for day in days])

    assert [answer["day"] for answer in answers] == [1, 693654, 730179, 3652059, None]
    assert [answer["first"] for answer in answers] == [True, False, False, False, None]


def test_raw_values_become_exact() -> None:
    assert plain(Decimal("0.1")) == Fraction(1, 10)
    assert plain(3) == Fraction(3)
    assert plain(date(1, 1, 2)) == Fraction(2)
    assert plain(None) is None
    assert plain("met") == "met"
    assert plain(True) is True  # noqa: FBT003 - the value under test
    assert evaluate(X + Y, {"x": Decimal("0.1"), "y": Decimal("0.2")}) == Fraction(3, 10)


def test_what_is_absent_is_missing_as_a_number_a_word_and_a_test() -> None:
    assert evaluate(ABSENT, {}) is None
    assert evaluate(rounded(ABSENT + 1, 0), {}) is None
    assert evaluate(missing(ABSENT), {}) is True
    assert evaluate(node(1) > ABSENT, {}) is None
