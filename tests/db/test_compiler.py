"""The SQL reader: signs, places, words, and what cannot be a column."""

import re
from fractions import Fraction

import pytest
from sqlalchemy import Engine

from app.db.compiler import Column as Place
from app.db.compiler import (
    Dialect,
    compile_rule,
    is_test,
    is_text,
    quoted,
)
from app.rules import indicators
from app.rules.nodes import (
    ABSENT,
    Node,
    cases,
    missing,
    node,
    root,
    rounded,
    size,
)
from app.rules.risks import Band, band
from tests.db.operands import (
    BOTH,
    FIRST,
    FLAGGED,
    PLACES,
    WORD,
    N,
    X,
)
from tests.rules.readers import Question, Row, read_plainly, reader_of


@pytest.mark.parametrize("dialect", BOTH)
@pytest.mark.parametrize(
    "tree",
    [
        rounded(size(N), 0),
        rounded(size(N * N), 0),
        rounded(X / N, 0),
        rounded(size(rounded(N / 3, 0)), 0),
        rounded(size(rounded(N, 0)), 0),
        rounded(size(rounded(N, N, scale=3)), 3),
        rounded(size(cases((FLAGGED, N), otherwise=N + 1)), 0),
        rounded(size(node(-5)), 0),
    ],
)
def test_the_sign_of_what_is_never_negative_is_not_asked_for(tree: Node, dialect: Dialect) -> None:
    assert "abs(" not in compile_rule(tree, PLACES, dialect)


def test_the_bottom_of_a_ratio_and_a_root_are_never_negative() -> None:
    assert "abs(" not in compile_rule(rounded(FIRST / N, 0), PLACES, "sqlite")
    assert "abs(div(sqrt" not in compile_rule(rounded(X / root(N, 2), 0), PLACES, "postgresql")


@pytest.mark.parametrize(
    "tree",
    [
        X / N,
        N / 3,
        cases((FLAGGED, rounded(X, 1)), otherwise=rounded(X, 2)),
        cases((FLAGGED, rounded(X, 1)), (FLAGGED, X / N)),
    ],
    ids=["quotient", "third", "two scales", "one unrounded"],
)
def test_a_column_needs_a_rounded_number_of_one_scale(tree: Node) -> None:
    with pytest.raises(TypeError, match=r"^a column needs a rounded number: "):
        compile_rule(tree, PLACES, "sqlite")


@pytest.mark.parametrize(
    ("tree", "places"),
    [
        (X, 4),
        (X + N, 4),
        (N - X, 4),
        (X * X, 8),
        (size(X), 4),
        (node(7), 0),
        (cases((FLAGGED, X)), 4),
        (cases((FLAGGED, rounded(X, 1, scale=3))), 3),
    ],
)
def test_a_number_without_a_quotient_keeps_the_places_of_its_operands(
    tree: Node, places: int, engine: Engine
) -> None:
    row: Row = {"x": Fraction("-2.3456"), "n": Fraction(3), "flagged": True}
    asked = {"answer": Question(tree, places)}

    assert reader_of(engine)(asked, [row]) == read_plainly(asked, [row])


def test_words_and_tests_are_told_apart() -> None:
    worded = cases((FLAGGED, "yes"), otherwise=WORD)
    tested = cases((FLAGGED, X < 1), otherwise=FLAGGED)

    assert [is_text(tree) for tree in (worded, WORD, node("a"), cases((FLAGGED, WORD)))] == [True] * 4
    assert [is_text(tree) for tree in (tested, X, node(1), FLAGGED, missing(X))] == [False] * 5
    assert [is_test(tree) for tree in (tested, FLAGGED, ~FLAGGED, missing(X), X < 1)] == [True] * 5
    assert [is_test(tree) for tree in (worded, WORD, node(1), X, size(X))] == [False] * 5
    assert is_test(cases((FLAGGED, node(1)), otherwise=FLAGGED))
    assert is_text(cases((FLAGGED, node(1)), otherwise=WORD))
    assert is_text(cases((FLAGGED, ABSENT), (FLAGGED, WORD)))
    assert is_test(cases((FLAGGED, ABSENT), (FLAGGED, FLAGGED)))


def test_a_quote_in_a_word_is_doubled() -> None:
    assert quoted("it's") == "'it''s'"
    assert quoted("'; DROP TABLE facts; --") == "'''; DROP TABLE facts; --'"


def test_labels_are_data_whatever_they_hold(engine: Engine) -> None:
    labels = ["it's", "100%", ":low", "%(low)s", "a\\b", '"', "'; DROP TABLE facts; --", "–"]
    bands = [Band(n, n, label) for n, label in enumerate(labels)]
    rows = [{"rating": Fraction(n)} for n in range(len(labels))]

    answers = reader_of(engine)({"band": Question(band(bands))}, rows)

    assert [answer["band"] for answer in answers] == labels


@pytest.mark.parametrize("dialect", BOTH)
def test_a_rule_compiled_twice_is_the_same_text(dialect: Dialect) -> None:
    tree = indicators.target_variance.tree
    places: dict[str, Place] = {"outturn": ("a", "b"), "target": ("c", "d"), "polarity": "e"}

    texts = {compile_rule(tree, places, dialect) for _ in range(3)}

    assert len(texts) == 1
    keys = re.findall(r"outturn_exact\('([0-9a-f]+)'", texts.pop())
    assert [len(key) for key in keys] == ([16] if dialect == "sqlite" else [])
