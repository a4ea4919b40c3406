"""Who makes what public: at once, at a moment to come, or once somebody else has approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.db.moments import in_utc
from app.entities import Proposal, Release
from app.errors import Conflict, Fault, Forbidden, InvalidBody, NotFound
from app.services.audit import record
from app.services.drafting import SubjectKey, table
from app.services.ownership import Lines, is_known_to
from app.services.periods import add_periods
from app.services.permissions import Caller, Role
from app.services.releases import (
    Publication,
    latest_release,
    latest_revision,
    publish,
    withdraw_release,
)
from app.services.taking import standing_among
from app.services.versions import lock_organisation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Wish:
    """A release as it is asked for: of an organisation, or of one service's period."""

    organisation: str
    note: str
    period: str | None = None
    as_of: date | None = None
    service: str | None = None
    publish_at: datetime | None = None
    corrects: int | None = None


def release_drafts(session: Session, wish: Wish, who: Caller) -> Release:
    """Make what stands in draft public; does not commit.

    Raises Forbidden or InvalidBody where the caller may not, Conflict where there is nothing new or it
    does not go with the releases there are.
    """
    revision = _checked(session, wish, who)
    return _published(session, wish.organisation, revision, _publication(session, wish, who.name))


def propose_release(session: Session, wish: Wish, who: Caller) -> Proposal:
    """Ask somebody else to approve what stands in draft now; raises as `release_drafts` does."""
    revision = _checked(session, wish, who)
    wanted = _publication(session, wish, who.name)
    proposal = Proposal(
        organisation_id=wish.organisation,
        revision_id=revision,
        service_id=wanted.service_id,
        period_id=wanted.period_id,
        as_of=wish.as_of,
        note=wish.note,
        publish_at=wish.publish_at,
        corrects_id=wish.corrects,
        made_by=who.name,
        made_at=datetime.now(UTC),
    )
    session.add(proposal)
    session.flush()
    record(
        session,
        wish.organisation,
        who.name,
        "propose",
        wish.note,
        revision_id=revision,
        detail={"proposal": proposal.id},
    )
    return proposal


def approve_release(session: Session, proposal_id: int, who: Caller) -> Release:
    """Publish what was proposed, as it was then.

    Raises NotFound for a proposal that is none of the caller's to see, Forbidden for who made it, Conflict
    where it was ended already, its moment has passed, something later was released, or drafts of which it
    takes a part have changed.
    """
    proposal = open_proposal(session, proposal_id, who)
    if proposal.made_by == who.name:
        raise Forbidden("Whoever proposed a release does not approve it.")
    moment = None if proposal.publish_at is None else in_utc(proposal.publish_at)
    if moment is not None and moment <= datetime.now(UTC):
        raise Conflict("The moment that was proposed has passed; withdraw it, and propose it anew.")
    latest = latest_release(session, proposal.organisation_id)
    if latest is not None and latest.revision_id > proposal.revision_id:
        raise Conflict("Something later is public, which this would take back; withdraw it.")
    newest = latest_revision(session, proposal.organisation_id)
    if proposal.service_id is not None and newest != proposal.revision_id:
        raise Conflict("Drafts have changed since; withdraw it, and propose it anew.")
    wanted = Publication(
        proposal.note,
        proposal.period_id,
        proposal.as_of,
        proposal.service_id,
        moment,
        proposal.corrects_id,
        proposal.made_by,
        who.name,
    )
    release = _published(session, proposal.organisation_id, proposal.revision_id, wanted)
    _end(proposal, who)
    proposal.release_id = release.id
    return release


def withdraw_proposal(session: Session, proposal_id: int, reason: str, who: Caller) -> None:
    """Take a proposal back; raises as `approve_release` does, whoever made it."""
    proposal = open_proposal(session, proposal_id, who)
    _end(proposal, who)
    said = {"proposal": proposal.id}
    record(session, proposal.organisation_id, who.name, "withdraw proposal", reason, detail=said)


