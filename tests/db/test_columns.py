"""Exact columns keep every digit, and refuse what they cannot keep before a database sees it."""

from decimal import Decimal

import pytest
from sqlalchemy import Column, Engine, MetaData, Table, insert, select, text
from sqlalchemy.exc import StatementError

from app.entities.columns import Exact, MeasureColumn, MoneyColumn, PercentColumn, QuantityColumn
from app.rules.tracing import LINE_MONEY, MEASURE, PERCENT, QUANTITY

TYPES = {
    "measure": (MeasureColumn, MEASURE),
    "quantity": (QuantityColumn, QUANTITY),
    "money": (MoneyColumn, LINE_MONEY),
    "percent": (PercentColumn, PERCENT),
}


def make_table(kind: str) -> Table:
    """One column of a kind."""
    return Table("kept", MetaData(), Column("value", TYPES[kind][0]))


@pytest.mark.parametrize("name", TYPES)
def test_a_column_is_as_wide_as_the_rules_accept(name: str, engine: Engine) -> None:
    column, kind = TYPES[name]
    assert column.kind is kind
    assert issubclass(column, Exact)
    last = Decimal(1).scaleb(-kind.places)
    widest = Decimal(kind.bound - 1) * last
    values = [widest, -widest, last, -last, Decimal(0), Decimal("2.50"), None]
    table = make_table(name)

    with engine.connect() as connection:
        table.create(connection)
        connection.execute(insert(table), [{"value": value} for value in values])
        found = connection.scalars(select(table)).all()
        connection.rollback()

    assert found == values
    places = {-value.as_tuple().exponent for value in found if value is not None}
    assert places == {kind.places}


def test_sqlite_keeps_whole_units_of_the_last_place(sqlite_engine: Engine) -> None:
    table = make_table("measure")

    with sqlite_engine.connect() as connection:
        table.create(connection)
        connection.execute(insert(table), {"value": Decimal("55.8")})
        kept = connection.execute(text("SELECT value, typeof(value) FROM kept")).one()
        connection.rollback()

    assert tuple(kept) == (558_000, "integer")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("measure", "10000000000"),
        ("measure", "-10000000000"),
        ("measure", "1E+20"),
        ("measure", "0.00001"),
        ("measure", "55.80001"),
        ("quantity", "10000000000"),
        ("quantity", "0.001"),
        ("money", "100000000000"),
        ("money", "-0.001"),
        ("percent", "100000"),
        ("percent", "-100000"),
        ("percent", "12.345"),
        ("measure", "0.1000000000000000000000000000000001"),
        ("measure", "Infinity"),
        ("measure", "sNaN"),
        ("measure", "1E+999999"),
    ],
)
def test_what_is_too_wide_or_too_fine_is_refused(name: str, value: str, engine: Engine) -> None:
    table = make_table(name)

    with engine.connect() as connection:
        table.create(connection)
        with pytest.raises(StatementError, match=r"is not a .* places at most") as refused:
            connection.execute(insert(table), {"value": Decimal(value)})
        connection.rollback()

    assert isinstance(refused.value.orig, ValueError)
    assert str(refused.value.orig).startswith(f"{Decimal(value)} is not a {name} of ")


@pytest.mark.parametrize("value", ["0.5000", "0.50000000", "5E-1", "12E+2"])
def test_zeros_after_the_last_place_are_no_places(value: str, engine: Engine) -> None:
    table = make_table("percent")

    with engine.connect() as connection:
        table.create(connection)
        connection.execute(insert(table), {"value": Decimal(value)})
        found = connection.scalars(select(table)).one()
        connection.rollback()

    assert found == Decimal(value)
