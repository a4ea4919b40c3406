"""Trees read three ways: on plain values, and as SQL on each database, many rows at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Engine,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    insert,
    literal_column,
    select,
)

from app.db.compiler import Column as Place
from app.db.compiler import Dialect, compile_ratio, compile_rule
from app.db.connections import dialect_of
from app.entities.columns import Exact, MeasureColumn, PercentColumn, QuantityColumn
from app.rules.evaluation import Answer, evaluate
from app.rules.nodes import Node, Operand, operands
from app.rules.tracing import MONEY

Fact = Fraction | str | bool | date | None
Row = Mapping[str, Fact]

WIDEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Question:
    """A tree to read. `places` are those that its number is kept in; words and tests have none."""

    tree: Node
    places: int | None = None
    staged: bool = False


Questions = Mapping[str, Question]
Answers = dict[str, Answer]
Reader = Callable[[Questions, Sequence[Row]], list[Answers]]


class TotalColumn(Exact):
    """Sums of money: as the columns of lines keep them, and a thousand times as wide."""

    cache_ok = True
    kind = MONEY


COLUMN_TYPES = {
    "measure": MeasureColumn,
    "quantity": QuantityColumn,
    "base": QuantityColumn,
    "money": TotalColumn,
    "percent": PercentColumn,
    "count": Integer,
    "months": Integer,
    "day": Date,
    "text": String,
    "flag": Boolean,
}
RATIO_COLUMN = BigInteger().with_variant(Numeric(), "postgresql")


def read_plainly(questions: Questions, rows: Sequence[Row]) -> list[Answers]:
    """Read on exact fractions, one row after the other."""
    return [{name: evaluate(q.tree, row) for name, q in questions.items()} for row in rows]


def reader_of(engine: Engine) -> Reader:
    """Read in a database: one statement for all the rows and all the questions."""

    def read(questions: Questions, rows: Sequence[Row]) -> list[Answers]:
        needed = {o.name: o for q in questions.values() for o in operands(q.tree)}
        columns = [column for o in needed.values() for column in _columns(o)]
        table = Table("facts", MetaData(), Column("position", Integer), *columns)
        stored = [{"position": n, **_stored(row, needed.values(), n % 5 + 1)} for n, row in enumerate(rows)]
        with engine.connect() as connection:
            dialect = dialect_of(connection)
            places = {name: place_of(o, "facts") for name, o in needed.items()}
            asked: list[ColumnElement[Any]] = [
                literal_column(sql).label(label)
                for name, q in questions.items()
                for label, sql in _asked(name, q, places, dialect)
            ]
            table.create(connection)
            connection.execute(insert(table), stored)
            found = connection.execute(select(*asked).select_from(table).order_by(table.c.position)).all()
            connection.rollback()
        return [{name: _answer(name, q, row._asdict()) for name, q in questions.items()} for row in found]

    return read


def place_of(operand: Operand, table: str) -> Place:
    """Where an operand stands; a ratio stands in two columns."""
    if operand.kind.name == "ratio":
        return (f"{table}.{operand.name}_top", f"{table}.{operand.name}_bottom")
    return f"{table}.{operand.name}"


def _columns(operand: Operand) -> Iterator[Column[Any]]:
    if operand.kind.name == "ratio":
        yield Column(f"{operand.name}_top", RATIO_COLUMN)
        yield Column(f"{operand.name}_bottom", RATIO_COLUMN)
    else:
        yield Column(operand.name, COLUMN_TYPES[operand.kind.name])


def _stored(row: Row, needed: Iterable[Operand], multiple: int) -> dict[str, Any]:
    """A row as the columns take it; a ratio is not in lowest terms where there is room."""
    stored: dict[str, Any] = {}
    for operand in needed:
        fact = row[operand.name]
        if operand.kind.name == "ratio":
            stored |= _pair(operand.name, fact, multiple)
        elif not isinstance(fact, Fraction):
            stored[operand.name] = fact
        elif operand.kind.name in {"count", "months"}:
            stored[operand.name] = int(fact)
        else:
            units = fact * 10**operand.kind.places
            assert units.denominator == 1, (operand, fact)
            stored[operand.name] = Decimal(int(units)).scaleb(-operand.kind.places)
    return stored


def _pair(name: str, fact: Fact, multiple: int) -> dict[str, int | None]:
    if not isinstance(fact, Fraction):
        return {f"{name}_top": None, f"{name}_bottom": None}
    top, bottom = fact.numerator, fact.denominator
    if max(abs(top), bottom) * multiple <= WIDEST:
        top, bottom = top * multiple, bottom * multiple
    return {f"{name}_top": top, f"{name}_bottom": bottom}


def _asked(
    name: str, question: Question, places: Mapping[str, Place], dialect: Dialect
) -> list[tuple[str, str]]:
    if not question.staged:
        return [(name, compile_rule(question.tree, places, dialect))]
    top, bottom = compile_ratio(question.tree, places, dialect)
    return [(f"{name}_top", top), (f"{name}_bottom", bottom)]


def _answer(name: str, question: Question, row: Mapping[str, Any]) -> Answer:
    if question.staged:
        top, bottom = row[f"{name}_top"], row[f"{name}_bottom"]
        assert bottom is not None or top is None, "a top without its bottom"
        return None if top is None else Fraction(top) / Fraction(bottom)
    value = row[name]
    if value is None or isinstance(value, str):
        return value
    assert isinstance(value, int), "an answer that is not whole"
    return bool(value) if question.places is None else Fraction(value, 10**question.places)
