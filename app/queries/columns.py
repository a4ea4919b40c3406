"""What a list's columns are: where they come from, how they are written out, what may be asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, FromClause, literal_column

from app.db.compiler import Column as Place
from app.db.compiler import Dialect, compile_ratio, compile_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from app.rules.tracing import Rule

Row = dict[str, Any]
"""A row in wire form."""
Form = Literal["text", "number", "flag", "date", "units", "measure"]


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a list. `units` are whole units of `places`; a `measure` is shown to its own decimals."""

    name: str
    form: Form = "text"
    places: int = 0


def fields(names: str, form: Form = "text", places: int = 0) -> tuple[Field, ...]:
    """Several columns of one form."""
    return tuple(Field(name, form, places) for name in names.split())


def derived(name: str, rule: Rule, places: Mapping[str, Place], dialect: Dialect) -> ColumnElement[Any]:
    """A rule's answer as a labelled column."""
    return literal_column(_written(rule, tuple(places.items()), dialect)).label(name)


@cache
def _written(rule: Rule, places: tuple[tuple[str, Place], ...], dialect: Dialect) -> str:
    return compile_rule(rule.tree, dict(places), dialect)


def chosen(
    fields: Iterable[Field], facts: FromClause, given: Mapping[str, ColumnElement[Any]]
) -> list[ColumnElement[Any]]:
    """A list's columns in order: as given, or else the fact's own of that name."""
    return [given[field.name] if field.name in given else facts.c[field.name] for field in fields]


def unrounded(
    name: str, rule: Rule, places: Mapping[str, Place], dialect: Dialect
) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """A rule's unrounded answer as two labelled columns, `name_top` and `name_bottom`."""
    top, bottom = _written_ratio(rule, tuple(places.items()), dialect)
    return literal_column(top).label(f"{name}_top"), literal_column(bottom).label(f"{name}_bottom")


@cache
def _written_ratio(rule: Rule, places: tuple[tuple[str, Place], ...], dialect: Dialect) -> tuple[str, str]:
    return compile_ratio(rule.tree, dict(places), dialect)


def units(name: str, column: ColumnElement[Any], places: int, dialect: Dialect) -> ColumnElement[Any]:
    """A stored decimal as whole units of its last place."""
    if dialect == "sqlite":
        return literal_column(str(column)).label(name)
    return literal_column(f"CAST({column} * {10**places} AS BIGINT)").label(name)


def decimal_text(value: int, places: int, shown: int | None = None) -> str:
    """Whole units of some places as a decimal text; the places beyond those shown are zeros, and dropped."""
    shown = places if shown is None else shown
    if not places:
        return str(value)
    sign = "-" if value < 0 else ""
    digits = str(abs(value)).rjust(places + 1, "0")
    whole, rest = digits[:-places], digits[-places:][:shown]
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


def written(columns: tuple[Field, ...], rows: Iterable[Any]) -> list[Row]:
    """Rows in wire form: decimals and dates as text, flags as truths."""
    names, forms, measures, decimals = _shapes(columns)
    items = []
    for row in rows:
        cells = list(row)
        for place, form, places in forms:
            if cells[place] is not None:
                cells[place] = form(cells[place], places)
        for place, places in measures:
            if cells[place] is not None:
                cells[place] = decimal_text(cells[place], places, cells[decimals])
        items.append(dict(zip(names, cells, strict=False)))
    return items


class _Shapes(NamedTuple):
    """How each column of a row is written, by its place."""

    names: tuple[str, ...]
    forms: tuple[tuple[int, Callable[[Any, int], Any], int], ...]
    measures: tuple[tuple[int, int], ...]
    decimals: int


@lru_cache(maxsize=256)
def _shapes(columns: tuple[Field, ...]) -> _Shapes:
    names = tuple(column.name for column in columns)
    placed = list(enumerate(columns))
    return _Shapes(
        names,
        tuple((place, _FORMS[c.form], c.places) for place, c in placed if c.form in _FORMS),
        tuple((place, c.places) for place, c in placed if c.form == "measure"),
        names.index("decimals") if "decimals" in names else -1,
    )


_FORMS: Mapping[str, Callable[[Any, int], Any]] = {
    "units": decimal_text,
    "date": lambda value, _: str(value),
    "flag": lambda value, _: bool(value),
}
