"""What councils state and nothing is derived from on the way: the facts that other lists are made of."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    FromClause,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
)

from app.entities import (
    Action,
    BudgetLine,
    DirectionLabel,
    DisclosurePolicy,
    EqualityGroup,
    Establishment,
    HeatMapCell,
    Indicator,
    Intervention,
    Note,
    Observation,
    ProfileCount,
    PublishedFigure,
    Risk,
    RiskAssessment,
    RiskControl,
    RiskMatrixLevel,
    Scheme,
    SchemeClause,
    Service,
    Subject,
    Target,
)
from app.queries.columns import Field, chosen, fields, units
from app.queries.listings import Listing
from app.queries.told import counts_someone
from app.queries.visibility import in_force, of_services, releases_in_force, table, visible
from app.rules.vocabulary import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement
    from sqlmodel import SQLModel

    from app.queries.editions import Edition

_MEASURED = (
    *fields("id", "number"),
    *fields("organisation service period"),
    *fields("indicator_id", "number"),
    *fields("indicator_key indicator_code title unit"),
)
TARGET_FIELDS = (
    *_MEASURED,
    *fields("kind"),
    *fields("value", "units", 4),
    *fields("range_percent", "units", 2),
    *fields("amber_limit", "units", 4),
    *fields("amber_strict", "flag"),
    *fields("amber_percent", "units", 2),
    *fields("note"),
)
INTERVENTION_FIELDS = (*_MEASURED, *fields("level", "number"), *fields("reason"))
CONTROL_FIELDS = (
    *fields("id", "number"),
    *fields("organisation service"),
    *fields("risk_id", "number"),
    *fields("risk_code"),
    *fields("position", "number"),
    *fields("description status"),
    *fields("percent_complete", "units", 2),
)
LEVEL_FIELDS = (
    *fields("id", "number"),
    *fields("organisation matrix kind code label"),
    *fields("low high", "number"),
)
POLICY_FIELDS = (
    *fields("id", "number"),
    *fields("organisation counts"),
    *fields("threshold rounding", "number"),
)
CELL_FIELDS = (
    *fields("id", "number"),
    *fields("organisation service period matrix"),
    *fields("impact probability count", "number"),
)
_ABOUT = (
    *fields("id", "number"),
    *fields("organisation service period subject_kind"),
    *fields("subject_id", "number"),
    *fields("subject"),
)
NOTE_FIELDS = (*_ABOUT, *fields("kind"), *fields("position", "number"), *fields("text"))
FIGURE_FIELDS = (
    *_ABOUT,
    *fields("field printed place role"),
    *fields("position", "number"),
    *fields("finding_kind reason state"),
)
_OF_A_SCHEME = (
    *fields("id", "number"),
    *fields("organisation"),
    *fields("scheme_id", "number"),
    *fields("scheme"),
    *fields("version position", "number"),
)
CLAUSE_FIELDS = (
    *_OF_A_SCHEME,
    *fields("condition code label colour"),
    *fields("points", "units", 2),
)
LABEL_FIELDS = (*_OF_A_SCHEME, *fields("code label"))
_RANGES = frozenset({"level", "count"})
"""Whole numbers that may be held against wider ones than their columns take."""
_OF_SERVICES: tuple[type[SQLModel], ...] = (
    Observation,
    BudgetLine,
    Establishment,
    ProfileCount,
    EqualityGroup,
    Action,
    Indicator,
)
"""What notes and printed figures may be about, and names its service itself."""


def _columns(
    listed: tuple[Field, ...], fact: FromClause, edition: Edition, given: dict[str, ColumnElement[Any]]
) -> list[ColumnElement[Any]]:
    """A list's columns: as given, or else the fact's own."""
    own = {
        each.name: units(each.name, fact.c[each.name], each.places, edition.dialect)
        for each in listed
        if each.form == "units"
    }
    for name in _RANGES & {each.name for each in listed}:
        own[name] = cast(fact.c[name], BigInteger).label(name)
    own["organisation"] = fact.c.organisation_id.label("organisation")
    if "period_id" in fact.c:
        own["period"] = fact.c.period_id.label("period")
    return chosen(listed, fact, own | given)


def _of_indicators(entity: type[SQLModel], listed: tuple[Field, ...], edition: Edition) -> Subquery:
    """What is said of a measure in a service and period."""
    v, f, i, s = releases_in_force(), table(entity, "f"), table(Indicator, "i"), table(Service, "s")
    given: dict[str, ColumnElement[Any]] = {
        "service": s.c.slug.label("service"),
        "indicator_key": i.c.key.label("indicator_key"),
        "indicator_code": i.c.code.label("indicator_code"),
        **{name: i.c[name] for name in ("title", "unit")},
    }
    return (
        select(*_columns(listed, f, edition, given))
        .select_from(f)
        .join(v, in_force(f, v))
        .join(i, and_(i.c.id == f.c.indicator_id, visible(i.c, v.c.revision)))
        .join(s, and_(s.c.id == f.c.service_id, visible(s.c, v.c.revision)))
        .subquery("r")
    )


def _cells(edition: Edition) -> Subquery:
    v, f, s = releases_in_force(), table(HeatMapCell, "f"), table(Service, "s")
    return (
        select(*_columns(CELL_FIELDS, f, edition, {"service": s.c.slug.label("service")}))
        .select_from(f)
        .join(v, in_force(f, v))
        .join(s, and_(s.c.id == f.c.service_id, visible(s.c, v.c.revision)))
        .subquery("r")
    )


def _controls(edition: Edition) -> Subquery:
    """What is done about risks; a control is its risk's service's."""
    v, f, k, s = releases_in_force(), table(RiskControl, "f"), table(Risk, "k"), table(Service, "s")
    given: dict[str, ColumnElement[Any]] = {
        "service": s.c.slug.label("service"),
        "risk_code": k.c.code.label("risk_code"),
    }
    return (
        select(*_columns(CONTROL_FIELDS, f, edition, given))
        .select_from(f)
        .join(v, in_force(f, v))
        .join(k, and_(k.c.id == f.c.risk_id, visible(k.c, v.c.revision), of_services(k.c.service_id, v)))
        .join(s, and_(s.c.id == k.c.service_id, visible(s.c, v.c.revision)))
        .subquery("r")
    )


def _of_organisations(entity: type[SQLModel], listed: tuple[Field, ...], edition: Edition) -> Subquery:
    """What holds for an organisation, whatever the service."""
    v, f = releases_in_force(), table(entity, "f")
    columns = _columns(listed, f, edition, {})
    return select(*columns).select_from(f).join(v, in_force(f, v)).subquery("r")


def _about(entity: type[SQLModel], listed: tuple[Field, ...], edition: Edition) -> Subquery:
    """What is said of another fact, with that fact's service; a service is its own.

    What is printed of people who are counted is not for everybody.
    """
    v, f, s, subject = releases_in_force(), table(entity, "f"), table(Service, "s"), table(Subject, "subject")
    given: dict[str, ColumnElement[Any]] = {
        "service": s.c.slug.label("service"),
        "subject_kind": subject.c.kind.label("subject_kind"),
        "subject": subject.c.key.label("subject"),
    }
    if entity is PublishedFigure:
        hidden = and_(v.c.told.is_not(None), counts_someone(f.c.subject_id))
        given |= {name: case((hidden, null()), else_=f.c[name]).label(name) for name in ("printed", "reason")}
        reported: ColumnElement[str] = literal_column(f"'{State.reported}'")
        given["state"] = case((hidden, literal_column(f"'{State.suppressed}'")), else_=reported).label(
            "state"
        )
    service = func.coalesce(*_services(f, v), f.c.subject_id)
    return (
        select(*_columns(listed, f, edition, given))
        .select_from(f)
        .join(v, in_force(f, v))
        .join(subject, subject.c.id == f.c.subject_id)
        .join(s, and_(s.c.id == service, visible(s.c, v.c.revision), of_services(s.c.id, v)))
        .subquery("r")
    )


def _services(said: FromClause, v: FromClause) -> Iterator[ColumnElement[Any]]:
    """The service of what is spoken of, looked for in one kind of fact after another."""
    for place, kind in enumerate(_OF_SERVICES):
        fact = table(kind, f"f{place}")
        of_it = and_(fact.c.id == said.c.subject_id, visible(fact.c, v.c.revision))
        yield select(fact.c.service_id).where(of_it).correlate(said, v).scalar_subquery()
    a, k = table(RiskAssessment, "a"), table(Risk, "k")
    yield (
        select(k.c.service_id)
        .select_from(k)
        .join(a, and_(a.c.risk_id == k.c.id, visible(a.c, v.c.revision)))
        .where(a.c.id == said.c.subject_id, visible(k.c, v.c.revision))
        .correlate(said, v)
        .scalar_subquery()
    )


def _of_schemes(entity: type[SQLModel], listed: tuple[Field, ...], edition: Edition) -> Subquery:
    """What is part of a scheme."""
    v, f, sc = releases_in_force(), table(entity, "f"), table(Scheme, "sc")
    given: dict[str, ColumnElement[Any]] = {"scheme": sc.c.slug.label("scheme"), "version": sc.c.version}
    return (
        select(*_columns(listed, f, edition, given))
        .select_from(f)
        .join(v, in_force(f, v))
        .join(sc, and_(sc.c.id == f.c.scheme_id, visible(sc.c, v.c.revision)))
        .subquery("r")
    )


TARGETS = Listing("targets", TARGET_FIELDS, partial(_of_indicators, Target, TARGET_FIELDS))
INTERVENTIONS = Listing(
    "interventions", INTERVENTION_FIELDS, partial(_of_indicators, Intervention, INTERVENTION_FIELDS)
)
RISK_CONTROLS = Listing("risk-controls", CONTROL_FIELDS, _controls)
RISK_MATRICES = Listing(
    "risk-matrices", LEVEL_FIELDS, partial(_of_organisations, RiskMatrixLevel, LEVEL_FIELDS)
)
DISCLOSURE_POLICIES = Listing(
    "disclosure-policies", POLICY_FIELDS, partial(_of_organisations, DisclosurePolicy, POLICY_FIELDS)
)
HEAT_MAP_CELLS = Listing("heat-map-cells", CELL_FIELDS, _cells)
NOTES = Listing("notes", NOTE_FIELDS, partial(_about, Note, NOTE_FIELDS))
PUBLISHED_FIGURES = Listing(
    "published-figures", FIGURE_FIELDS, partial(_about, PublishedFigure, FIGURE_FIELDS)
)
SCHEME_CLAUSES = Listing("scheme-clauses", CLAUSE_FIELDS, partial(_of_schemes, SchemeClause, CLAUSE_FIELDS))
DIRECTION_LABELS = Listing(
    "direction-labels", LABEL_FIELDS, partial(_of_schemes, DirectionLabel, LABEL_FIELDS)
)
