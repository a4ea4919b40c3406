"""Why an observation has its status, and where each of its derived fields comes from."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import literal_column

from app.queries import listings
from app.queries.columns import fields, units
from app.queries.explanations.parts import Source, facts_of, judged, operands, steps_of
from app.queries.listings import Listing
from app.queries.observation_facts import gather_observations, looks_back
from app.queries.observations import OBSERVATIONS
from app.queries.schemes import clauses_of
from app.rules import indicators as rules
from app.rules.judging import Clause, judge_measure
from app.rules.sentences import Measure, measure_sentence
from app.rules.tracing import derive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Select, Subquery

    from app.db.compiler import Dialect
    from app.queries.columns import Row
    from app.queries.editions import Edition, Reading
    from app.rules.evaluation import Answer

_NAMES = ("value", "numerator", "denominator")
_TOLERANCES = {"range_percent": 2, "amber_limit": 4, "amber_percent": 2}
_FIELDS = (
    *fields("id", "number"),
    *fields("organisation service period covers"),
    *fields("period_start period_end", "date"),
    *fields("months months_elapsed indicator_id", "number"),
    *fields("title unit"),
    *fields("decimals", "number"),
    *fields("polarity nature calculation"),
    *fields("sample data_only", "flag"),
    *fields("value", "units", 4),
    *fields("numerator denominator", "units", 2),
    *fields("state basis_rule"),
    *fields("earlier_id target_id annual_target_id scheme_id", "number"),
    *fields("earlier_value period_target annual_target stated_previous", "units", 4),
    *fields("earlier_numerator earlier_denominator", "units", 2),
    *fields("year_earlier_value dead_band_units", "units", 4),
    *fields("year_earlier_numerator year_earlier_denominator dead_band_percent", "units", 2),
    *fields("earlier_period stated_period target_kind year_target_kind year"),
    *(column for name, places in _TOLERANCES.items() for column in fields(name, "units", places)),
    *(column for name, places in _TOLERANCES.items() for column in fields(f"year_{name}", "units", places)),
    *fields("amber_strict year_amber_strict", "flag"),
    *fields("convention indicator_convention scheme scheme_name"),
    *fields("scheme_version year_earlier_id", "number"),
    *fields("counted"),
    *fields("scheme_from scheme_to", "date"),
)
"""An observation's raw facts, with the rows that they stand in."""
_WORDS = frozenset(field.name for field in _FIELDS if field.form in {"text", "date"})


def _facts(edition: Edition) -> Select[Any]:
    dialect = edition.dialect
    facts = gather_observations(edition)
    stated = facts.selected_columns.stated_previous.element
    replaced = {
        "stated_previous": _units("stated_previous", str(stated), 4, dialect),
        "dead_band_percent": _units("dead_band_percent", "sc.dead_band_percent", 2, dialect),
        "dead_band_units": _units("dead_band_units", "sc.dead_band_units", 4, dialect),
        **{name: _tolerance(name, places, dialect) for name, places in _TOLERANCES.items()},
        **{
            f"year_{name}": _units(f"year_{name}", f"a.{name}", places, dialect)
            for name, places in _TOLERANCES.items()
        },
    }
    more = {
        "earlier_id": "b.id",
        "target_id": "t.id",
        "annual_target_id": "a.id",
        "year": "p.year_id",
        "indicator_convention": "i.variance_convention",
        "counted": "i.counted",
        "scheme_name": "sc.name",
        "scheme_version": "sc.version",
        "year_earlier_id": "y.id" if looks_back(edition) else "CAST(NULL AS INTEGER)",
        "scheme_from": "sc.effective_from",
        "scheme_to": "sc.effective_to",
    }
    year_earlier = {name: f"y.{name}" if looks_back(edition) else "NULL" for name in _NAMES}
    kept = [column for column in facts.selected_columns if column.key not in replaced]
    return facts.with_only_columns(
        *kept,
        *replaced.values(),
        *(literal_column(sql).label(name) for name, sql in more.items()),
        _units("period_target", "t.value", 4, dialect),
        _units("annual_target", "a.value", 4, dialect),
        _units("earlier_value", "b.value", 4, dialect),
        _units("earlier_numerator", "b.numerator", 2, dialect),
        _units("earlier_denominator", "b.denominator", 2, dialect),
        _units("year_earlier_value", year_earlier["value"], 4, dialect),
        _units("year_earlier_numerator", year_earlier["numerator"], 2, dialect),
        _units("year_earlier_denominator", year_earlier["denominator"], 2, dialect),
    )


def _units(name: str, sql: str, places: int, dialect: Dialect) -> ColumnElement[Any]:
    return units(name, literal_column(sql), places, dialect)


