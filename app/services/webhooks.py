"""Who is told of what happens in an organisation: webhooks made and ended."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import insert, update

from app.services.drafting import table
from app.services.signatures import new_secret

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session


class Event(StrEnum):
    """What a webhook may be told of."""

    release_published = "release.published"
    """A release came into force."""
    status_changed = "status.changed"
    """Measures became missed or recovered with a release."""
    action_overdue = "action.overdue"
    """An action became overdue."""


class NewWebhook(NamedTuple):
    """A webhook as it was made: the only time that its secret is told."""

    id: int
    secret: str


def create_webhook(  # noqa: PLR0913 - a webhook's own fields, by name
    session: Session,
    organisation_id: str,
    *,
    url: str,
    events: Collection[Event],
    made_by: str,
    now: datetime,
) -> NewWebhook:
    """Tell an address, which was checked, of some events in an organisation from now on. Does not commit."""
    webhooks, secret = table("webhook"), new_secret()
    made = {
        "organisation_id": organisation_id,
        "url": url,
        "events": ",".join(event for event in Event if event in events),
        "secret": secret,
        "made_by": made_by,
        "made_at": now,
    }
    number = session.execute(insert(webhooks).values(made).returning(webhooks.c.id)).scalar_one()
    return NewWebhook(number, secret)


def end_webhook(session: Session, webhook_id: int, now: datetime, outcome: str) -> bool:
    """Tell an address nothing any more, and give up what still waits. Does not commit.

    `outcome` is noted with what is given up. Whether it had not ended before.
    """
    webhooks, deliveries = table("webhook"), table("webhook_delivery")
    standing = update(webhooks).where(webhooks.c.id == webhook_id, webhooks.c.ended_at.is_(None))
    ended = session.scalars(standing.values(ended_at=now).returning(webhooks.c.id)).one_or_none()
    waiting = update(deliveries).where(
        deliveries.c.webhook_id == webhook_id, deliveries.c.next_at.is_not(None)
    )
    session.execute(waiting.values(next_at=None, given_up_at=now, outcome=outcome))
    return ended is not None
