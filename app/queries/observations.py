"""Observations with all that the rules derive from them: outturn, status, direction, significance."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    FromClause,
    RowMapping,
    Subquery,
    and_,
    case,
    func,
    literal_column,
    select,
)

from app.db.compiler import Column as Place
from app.db.compiler import compile_rule
from app.entities import (
    DirectionLabel,
    ReleasedObservation,
    ReleasedObservationLine,
    SchemeClause,
)
from app.queries.columns import Field, chosen, derived, fields, units, unrounded
from app.queries.listings import Listing, fenced
from app.queries.observation_facts import DEAD_BANDS, TOLERANCES, gather_observations
from app.queries.visibility import table, visible
from app.rules import indicators as rules
from app.rules import surveys
from app.rules.schemes import scheme_tree
from app.rules.vocabulary import Baseline, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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
    *fields("significance_badge"),
)


def derive_observations(edition: Edition, g: Subquery) -> Subquery:
    """Gathered observations with every derived column."""
    return _labelled(_judged(compared(g, edition.dialect), edition.dialect), edition)


def compared(g: Subquery, dialect: Dialect) -> Subquery:
    """Gathered observations with the baseline beside the outturn."""
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
        derived("met", rules.target_met, PLACES, dialect),
        derived("met_year_end", rules.target_met, _YEAR, dialect),
        derived("direction_of_travel", rules.direction_settled, PLACES, dialect),
        derived("direction_basis", rules.direction_basis, PLACES, dialect),
    ]
    return fenced(select(f, *answers)).subquery("f")


def _ratio(name: str) -> Place:
    return (f"f.{name}_top", f"f.{name}_bottom")


PLACES: dict[str, Place] = {
    "outturn": _ratio("outturn"),
    "target": _ratio("target"),
    "previous": _ratio("previous"),
    "year_earlier": _ratio("year_earlier"),
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
            *TOLERANCES,
            *DEAD_BANDS,
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
"""Where the operands of an observation's rules stand, once it is compared."""
_YEAR = PLACES | {
    "target": _ratio("year_target"),
    "target_kind": "f.year_target_kind",
    "met": "f.met_year_end",
    **{name: f"f.year_{name}" for name in TOLERANCES},
}

_DERIVED = {
    "outturn": rules.outturn_rounded,
    "outturn_unrounded": rules.outturn_unrounded,
    "target": rules.target_rounded,
    "target_difference": rules.target_difference,
    "target_variance": rules.target_variance,
    "target_variance_as_reported": rules.target_variance_as_reported,
    "direction_variance": rules.direction_variance,
    "interval_low": surveys.interval_low,
    "interval_high": surveys.interval_high,
    "significance_badge": surveys.significance_badge,
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
        name: derived(name, rule, PLACES, dialect) for name, rule in _DERIVED.items()
    }
    previous = derived("previous", rules.target_rounded, {"target": _ratio("previous")}, dialect)
    for against in ("target", "previous"):
        name = f"significant_against_{against}"
        places = PLACES | {"other": _ratio(against)}
        answers[name] = derived(name, surveys.significant, places, dialect)
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
        .outerjoin(clause, holds(clause, f, PLACES, edition))
        .outerjoin(
            year_end,
            and_(f.c.year_target_kind.is_not(None), holds(year_end, f, _YEAR, edition)),
        )
        .outerjoin(
            label,
            and_(
                label.c.scheme_id == f.c.scheme_id,
                label.c.code == f.c.direction_of_travel,
                label.c.position == 1,
                visible(label.c, f.c.scheme_revision),
            ),
        )
        .subquery("r")
    )


def holds(
    clause: FromClause, f: Subquery, places: Mapping[str, Place], edition: Edition, of: str = ""
) -> ColumnElement[bool]:
    """Whether a clause is the one that holds for an observation, of the scheme in columns that begin so."""
    known = tuple(places.items())
    whens = " ".join(
        f"WHEN f.{of}scheme_id IN ({', '.join(map(str, ids))}) THEN "
        + _position(conditions, edition.dialect, known)
        for conditions, ids in edition.measure_schemes.items()
    )
    position: ColumnElement[Any] = literal_column(f"(CASE {whens} END)" if whens else "NULL")
    return and_(
        clause.c.scheme_id == f.c[f"{of}scheme_id"],
        clause.c.position == position,
        visible(clause.c, f.c[f"{of}scheme_revision"]),
    )


def observation_facts(reading: Reading, owners: Collection[str] | None = None) -> dict[int, dict[str, Any]]:
    """The operands of every observation's rules by name, exact, for the plain reader.

    Of some organisations, or of all.
    """
    edition = reading.edition
    facts = gather_observations(edition)
    if owners is not None:
        facts = facts.where(facts.selected_columns.organisation.in_(sorted(owners)))
    f = compared(facts.subquery("g"), edition.dialect)
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
def _position(conditions: tuple[str, ...], dialect: Dialect, places: tuple[tuple[str, Place], ...]) -> str:
    """The position of the clause that holds, as SQL, for all schemes of these clauses."""
    return compile_rule(scheme_tree(conditions), dict(places), dialect)


OBSERVATIONS = Listing(
    "observations",
    FIELDS,
    gather=gather_observations,
    derive=derive_observations,
    copy=ReleasedObservation.__table__,  # type: ignore[attr-defined]  # SQLModel hides it
    lines=ReleasedObservationLine.__table__,  # type: ignore[attr-defined]  # as above
)