def _tolerance(name: str, places: int, dialect: Dialect) -> ColumnElement[Any]:
    return _units(name, f"(CASE WHEN t.id IS NOT NULL THEN t.{name} ELSE a.{name} END)", places, dialect)


def _as_they_are(_: Edition, facts: Subquery) -> Subquery:
    return facts


FACTS = Listing(OBSERVATIONS.name, _FIELDS, gather=_facts, derive=_as_they_are)
"""The raw facts of observations, as explanations start from them."""


def explain_observation(reading: Reading, row_id: int) -> Row | None:
    """An observation's explanation; None where no release in force holds it."""
    row: Any = listings.one(reading, FACTS, row_id)
    if row is None:
        return None
    known = dict(facts_of(row, _WORDS))
    known |= {"basis": row["basis_rule"]}
    facts = derive(rules.STEPS, known)
    clauses = _clauses(reading, row["scheme_id"])
    judgement = judge_measure(clauses, facts)
    measure = Measure(row["title"], row["unit"], row["decimals"], row["counted"])
    judgements = []
    if clauses:
        judgements.append({"against": "period", **judged(judgement, clauses, facts, "outturn")})
        if row["year_target_kind"] is not None:
            year = _of_year(facts)
            judgements.append(
                {"against": "year_end", **judged(judge_measure(clauses, year), clauses, year, "outturn")}
            )
    return {
        "subject": _subject(row),
        "sentence": measure_sentence(measure, facts, clauses, judgement),
        "operands": operands(facts, _sources(row)),
        "steps": steps_of(rules.STEPS, facts),
        "scheme": _scheme(row),
        "judgements": judgements,
    }


def _of_year(facts: Mapping[str, Answer]) -> dict[str, Answer]:
    """The same facts, held against the full year's target."""
    known = {"target": "year_target", "target_kind": "year_target_kind", "met": "met_year_end"}
    known |= {name: f"year_{name}" for name in (*_TOLERANCES, "amber_strict")}
    return {**facts, **{name: facts[of] for name, of in known.items()}}


def _clauses(reading: Reading, scheme_id: int | None) -> list[Clause]:
    if scheme_id is None:
        return []
    return [
        Clause(
            row["condition"],
            row["code"],
            row["label"],
            row["colour"],
            None if row["points"] is None else Fraction(row["points"]),
        )
        for row in clauses_of(reading, [scheme_id])[scheme_id]
    ]


def _scheme(row: Row) -> Row | None:
    if row["scheme_id"] is None:
        return None
    return {
        "id": row["scheme_id"],
        "scheme": row["scheme"],
        "version": row["scheme_version"],
        "name": row["scheme_name"],
        "effective_from": row["scheme_from"],
        "effective_to": row["scheme_to"],
        "href": f"/v1/schemes/{row['scheme_id']}",
    }


def _subject(row: Row) -> Row:
    return {
        "kind": "observation",
        "id": row["id"],
        "href": f"/v1/observations/{row['id']}",
        "organisation": row["organisation"],
        "service": row["service"],
        "period": row["period"],
        "title": row["title"],
    }


def _sources(row: Row) -> dict[str, Source]:
    """Where each raw fact stands that the rules read."""
    own = Source("observation", row["id"], period=row["period"], href=f"/v1/observations/{row['id']}")
    indicator = Source("indicator", row["indicator_id"], href=f"/v1/indicators/{row['indicator_id']}")
    period = Source("period", row["period"], period=row["period"], href=f"/v1/periods/{row['period']}")
    target = Source("target", row["target_id"], period=row["period"])
    annual = Source("target", row["annual_target_id"], period=row["year"])
    earlier = Source(
        "observation",
        row["earlier_id"],
        period=row["earlier_period"],
        href=f"/v1/observations/{row['earlier_id']}",
    )
    scheme = Source("scheme", row["scheme_id"], href=f"/v1/schemes/{row['scheme_id']}")
    ruling = annual if row["target_id"] is None else target
    stated = own._replace(period=row["stated_period"])
    places = {
        **{name: (own, name) for name in (*_NAMES, "state")},
        **{
            name: (indicator, name)
            for name in ("calculation", "nature", "polarity", "decimals", "sample", "data_only")
        },
        "basis": (indicator, "baseline"),
        "months": (period, "months"),
        "months_elapsed": (period, "months_elapsed"),
        "period_target": (target, "value"),
        "annual_target": (annual, "value"),
        "target_kind": (ruling, "kind"),
        **{name: (ruling, name) for name in (*_TOLERANCES, "amber_strict")},
        "stated_previous": (stated, "previous_value"),
        **{f"earlier_{name}": (earlier, name) for name in _NAMES},
        "convention": (scheme if row["indicator_convention"] is None else indicator, "variance_convention"),
    }
    return {
        name: source._replace(field=field)
        for name, (source, field) in places.items()
        if source.id is not None
    }
