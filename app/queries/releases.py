"""The releases that are out: what each published, and which earlier one it puts right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import FromClause, String, Subquery, and_, literal_column, or_, select

from app.entities import Proposal, Release, Service, Subject
from app.queries.columns import chosen, fields
from app.queries.listings import Listing
from app.queries.visibility import NOW, drafted, table, visible

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from app.db.compiler import Dialect
    from app.queries.editions import Edition

PROPOSAL_FIELDS = (
    *fields("id", "number"),
    *fields("organisation service period"),
    *fields("as_of", "date"),
    *fields("note publish_at"),
    *fields("corrects", "number"),
    *fields("made_by made_at ended_by ended_at"),
    *fields("release", "number"),
)
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
    """Every release whose moment has come; one to come is named only to who reads its drafts."""
    release, corrected, s = table(Release, "f"), table(Release, "corrected"), table(Service, "s")
    given: dict[str, ColumnElement[Any]] = {
        "organisation": release.c.organisation_id.label("organisation"),
        "service": s.c.slug.label("service"),
        "period": release.c.period_id.label("period"),
        "published_at": instant(release.c.published_at, edition.dialect).label("published_at"),
        "corrects": corrected.c.id.label("corrects"),
        "findings": _findings(release, edition.dialect).label("findings"),
    }
    earlier = and_(corrected.c.id == release.c.corrects_id, corrected.c.published_at <= NOW)
    return (
        select(*chosen(FIELDS, release, given))
        .select_from(release)
        .outerjoin(corrected, earlier)
        .outerjoin(s, and_(s.c.id == release.c.service_id, visible(s.c, release.c.revision_id)))
        .where(or_(release.c.published_at <= NOW, drafted(release.c.organisation_id)))
        .subquery("r")
    )


def _findings(release: FromClause, dialect: Dialect) -> ColumnElement[str]:
    """Where the findings about the figures of a release are: those of the moment it came out."""
    head: ColumnElement[str] = literal_column(f"'{_FINDINGS}'", String())
    asked: ColumnElement[str] = literal_column("'&as_of='", String())
    return head + release.c.organisation_id + asked + instant(release.c.published_at, dialect)


def _proposals(edition: Edition) -> Subquery:
    """What waits for somebody to approve it, and what waited."""
    proposal, service = table(Proposal, "f"), table(Subject, "service")
    given: dict[str, ColumnElement[Any]] = {
        "organisation": proposal.c.organisation_id.label("organisation"),
        "service": service.c.key.label("service"),
        "period": proposal.c.period_id.label("period"),
        "corrects": proposal.c.corrects_id.label("corrects"),
        "release": proposal.c.release_id.label("release"),
        **{
            name: instant(proposal.c[name], edition.dialect).label(name)
            for name in ("publish_at", "made_at", "ended_at")
        },
    }
    return (
        select(*chosen(PROPOSAL_FIELDS, proposal, given))
        .select_from(proposal)
        .outerjoin(service, service.c.id == proposal.c.service_id)
        .subquery("r")
    )


def instant(moment: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
    """A moment as RFC 3339 writes it, in UTC to the microsecond, so that it sorts as a text."""
    if dialect == "sqlite":
        return literal_column(f"replace({moment}, ' ', 'T') || 'Z'", String())
    return literal_column(
        f"""to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""", String()
    )


RELEASES = Listing("releases", FIELDS, _rows)
PROPOSALS = Listing("proposals", PROPOSAL_FIELDS, _proposals)
