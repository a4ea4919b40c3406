"""Why an observation has its status, and where each of its derived fields comes from."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import literal_column

from app.queries import listings
from app.queries.columns import fields, units
from app.queries.explanations.judgements import About, clauses_held, judged, scheme_used
from app.queries.explanations.parts import Source, Steps, Told, as_told, facts_of, not_derived, subject_of
from app.queries.listings import Listing
from app.queries.observation_facts import gather_observations, looks_back
from app.queries.observations import OBSERVATIONS
from app.queries.told import told_observation
from app.rules import indicators as rules
from app.rules import schemes
from app.rules.amounts import Measure
from app.rules.coverage import months_gathered
from app.rules.judging import DIRECTION_TARGET, judge_measure
from app.rules.projections import year_end_projection
from app.rules.sentences import Judged, measure_sentence, needs
from app.rules.tracing import Step
from app.rules.vocabulary import State, TargetKind, Unit
from app.rules.wording import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import ColumnElement, Select, Subquery

    from app.db.compiler import Dialect
    from app.queries.columns import Row
    from app.queries.editions import Edition, Reading
    from app.rules.evaluation import Answer

_NAMES = ("value", "numerator", "denominator")
_TOLERANCES = {"range_percent": 2, "amber_limit": 4, "amber_percent": 2}
_FROM = (
    *fields("id", "number"),
    *fields("organisation service period title unit counted"),
    *fields("indicator_id target_id annual_target_id earlier_id year_earlier_id", "number"),
    *fields("earlier_period year_earlier_period year indicator_convention basis_rule"),
    *fields("scheme_id scheme_version", "number"),
    *fields("scheme scheme_name"),
    *fields("scheme_from scheme_to", "date"),
    *fields("covers basis"),
    *fields("as_of", "date"),
)
"""Where an observation's raw facts stand."""
_RAW = (
    *fields("months months_elapsed decimals", "number"),
    *fields("polarity nature calculation state convention stated_period target_kind year_target_kind"),
    *fields("sample data_only amber_strict year_amber_strict", "flag"),
    *fields("value period_target annual_target stated_previous", "units", 4),
    *fields("earlier_value year_earlier_value dead_band_units", "units", 4),
    *fields("numerator denominator earlier_numerator earlier_denominator", "units", 2),
    *fields("year_earlier_numerator year_earlier_denominator dead_band_percent", "units", 2),
    *(column for name, places in _TOLERANCES.items() for column in fields(name, "units", places)),
    *(column for name, places in _TOLERANCES.items() for column in fields(f"year_{name}", "units", places)),
)
"""What the rules read."""


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
        "year_earlier_period": "p.year_earlier_id",
        "scheme_from": "sc.effective_from",
        "scheme_to": "sc.effective_to",
    }
    earlier = told_observation("b", dialect)
    year_earlier = told_observation("y", dialect) if looks_back(edition) else dict.fromkeys(_NAMES, "NULL")
    wanted = {field.name for field in (*_FROM, *_RAW)} - set(replaced)
    kept = [column for column in facts.selected_columns if column.key in wanted]
    return facts.with_only_columns(
        *kept,
        *replaced.values(),
        *(literal_column(sql).label(name) for name, sql in more.items()),
        _units("period_target", "t.value", 4, dialect),
        _units("annual_target", "a.value", 4, dialect),
        _units("earlier_value", earlier["value"], 4, dialect),
        _units("earlier_numerator", earlier["numerator"], 2, dialect),
        _units("earlier_denominator", earlier["denominator"], 2, dialect),
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


FACTS = Listing(OBSERVATIONS.name, (*_FROM, *_RAW), gather=_facts, derive=_as_they_are)
"""The raw facts of observations, as explanations start from them."""


_YES_OR_NO = (Fraction(0), Fraction(1))
_READ = (
    schemes.TARGET_KIND,
    schemes.STATE,
    schemes.DATA_ONLY,
    schemes.AMBER_LIMIT,
    schemes.AMBER_STRICT,
    schemes.AMBER_PERCENT,
)
"""What clauses read beside what the steps do."""
_OF_YEAR = {
    "target": "year_target",
    "target_kind": "year_target_kind",
    "met": "met_year_end",
    **{name: f"year_{name}" for name in (*_TOLERANCES, "amber_strict")},
}
"""What the full year's target is known by."""
_PROJECTION = Step(
    "year_end_projection", year_end_projection, {"months_elapsed": "months_gathered"}, rules.outturn_rounded
)
_STEPS = Steps((*rules.STEPS, _PROJECTION), OBSERVATIONS, _READ)


def explain_observation(reading: Reading, row_id: int) -> Row | None:
    """An observation's explanation; None where no release in force holds it."""
    row: Any = listings.one(reading, FACTS, row_id)
    if row is None:
        return None
    gathered = months_gathered(row["period"], row["covers"], row["as_of"], row["basis"])
    own = {
        "basis": row["basis_rule"],
        "months_gathered": None if gathered is None else Fraction(gathered),
    }
    derived = _STEPS.derive(facts_of(row, _RAW) | own)
    clauses = clauses_held(reading, row["scheme_id"])
    measure = Measure(row["title"], row["unit"], row["decimals"], row["counted"])
    values = _YES_OR_NO if row["unit"] == Unit.yes_no else ()
    now = Judged(measure, derived.facts, clauses, judge_measure(clauses, derived.facts, values))
    year = None
    if row["year_target_kind"] is not None:
        facts = _of_year(derived.facts)
        year = Judged(measure, facts, clauses, judge_measure(clauses, facts, values))
    told = derived.told({*now.judgement.used, *_used(year), _PROJECTION.field})
    against = {"period": now} if year is None else {"period": now, "year_end": year}
    return {
        "subject": subject_of("observation", row, "observations", row["title"]),
        "sentence": as_told(reading, row_id, measure_sentence(now, year)),
        "scheme": _scheme(row),
        "judgements": [_judged(name, judged_on) for name, judged_on in against.items() if clauses],
        "steps": told.steps,
        "not_derived": [*_with_state(told, row), *_unjudged(row, now, year)],
        "operands": _STEPS.operands(told, _sources(row) | _supposed(reading)),
    }


def _with_state(told: Told, row: Row) -> Iterator[Row]:
    """The fields without an answer; of an outturn and a target also what their facts say of that."""
    for each in told.not_derived:
        lacking = list(each["lacking"])
        if each["field"] == "outturn" and row["state"] != State.reported:
            lacking.append(spoken(row["state"]))
        if each["field"] == "target":
            lacking = ["no period target", "no annual target"]
            if row["target_kind"] not in {None, TargetKind.value}:
                lacking.append(f"target kind is {spoken(row['target_kind'])}")
        yield not_derived(each["field"], lacking)


def _used(year: Judged | None) -> Iterator[str]:
    """What a judgement against the full year was read from, by its own names."""
    for name in () if year is None else year.judgement.used:
        yield _OF_YEAR.get(name, name)


def _judged(against: str, judged_on: Judged) -> Row:
    about = About(against, "outturn", judged_on.measure.unit, lambda reach: needs(judged_on, reach))
    return judged(about, judged_on.judgement, judged_on.clauses, judged_on.facts)


def _of_year(facts: Mapping[str, Answer]) -> dict[str, Answer]:
    """The same facts, held against the full year's target."""
    own = {name: facts[of] for name, of in _OF_YEAR.items()}
    return {**facts, **own, DIRECTION_TARGET.name: facts["target"]}


def _unjudged(row: Row, now: Judged, year: Judged | None) -> Iterator[Row]:
    """Why there is no status, now or against the full year."""
    why = None
    if row["scheme_id"] is None:
        why = "no scheme judges this measure in this period"
    if now.clause is None:
        yield not_derived("status_label", [why or "no clause of the scheme holds"])
    if year is None:
        yield not_derived("status_year_end", ["no annual target"])
    elif year.clause is None:
        yield not_derived("status_year_end", [why or "no clause of the scheme holds"])


def _scheme(row: Row) -> Row | None:
    if row["scheme_id"] is None:
        return None
    names = ("scheme_id", "scheme", "scheme_version", "scheme_name", "scheme_from", "scheme_to")
    return scheme_used(*(row[name] for name in names))


def _supposed(reading: Reading) -> dict[str, Source]:
    """What the question itself states in place of the indicator."""
    return {"basis": Source("request", field="baseline")} if reading.edition.premises.baseline else {}


def _other(row_id: int | None, period: str | None) -> Source:
    """Another observation of the same measure and service."""
    return Source("observation", row_id, period=period, href=f"/v1/observations/{row_id}")


def _sources(row: Row) -> dict[str, Source]:
    """Where each raw fact stands that the rules read."""
    own = Source("observation", row["id"], period=row["period"], href=f"/v1/observations/{row['id']}")
    indicator = Source("indicator", row["indicator_id"], href=f"/v1/indicators/{row['indicator_id']}")
    period = Source("period", row["period"], period=row["period"], href=f"/v1/periods/{row['period']}")
    target = Source("target", row["target_id"], period=row["period"])
    annual = Source("target", row["annual_target_id"], period=row["year"])
    earlier = _other(row["earlier_id"], row["earlier_period"])
    before = _other(row["year_earlier_id"], row["year_earlier_period"])
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
        "months_gathered": (own, next((n for n in ("covers", "as_of") if row[n] is not None), "period")),
        "period_target": (target, "value"),
        "annual_target": (annual, "value"),
        "target_kind": (ruling, "kind"),
        **{name: (ruling, name) for name in (*_TOLERANCES, "amber_strict")},
        "year_target_kind": (annual, "kind"),
        **{f"year_{name}": (annual, name) for name in (*_TOLERANCES, "amber_strict")},
        "stated_previous": (stated, "previous_value"),
        "stated_period": (own, "previous_period"),
        **{f"earlier_{name}": (earlier, name) for name in _NAMES},
        **{f"year_earlier_{name}": (before, name) for name in _NAMES},
        **{name: (scheme, name) for name in ("dead_band_percent", "dead_band_units")},
        "convention": (scheme if row["indicator_convention"] is None else indicator, "variance_convention"),
    }
    return {
        name: source._replace(field=field)
        for name, (source, field) in places.items()
        if source.id is not None
    }