def withdraw_pending(session: Session, release_id: int, reason: str, who: Caller) -> None:
    """Take back a release that has not come into force. Raises NotFound, Forbidden or Conflict."""
    release = session.get(Release, release_id)
    if release is None:
        raise NotFound("Nothing has this address.")
    public = in_utc(release.published_at) <= datetime.now(UTC)
    services = _services(session, release.organisation_id, release.service_id)
    if not who.may(Role.publisher, release.organisation_id, services):
        if public or who.may(Role.reader, release.organisation_id, services):
            raise Forbidden("This credential does not publish this.")
        raise NotFound("Nothing has this address.")
    withdraw_release(session, release, reason, who.name)


def open_proposal(session: Session, proposal_id: int, who: Caller) -> Proposal:
    """A proposal that waits, for who may publish what it is of. Raises NotFound or Conflict."""
    proposal = session.get(Proposal, proposal_id)
    if proposal is None or not may_decide(session, proposal, who):
        raise NotFound("Nothing has this address.")
    lock_organisation(session, proposal.organisation_id)
    session.refresh(proposal)
    if proposal.ended_at is not None:
        raise Conflict("It was decided already.")
    return proposal


def may_decide(session: Session, proposal: Proposal, who: Caller) -> bool:
    """Whether a caller may publish what a proposal is of."""
    services = _services(session, proposal.organisation_id, proposal.service_id)
    return who.may(Role.publisher, proposal.organisation_id, services)


def _checked(session: Session, wish: Wish, who: Caller) -> int:
    """The revision that is to be published."""
    known = lock_organisation(session, wish.organisation)
    services = Lines(session, wish.organisation).named(wish.service) if wish.service else ()
    if known is None or not who.may(Role.publisher, wish.organisation, services):
        if known is None or not is_known_to(session, who, wish.organisation):
            message = "names no organisation"
            fault = Fault("unknown_value", message, pointer="/organisation")
            raise InvalidBody(f"organisation {message}.", [fault])
        raise Forbidden("This credential does not publish this.")
    revision = latest_revision(session, wish.organisation)
    if revision is None:
        raise Conflict("There is nothing to publish yet.")
    return revision


def _publication(session: Session, wish: Wish, actor: str) -> Publication:
    faults = []
    service = None
    if wish.service is not None:
        standing = standing_among(session, wish.organisation, [SubjectKey("service", wish.service)])
        service = next(iter(standing.values()), None)
        if service is None:
            faults.append(Fault("unknown_value", "names no service", pointer="/service"))
        if wish.period is None:
            faults.append(Fault("missing", "is required with a service", pointer="/period"))
    if wish.publish_at is not None and wish.publish_at <= datetime.now(UTC):
        faults.append(Fault("in_the_past", "must be to come", pointer="/publish_at"))
    if wish.corrects is not None and not _is_public(session, wish.organisation, wish.corrects):
        faults.append(Fault("unknown_value", "names no release that is public", pointer="/corrects"))
    if faults:
        raise InvalidBody(f"{faults[0].pointer} {faults[0].message}.", faults)
    if wish.period is not None:
        add_periods(session, {wish.period})
    return Publication(wish.note, wish.period, wish.as_of, service, wish.publish_at, wish.corrects, actor)


def _is_public(session: Session, organisation: str, release_id: int) -> bool:
    """Whether a release of an organisation is in force, or was."""
    release = session.get(Release, release_id)
    if release is None or release.organisation_id != organisation:
        return False
    return in_utc(release.published_at) <= datetime.now(UTC)


def _published(session: Session, organisation: str, revision: int, wanted: Publication) -> Release:
    before = latest_release(session, organisation)
    release = publish(session, organisation, revision, wanted)
    if before is not None and release.id == before.id:
        raise Conflict(f"Nothing has changed since release {before.id}.")
    return release


def _services(session: Session, organisation: str, service_id: int | None) -> tuple[str, ...]:
    if service_id is None:
        return ()
    subject = table("subject").c
    slug = session.scalar(select(subject.key).where(subject.id == service_id))
    return Lines(session, organisation).of(service_id) or (str(slug),)


def _end(proposal: Proposal, who: Caller) -> None:
    proposal.ended_by, proposal.ended_at = who.name, datetime.now(UTC)
