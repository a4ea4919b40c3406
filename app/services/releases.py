"""Making facts public."""

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.entities import Release
from app.services.drafting import table
from app.services.released import copy_release
from app.services.versions import lock_organisation


class UnknownRevisionError(LookupError):
    """No such revision of this organisation."""


def publish_release(  # noqa: PLR0913 - a release's own fields, by name
    session: Session,
    organisation_id: str,
    revision_id: int,
    *,
    note: str,
    period_id: str | None = None,
    as_of: date | None = None,
) -> Release:
    """Make an organisation's facts public as of a revision, and copy them; does not commit.

    Where its latest release is of that revision already, that one is the answer and none is added.
    Raises UnknownRevisionError for a revision that is not the organisation's.
    """
    lock_organisation(session, organisation_id)
    if not _is_theirs(session, organisation_id, revision_id):
        raise UnknownRevisionError(f"{organisation_id} has no revision {revision_id}")
    latest = _latest(session, organisation_id)
    if latest is not None and latest.revision_id == revision_id:
        return latest
    release = Release(
        organisation_id=organisation_id,
        revision_id=revision_id,
        published_at=datetime.now(UTC),
        period_id=period_id,
        as_of=as_of,
        note=note,
    )
    session.add(release)
    session.flush()
    copy_release(session, organisation_id)
    return release


def _is_theirs(session: Session, organisation_id: str, revision_id: int) -> bool:
    revisions = table("revision").c
    query = select(revisions.organisation_id).where(revisions.id == revision_id)
    return session.scalar(query) == organisation_id


def _latest(session: Session, organisation_id: str) -> Release | None:
    releases = table("release").c
    query = select(Release).where(releases.organisation_id == organisation_id)
    return session.scalars(query.order_by(releases.id.desc()).limit(1)).first()
