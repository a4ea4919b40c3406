"""How trees are written down: operators, constants, and the facts that they read."""

from fractions import Fraction

import pytest

from app.rules.evaluation import Raw, evaluate
from app.rules.nodes import (
    ABSENT,
    Absolute,
    Constant,
    Node,
    Operand,
    Rounded,
    cases,
    missing,
    node,
    operands,
    present,
    root,
    rounded,
    size,
    unrounded,
)
from app.rules.tracing import COUNT, MEASURE, TEXT

X, Y, WORD = Operand("x", MEASURE), Operand("y", COUNT), Operand("word", TEXT)
FACTS: dict[str, Raw] = {"x": Fraction(7, 2), "y": 2, "word": "met"}


@pytest.mark.parametrize(
    ("tree", "answer"),
    [
        (X + Y, "11/2"),
        (X + 1, "9/2"),
        (1 + X, "9/2"),
        (X - Y, "3/2"),
        (X - 1, "5/2"),
        (1 - X, "-5/2"),
        (X * Y, "7"),
        (3 * X, "21/2"),
        (X * Fraction(1, 7), "1/2"),
        (X / Y, "7/4"),
        (X / 7, "1/2"),
        (7 / X, "2"),
        (-X, "-7/2"),
        (size(-X), "7/2"),
        (root(Y, 3), "1.414"),
        (rounded(X, 0), "4"),
        (rounded(X / 3, Y, scale=4), "1.17"),
    ],
)
def test_numbers_are_written_with_the_usual_signs(tree: Node, answer: str) -> None:
    assert evaluate(tree, FACTS) == Fraction(answer)


@pytest.mark.parametrize(
    ("tree", "answer"),
    [
        (X > Y, True),
        (Fraction(7, 2) < X, False),
        (Fraction(7, 2) <= X, True),
        (X < 4, True),
        (Y < X, True),
        (X < Y, False),
        (X <= Y, False),
        (Y <= 2, True),
        (X.equals(Fraction(7, 2)), True),
        (X.equals(Y), False),
        (WORD.among("near", "met"), True),
        (WORD.among("near"), False),
        (missing(X), False),
        (present(X), True),
        (~(X > Y), False),
        ((X > Y) & (Y > X), False),
        ((X > Y) | (Y > X), True),
    ],
)
def test_tests_are_written_with_the_usual_signs(tree: Node, *, answer: bool) -> None:
    assert evaluate(tree, FACTS) is answer


def test_the_first_test_that_holds_decides() -> None:
    tree = cases((X > 5, "first"), (X > 3, "second"), (X > 1, "third"), otherwise="last")

    assert [evaluate(tree, {"x": x}) for x in (6, 5, 3, 1)] == ["first", "second", "third", "last"]


def test_without_an_otherwise_there_is_no_answer() -> None:
    assert evaluate(cases((X > 5, "first")), {"x": 1}) is None
    assert cases((X > 5, "first")) == cases((X > 5, "first"), otherwise=ABSENT)


def test_constants_are_exact_numbers_or_words() -> None:
    assert node(3) == Constant(Fraction(3))
    assert node(Fraction(1, 3)) == Constant(Fraction(1, 3))
    assert node("met") == Constant("met")
    assert node(X) is X


def test_a_tree_names_each_fact_once_in_the_order_it_is_met() -> None:
    tree = cases((missing(Y) & WORD.among("met"), X + Y), otherwise=X)

    assert operands(tree) == (Y, WORD, X)
    assert operands(node(1)) == ()


def test_the_places_of_a_column_are_those_of_its_rounding_or_stated_for_all_rows() -> None:
    assert rounded(X, 2) == Rounded(X, Constant(Fraction(2)), 2)
    assert rounded(X, 2, scale=4) == Rounded(X, Constant(Fraction(2)), 4)
    for places in (Y, node("two")):
        with pytest.raises(TypeError, match="places vary by row needs a scale"):
            rounded(X, places)


def test_the_last_rounding_of_a_tree_can_be_left_out_in_every_branch() -> None:
    third = X / 3

    assert unrounded(rounded(third, 1)) == third
    assert unrounded(third) == third
    assert unrounded(rounded(rounded(third, 4), 1)) == rounded(third, 4)
    assert unrounded(cases((X > 1, rounded(third, 1)), (X > 2, X))) == cases((X > 1, third), (X > 2, X))
    assert unrounded(cases((X > 1, X), otherwise=rounded(third, 1))) == cases((X > 1, X), otherwise=third)


def test_a_tree_is_compared_and_kept_by_what_it_says() -> None:
    assert size(X) == Absolute(X)
    assert {X + Y, X + Y} == {X + Y}
    assert repr(X + Y) != repr(Y + X)
