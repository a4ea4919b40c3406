"""Establishment and occupancy, and the profile of a workforce."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import FromClause, Select, Subquery, and_, select

from app.entities import Establishment, ProfileCount, Service
from app.queries.columns import Field, chosen, derived, fields, units
from app.queries.listings import Listing
from app.queries.observation_facts import gather_observations
from app.queries.observations import FIELDS as OBSERVATION_FIELDS
from app.queries.observations import derive_observations
from app.queries.told import COUNTS, told_table
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.rules import workforce as rules

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from app.queries.editions import Edition
    from app.rules.tracing import Rule

ESTABLISHMENT_FIELDS = (
    *fields("id", "number"),
    *fields("organisation service period"),
    *fields(" ".join(COUNTS[Establishment]), "units", 2),
    *fields("establishment_total occupancy_total occupancy_variance", "units", 2),
    *fields("state"),
)
PROFILE_FIELDS = (
    *fields("id", "number"),
    *fields("organisation service period dimension category"),
    *fields("headcount base share", "units", 2),
    *fields("state"),
)


def _rows(
    fact: FromClause, edition: Edition, counted: tuple[str, ...], rules_by_name: dict[str, Rule]
) -> dict[str, ColumnElement[Any]]:
    dialect = edition.dialect
    places = {name: f"f.{name}" for name in counted}
    return {
        **{name: units(name, fact.c[name], 2, dialect) for name in counted},
        **{name: derived(name, r, places, dialect) for name, r in rules_by_name.items()},
        "organisation": fact.c.organisation_id.label("organisation"),
        "period": fact.c.period_id.label("period"),
    }


def establishment_rows(edition: Edition) -> Subquery:
    """Every establishment table in force, with its totals."""
    f = told_table(Establishment, "f", edition.dialect)
    totals = (rules.establishment_total, rules.occupancy_total, rules.occupancy_variance)
    columns = _rows(f, edition, COUNTS[Establishment], {rule.name: rule for rule in totals})
    return _of_services(f, columns, ESTABLISHMENT_FIELDS)


def profile_rows(edition: Edition) -> Subquery:
    """Every profile count in force, with its share of the stated base."""
    f = told_table(ProfileCount, "f", edition.dialect)
    columns = _rows(f, edition, COUNTS[ProfileCount], {"share": rules.share})
    return _of_services(f, columns, PROFILE_FIELDS)


def _of_services(
    fact: FromClause, columns: dict[str, ColumnElement[Any]], columns_of: tuple[Field, ...]
) -> Subquery:
    v, s = releases_in_force(), table(Service, "s")
    columns["service"] = s.c.slug.label("service")
    return (
        select(*chosen(columns_of, fact, columns))
        .join(v, in_force(fact, v))
        .join(s, and_(s.c.id == fact.c.service_id, visible(s.c, v.c.revision)))
        .subquery("r")
    )


def metrics(edition: Edition) -> Select[Any]:
    """The raw facts of the observations that measure the workforce."""
    facts = gather_observations(edition)
    return facts.where(facts.selected_columns.workforce)


WORKFORCE_METRICS = Listing(
    "workforce-metrics", OBSERVATION_FIELDS, gather=metrics, derive=derive_observations
)
WORKFORCE_ESTABLISHMENT = Listing("workforce-establishment", ESTABLISHMENT_FIELDS, establishment_rows)
WORKFORCE_PROFILES = Listing("workforce-profiles", PROFILE_FIELDS, profile_rows)
