"""Making facts public."""

from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.db.moments import in_utc
from app.entities import Release
from app.errors import Conflict
from app.services.audit import record
from app.services.drafting import table
from app.services.ledger import enter_release, forget_release
from app.services.partial import Scope, bring_forward
from app.services.released import copy_release
from app.services.versions import COMMAND, lock_organisation


class UnknownRevisionError(LookupError):
    """No such revision of this organisation."""


class Publication(NamedTuple):
    """What a release says of itself, and when it comes into force: now, unless a later moment is given.

    With a service it publishes only what is new of its period; all else stays in draft.
    """

    note: str
    period_id: str | None = None
    as_of: date | None = None
    service_id: int | None = None
    publish_at: datetime | None = None
    corrects_id: int | None = None
    actor: str = COMMAND
    approved_by: str | None = None


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
    release = publish(session, organisation_id, revision_id, Publication(note, period_id, as_of))
    copy_release(session, organisation_id)
    return release


def publish(session: Session, organisation_id: str, revision_id: int, wanted: Publication) -> Release:
    """Make a release without copying its rows: lists are read by the rules until somebody does.

    Raises as `publish_release` does, and Conflict where a release is still to come into force, whose facts
    an earlier one would give away, or where counts of people could be worked back from what it tells.
    """
    lock_organisation(session, organisation_id)
    if not _is_theirs(session, organisation_id, revision_id):
        raise UnknownRevisionError(f"{organisation_id} has no revision {revision_id}")
    _check_order(session, organisation_id)
    latest = latest_release(session, organisation_id)
    if wanted.service_id is not None:
        revision_id = _of_part(session, organisation_id, latest, wanted)
    elif latest is not None and latest.revision_id == revision_id:
        return latest
    release = Release(
        organisation_id=organisation_id,
        revision_id=revision_id,
        published_at=wanted.publish_at or datetime.now(UTC),
        period_id=wanted.period_id,
        as_of=wanted.as_of,
        note=wanted.note,
        service_id=wanted.service_id,
        made_by=wanted.actor,
        approved_by=wanted.approved_by,
        corrects_id=wanted.corrects_id,
    )
    session.add(release)
    session.flush()
    assert release.id is not None  # noqa: S101 - it was given one
    enter_release(session, organisation_id, release.id, revision_id)
    said = {"published_at": release.published_at.isoformat(), "approved_by": wanted.approved_by}
    record(
        session,
        organisation_id,
        wanted.actor,
        "release",
        wanted.note,
        revision_id=revision_id,
        release_id=release.id,
        detail=said,
    )
    return release


def withdraw_release(session: Session, release: Release, reason: str, actor: str) -> None:
    """Take back a release that has not come into force yet. Raises Conflict for one that has."""
    lock_organisation(session, release.organisation_id)
    if in_utc(release.published_at) <= datetime.now(UTC):
        raise Conflict("The release is public, and stays so; a correction is another release.")
    record(session, release.organisation_id, actor, "withdraw", reason, release_id=release.id)
    proposals = table("proposal")
    session.execute(update(proposals).where(proposals.c.release_id == release.id).values(release_id=None))
    assert release.id is not None  # noqa: S101 - it was given one
    forget_release(session, release.id)
    session.delete(release)


def latest_release(session: Session, organisation_id: str) -> Release | None:
    """The newest release of an organisation, in force or to come."""
    releases = table("release").c
    query = select(Release).where(releases.organisation_id == organisation_id)
    return session.scalars(query.order_by(releases.id.desc()).limit(1)).first()


def latest_revision(session: Session, organisation_id: str) -> int | None:
    """The newest revision of an organisation's facts."""
    revisions = table("revision").c
    query = select(func.max(revisions.id)).where(revisions.organisation_id == organisation_id)
    newest: int | None = session.scalar(query)
    return newest


def _check_order(session: Session, organisation_id: str) -> None:
    releases = table("release").c
    theirs = select(Release).where(releases.organisation_id == organisation_id)
    pending = session.scalars(theirs.where(releases.published_at > datetime.now(UTC))).first()
    if pending is not None:
        message = f"Release {pending.id} is to come into force at {in_utc(pending.published_at).isoformat()}"
        raise Conflict(f"{message}; withdraw it first, or wait.")


def _of_part(session: Session, organisation_id: str, latest: Release | None, wanted: Publication) -> int:
    """The revision that holds what is public, and what is new of one service's period."""
    if latest is None:
        raise Conflict("The first release is of the whole organisation.")
    if wanted.period_id is None or wanted.service_id is None:
        raise Conflict("A release of a service is of one period.")
    releases = table("release").c
    newest = session.scalar(
        select(func.max(releases.revision_id)).where(releases.organisation_id == organisation_id)
    )
    if newest != latest.revision_id:
        raise Conflict("What is public is an earlier state; publish the whole organisation first.")
    scope = Scope(wanted.service_id, wanted.period_id)
    return bring_forward(
        session, organisation_id, latest.revision_id, scope, reason=wanted.note, actor=wanted.actor
    )


def _is_theirs(session: Session, organisation_id: str, revision_id: int) -> bool:
    revisions = table("revision").c
    query = select(revisions.organisation_id).where(revisions.id == revision_id)
    return session.scalar(query) == organisation_id
