"""A row of a list as a line of CSV (RFC 4180), printed by the database that holds it.

It is the text that `app.feeds.csv` writes of the row in wire form, made where the row is: that costs
less than half, and no other thread waits for it. Tests hold the two against one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, literal_column

from app.db.compiler import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.db.compiler import Dialect
    from app.queries.columns import Field

MOST_COLUMNS = 95
"""How many columns a line may have: PostgreSQL's functions take a hundred arguments at most."""
_PRINT = {"sqlite": "printf", "postgresql": "format"}
_FORMULA = {"sqlite": "{0} GLOB '[-=+@\t\r]*'", "postgresql": "{0} ~ '^[-=+@\t\r]'"}
"""Whether a spreadsheet could take a text for a formula."""
_NEGATIVE = {
    "sqlite": "{0} GLOB '-[0-9]*' AND substr({0}, 2) NOT GLOB '*[^0-9.]*'"
    " AND {0} NOT GLOB '*.*.*' AND {0} NOT GLOB '*.'",
    "postgresql": r"{0} ~ '^-[0-9]+(\.[0-9]+)?$'",
}
"""Whether a text is a number below zero."""
_SPECIAL = {"sqlite": "{0} GLOB '*[,\"\n\r]*'", "postgresql": "{0} ~ '[,\"\n\r]'"}
"""Whether a text has to stand in quotes."""


def line(columns: Sequence[Field], rows: str, dialect: Dialect, *, bare: bool = False) -> str:
    """A line with its end, of a row of a table, as an SQL expression.

    `bare` is for programs: each text as it is and in quotes, so that an empty one is not a missing one, and
    decimals in whole units of their places.
    """
    assert len(columns) <= MOST_COLUMNS  # noqa: S101 - a list is made by this program
    cells = [_cell(column, rows, dialect, bare=bare) for column in columns]
    form = quoted(",".join("%s" for _ in cells) + "\r\n")
    return f"{_PRINT[dialect]}({', '.join([form, *cells])})"


def as_bytes(text: str, dialect: Dialect) -> ColumnElement[Any]:
    """A text as it is read fastest: bytes on SQLite, whose own are in UTF-8 and need no decoding."""
    return literal_column(f"CAST({text} AS BLOB)" if dialect == "sqlite" else text)


def joined(texts: str, order: str, dialect: Dialect) -> ColumnElement[Any]:
    """The texts of several rows as one, in an order; on SQLite in that in which a subquery has them."""
    if dialect == "sqlite":
        return as_bytes(f"group_concat({texts}, '')", dialect)
    return literal_column(f"string_agg({texts}, '' ORDER BY {order})")


def _cell(column: Field, rows: str, dialect: Dialect, *, bare: bool) -> str:
    """A column's text; what is missing prints as nothing."""
    place = f'{rows}."{column.name}"'
    match column.form:
        case "text":
            return _quoted(place) if bare else _text(place, dialect)
        case "flag":
            return f"CASE WHEN {place} THEN 'true' WHEN NOT {place} THEN 'false' END"
        case "date" if dialect == "postgresql":
            return f"to_char({place}, 'YYYY-MM-DD')"
        case "units" | "measure" if bare:
            return f"CAST({place} AS BIGINT)" if dialect == "postgresql" else place
        case "units" if column.places:
            return _decimal(place, column.places, dialect)
        case "measure":
            return _shown(_decimal(place, column.places, dialect), column.places, f"{rows}.decimals")
    return place


def _text(place: str, dialect: Dialect) -> str:
    """A text in quotes where it needs them, and with an apostrophe in front of a formula."""
    formula, negative, special = (test[dialect].format(place) for test in (_FORMULA, _NEGATIVE, _SPECIAL))
    harmless = f"CASE WHEN {formula} AND NOT ({negative}) THEN '''' || {place} ELSE {place} END"
    return f"CASE WHEN {special} THEN {_quoted(harmless)} WHEN {formula} THEN {harmless} ELSE {place} END"


def _quoted(text: str) -> str:
    """A text in quotes."""
    return f"'\"' || replace({text}, '\"', '\"\"') || '\"'"


def _decimal(place: str, places: int, dialect: Dialect) -> str:
    """Whole units of some places as a decimal; PostgreSQL's own have as many places as are multiplied."""
    if dialect == "postgresql":
        return f"CAST(CAST({place} AS BIGINT) * 0.{1:0{places}} AS TEXT)"
    one = 10**places
    whole = f"CASE WHEN {place} < 0 AND {place} > -{one} THEN '-0' ELSE {place} / {one} END"
    return f"({whole} || '.' || substr({one} + abs({place} % {one}), 2))"


def _shown(decimal: str, places: int, decimals: str) -> str:
    """A decimal to its own decimals; the others are zeros, and dropped."""
    fewer = f"WHEN {decimals} < {places} THEN {places} - {decimals} ELSE 0 END"
    dropped = f"CAST(CASE WHEN {decimals} < 1 THEN {places + 1} {fewer} AS INTEGER)"
    return f"substr({decimal}, 1, length({decimal}) - {dropped})"
