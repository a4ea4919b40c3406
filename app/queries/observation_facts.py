"""The raw facts of observations side by side, as councils state them or as a question supposes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import FromClause, Select, and_, case, func, literal_column, null, or_, select

from app.entities import Indicator, Observation, Period, Scheme, Service, Target
from app.queries.columns import units, unrounded
from app.queries.told import told_observation, told_previous, told_state
from app.queries.visibility import of_services, releases_in_force, table, visible
from app.rules import indicators as rules
from app.rules.nodes import operands
from app.rules.schemes import YEAR_EARLIER, condition
from app.rules.vocabulary import Baseline

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from app.db.compiler import Column as Place
    from app.queries.editions import Edition, SchemeVersion

_DEFINED = {name: f"i.{name}" for name in ("calculation", "nature", "decimals")}
DEAD_BANDS = ("dead_band_percent", "dead_band_units")
"""How far a scheme lets an outturn move before it has moved."""
TOLERANCES = ("range_percent", "amber_limit", "amber_strict", "amber_percent")
"""What a target itself says of the outturns that it lets pass, or calls near."""
_CLOCK = {"months": "p.months", "months_elapsed": "p.months_elapsed"}


def gather_observations(edition: Edition, beside: Edition | None = None) -> Select[Any]:
    """Raw facts of observations side by side, with the unrounded numbers that rules start from.

    With `beside`, also the scheme that judges each in that edition, as `from_scheme_id` and the like.
    """
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
    compared = _compared_with(edition.premises.baseline, o, i, p)
    own = told_observation("o", dialect)
    counts = {name: literal_column(text, o.c[name].type) for name, text in own.items()}
    numbers = [
        *unrounded("outturn", rules.outturn, own | _DEFINED, dialect),
        *unrounded("earlier", rules.outturn, told_observation("b", dialect) | _DEFINED, dialect),
        *unrounded("target", rules.target_now, _targets("t.value", "a.value"), dialect),
        *unrounded("year_target", rules.target_now, _targets("a.value", "a.value"), dialect),
    ]
    facts = (
        select(
            o.c.id,
            o.c.organisation_id.label("organisation"),
            revision.label("revision"),
            scheme_revision(edition, revision).label("scheme_revision"),
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
            compared.basis.label("basis_rule"),
            units("value", counts["value"], 4, dialect),
            units("numerator", counts["numerator"], 2, dialect),
            units("denominator", counts["denominator"], 2, dialect),
            literal_column(told_state("o", own)).label("state"),
            *(o.c[n] for n in ("basis", "as_of", "provisional", "estimated", "revised")),
            o.c.footnote,
            counts["numerator"].label("raw_numerator"),
            counts["denominator"].label("raw_denominator"),
            compared.stated.label("stated_previous"),
            o.c.previous_period_id.label("stated_period"),
            b.c.period_id.label("earlier_period"),
            func.coalesce(t.c.kind, a.c.kind).label("target_kind"),
            a.c.kind.label("year_target_kind"),
            *(case((t.c.id.is_not(None), t.c[n]), else_=a.c[n]).label(n) for n in TOLERANCES),
            *(a.c[n].label(f"year_{n}") for n in TOLERANCES),
            sc.c.id.label("scheme_id"),
            sc.c.slug.label("scheme"),
            *(sc.c[n] for n in DEAD_BANDS),
            func.coalesce(i.c.variance_convention, sc.c.variance_convention).label("convention"),
            *numbers,
        )
        .select_from(o)
        .join(
            v,
            and_(
                v.c.organisation_id == o.c.organisation_id,
                visible(o.c, revision),
                of_services(o.c.service_id, v),
            ),
        )
        .join(i, and_(i.c.id == o.c.indicator_id, visible(i.c, revision)))
        .join(s, and_(s.c.id == o.c.service_id, visible(s.c, revision)))
        .join(p, p.c.id == o.c.period_id)
        .outerjoin(t, and_(_of(t, o), t.c.period_id == o.c.period_id, visible(t.c, revision)))
        .outerjoin(a, and_(_of(a, o), a.c.period_id == p.c.year_id, visible(a.c, revision)))
        .outerjoin(b, and_(_of(b, o), b.c.period_id == compared.period, visible(b.c, revision)))
        .outerjoin(sc, _judges(edition, sc, o, i, p, revision))
    )
    if looks_back(edition) or (beside is not None and looks_back(beside)):
        y = table(Observation, "y")
        at = and_(_of(y, o), y.c.period_id == p.c.year_earlier_id, visible(y.c, revision))
        facts = facts.outerjoin(y, at).add_columns(
            *unrounded("year_earlier", rules.outturn, told_observation("y", dialect) | _DEFINED, dialect)
        )
    if beside is None:
        return facts
    sf = table(Scheme, "sf")
    return facts.outerjoin(sf, _judges(beside, sf, o, i, p, revision)).add_columns(
        sf.c.id.label("from_scheme_id"),
        sf.c.slug.label("from_scheme"),
        scheme_revision(beside, revision).label("from_scheme_revision"),
        *(sf.c[n].label(f"from_{n}") for n in DEAD_BANDS),
    )


class _ComparedWith(NamedTuple):
    """What outturns are compared with: on which basis, in which period, and the figure as stated."""

    basis: ColumnElement[Any]
    period: ColumnElement[Any]
    stated: ColumnElement[Any]


def _compared_with(baseline: str | None, o: FromClause, i: FromClause, p: FromClause) -> _ComparedWith:
    """As the indicator has it, or as is supposed: then a stated figure counts for its own period only."""
    periods = {
        Baseline.previous_period: p.c.previous_id,
        Baseline.same_period_last_year: p.c.year_earlier_id,
        Baseline.last_year: p.c.last_year_id,
        Baseline.share_of_last_year: p.c.last_year_id,
    }
    stated: ColumnElement[Any] = literal_column(
        told_previous("o.previous_value", "o", "b"), o.c.previous_value.type
    )
    if baseline is None:
        earlier = case(*((i.c.baseline == name, period) for name, period in periods.items()))
        return _ComparedWith(i.c.baseline, earlier, stated)
    basis: ColumnElement[str] = literal_column(f"'{Baseline(baseline)}'")
    if baseline not in periods:
        return _ComparedWith(basis, null(), null())
    period = periods[Baseline(baseline)]
    return _ComparedWith(basis, period, case((o.c.previous_period_id == period, stated)))


def scheme_revision(edition: Edition, revision: ColumnElement[int]) -> ColumnElement[int]:
    """The revision that the clauses of a row's scheme are read at."""
    supposed = edition.premises.scheme
    return revision if supposed is None else literal_column(str(supposed.revision))


def is_supposed(supposed: SchemeVersion, sc: FromClause) -> ColumnElement[bool]:
    """Whether a scheme is the one that a question supposes, as its own council released it."""
    at: ColumnElement[int] = literal_column(str(supposed.revision))
    return and_(sc.c.id == literal_column(str(supposed.id)), visible(sc.c, at))


def _judges(
    edition: Edition,
    sc: FromClause,
    o: FromClause,
    i: FromClause,
    p: FromClause,
    revision: ColumnElement[int],
) -> ColumnElement[bool]:
    """Whether a scheme is the one that judges an observation."""
    supposed = edition.premises.scheme
    if supposed is not None:
        return is_supposed(supposed, sc)
    return and_(
        sc.c.organisation_id == o.c.organisation_id,
        sc.c.measure_set == i.c.measure_set,
        sc.c.effective_from <= p.c.end,
        or_(sc.c.effective_to.is_(None), sc.c.effective_to >= p.c.end),
        visible(sc.c, revision),
    )


def looks_back(edition: Edition) -> bool:
    """Whether any scheme asks what was achieved in the same period a year earlier."""
    conditions = (words for clauses in edition.measure_schemes for words in clauses)
    return any(YEAR_EARLIER in operands(condition(words)) for words in conditions)


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
