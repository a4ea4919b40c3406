"""Observations with all that the rules derive from them: outturn, status, direction, significance."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import FromClause, RowMapping, Select, Subquery, and_, case, func, literal_column, or_, select

from app.db.compiler import Column as Place
from app.db.compiler import compile_rule
from app.entities import (
    DirectionLabel,
    Indicator,
    Observation,
    Period,
    ReleasedObservation,
    Scheme,
    SchemeClause,
    Service,
    Target,
)
from app.queries.columns import Field, chosen, derived, fields, units, unrounded
from app.queries.listings import Listing, fenced
from app.queries.visibility import releases_in_force, table, visible
from app.rules import indicators as rules
from app.rules.schemes import scheme_tree
from app.rules.vocabulary import Baseline, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement

    from app.db.compiler import Dialect
    from app.queries.editions import Edition, Reading

FIELDS = (
    *fields("id", "number"),
    *fields("organisation service period period_label"),
    *fields("period_start period_end", "date"),
    *fields("covers"),
    *fields("indicator_id", "number"),
    *fields("indicator_key indicator_code title section measure_set unit"),
    *fields("decimals", "number"),
    *fields("polarity nature calculation"),
    *fields("workforce sample data_only", "flag"),
    *fields("value", "units", 4),
    *fields("numerator denominator", "units", 2),
    *fields("state basis"),
    *fields("as_of", "date"),
    *fields("provisional estimated revised", "flag"),
    *fields("footnote"),
    Field("outturn", "measure", 4),
    Field("outturn_unrounded", "units", 6),
    *fields("target_kind"),
    *fields("target", "units", 4),
    *fields("target_difference", "units", 4),
    *fields("target_variance target_variance_as_reported", "units", 1),
    *fields("scheme status status_label status_colour"),
    *fields("status_points", "units", 2),
    *fields("status_year_end direction_of_travel direction_label"),
    *fields("direction_variance", "units", 1),
    *fields("direction_basis baseline_period"),
    *fields("previous", "units", 4),
    *fields("interval_low interval_high", "units", 1),
    *fields("significant_against_target significant_against_previous", "flag"),
)

_RAW = {name: f"o.{name}" for name in ("value", "numerator", "denominator")} | {
    "stated_previous": "o.previous_value",
    "stated_period": "o.previous_period_id",
}
_DEFINED = {name: f"i.{name}" for name in ("calculation", "nature", "decimals")}
_EARLIER = {name: f"b.{name}" for name in ("value", "numerator", "denominator")}
_TOLERANCES = ("range_percent", "amber_limit", "amber_strict", "amber_percent")
"""What a target itself says of the outturns that it lets pass, or calls near."""
_CLOCK = {"months": "p.months", "months_elapsed": "p.months_elapsed"}


def derive_observations(edition: Edition, g: Subquery) -> Subquery:
    """Gathered observations with every derived column."""
    return _labelled(_judged(_compared(g, edition.dialect), edition.dialect), edition)


def gather_observations(edition: Edition) -> Select[Any]:
    """Raw facts of observations side by side, with the unrounded numbers that rules start from."""
    dialect = edition.dialect
    v = releases_in_force()
    o, i, s, p = (
        table(Observation, "o"),
        table(Indicator, "i"),
        table(Service, "s"),
        table(Period, "p"),
    )
    t, a, b, sc = (
        table(Target, "t"),
        table(Target, "a"),
        table(Observation, "b"),
        table(Scheme, "sc"),
    )
    revision = v.c.revision
    earlier = case(
        (i.c.baseline == Baseline.previous_period, p.c.previous_id),
        (i.c.baseline == Baseline.same_period_last_year, p.c.year_earlier_id),
        (i.c.baseline == Baseline.last_year, p.c.last_year_id),
        (i.c.baseline == Baseline.share_of_last_year, p.c.last_year_id),
    )
    numbers = [
        *unrounded("outturn", rules.outturn, _RAW | _DEFINED, dialect),
        *unrounded("earlier", rules.outturn, _EARLIER | _DEFINED, dialect),
        *unrounded("target", rules.target_now, _targets("t.value", "a.value"), dialect),
        *unrounded("year_target", rules.target_now, _targets("a.value", "a.value"), dialect),
    ]
    return (
        select(
            o.c.id,
            o.c.organisation_id.label("organisation"),
            revision.label("revision"),
            s.c.slug.label("service"),
            p.c.id.label("period"),
            p.c.label.label("period_label"),
            p.c.start.label("period_start"),
            p.c.end.label("period_end"),
            p.c.months,
            p.c.months_elapsed,
            o.c.covers_id.label("covers"),
            i.c.id.label("indicator_id"),
            i.c.key.label("indicator_key"),
            i.c.code.label("indicator_code"),
            *(i.c[n] for n in ("title", "section", "measure_set", "unit", "decimals", "polarity")),
            *(i.c[n] for n in ("nature", "calculation", "workforce", "sample", "data_only")),
            i.c.baseline.label("basis_rule"),
            units("value", o.c.value, 4, dialect),
            units("numerator", o.c.numerator, 2, dialect),
            units("denominator", o.c.denominator, 2, dialect),
            *(o.c[n] for n in ("state", "basis", "as_of", "provisional", "estimated", "revised")),
            o.c.footnote,
            o.c.numerator.label("raw_numerator"),
            o.c.denominator.label("raw_denominator"),
            o.c.previous_value.label("stated_previous"),
            o.c.previous_period_id.label("stated_period"),
            b.c.period_id.label("earlier_period"),
            func.coalesce(t.c.kind, a.c.kind).label("target_kind"),
            a.c.kind.label("year_target_kind"),
            *(case((t.c.id.is_not(None), t.c[n]), else_=a.c[n]).label(n) for n in _TOLERANCES),
            *(a.c[n].label(f"year_{n}") for n in _TOLERANCES),
            sc.c.id.label("scheme_id"),
            sc.c.slug.label("scheme"),
            func.coalesce(i.c.variance_convention, sc.c.variance_convention).label("convention"),
            *numbers,
        )
        .select_from(o)
        .join(v, and_(v.c.organisation_id == o.c.organisation_id, visible(o.c, revision)))
        .join(i, and_(i.c.id == o.c.indicator_id, visible(i.c, revision)))
        .join(s, and_(s.c.id == o.c.service_id, visible(s.c, revision)))
        .join(p, p.c.id == o.c.period_id)
        .outerjoin(t, and_(_of(t, o), t.c.period_id == o.c.period_id, visible(t.c, revision)))
        .outerjoin(a, and_(_of(a, o), a.c.period_id == p.c.year_id, visible(a.c, revision)))
        .outerjoin(b, and_(_of(b, o), b.c.period_id == earlier, visible(b.c, revision)))
        .outerjoin(
            sc,
            and_(
                sc.c.organisation_id == o.c.organisation_id,
                sc.c.measure_set == i.c.measure_set,
                sc.c.effective_from <= p.c.end,
                or_(sc.c.effective_to.is_(None), sc.c.effective_to >= p.c.end),
                visible(sc.c, revision),
            ),
        )
    )


def _of(fact: FromClause, observation: FromClause) -> ColumnElement[bool]:
    return and_(
        fact.c.indicator_id == observation.c.indicator_id,
        fact.c.service_id == observation.c.service_id,
    )


def _targets(period_target: str, annual_target: str) -> dict[str, Place]:
    return {
        "period_target": period_target,
        "annual_target": annual_target,
        **_DEFINED,
        **_CLOCK,
    }


def _compared(g: Subquery, dialect: Dialect) -> Subquery:
    """With the baseline beside the outturn."""
    places: dict[str, Place] = {
        "stated_previous": "g.stated_previous",
        "earlier": ("g.earlier_top", "g.earlier_bottom"),
        "basis": "g.basis_rule",
        **{n: f"g.{n}" for n in ("nature", "months", "months_elapsed", "decimals")},
    }
    previous = unrounded("previous", rules.baseline, places, dialect)
    return fenced(select(g, *previous)).subquery("f")


def _judged(f: Subquery, dialect: Dialect) -> Subquery:
    """With the answers that schemes start from: whether targets are met, and the direction."""
    answers = [
        derived("met", rules.target_met, _PLACES, dialect),
        derived("met_year_end", rules.target_met, _YEAR, dialect),
        derived("direction_of_travel", rules.direction_of_travel, _PLACES, dialect),
        derived("direction_basis", rules.direction_basis, _PLACES, dialect),
    ]
    return fenced(select(f, *answers)).subquery("f")


def _ratio(name: str) -> Place:
    return (f"f.{name}_top", f"f.{name}_bottom")


_PLACES: dict[str, Place] = {
    "outturn": _ratio("outturn"),
    "target": _ratio("target"),
    "previous": _ratio("previous"),
    "earlier": _ratio("earlier"),
    "basis": "f.basis_rule",
    "numerator": "f.raw_numerator",
    "denominator": "f.raw_denominator",
    **{
        name: f"f.{name}"
        for name in (
            "polarity",
            "decimals",
            "convention",
            "target_kind",
            *_TOLERANCES,
            "state",
            "data_only",
            "sample",
            "stated_previous",
            "stated_period",
            "met",
            "direction_of_travel",
        )
    },
}
_YEAR = _PLACES | {
    "target": _ratio("year_target"),
    "target_kind": "f.year_target_kind",
    "met": "f.met_year_end",
    **{name: f"f.year_{name}" for name in _TOLERANCES},
}

_DERIVED = {
    "outturn": rules.outturn_rounded,
    "outturn_unrounded": rules.outturn_unrounded,
    "target": rules.target_rounded,
    "target_difference": rules.target_difference,
    "target_variance": rules.target_variance,
    "target_variance_as_reported": rules.target_variance_as_reported,
    "direction_variance": rules.direction_variance,
    "interval_low": rules.interval_low,
    "interval_high": rules.interval_high,
}


def _labelled(f: Subquery, edition: Edition) -> Subquery:
    """With every derived column, and the council's own words for them."""
    dialect = edition.dialect
    clause, year_end, label = (
        table(SchemeClause, "clause"),
        table(SchemeClause, "year_end"),
        table(DirectionLabel, "label"),
    )
    answers: dict[str, ColumnElement[Any]] = {
        name: derived(name, rule, _PLACES, dialect) for name, rule in _DERIVED.items()
    }
    previous = derived("previous", rules.target_rounded, {"target": _ratio("previous")}, dialect)
    for against in ("target", "previous"):
        name = f"significant_against_{against}"
        places = _PLACES | {"other": _ratio(against)}
        answers[name] = derived(name, rules.significant, places, dialect)
    answers |= {
        "previous": previous,
        "baseline_period": case(
            (f.c.stated_previous.is_not(None), f.c.stated_period),
            (f.c.direction_basis != Baseline.none, f.c.earlier_period),
        ).label("baseline_period"),
        "status": func.coalesce(clause.c.code, Status.not_rated.value).label("status"),
        "status_label": clause.c.label.label("status_label"),
        "status_colour": clause.c.colour.label("status_colour"),
        "status_points": units("status_points", clause.c.points, 2, dialect),
        "status_year_end": year_end.c.code.label("status_year_end"),
        "direction_label": label.c.label.label("direction_label"),
    }
    return (
        select(*chosen(FIELDS, f, answers))
        .select_from(f)
        .outerjoin(clause, _holds(clause, f, _PLACES, edition))
        .outerjoin(
            year_end,
            and_(f.c.year_target_kind.is_not(None), _holds(year_end, f, _YEAR, edition)),
        )
        .outerjoin(
            label,
            and_(
                label.c.scheme_id == f.c.scheme_id,
                label.c.code == f.c.direction_of_travel,
                label.c.position == 1,
                visible(label.c, f.c.revision),
            ),
        )
        .subquery("r")
    )


