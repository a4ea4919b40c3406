"""Who is told of what happens, and what became of telling them."""

from datetime import datetime

from sqlalchemy import DateTime
from sqlmodel import Field, SQLModel


class Webhook(SQLModel, table=True):
    """An address that is told of some kinds of event in an organisation; its secret signs what it is told."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id", index=True)
    url: str
    events: str
    """The kinds of event, separated by commas."""
    secret: str
    made_by: str
    made_at: datetime = Field(sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class WebhookDelivery(SQLModel, table=True):
    """One message to one address: written with what it tells of, sent afterwards until it is taken.

    It is due at `next_at`; without that it has been delivered or given up.
    """

    __tablename__ = "webhook_delivery"

    id: str = Field(primary_key=True)
    """The message's id, the same at every attempt."""
    webhook_id: int = Field(foreign_key="webhook.id", index=True)
    event: str
    payload: str
    """The body, as JSON."""
    made_at: datetime = Field(sa_type=DateTime(timezone=True))
    attempts: int
    next_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True), index=True)
    delivered_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    given_up_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    outcome: str | None = None
    """What the last attempt came to, in a few words."""
