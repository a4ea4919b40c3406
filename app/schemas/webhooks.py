"""Webhooks on the wire: who is told of what, and what became of telling them."""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.queries.webhooks import DELIVERIES, WEBHOOKS
from app.schemas.queries import Order, Paging, View, Words
from app.schemas.releases import Instant
from app.schemas.wire import Page, Wire, example
from app.schemas.writes.fields import Name
from app.services.webhooks import Event

_WEBHOOK = {
    "id": 1,
    "organisation": "barnet",
    "url": "https://portal.example.org/told",
    "events": ["release.published", "status.changed"],
    "made_by": "key:7d3kq9wx",
    "made_at": "2011-11-03T09:00:00.000000Z",
    "ended_at": None,
}


_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="  # noqa: S105 - an example, and nobody's


class DeliveryState(StrEnum):
    """Whether a message is still to be taken, was taken, or was given up: a dead letter."""

    waiting = "waiting"
    delivered = "delivered"
    dead = "dead"


class _AsItIs(Paging):
    """Paging through what is read as it is now: it has no drafts and no releases."""

    view: ClassVar[Literal[View.released]] = View.released  # type: ignore[misc]  # facts are asked this, not these
    as_of: ClassVar[None] = None  # type: ignore[misc]  # as above


class WebhookQuery(_AsItIs):
    """What the list of webhooks may be asked."""

    organisation: Words = []
    """Only webhooks of this organisation, such as `barnet`; repeat for more than one."""
    sort: Annotated[str, Order(WEBHOOKS)] = "id"
    """The column to sort by."""


class DeliveryQuery(_AsItIs):
    """What the list of a webhook's messages may be asked."""

    state: Annotated[list[DeliveryState], Field(max_length=10)] = []
    """Only messages in this state; `dead` are those given up. Repeat for more than one."""
    sort: Annotated[str, Order(DELIVERIES)] = "-made_at"
    """The column to sort by."""


class WebhookIn(BaseModel):
    """An address to be told of what happens in an organisation."""

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "organisation": "barnet",
                    "url": "https://portal.example.org/told",
                    "events": ["release.published", "status.changed"],
                }
            ]
        },
    )

    organisation: Name
    """The id of the organisation."""
    url: Annotated[str, Field(min_length=1, max_length=2000, examples=["https://portal.example.org/told"])]
    """Where messages are sent: https, at a public address, without a user name or a password."""
    events: Annotated[list[Event], Field(min_length=1, max_length=len(Event))]
    """What it is told of: releases that come into force, measures that became missed or recovered with one,
    actions that became overdue."""


class WebhookOut(Wire):
    """An address that is told of what happens in an organisation."""

    model_config = example(**_WEBHOOK)

    id: int
    """The webhook's id."""
    organisation: str
    """The organisation that it is told of."""
    url: str
    """Where messages are sent."""
    events: list[Event]
    """What it is told of."""
    made_by: str
    """Who made it."""
    made_at: Instant
    """When it was made; it is told of nothing before that."""
    ended_at: Instant | None
    """When it ended; null while messages are sent. An answer of 410 ends it too."""


class WebhookMade(WebhookOut):
    """A webhook that was just made, with its secret."""

    model_config = example(**_WEBHOOK, secret=_SECRET)

    secret: str
    """What messages are signed with, as the Standard Webhooks specification says. It is not shown again."""


class WebhookPage(Page):
    """A page of webhooks."""

    items: list[WebhookOut]
    """The webhooks."""


class DeliveryOut(Wire):
    """A message to a webhook, and what became of it.

    It is tried at once, and if it is not taken after 5 seconds, 5 minutes, half an hour, 2, 5, 10, 14, 20
    and 24 hours more, each drawn out by chance; then it is given up.
    """

    model_config = example(
        id="msg_5f1d2c6a9b3e4f708192a3b4c5d6e7f8",
        webhook=1,
        event="release.published",
        state="waiting",
        made_at="2011-11-03T09:00:00.000000Z",
        attempts=1,
        next_at="2011-11-03T09:00:05.400000Z",
        delivered_at=None,
        given_up_at=None,
        outcome="Answered 503",
    )

    id: str
    """The message's id, sent as `webhook-id`; the same at every attempt, and when it is replayed."""
    webhook: int
    """The id of the webhook."""
    event: Event
    """What it tells of."""
    state: DeliveryState
    """Waiting to be taken, delivered, or dead: given up."""
    made_at: Instant
    """When it happened that is told."""
    attempts: int
    """How often it was tried since it was made or replayed."""
    next_at: Instant | None
    """When it is tried next; null where it is delivered or dead."""
    delivered_at: Instant | None
    """When it was taken."""
    given_up_at: Instant | None
    """When it was given up."""
    outcome: str | None
    """What the last attempt came to, in a few words."""


class DeliveryPage(Page):
    """A page of messages."""

    items: list[DeliveryOut]
    """The messages."""
