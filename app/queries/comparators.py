"""Other councils' figures and averages beside an observation, each with its own period and source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    FromClause,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    extract,
    func,
    literal_column,
    null,
    select,
)

from app.entities import Comparator, Indicator, Observation, Period, Service, Target
from app.queries.columns import Field, chosen, derived, fields, units, unrounded
from app.queries.listings import Listing
from app.queries.told import told_observation
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.rules import comparisons as rules
from app.rules import indicators, surveys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement

    from app.db.compiler import Column as Place
    from app.queries.editions import Edition

FIELDS = (
    *fields("id", "number"),
    *fields("organisation service period"),
    *fields("indicator_id", "number"),
    *fields("indicator_key indicator_code title unit"),
    *fields("decimals", "number"),
    *fields("polarity kind name comparator_period comparator_period_id source scope comparator_unit"),
    *fields("value", "units", 4),
    *fields("observation_id", "number"),
    Field("outturn", "measure", 4),
    *fields("difference", "units", 4),
    *fields("standing standing_reason"),
    *fields("lag_months", "number"),
    *fields("significant", "flag"),
)

_TARGET: dict[str, Place] = {
    "period_target": "t.value",
    "annual_target": "a.value",
    "nature": "i.nature",
    "months": "p.months",
    "months_elapsed": "p.months_elapsed",
}
_OTHER: dict[str, Place] = {"value": "c.value", "same_unit": "(c.unit = i.unit)"}
_PLACES: dict[str, Place] = {
    **{name: (f"g.{name}_top", f"g.{name}_bottom") for name in ("outturn", "target", "other")},
    **{name: f"g.raw_{name}" for name in ("value", "numerator", "denominator")},
    **{
        name: f"g.{name}"
        for name in ("decimals", "polarity", "sample", "same_unit", "period_month", "comparator_month")
    },
}
_DERIVED = {
    "outturn": indicators.outturn_rounded,
    "difference": rules.comparator_difference,
    "standing": rules.standing,
    "standing_reason": rules.standing_reason,
    "lag_months": rules.lag_months,
    "significant": surveys.significant,
}


def _gather(edition: Edition) -> Select[Any]:
    """Comparators with the unrounded figures of the observation that they stand beside, if it is there."""
    dialect = edition.dialect
    v, c, i, s = (
        releases_in_force(),
        table(Comparator, "c"),
        table(Indicator, "i"),
        table(Service, "s"),
    )
    p, q, o = table(Period, "p"), table(Period, "q"), table(Observation, "o")
    t, a = table(Target, "t"), table(Target, "a")
    periods, stated = edition.comparator_periods, c.c.comparator_period
    revision = v.c.revision
    own = told_observation("o", dialect)
    return (
        select(
            c.c.id,
            c.c.organisation_id.label("organisation"),
            s.c.slug.label("service"),
            c.c.period_id.label("period"),
            c.c.indicator_id,
            i.c.key.label("indicator_key"),
            i.c.code.label("indicator_code"),
            *(i.c[name] for name in ("title", "unit", "decimals", "polarity", "sample")),
            *(c.c[name] for name in ("kind", "name", "comparator_period", "source", "scope")),
            cast(_by_text(stated, {x: p.id for x, p in periods.items()}), String).label(
                "comparator_period_id"
            ),
            c.c.unit.label("comparator_unit"),
            units("value", c.c.value, 4, dialect),
            o.c.id.label("observation_id"),
            c.c.value.label("raw_value"),
            *(literal_column(own[n], o.c[n].type).label(f"raw_{n}") for n in ("numerator", "denominator")),
            (c.c.unit == i.c.unit).label("same_unit"),
            _month(func.coalesce(q.c.end, p.c.end)).label("period_month"),
            cast(
                _by_text(stated, {x: 12 * p.end.year + p.end.month for x, p in periods.items()}), Integer
            ).label("comparator_month"),
            *unrounded("outturn", indicators.outturn, own | {"calculation": "i.calculation"}, dialect),
            *unrounded("target", indicators.target_now, _TARGET, dialect),
            *unrounded("other", rules.comparable, _OTHER, dialect),
        )
        .select_from(c)
        .join(v, in_force(c, v))
        .join(i, and_(i.c.id == c.c.indicator_id, visible(i.c, revision)))
        .join(s, and_(s.c.id == c.c.service_id, visible(s.c, revision)))
        .join(p, p.c.id == c.c.period_id)
        .outerjoin(o, and_(_beside(o, c), o.c.period_id == c.c.period_id, visible(o.c, revision)))
        .outerjoin(q, q.c.id == o.c.covers_id)
        .outerjoin(t, and_(_beside(t, c), t.c.period_id == c.c.period_id, visible(t.c, revision)))
        .outerjoin(a, and_(_beside(a, c), a.c.period_id == p.c.year_id, visible(a.c, revision)))
    )


def _beside(fact: FromClause, comparator: FromClause) -> ColumnElement[bool]:
    return and_(
        fact.c.indicator_id == comparator.c.indicator_id,
        fact.c.service_id == comparator.c.service_id,
    )


def _by_text(text: ColumnElement[Any], answers: Mapping[str, Any]) -> ColumnElement[Any]:
    """What stands for a text; missing for any other."""
    return case(answers, value=text) if answers else null()


def _month(day: ColumnElement[Any]) -> ColumnElement[int]:
    """The calendar month of a day, counted from the year 0."""
    return cast(12 * extract("year", day) + extract("month", day), Integer)


def _derive(edition: Edition, g: Subquery) -> Subquery:
    """Gathered comparators with how the observation stands beside each."""
    answers = {name: derived(name, rule, _PLACES, edition.dialect) for name, rule in _DERIVED.items()}
    return select(*chosen(FIELDS, g, answers)).select_from(g).subquery("r")


COMPARATORS = Listing("comparators", FIELDS, gather=_gather, derive=_derive)
