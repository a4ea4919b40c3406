"""Webhooks and what was sent to them, for those who administer an organisation; never a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, FromClause, String, Subquery, case, literal_column, select

from app.entities import Organisation, Webhook, WebhookDelivery
from app.queries.columns import fields
from app.queries.listings import Listing
from app.queries.visibility import table

if TYPE_CHECKING:
    from app.db.compiler import Dialect
    from app.queries.editions import Edition, Reading

WEBHOOK_FIELDS = (
    *fields("id", "number"),
    *fields("organisation url events made_by made_at ended_at"),
)
DELIVERY_FIELDS = (
    *fields("id"),
    *fields("webhook", "number"),
    *fields("event state made_at"),
    *fields("attempts", "number"),
    *fields("next_at delivered_at given_up_at outcome"),
)


def organisations_known(reading: Reading) -> list[str]:
    """The ids of all organisations there are, released or not."""
    organisation = table(Organisation, "o")
    return list(reading.execute(select(organisation.c.id).order_by(organisation.c.id)).scalars())


def _webhooks(edition: Edition) -> Subquery:
    w = table(Webhook, "w")
    return select(
        *(w.c[name] for name in ("id", "url", "events", "made_by")),
        w.c.organisation_id.label("organisation"),
        *(_instant(w, name, edition.dialect) for name in ("made_at", "ended_at")),
    ).subquery("r")


def _deliveries(edition: Edition) -> Subquery:
    d = table(WebhookDelivery, "d")
    state = case(
        (d.c.next_at.is_not(None), literal_column("'waiting'")),
        (d.c.delivered_at.is_not(None), literal_column("'delivered'")),
        else_=literal_column("'dead'"),
    )
    instants = ("made_at", "next_at", "delivered_at", "given_up_at")
    return select(
        *(d.c[name] for name in ("id", "event", "attempts", "outcome")),
        d.c.webhook_id.label("webhook"),
        state.label("state"),
        *(_instant(d, name, edition.dialect) for name in instants),
    ).subquery("r")


def _instant(row: FromClause, name: str, dialect: Dialect) -> ColumnElement[str]:
    """A moment as RFC 3339 writes it, in UTC to the microsecond, so that it sorts as a text."""
    if dialect == "sqlite":
        return literal_column(f"replace({row.c[name]}, ' ', 'T') || 'Z'", String()).label(name)
    return literal_column(
        f"""to_char({row.c[name]} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""", String()
    ).label(name)


WEBHOOKS = Listing("webhooks", WEBHOOK_FIELDS, _webhooks)
DELIVERIES = Listing("deliveries", DELIVERY_FIELDS, _deliveries)
