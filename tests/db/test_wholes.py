"""Whole numbers of SQL text: how they are written, how wide they can be, when they are missing."""

import sqlite3
from itertools import product

import pytest

from app.db.wholes import NULL, ONE, WIDEST, ZERO, Atom, Ratio, Whole, common, expression

A = Whole(1, (Atom("a", 10),))
B = Whole(1, (Atom("b", 7, signed=False),))
WIDE = Whole(1, (Atom("wide", WIDEST), Atom("a", 10)))
VALUES = (-10, -3, -1, 0, 1, 4, 10, None)


def found(whole: Whole, a: int | None, b: int | None) -> object:
    """What SQLite makes of a text."""
    asked = f"SELECT {whole} FROM (SELECT ? AS a, ? AS b, 9223372036854775807 AS wide)"  # noqa: S608 - the test's own words
    with sqlite3.connect(":memory:") as connection:
        return connection.execute(asked, (a, b)).fetchone()[0]


@pytest.mark.parametrize(
    ("whole", "text", "reach", "negative"),
    [
        (Whole(5), "5", 5, False),
        (Whole(-5), "-5", 5, True),
        (ZERO, "0", 1, False),
        (A, "a", 10, True),
        (B, "b", 7, False),
        (-B, "(-1 * b)", 7, True),
        (A * B, "(a * b)", 70, True),
        (A * B * Whole(3), "(3 * a * b)", 210, True),
        (A * ZERO, "(0 * a)", 10, True),
        (A + B, "(a + b)", 17, True),
        (B + B * B, "(b + (b * b))", 56, False),
        (A + -B, "(a - b)", 17, True),
        (-A + B, "((-1 * a) + b)", 17, True),
        (-A + -B, "((-1 * a) + (-1 * b))", 17, True),
        (A * Whole(4) + B * Whole(6), "(2 * ((2 * a) + (3 * b)))", 82, True),
        (A * Whole(4) + -B * Whole(6), "(2 * ((2 * a) - (3 * b)))", 82, True),
        (A + A, "(2 * a)", 20, True),
        (A * B + B * A, "(2 * a * b)", 140, True),
        (A + -A, "(0 * a)", 10, True),
        (A + ZERO, "a", 10, True),
        (ZERO + A, "a", 10, True),
        (A * ZERO + B * ZERO, "((0 * a) + (0 * b))", 17, True),
        (Whole(2) + Whole(3), "5", 5, False),
        (A.magnitude(), "abs(a)", 10, False),
        ((-A).magnitude(), "abs(a)", 10, False),
        (B.magnitude(), "b", 7, False),
        ((-B * Whole(2)).magnitude(), "(2 * b)", 14, False),
        ((A * B * Whole(-2)).magnitude(), "(2 * abs(a) * b)", 140, False),
        (Whole(-5).magnitude(), "5", 5, False),
        (B.carrying(A), "(CASE WHEN a < 0 THEN (-1 * b) ELSE b END)", 7, True),
        (B.carrying(-A), "(CASE WHEN a < 0 THEN b ELSE (-1 * b) END)", 7, True),
        (A.carrying(B), "a", 10, True),
        (A.carrying(-B), "(-1 * a)", 10, True),
        (A.carrying(ONE), "a", 10, True),
        (A.divisible(Whole(3)), "a", 10, True),
        (A.divisible(Whole(-3)), "(-1 * a)", 10, True),
        (A.divisible(B), "(CASE WHEN b <> 0 THEN a END)", 10, True),
        (A.divisible(-B), "(CASE WHEN b <> 0 THEN (-1 * a) END)", 10, True),
        (B.divisible(A), "(CASE WHEN a < 0 THEN (-1 * b) WHEN a <> 0 THEN b END)", 7, True),
        (A.or_missing(), "nullif(a, 0)", 10, True),
        (B.or_missing(), "nullif(b, 0)", 7, False),
        ((B * Whole(2)).or_missing(), "(2 * nullif(b, 0))", 14, False),
        (Whole(2).or_missing(), "2", 2, False),
        ((A * Whole(6)).divided(3), "(2 * a)", 20, True),
        (expression("x", 3), "x", 3, True),
        (expression("x", 3, signed=False), "x", 3, False),
    ],
)
def test_a_whole_says_what_it_is_and_how_wide(
    whole: Whole,
    text: str,
    reach: int,
    *,
    negative: bool,
) -> None:
    assert (str(whole), whole.reach, whole.negative) == (text, reach, negative)


