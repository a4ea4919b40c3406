"""Webhooks and announcements made up for tests."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.services.deliveries import Announcement, announce
from app.services.drafting import table
from app.services.webhooks import Change, Event, NewWebhook, create_webhook

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
EVERY_EVENT = tuple(Event)


def add_organisation(session: Session, name: str = "council") -> None:
    """Add a council, once."""
    organisations = table("organisation")
    if session.scalar(select(organisations.c.id).where(organisations.c.id == name)) is None:
        session.execute(insert(organisations).values(id=name, name=name, area_code="E07000999"))


def make_webhook(
    session: Session,
    *,
    url: str = "https://example.org/told",
    events: tuple[Event, ...] = EVERY_EVENT,
    made_at: datetime = NOON,
    organisation: str = "council",
) -> NewWebhook:
    """A webhook of a council."""
    add_organisation(session, organisation)
    return create_webhook(session, organisation, url, events, Change("tests", "Tried out", made_at))


def make_announcement(
    *,
    event: Event = Event.release_published,
    subject: str = "1",
    at: datetime = NOON,
    organisation: str = "council",
) -> Announcement:
    """Something to tell."""
    return Announcement(organisation, event, subject, at, {"subject": subject})


def make_message(session: Session, subject: str = "1", at: datetime = NOON) -> None:
    """A message to one new webhook, due at once."""
    make_webhook(session)
    assert announce(session, make_announcement(subject=subject, at=at)) >= 1


def delivery(session: Session) -> dict[str, Any]:
    """The one delivery that there is; its instants in UTC on either database."""
    row = session.execute(select(table("webhook_delivery"))).mappings().one()
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
        for name, value in row.items()
    }
