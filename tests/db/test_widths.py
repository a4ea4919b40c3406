"""63 bits: which rules are refused, which are guarded, and which rows are handed over."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import Engine, event

from app.db.compiler import (
    Dialect,
    RuleTooWideError,
    compile_ratio,
    compile_rule,
    exact_answer,
)
from app.db.connections import writing_engine
from app.rules.cases import TABLES
from app.rules.nodes import (
    Node,
    cases,
    missing,
    node,
    operands,
    rounded,
)
from tests.db.operands import (
    BEYOND,
    BOTH,
    DUE,
    EDGE,
    FIRST,
    FLAGGED,
    HALF_EDGE,
    PLACES,
    SECOND,
    UNTIL,
    WORD,
    N,
    X,
)
from tests.rules.facts import WIDE
from tests.rules.questions import FAMILIES, OBSERVATIONS, STAGES
from tests.rules.readers import WIDEST, Question, Row, place_of, read_plainly, reader_of

HANDED_OVER = "outturn_exact("


@pytest.fixture
def calls() -> list[str]:
    """Rows that SQLite handed over."""
    return []


@pytest.fixture
def counting(sqlite_url: str, calls: list[str]) -> Iterator[Engine]:
    """Count what SQLite hands over."""
    engine = writing_engine(sqlite_url)

    @event.listens_for(engine, "connect")
    def listen(connection, _record) -> None:  # type: ignore[no-untyped-def]  # any type  # noqa: ANN001 - any type
        def answer(key: str, *values: int | str | None) -> int | str | None:
            calls.append(key)
            return exact_answer(key, *values)

        connection.create_function("outturn_exact", -1, answer, deterministic=True)

    yield engine
    engine.dispose()


@pytest.mark.parametrize("dialect", BOTH)
@pytest.mark.parametrize("tree", [EDGE, -EDGE, 2 * N * 10**9, X * 100, N / EDGE, EDGE / N])
def test_an_unrounded_number_that_fits_63_bits_is_compiled(tree: Node, dialect: Dialect) -> None:
    assert all(compile_ratio(tree, PLACES, dialect))


@pytest.mark.parametrize("dialect", BOTH)
@pytest.mark.parametrize(
    ("tree", "reach"),
    [
        (EDGE + 1, 2**63),
        (1 - EDGE, 2**63),
        (2 * EDGE, 2 * WIDEST),
        (N * N * N, 10**27),
        (FIRST * SECOND, WIDEST**2),
        (FIRST - SECOND, 2 * WIDEST**2),
        (1 / (FIRST * N), WIDEST * 10**9),
    ],
)
def test_an_unrounded_number_that_could_leave_63_bits_is_refused(
    tree: Node, reach: int, dialect: Dialect
) -> None:
    with pytest.raises(RuleTooWideError, match=rf"^could reach {reach}: "):
        compile_ratio(tree, PLACES, dialect)


@pytest.mark.parametrize("dialect", BOTH)
@pytest.mark.parametrize("name", STAGES)
def test_every_staged_rule_fits(name: str, dialect: Dialect) -> None:
    tree = STAGES[name].tree
    places = {operand.name: place_of(operand, "facts") for operand in operands(tree)}

    assert all(compile_ratio(tree, places, dialect))


@pytest.mark.parametrize(
    ("test", "guarded"),
    [
        (EDGE < 1, False),
        (Fraction(1, 2) < EDGE, True),
        (EDGE + 1 < N, True),
        (node(1) * EDGE > EDGE, False),
        (X * N < X, True),
        (N * 10 < N * N, False),
        (node(2**63) > N, True),
        (node(WIDEST) > N, False),
    ],
)
def test_only_a_comparison_that_could_be_too_wide_is_guarded(test: Node, *, guarded: bool) -> None:
    assert (HANDED_OVER in compile_rule(test, PLACES, "sqlite")) == guarded
    assert HANDED_OVER not in compile_rule(test, PLACES, "postgresql")


@pytest.mark.parametrize(
    ("number", "guarded"),
    [
        (rounded(EDGE, 0), False),
        (rounded(EDGE + 1, 0), True),
        (rounded(EDGE, 1), True),
        (rounded(EDGE, 0, scale=1), True),
        (rounded(N * N, 0), False),
        (rounded(N / 3, 4), False),
        (rounded(X / N, 4), False),
        (rounded(X / N, 8), False),
        (rounded(X / N, 9), True),
        (rounded(N / FIRST, 0), True),
        (rounded(EDGE / 5, 0), True),
        (rounded(1 / HALF_EDGE, 0), True),
        (rounded(node(7) / HALF_EDGE * 0, 0), True),
        (rounded(UNTIL, N, scale=4), False),
        (rounded(BEYOND, N, scale=4), True),
    ],
)
def test_only_a_rounding_that_could_be_too_wide_is_guarded(number: Node, *, guarded: bool) -> None:
    assert (HANDED_OVER in compile_rule(number, PLACES, "sqlite")) == guarded


def test_figures_of_the_reports_never_leave_sqlite(counting: Engine, calls: list[str]) -> None:
    asked = {id(q.tree): q for name in FAMILIES if name != "surveys" for q in FAMILIES[name].values()}
    for table in TABLES:
        rows = [table.facts(c) for c in table.cases if "wide" not in c.shows]
        if question := asked.get(id(table.rule.tree)):
            reader_of(counting)({"answer": question}, rows)

    assert calls == []


def test_rows_too_wide_for_sqlite_are_handed_over(counting: Engine, calls: list[str]) -> None:
    answers = reader_of(counting)(OBSERVATIONS, WIDE)

    assert answers == read_plainly(OBSERVATIONS, WIDE)
    assert len(calls) > len(WIDE)


def test_a_row_handed_over_takes_all_its_operands_along(counting: Engine, calls: list[str]) -> None:
    test = FLAGGED & WORD.among("it's") & (DUE > 730_178) & (X < 3)
    tree = rounded(cases((test, FIRST * SECOND * SECOND), otherwise=N * FIRST * SECOND), 2)
    row: Row = {
        "first": Fraction(2**62, 3),
        "second": Fraction(3, 2**61),
        "flagged": True,
        "word": "it's",
        "due": date(2000, 2, 29),
        "x": Fraction("2.9999"),
        "n": Fraction(7),
    }
    rows: list[Row] = [
        row,
        {**row, "flagged": False},
        {**row, "flagged": None},
        {**row, "word": "its"},
        {**row, "due": None},
        {**row, "x": Fraction(3)},
        {**row, "second": None},
    ]

    asked = {"answer": Question(tree, 2)}

    assert reader_of(counting)(asked, rows) == read_plainly(asked, rows)
    assert calls


def test_a_missing_operand_is_missing_to_the_plain_reader(counting: Engine, calls: list[str]) -> None:
    wide = FIRST * FIRST / 10**30
    asked = {
        "ratio": Question(rounded(cases((missing(SECOND), wide)), 2), 2),
        "flag": Question(rounded(cases((missing(FLAGGED), wide)), 2), 2),
        "word": Question(rounded(cases((missing(WORD), wide)), 2), 2),
        "day": Question(rounded(cases((missing(DUE), wide)), 2), 2),
        "number": Question(rounded(cases((missing(X), wide)), 2), 2),
    }
    row: Row = dict.fromkeys(("second", "flagged", "word", "due", "x")) | {"first": Fraction(2**62)}

    answers = reader_of(counting)(asked, [row])

    assert answers == read_plainly(asked, [row])
    assert len(calls) == len(asked)


def test_a_ratio_without_a_bottom_is_missing_to_the_plain_reader() -> None:
    text = compile_rule(rounded(FIRST * FIRST, 0), PLACES, "sqlite")
    [key] = re.findall(r"outturn_exact\('(\w+)'", text)

    assert exact_answer(key, 3, 1) == 9
    assert [exact_answer(key, *pair) for pair in ((3, 0), (3, None), (None, 1), (None, None))] == [None] * 4
