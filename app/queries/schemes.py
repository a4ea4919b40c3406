"""Status schemes: the rule of a council as data, with its clauses and its words for directions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Subquery, and_, select

from app.entities import DirectionLabel, Scheme, SchemeClause
from app.queries.columns import fields, units, written
from app.queries.listings import Listing
from app.queries.visibility import in_force, releases_in_force, table, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.columns import Row
    from app.queries.editions import Edition, Reading

SCHEME_FIELDS = (
    *fields("id", "number"),
    *fields("organisation scheme name measure_set"),
    *fields("effective_from effective_to", "date"),
    *fields("variance_convention note"),
)
CLAUSE_FIELDS = (
    *fields("position", "number"),
    *fields("condition code label colour"),
    *fields("points", "units", 2),
)


def _schemes(_: Edition) -> Subquery:
    v, scheme = releases_in_force(), table(Scheme, "sc")
    plain = ("name", "measure_set", "effective_from", "effective_to", "variance_convention", "note")
    return (
        select(
            scheme.c.id,
            scheme.c.organisation_id.label("organisation"),
            scheme.c.slug.label("scheme"),
            *(scheme.c[name] for name in plain),
        )
        .join(v, in_force(scheme, v))
        .subquery("r")
    )


def clauses_of(reading: Reading, scheme_ids: Sequence[int]) -> dict[int, list[Row]]:
    """The clauses of some schemes, in the order in which they are tried, in one statement."""
    v, scheme, clause = releases_in_force(), table(Scheme, "sc"), table(SchemeClause, "clause")
    statement = (
        select(
            scheme.c.id,
            *(clause.c[n] for n in ("position", "condition", "code", "label", "colour")),
            units("points", clause.c.points, 2, reading.edition.dialect),
        )
        .join(v, in_force(scheme, v))
        .join(clause, and_(clause.c.scheme_id == scheme.c.id, visible(clause.c, v.c.revision)))
        .where(scheme.c.id.in_(scheme_ids))
        .order_by(scheme.c.id, clause.c.position)
    )
    found = reading.execute(statement).all()
    clauses: dict[int, list[Row]] = {row_id: [] for row_id in scheme_ids}
    for (row_id, *_), item in zip(found, written(CLAUSE_FIELDS, [row[1:] for row in found]), strict=True):
        clauses[row_id].append(item)
    return clauses


def directions_of(reading: Reading, scheme_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The words that some schemes have for directions; of each direction the first is the one shown."""
    v, label = releases_in_force(), table(DirectionLabel, "label")
    statement = (
        select(label.c.scheme_id, label.c.code, label.c.label)
        .join(v, in_force(label, v))
        .where(label.c.scheme_id.in_(scheme_ids))
        .order_by(label.c.scheme_id, label.c.code, label.c.position)
    )
    words: dict[int, list[dict[str, Any]]] = {row_id: [] for row_id in scheme_ids}
    for scheme_id, code, text in reading.execute(statement):
        words[scheme_id].append({"direction": code, "label": text})
    return words


def direction_words(reading: Reading) -> dict[tuple[int, str], frozenset[str]]:
    """Every word in print for each direction, by scheme, in small letters."""
    v, label = releases_in_force(), table(DirectionLabel, "label")
    statement = select(label.c.scheme_id, label.c.code, label.c.label).join(v, in_force(label, v))
    words: dict[tuple[int, str], set[str]] = {}
    for scheme_id, code, text in reading.execute(statement):
        words.setdefault((scheme_id, code), set()).add(text.casefold())
    return {key: frozenset(texts) for key, texts in words.items()}


SCHEMES = Listing("schemes", SCHEME_FIELDS, _schemes)
