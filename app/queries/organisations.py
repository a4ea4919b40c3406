"""Who reports, and what is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Subquery, and_, select

from app.entities import Indicator, Organisation, Release, Service
from app.queries.columns import fields
from app.queries.listings import Listing
from app.queries.visibility import in_force, of_services, releases_in_force, table, visible

if TYPE_CHECKING:
    from app.queries.editions import Edition

ORGANISATION_FIELDS = (
    *fields("id name area_code"),
    *fields("release", "number"),
    *fields("release_note release_period"),
    *fields("as_of", "date"),
)
SERVICE_FIELDS = (*fields("id", "number"), *fields("organisation service name parent kind lead"))
INDICATOR_FIELDS = (
    *fields("id", "number"),
    *fields("organisation service indicator_key indicator_code title section measure_set unit"),
    *fields("decimals", "number"),
    *fields("polarity nature calculation baseline"),
    *fields("workforce sample data_only", "flag"),
    *fields("counted note"),
)


def _organisations(_: Edition) -> Subquery:
    v, organisation, release = (
        releases_in_force(),
        table(Organisation, "organisation"),
        table(Release, "newest"),
    )
    return (
        select(
            organisation.c.id,
            organisation.c.name,
            organisation.c.area_code,
            release.c.id.label("release"),
            release.c.note.label("release_note"),
            release.c.period_id.label("release_period"),
            release.c.as_of,
        )
        .join(v, v.c.organisation_id == organisation.c.id)
        .outerjoin(release, release.c.id == v.c.release)
        .subquery("r")
    )


def _services(_: Edition) -> Subquery:
    v, service, parent = releases_in_force(), table(Service, "s"), table(Service, "parent")
    return (
        select(
            service.c.id,
            service.c.organisation_id.label("organisation"),
            service.c.slug.label("service"),
            service.c.name,
            parent.c.slug.label("parent"),
            service.c.kind,
            service.c.lead,
        )
        .join(v, and_(in_force(service, v), of_services(service.c.id, v)))
        .outerjoin(parent, and_(parent.c.id == service.c.parent_id, visible(parent.c, v.c.revision)))
        .subquery("r")
    )


def _indicators(_: Edition) -> Subquery:
    v, i, s = releases_in_force(), table(Indicator, "i"), table(Service, "s")
    plain = ("title", "section", "measure_set", "unit", "decimals", "polarity", "nature")
    return (
        select(
            i.c.id,
            i.c.organisation_id.label("organisation"),
            s.c.slug.label("service"),
            i.c.key.label("indicator_key"),
            i.c.code.label("indicator_code"),
            *(i.c[name] for name in plain),
            *(i.c[name] for name in ("calculation", "baseline", "workforce", "sample")),
            *(i.c[name] for name in ("data_only", "counted", "note")),
        )
        .join(v, in_force(i, v))
        .join(s, and_(s.c.id == i.c.service_id, visible(s.c, v.c.revision)))
        .subquery("r")
    )


ORGANISATIONS = Listing("organisations", ORGANISATION_FIELDS, _organisations)
SERVICES = Listing("services", SERVICE_FIELDS, _services)
INDICATORS = Listing("indicators", INDICATOR_FIELDS, _indicators)
