"""Formulas in words: brackets where they are needed, negations turned, values in their places."""

from fractions import Fraction

import pytest

from app.rules.evaluation import Answer
from app.rules.nodes import ABSENT, Node, Operand, cases, missing, node, present, root, rounded, size
from app.rules.tracing import DAY, FLAG, RATIO, TEXT
from app.rules.wording import Spoken, decimal, form, told, wording

A, B, C = (Operand(name, RATIO) for name in "abc")
KIND, SAMPLE, DUE = Operand("target_kind", TEXT), Operand("sample", FLAG), Operand("due_date", DAY)
FACTS: dict[str, Answer] = {
    "a": Fraction(-3),
    "b": Fraction(1, 3),
    "c": None,
    "target_kind": "no_increase",
    "sample": False,
    "due_date": Fraction(734045),
}


def filled(tree: Node) -> str:
    return form(tree).filled(FACTS, Spoken(FACTS))


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (A + B + C, "a + b + c"),
        (A - (B - C), "a − (b − c)"),
        (A - B - C, "a − b − c"),
        (A - (B + C), "a − (b + c)"),
        ((A + B) * C, "(a + b) × c"),
        (A + B * C, "a + b × c"),
        (A / (B * C), "a ÷ (b × c)"),
        (A / B / C, "a ÷ b ÷ c"),
        (100 * A / B, "100 × a ÷ b"),
        (100 * (A / B - 1), "100 × (a ÷ b − 1)"),
        (-A, "−a"),
        (-(A + B), "−(a + b)"),
        (A * Fraction(-1, 2), "a × (-0.5)"),
        (size(A - B) / size(B), "|a − b| ÷ |b|"),
        (root(A + B, 2), "√(a + b)"),
        (rounded(A / B, 1), "a ÷ b, rounded half up to 1 place"),
        (rounded(A, 2) - B, "(a, rounded half up to 2 places) − b"),
        (ABSENT, "nothing"),
    ],
)
def test_numbers_have_brackets_where_they_are_needed(tree: Node, words: str) -> None:
    assert wording(tree) == words


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ((A > B) & (B > C) | (A < C), "a > b and b > c or a < c"),
        ((A > B) & ((B > C) | (A < C)), "a > b and (b > c or a < c)"),
        (~((A > B) & (B > C)), "not (a > b and b > c)"),
        (~(A >= B), "a < b"),
        (~(A > B), "a ≤ b"),
        (~A.equals(B), "a ≠ b"),
        (~~(A < B), "a < b"),
        (missing(A), "a is missing"),
        (present(A), "a is given"),
        (missing(A + B), "(a + b) is missing"),
        (KIND.among("range", "no_increase"), "target kind is range or no increase"),
        (~KIND.among("range"), "target kind is not range"),
        (SAMPLE, "a survey sample"),
        (~SAMPLE, "not a survey sample"),
        (A - B >= 0, "a ≥ b"),
        (-(A - B) >= 0, "b ≥ a"),
        (~(A - B >= 0), "a < b"),
        (-size(A - B) >= 0, "−|a − b| ≥ 0"),
        (cases((A > B, A), otherwise=B), "if a > b: a; otherwise: b"),
        (cases((A > B, "met")), "if a > b: met"),
    ],
)
def test_tests_read_as_people_say_them(tree: Node, words: str) -> None:
    assert wording(tree) == words


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (A + B, "-3 + 0.333333…"),
        (B - A, "0.333333… − (-3)"),
        (B * A, "0.333333… × (-3)"),
        (-A, "−(-3)"),
        (B + C, "0.333333… + (no c)"),
        (missing(C), "c (none) is missing"),
        (present(A), "a (-3) is given"),
        (KIND.among("range"), "target kind (no increase) is range"),
        (SAMPLE, "a survey sample (no)"),
        (DUE + 30 >= DUE, "2010-09-30 + 30 ≥ 2010-09-30"),
    ],
)
def test_values_stand_where_names_stood(tree: Node, words: str) -> None:
    assert filled(tree) == words


def test_a_number_says_where_more_digits_follow() -> None:
    assert decimal(Fraction(-1, 8), 2) == "-0.12…"
    assert decimal(Fraction(5), 0) == "5"
    assert decimal(Fraction(25, 10), 3) == "2.5"
    assert [told(a) for a in (None, True, False, "not_rated", Fraction(2, 3))] == [
        "nothing", "yes", "no", "not rated", "0.666666…"
    ]  # fmt: skip


def test_a_constant_stands_as_it_is() -> None:
    assert wording(node(Fraction(196, 100))) == "1.96"