def _holds(
    clause: FromClause, f: Subquery, places: Mapping[str, Place], edition: Edition
) -> ColumnElement[bool]:
    """Whether a clause is the one that holds for an observation."""
    whens = " ".join(
        f"WHEN f.scheme_id IN ({', '.join(map(str, ids))}) THEN "
        + _position(conditions, edition.dialect, year_end=places is _YEAR)
        for conditions, ids in edition.measure_schemes.items()
    )
    position: ColumnElement[Any] = literal_column(f"(CASE {whens} END)" if whens else "NULL")
    return and_(
        clause.c.scheme_id == f.c.scheme_id,
        clause.c.position == position,
        visible(clause.c, f.c.revision),
    )


def observation_facts(reading: Reading) -> dict[int, dict[str, Any]]:
    """The operands of every observation's rules by name, exact, for the plain reader."""
    edition = reading.edition
    f = _compared(gather_observations(edition).subquery("g"), edition.dialect)
    rows = reading.execute(select(f)).mappings()
    return {row["id"]: _operands(row) for row in rows}


def _operands(row: RowMapping) -> dict[str, Any]:
    facts = dict(row)
    facts["value"] = None if row["value"] is None else Fraction(row["value"], 10**4)
    facts |= {"numerator": row["raw_numerator"], "denominator": row["raw_denominator"]}
    facts["basis"] = row["basis_rule"]
    for name in ("earlier", "target"):
        top, bottom = row[f"{name}_top"], row[f"{name}_bottom"]
        facts[name] = None if top is None else Fraction(top) / Fraction(bottom)
    return facts


@lru_cache(maxsize=1024)
def _position(conditions: tuple[str, ...], dialect: Dialect, *, year_end: bool) -> str:
    """The position of the clause that holds, as SQL, for all schemes of these clauses."""
    return compile_rule(scheme_tree(conditions), _YEAR if year_end else _PLACES, dialect)


OBSERVATIONS = Listing(
    "observations",
    FIELDS,
    gather=gather_observations,
    derive=derive_observations,
    copy=ReleasedObservation.__table__,  # type: ignore[attr-defined]  # SQLModel hides it
)
