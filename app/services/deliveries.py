"""Messages to webhooks: written with what they tell of, claimed by one sender, kept until they are taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.errors import Conflict
from app.services.audit import record
from app.services.drafting import table
from app.services.signatures import message_id
from app.services.webhooks import ENDED, Change, Event, end_webhook

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.sending import Sent

LEASE = timedelta(minutes=2)
"""How long a claimed message is one sender's alone; longer than an attempt takes."""
AT_ONCE = 20
"""How many messages are claimed together."""
FOR_ONE = 4
"""How many of those are for one webhook, at most: others do not wait for one that is slow."""
RETRIES = tuple(
    timedelta(**wait)
    for wait in (
        {"seconds": 5},
        {"minutes": 5},
        {"minutes": 30},
        {"hours": 2},
        {"hours": 5},
        {"hours": 10},
        {"hours": 14},
        {"hours": 20},
        {"hours": 24},
    )
)
"""How long to wait after each attempt that failed, before jitter; then a message is given up.

As the Standard Webhooks specification recommends: three days in all.
"""
LONGEST_WAIT = timedelta(days=1)
JITTER = 0.2
"""By which part of itself a wait is drawn out at most."""


DELIVERER = "deliverer"
"""Who acts where a receiver's answer ends its webhook."""


class Announcement(NamedTuple):
    """One thing to tell of an organisation; `subject` names it among all of its event."""

    organisation: str
    event: Event
    subject: str
    at: datetime
    data: Mapping[str, Any]


class Message(NamedTuple):
    """A message that is one sender's until its lease ends."""

    id: str
    webhook_id: int
    url: str
    secret: str
    payload: str
    attempts: int
    leased_until: datetime


def announce(session: Session, announcement: Announcement) -> int:
    """Write a message to every webhook that was there and wanted it; say how many. Does not commit.

    What was announced before is not announced again, whoever else announces it at the same time.
    """
    webhooks, event = table("webhook"), announcement.event
    query = select(webhooks.c.id, webhooks.c.secret, webhooks.c.events).where(
        webhooks.c.organisation_id == announcement.organisation,
        webhooks.c.ended_at.is_(None),
        webhooks.c.made_at <= announcement.at,
    )
    payload = orjson.dumps(
        {"type": event, "timestamp": announcement.at, "data": announcement.data}, option=orjson.OPT_UTC_Z
    )
    messages = [
        {
            "id": message_id(secret, event, announcement.subject),
            "webhook_id": webhook,
            "event": event.value,
            "payload": payload.decode(),
            "made_at": announcement.at,
            "next_at": announcement.at,
            "attempts": 0,
        }
        for webhook, secret, events in session.execute(query)
        if event in events.split(",")
    ]
    if not messages:
        return 0
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    deliveries = table("webhook_delivery")
    statement = dialect.insert(deliveries).on_conflict_do_nothing().returning(deliveries.c.id)
    return len(session.scalars(statement, messages).all())


def announce_all(session: Session, announcements: Iterable[Announcement]) -> int:
    """Announce several things; say how many messages that were. Does not commit."""
    return sum(announce(session, announcement) for announcement in announcements)


def claim_messages(session: Session, now: datetime) -> list[Message]:
    """Some of the messages that are due, to be sent by whoever claims them. Does not commit.

    Each is an attempt from now on; where the sender fails it is due again when its lease ends.
    """
    deliveries, webhooks = table("webhook_delivery"), table("webhook")
    order = (deliveries.c.next_at, deliveries.c.id)
    place = func.row_number().over(partition_by=deliveries.c.webhook_id, order_by=order).label("place")
    placed = select(*order, place).where(deliveries.c.next_at <= now).subquery("placed")
    due = select(placed.c.id).where(placed.c.place <= FOR_ONE)
    due = due.order_by(placed.c.next_at, placed.c.id).limit(AT_ONCE)
    until = now + LEASE
    claim = (
        update(deliveries)
        .where(deliveries.c.id.in_(due.scalar_subquery()), deliveries.c.next_at <= now)
        .values(next_at=until, attempts=deliveries.c.attempts + 1)
        .returning(deliveries.c.id)
    )
    claimed = session.scalars(claim).all()
    query = (
        select(
            deliveries.c.id,
            deliveries.c.webhook_id,
            webhooks.c.url,
            webhooks.c.secret,
            deliveries.c.payload,
            deliveries.c.attempts,
        )
        .join(webhooks, webhooks.c.id == deliveries.c.webhook_id)
        .where(deliveries.c.id.in_(claimed), webhooks.c.ended_at.is_(None))
        .order_by(deliveries.c.made_at, deliveries.c.id)
    )
    messages = [Message(*row, leased_until=until) for row in session.execute(query)]
    if ended := set(claimed) - {message.id for message in messages}:
        give_up = update(deliveries).where(deliveries.c.id.in_(ended))
        session.execute(give_up.values(next_at=None, given_up_at=now, outcome=ENDED))
    return messages


def settle_message(session: Session, message: Message, sent: Sent, now: datetime, jitter: float) -> None:
    """Note what an attempt came to: delivered, due again, or given up. Does not commit.

    `jitter` from 0 to 1 draws the wait out. A receiver that is gone for good ends its webhook. What
    another has claimed since, as the lease had ended, is left to them.
    """
    deliveries = table("webhook_delivery")
    wait = _wait(message.attempts, sent, jitter)
    state: dict[str, datetime | None] = {"next_at": None}
    if sent.taken:
        state["delivered_at"] = now
    elif wait is None:
        state["given_up_at"] = now
    else:
        state["next_at"] = now + wait
    mine = (deliveries.c.id == message.id, deliveries.c.next_at == message.leased_until)
    session.execute(update(deliveries).where(*mine).values(outcome=sent.outcome, **state))
    if sent.gone:
        gone = Change(DELIVERER, "The receiver answered that it is gone", now)
        end_webhook(session, message.webhook_id, gone)


def _wait(attempts: int, sent: Sent, jitter: float) -> timedelta | None:
    if sent.gone or attempts > len(RETRIES):
        return None
    asked = min(timedelta(seconds=sent.retry_after), LONGEST_WAIT)
    return max(RETRIES[attempts - 1] * (1 + JITTER * jitter), asked)


def replay_message(session: Session, message: str, change: Change) -> None:
    """Send a message once more, with all its attempts before it; it keeps its id. Does not commit.

    One that still waits stays as it is. Raises Conflict where its webhook has ended.
    """
    deliveries, webhooks = table("webhook_delivery"), table("webhook")
    query = (
        select(webhooks.c.id, webhooks.c.organisation_id, webhooks.c.ended_at)
        .join(deliveries, deliveries.c.webhook_id == webhooks.c.id)
        .where(deliveries.c.id == message)
    )
    webhook = session.execute(query).one()
    if webhook.ended_at is not None:
        raise Conflict("The webhook has ended; nothing is sent to it any more.")
    again = update(deliveries).where(deliveries.c.id == message, deliveries.c.next_at.is_(None))
    afresh = again.values(next_at=change.at, attempts=0, delivered_at=None, given_up_at=None, outcome=None)
    if session.scalars(afresh.returning(deliveries.c.id)).one_or_none() is not None:
        said = {"webhook": webhook.id, "message": message}
        record(session, webhook.organisation_id, change.actor, "replay_message", change.reason, detail=said)
