"""From raw columns to statuses in stages, as lists do it: each stage starts from the one before."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Engine,
    Integer,
    MetaData,
    Select,
    String,
    Subquery,
    Table,
    insert,
    literal_column,
    select,
)

from app.db.compiler import Column as Place
from app.db.compiler import Dialect, compile_ratio, compile_rule
from app.db.connections import dialect_of
from app.entities.columns import MeasureColumn, PercentColumn, QuantityColumn
from app.rules import indicators as rules
from app.rules import vocabulary as words
from app.rules.nodes import Node
from app.rules.schemes import scheme_tree
from tests.rules.facts import (
    BASES,
    DECIMALS,
    MEASURES,
    MONTHS,
    PERCENTS,
    PROGRESS,
    QUANTITIES,
    drawn,
    maybe,
    word,
)
from tests.rules.oracle import ask
from tests.rules.oracle import indicators as oracle
from tests.rules.oracle import schemes as judged
from tests.rules.oracle import surveys as surveyed
from tests.rules.questions import OBSERVATIONS, SURVEYS
from tests.rules.readers import WIDEST, Fact, Row
from tests.rules.schemes import MEASURE_SCHEMES

MEASURED = (
    "value",
    "earlier_value",
    "year_earlier_value",
    "dead_band_units",
    "period_target",
    "annual_target",
    "stated_previous",
)
COUNTED = (
    *("numerator", "denominator", "earlier_numerator", "earlier_denominator"),
    *("year_earlier_numerator", "year_earlier_denominator"),
)
WORDED = ("calculation", "nature", "basis", "polarity", "target_kind", "convention", "state")
RAW = Table(
    "raw",
    MetaData(),
    Column("position", Integer),
    *(Column(name, MeasureColumn) for name in (*MEASURED, "amber_limit")),
    *(Column(name, QuantityColumn) for name in COUNTED),
    *(Column(name, PercentColumn) for name in ("range_percent", "amber_percent", "dead_band_percent")),
    *(Column(name, Integer) for name in ("months", "months_elapsed", "decimals")),
    *(Column(name, String) for name in (*WORDED, "stated_period")),
    *(Column(name, Boolean) for name in ("amber_strict", "data_only", "sample")),
)
FEW = [Fraction(n) for n in ("0", "0.5", "1", "-2.5", "12.5", "25", "50", "100")]
FEWER = [Fraction(n) for n in (0, 1, 2, 4, 8)]
EARLIER, YEAR_EARLIER = (
    {n: f"{when}_{n}" for n in ("value", "numerator", "denominator")} for when in ("earlier", "year_earlier")
)
SCHEMES = {name: scheme_tree(clauses) for name, clauses in MEASURE_SCHEMES.items()}


@st.composite
def reported(draw: st.DrawFn) -> Row:
    """An observation as a report states it: mostly round figures, that tie; some of any width."""
    facts: dict[str, Fact] = {
        **{name: draw(maybe(st.sampled_from(FEW) | MEASURES)) for name in MEASURED},
        **{name: draw(maybe(st.sampled_from(FEWER) | QUANTITIES)) for name in COUNTED},
        **{name: draw(maybe(st.sampled_from(FEWER) | BASES)) for name in COUNTED[1::2]},
        "amber_limit": draw(maybe(st.sampled_from(FEW))),
        "range_percent": draw(maybe(st.sampled_from(PERCENTS) | PROGRESS)),
        "amber_percent": draw(st.none() | st.sampled_from(PERCENTS)),
        "dead_band_percent": draw(st.none() | st.sampled_from(PERCENTS)),
        "dead_band_units": draw(st.none() | st.sampled_from(PERCENTS)),
        "months": draw(MONTHS),
        "months_elapsed": draw(MONTHS),
        "decimals": draw(DECIMALS),
        "calculation": draw(word(words.Calculation)),
        "nature": draw(word(words.Nature)),
        "basis": draw(maybe(word(words.Baseline))),
        "polarity": draw(word(words.Polarity)),
        "target_kind": draw(maybe(word(words.TargetKind))),
        "convention": draw(maybe(word(words.Convention))),
        "state": draw(word(words.State)),
        "stated_period": draw(maybe(st.just("2011-12-q1"))),
        "amber_strict": draw(st.booleans()),
        "data_only": draw(st.sampled_from([False, False, True])),
        "sample": draw(st.booleans()),
    }
    for name in draw(st.sampled_from([(), (), ("stated_previous",), ("period_target",), COUNTED])):
        facts[name] = None
    return facts


def derived_by_hand(row: Row) -> dict[str, Fact]:
    """All answers, by the oracle."""
    f: dict[str, Fact] = dict(row)
    f["outturn"] = ask(oracle.outturn, f)
    f["earlier"] = ask(oracle.outturn, {**f, **{n: f[e] for n, e in EARLIER.items()}})
    f["year_earlier"] = ask(oracle.outturn, {**f, **{n: f[e] for n, e in YEAR_EARLIER.items()}})
    f["target"] = ask(oracle.target_now, f)
    f["previous"] = ask(oracle.baseline, f)
    f["met"] = ask(oracle.target_met, f)
    f["direction_of_travel"] = ask(oracle.direction_settled, f)
    answers: dict[str, Fact] = {name: ask(getattr(oracle, name), f) for name in OBSERVATIONS}
    for name in SURVEYS:
        answers[name] = ask(getattr(surveyed, name), {**f, "other": f["target"]})
    for name, clauses in MEASURE_SCHEMES.items():
        holds = [judged.every(clause, judged.MEASURE_CONDITIONS) for clause in clauses]
        answers[name] = judged.position(holds, f)
    return answers


def pipeline(dialect: Dialect) -> Select[Any]:
    """The stages as subqueries."""
    gathered = select(
        RAW,
        *_unrounded("outturn", rules.outturn.tree, {}, "raw", dialect),
        *_unrounded("earlier", rules.outturn.tree, EARLIER, "raw", dialect),
        *_unrounded("year_earlier", rules.outturn.tree, YEAR_EARLIER, "raw", dialect),
        *_unrounded("target", rules.target_now.tree, {}, "raw", dialect),
    ).subquery("g")
    compared = select(gathered, *_unrounded("previous", rules.baseline.tree, {}, "g", dialect)).subquery("c")
    met = compile_rule(rules.target_met.tree, _places("c"), dialect)
    direction = compile_rule(rules.direction_settled.tree, _places("c"), dialect)
    f = select(
        compared,
        literal_column(met).label("met"),
        literal_column(direction).label("direction_of_travel"),
    ).subquery("f")
    trees = {name: q.tree for name, q in {**OBSERVATIONS, **SURVEYS}.items()} | SCHEMES
    places = _places("f")
    answers: list[ColumnElement[Any]] = [
        literal_column(compile_rule(tree, places, dialect)).label(name) for name, tree in trees.items()
    ]
    return select(*answers, *_widths(f)).order_by(f.c.position)


def _unrounded(name: str, tree: Node, renamed: Mapping[str, str], table: str, dialect: Dialect) -> list[Any]:
    places = {**_places(table), **{n: f"{table}.{other}" for n, other in renamed.items()}}
    top, bottom = compile_ratio(tree, places, dialect)
    return [literal_column(top).label(f"{name}_top"), literal_column(bottom).label(f"{name}_bottom")]


def _places(table: str) -> dict[str, Place]:
    ratios = ("outturn", "earlier", "year_earlier", "target", "previous")
    places: dict[str, Place] = {
        name: f"{table}.{name}" for name in (*RAW.c.keys(), "met", "direction_of_travel")
    }
    places |= {name: (f"{table}.{name}_top", f"{table}.{name}_bottom") for name in ratios}
    places["other"] = places["target"]
    return places


def _widths(f: Subquery) -> list[Any]:
    return [f.c[f"{n}_{part}"] for n in ("outturn", "target", "previous") for part in ("top", "bottom")]


def _kept(row: Row) -> dict[str, Any]:
    decimal = {"months", "months_elapsed", "decimals"}
    return {
        name: fact
        if not isinstance(fact, Fraction)
        else int(fact)
        if name in decimal
        else Decimal(fact.numerator) / Decimal(fact.denominator)
        for name, fact in row.items()
    }


def _plain(name: str, value: object) -> object:
    """An answer of a database as the oracle gives it."""
    question = {**OBSERVATIONS, **SURVEYS}.get(name)
    if value is None or isinstance(value, str):
        return value
    if question is not None and question.places is None:
        return bool(value)
    assert isinstance(value, int)
    return Fraction(value, 10 ** (question.places or 0 if question else 0))


@pytest.fixture(scope="module")
def rows() -> Sequence[Row]:
    """Observations as reported."""
    return drawn(reported())


@pytest.fixture(scope="module")
def found(engine: Engine, rows: Sequence[Row]) -> list[Mapping[str, Any]]:
    """What the database makes of them."""
    with engine.connect() as connection:
        RAW.create(connection)
        stored = [{"position": n, **_kept(row)} for n, row in enumerate(rows)]
        connection.execute(insert(RAW), stored)
        found = connection.execute(pipeline(dialect_of(connection))).mappings().all()
        connection.rollback()
    return [dict(row) for row in found]


def test_the_stages_together_give_what_the_oracle_gives(
    found: list[Mapping[str, Any]], rows: Sequence[Row]
) -> None:
    wrong = [
        f"{name}: {answers[name]}, not {right} for {row}"
        for answers, row in zip(found, rows, strict=True)
        for name, right in derived_by_hand(row).items()
        if _plain(name, answers[name]) != right
    ]

    assert sorted(wrong, key=len)[:2] == []


@pytest.mark.parametrize("name", ["outturn", "target", "previous"])
def test_a_stage_keeps_whole_numbers_of_63_bits_and_both_or_neither(
    name: str, found: list[Mapping[str, Any]], engine: Engine
) -> None:
    pairs = [(row[f"{name}_top"], row[f"{name}_bottom"]) for row in found]

    assert any(top is None for top, _ in pairs)
    assert all(bottom is None or bottom > 0 for _, bottom in pairs)
    assert not [pair for pair in pairs if pair[1] is None and pair[0] is not None]
    numbers = [number for pair in pairs for number in pair if number is not None]
    if engine.dialect.name == "sqlite":
        assert all(isinstance(number, int) and abs(number) <= WIDEST for number in numbers)
    else:
        assert all(isinstance(number, Decimal) for number in numbers)
