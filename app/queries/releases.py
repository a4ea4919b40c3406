"""The releases that are out: what each published, and which earlier one it puts right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import FromClause, String, Subquery, and_, literal_column, select

from app.entities import Release, Service
from app.queries.columns import chosen, fields
from app.queries.listings import Listing
from app.queries.visibility import NOW, table, visible

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from app.db.compiler import Dialect
    from app.queries.editions import Edition

FIELDS = (
    *fields("id", "number"),
    *fields("organisation service period"),
    *fields("as_of", "date"),
    *fields("published_at note"),
    *fields("corrects", "number"),
    *fields("findings"),
)
_FINDINGS = "/v1/findings?organisation="


def _rows(edition: Edition) -> Subquery:
    """Every release whose moment has come; one to come is named by none."""
    release, corrected, s = table(Release, "f"), table(Release, "corrected"), table(Service, "s")
    given: dict[str, ColumnElement[Any]] = {
        "organisation": release.c.organisation_id.label("organisation"),
        "service": s.c.slug.label("service"),
        "period": release.c.period_id.label("period"),
        "published_at": _instant(release, edition.dialect).label("published_at"),
        "corrects": corrected.c.id.label("corrects"),
        "findings": (literal_column(f"'{_FINDINGS}'") + release.c.organisation_id).label("findings"),
    }
    earlier = and_(corrected.c.id == release.c.corrects_id, corrected.c.published_at <= NOW)
    return (
        select(*chosen(FIELDS, release, given))
        .select_from(release)
        .outerjoin(corrected, earlier)
        .outerjoin(s, and_(s.c.id == release.c.service_id, visible(s.c, release.c.revision_id)))
        .where(release.c.published_at <= NOW)
        .subquery("r")
    )


def _instant(release: FromClause, dialect: Dialect) -> ColumnElement[str]:
    """When it came out as RFC 3339 writes it, in UTC to the microsecond, so that it sorts as a text."""
    moment = release.c.published_at
    if dialect == "sqlite":
        return literal_column(f"replace({moment}, ' ', 'T') || 'Z'", String())
    return literal_column(
        f"""to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""", String()
    )


RELEASES = Listing("releases", FIELDS, _rows)