@pytest.mark.parametrize(
    ("whole", "value"),
    [
        (A + B, lambda a, b: a + b),
        (A * Whole(4) + -B * Whole(6), lambda a, b: 4 * a - 6 * b),
        (-A + -B, lambda a, b: -a - b),
        (A * B * Whole(-3), lambda a, b: -3 * a * b),
        (A * ZERO + B, lambda a, b: 0 * a + b),
        ((A * B).magnitude(), lambda a, b: abs(a) * b),
        (B.carrying(A), lambda a, b: -b if a < 0 else b),
        (B.divisible(A), lambda a, b: None if a == 0 else -b if a < 0 else b),
        (A.divisible(-B), lambda a, b: None if b == 0 else -a),
        ((A * B).or_missing(), lambda a, b: a * b or None),
    ],
)
def test_a_text_means_what_was_written(whole: Whole, value) -> None:  # type: ignore[no-untyped-def]  # any type  # noqa: ANN001 - any type
    names = {atom.sql for atom in A.atoms + B.atoms if atom.sql in str(whole)}
    for a, b in product(VALUES, (0, 1, 7, None)):
        given = {"a": a, "b": b}
        unknown = any(given[name] is None for name in names)
        if unknown and "CASE" in str(whole):
            continue

        assert found(whole, a, b) == (None if unknown else value(a or 0, b or 0))


def test_the_magnitude_of_what_may_be_too_wide_is_taken_without_abs() -> None:
    whole = (WIDE + A).magnitude()

    assert str(whole) == (
        "(CASE WHEN ((wide * a) + a) < 0 THEN (-1 * ((wide * a) + a)) ELSE ((wide * a) + a) END)"
    )
    assert (whole.reach, whole.negative) == (WIDEST * 10 + 10, False)
    assert found(whole, -1, 1) == pytest.approx(2**63)
    assert found(whole, 0, 1) == 0
    assert str(expression("wide", WIDEST).magnitude()) == "abs(wide)"
    assert "abs" not in str(expression("wider", WIDEST + 1).magnitude())


def test_ratios_are_kept_in_lowest_terms_of_their_plain_factors() -> None:
    half = Ratio(A * Whole(6), B * Whole(4)).reduced()

    assert (str(half.top), str(half.bottom)) == ("(3 * a)", "(2 * b)")
    assert Ratio(ZERO, Whole(4)).reduced() == Ratio(ZERO, ONE)
    assert Ratio(ZERO, ZERO * B).reduced() == Ratio(ZERO, ZERO * B)


def test_ratios_are_added_over_the_least_common_bottom() -> None:
    third, quarter = Ratio(A, B * Whole(6)), Ratio(B, B * Whole(4))

    total = third + quarter

    assert (str(total.top), str(total.bottom)) == ("((2 * a) + (3 * b))", "(12 * b)")


def test_two_tops_come_over_the_least_bottom_that_both_go_into() -> None:
    left, right, bottom = common(Ratio(A, B * Whole(6)), Ratio(ONE, B * B * A * Whole(4)))

    assert (str(left), str(right), str(bottom)) == ("(2 * a * b * a)", "3", "(12 * b * b * a)")
    assert common(Ratio(ZERO), Ratio(A, B))[0] == ZERO
    assert common(Ratio(A, B), Ratio(ZERO))[1] == ZERO
    assert common(Ratio(A), Ratio(A, B))[2] == B


@pytest.mark.parametrize(
    ("divisor", "top", "bottom"),
    [
        (Ratio(Whole(2)), "a", "(2 * b)"),
        (Ratio(Whole(-2)), "(-1 * a)", "(2 * b)"),
        (Ratio(Whole(3), Whole(2)), "(2 * a)", "(3 * b)"),
        (Ratio(ONE, Whole(2)), "(2 * a)", "b"),
        (Ratio(B), "(CASE WHEN (b * b) <> 0 THEN a END)", "nullif((b * b), 0)"),
        (Ratio(ONE, B), "a", "1"),
        (Ratio(ZERO), "CAST(NULL AS NUMERIC)", "1"),
        (Ratio(ZERO * A), "CAST(NULL AS NUMERIC)", "1"),
        (
            Ratio(A),
            "(CASE WHEN (a * b) < 0 THEN (-1 * a) WHEN (a * b) <> 0 THEN a END)",
            "nullif((abs(a) * b), 0)",
        ),
    ],
)
def test_dividing_keeps_the_bottom_above_nought(divisor: Ratio, top: str, bottom: str) -> None:
    quotient = Ratio(A, B).over(divisor)

    assert (str(quotient.top), str(quotient.bottom)) == (top, bottom)
    assert not quotient.bottom.negative


def test_what_is_always_missing_is_one_atom() -> None:
    assert (NULL.reach, str(NULL), NULL.constant) == (1, "CAST(NULL AS NUMERIC)", False)
