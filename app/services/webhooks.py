"""Who is told of what happens in an organisation: webhooks made and ended."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pydantic_core import Url
from sqlalchemy import insert, update

from app.services.audit import record
from app.services.drafting import table
from app.services.signatures import new_secret

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session


ENDED = "Given up, as the webhook has ended"


class Event(StrEnum):
    """What a webhook may be told of."""

    release_published = "release.published"
    """A release came into force."""
    status_changed = "status.changed"
    """Measures became missed or recovered with a release."""
    action_overdue = "action.overdue"
    """An action became overdue."""


class Change(NamedTuple):
    """Who does something, why, and when."""

    actor: str
    reason: str
    at: datetime


class NewWebhook(NamedTuple):
    """A webhook as it was made: the only time that its secret is told."""

    id: int
    secret: str


def create_webhook(
    session: Session, organisation_id: str, url: str, events: Collection[Event], change: Change
) -> NewWebhook:
    """Tell an address, which was checked, of some events in an organisation from now on. Does not commit.

    The audit has where it is sent, and not the whole address: there may be a password in that.
    """
    webhooks, secret = table("webhook"), new_secret()
    wanted = ",".join(event for event in Event if event in events)
    made = {
        "organisation_id": organisation_id,
        "url": url,
        "events": wanted,
        "secret": secret,
        "made_by": change.actor,
        "made_at": change.at,
    }
    number = session.execute(insert(webhooks).values(made).returning(webhooks.c.id)).scalar_one()
    said = {"webhook": number, "host": Url(url).host, "events": wanted}
    record(session, organisation_id, change.actor, "make_webhook", change.reason, detail=said)
    return NewWebhook(number, secret)


def end_webhook(session: Session, webhook_id: int, change: Change) -> None:
    """Tell an address nothing any more, and give up what still waits. Does not commit.

    One that has ended stays as it is.
    """
    webhooks, deliveries = table("webhook"), table("webhook_delivery")
    standing = update(webhooks).where(webhooks.c.id == webhook_id, webhooks.c.ended_at.is_(None))
    ended = standing.values(ended_at=change.at).returning(webhooks.c.organisation_id)
    owner = session.scalars(ended).one_or_none()
    if owner is not None:
        said = {"webhook": webhook_id}
        record(session, owner, change.actor, "end_webhook", change.reason, detail=said)
    waiting = update(deliveries).where(
        deliveries.c.webhook_id == webhook_id, deliveries.c.next_at.is_not(None)
    )
    session.execute(waiting.values(next_at=None, given_up_at=change.at, outcome=ENDED))
