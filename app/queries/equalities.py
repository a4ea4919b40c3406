"""Groups of those asked in a survey, beside the answer of everyone asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import FromClause, Subquery, and_, case, func, select

from app.entities import EqualityGroup, Indicator, Service
from app.queries.columns import chosen, derived, fields, units
from app.queries.listings import Listing, fenced
from app.queries.told import told_table
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.rules.comparisons import group_differs
from app.rules.indicators import direction_difference, group_variation

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from app.db.compiler import Column as Place
    from app.db.compiler import Dialect
    from app.queries.editions import Edition

FIELDS = (
    *fields("id", "number"),
    *fields("organisation service period"),
    *fields("indicator_id", "number"),
    *fields("indicator_key indicator_code title unit polarity group"),
    *fields("position", "number"),
    *fields("value", "units", 4),
    *fields("responses", "number"),
    *fields("overall", "units", 4),
    *fields("variation", "units", 1),
    *fields("significant", "flag"),
    *fields("previous direction_difference", "units", 4),
    *fields("previous_significant", "flag"),
    *fields("state"),
)
_OVERALL = 1
"""The position of everyone asked, in each breakdown."""
_PLACES: dict[str, Place] = {
    "value": "g.raw_value",
    "overall": "g.raw_overall",
    "responses": "g.responses",
    "unit": "g.unit",
}
_CHANGE: dict[str, Place] = {
    name: (f"CAST(g.{column} AS NUMERIC)", "CAST(10000 AS NUMERIC)")
    for name, column in (("outturn", "value"), ("previous", "previous"))
}


def equality_rows(edition: Edition) -> Subquery:
    """Every group in force, with how far it is from everyone and from its own earlier answer."""
    dialect = edition.dialect
    g = fenced(_facts(edition)).subquery("g")
    answers = {
        "overall": units("overall", g.c.raw_overall, 4, dialect),
        "variation": derived("variation", group_variation, _PLACES, dialect),
        "significant": derived("significant", group_differs, _PLACES, dialect),
        "direction_difference": derived("direction_difference", direction_difference, _CHANGE, dialect),
    }
    return select(*chosen(FIELDS, g, answers)).select_from(g).subquery("r")


def _facts(edition: Edition) -> Any:  # noqa: ANN401 - a select of many columns
    v, f, i, s = (
        releases_in_force(),
        told_table(EqualityGroup, "f", edition.dialect),
        table(Indicator, "i"),
        table(Service, "s"),
    )
    return (
        select(
            f.c.id,
            f.c.organisation_id.label("organisation"),
            s.c.slug.label("service"),
            f.c.period_id.label("period"),
            f.c.indicator_id,
            i.c.key.label("indicator_key"),
            i.c.code.label("indicator_code"),
            *(i.c[name] for name in ("title", "unit", "polarity")),
            f.c.name.label("group"),
            *(f.c[name] for name in ("position", "responses", "previous_significant", "state")),
            units("value", f.c.value, 4, edition.dialect),
            units("previous", f.c.previous_value, 4, edition.dialect),
            f.c.value.label("raw_value"),
            _overall(f, v, edition.dialect).label("raw_overall"),
        )
        .join(v, in_force(f, v))
        .join(i, and_(i.c.id == f.c.indicator_id, visible(i.c, v.c.revision)))
        .join(s, and_(s.c.id == f.c.service_id, visible(s.c, v.c.revision)))
    )


def _overall(group: FromClause, released: FromClause, dialect: Dialect) -> ColumnElement[Any]:
    """The answer of everyone asked; missing where none, or more than one, claims to be it."""
    whole = told_table(EqualityGroup, "whole", dialect)
    same = (whole.c[name] == group.c[name] for name in ("indicator_id", "service_id", "period_id"))
    return (
        select(case((func.count() == 1, func.min(whole.c.value))))
        .where(*same, whole.c.position == _OVERALL, visible(whole.c, released.c.revision))
        .correlate(group, released)
        .scalar_subquery()
    )


EQUALITIES = Listing("equalities", FIELDS, equality_rows)
