"""Webhooks: who is told of what happens in an organisation, for those who administer it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from app.db.moments import instant_text
from app.db.writing import Writer
from app.errors import Fault, Forbidden, NotFound
from app.queries import listings
from app.queries.columns import Row
from app.queries.editions import Reading
from app.queries.listings import Filter, Listing
from app.queries.organisations import ORGANISATIONS
from app.queries.webhooks import DELIVERIES, WEBHOOKS, organisations_known
from app.routers.bodies import body_of, read_json, refused
from app.routers.callers import Known
from app.routers.cursors import write_cursor
from app.routers.deps import Read, RowId, asked, json_response, page_response
from app.routers.writing import IdempotencyKey, Reason, answered, bytes_of, json_answer
from app.schemas.faults import faults_of
from app.schemas.messages import ActionOverdue, ReleasePublished, StatusChanged
from app.schemas.queries import Paging
from app.schemas.webhooks import (
    DeliveryOut,
    DeliveryPage,
    DeliveryQuery,
    WebhookIn,
    WebhookMade,
    WebhookOut,
    WebhookPage,
    WebhookQuery,
)
from app.services import deliveries, webhooks
from app.services.addresses import RefusedAddressError, checked_url
from app.services.permissions import Caller, Role
from app.services.repeats import Answer
from app.services.webhooks import Change, Event
from app.settings import Settings

router = APIRouter(prefix="/v1", tags=["webhooks"])
messages = APIRouter(tags=["webhooks"], generate_unique_id_function=lambda route: route.name)
"""What receivers are sent, for the description alone."""

MessageId = Annotated[
    str,
    Path(description="The message's id.", examples=["msg_5f1d2c6a9b3e4f708192a3b4c5d6e7f8"], max_length=100),
]


@router.post(
    "/webhooks",
    status_code=201,
    response_model=WebhookMade,
    openapi_extra=body_of(WebhookIn),
)
async def create_webhook(
    request: Request, who: Known, read: Read, reason: Reason, key: IdempotencyKey = None
) -> Response:
    """Have an address told of what happens in an organisation from now on; the secret is shown this once."""
    body = await read_json(request)
    wanted = _wanted(body)
    chosen: Settings = request.app.state.settings
    url = _checked(wanted.url, private=chosen.webhook_private)
    await read(_check_organisation, who, wanted.organisation)

    def work(session: Session) -> Answer:
        said, now = wanted.model_dump(), datetime.now(UTC)
        change = Change(who.name, reason, now)
        made = webhooks.create_webhook(session, wanted.organisation, url, wanted.events, change)
        told = {"url": url, "events": [event for event in Event if event in wanted.events]}
        row = {"id": made.id, **said, **told, "made_by": who.name, "made_at": instant_text(now)}
        whole = {**row, "ended_at": None, "secret": made.secret}
        return json_answer(201, whole, Location=f"/v1/webhooks/{made.id}")

    return await answered(request, who, key, bytes_of(body), work)


@router.get("/webhooks", response_model=WebhookPage)
async def list_webhooks(
    query: Annotated[WebhookQuery, Query()], request: Request, who: Known, read: Read
) -> Response:
    """The webhooks of the organisations that the caller administers, those that have ended too."""
    return await read(_webhooks, query, request, who)


@router.get("/webhooks/{id}", response_model=WebhookOut)
async def get_webhook(row_id: RowId, who: Known, read: Read) -> Response:
    """One webhook, without its secret."""
    return json_response(_told(await read(_webhook, row_id, who)))


@router.delete("/webhooks/{id}", status_code=204, response_class=Response)
async def delete_webhook(row_id: RowId, request: Request, who: Known, read: Read, reason: Reason) -> Response:
    """End a webhook: nothing is sent to it any more, and what still waits is given up. It stays listed."""
    await read(_webhook, row_id, who)
    write: Writer = request.app.state.writer
    await write(webhooks.end_webhook, row_id, Change(who.name, reason, datetime.now(UTC)))
    return Response(status_code=204)


@router.get("/webhooks/{id}/deliveries", response_model=DeliveryPage)
async def list_webhook_deliveries(
    row_id: RowId, query: Annotated[DeliveryQuery, Query()], request: Request, who: Known, read: Read
) -> Response:
    """The messages to a webhook: those that wait, those that were delivered, and those given up."""
    return await read(_deliveries, row_id, query, request, who)


@router.post(
    "/webhooks/{id}/deliveries/{delivery}/replay",
    status_code=202,
    response_model=DeliveryOut,
)
async def replay_webhook_delivery(
    row_id: RowId,
    delivery: MessageId,
    request: Request,
    who: Known,
    read: Read,
    reason: Reason,
) -> Response:
    """Send a message once more under its own id, be it dead or delivered; one that waits stays as it is."""
    await read(_delivery, row_id, delivery, who)
    write: Writer = request.app.state.writer
    await write(deliveries.replay_message, delivery, Change(who.name, reason, datetime.now(UTC)))
    response = json_response(await read(_delivery, row_id, delivery, who))
    response.status_code = 202
    return response


def _wanted(body: Any) -> WebhookIn:  # noqa: ANN401 - any JSON value
    try:
        return WebhookIn.model_validate(body)
    except ValidationError as error:
        raise refused(faults_of(error)) from None


def _checked(url: str, *, private: bool) -> str:
    try:
        return str(checked_url(url, private=private))
    except RefusedAddressError as error:
        raise refused([Fault("refused_address", str(error), pointer="/url")]) from None


def _check_organisation(reading: Reading, who: Caller, organisation: str) -> None:
    """Refuse an organisation that the caller does not administer; one that they cannot see is unknown."""
    administers = who.may(Role.administrator, organisation)
    if administers and organisation in organisations_known(reading):
        return
    if not administers and listings.one(reading, ORGANISATIONS, organisation) is not None:
        raise Forbidden(f"You may not administer {organisation}.")
    fault = Fault("unknown_value", "is the id of no organisation", pointer="/organisation")
    raise refused([fault])


def _webhook(reading: Reading, row_id: int, who: Caller) -> Row:
    """A webhook. Raises NotFound where there is none, or the caller does not administer its organisation."""
    row = listings.one(reading, WEBHOOKS, row_id)
    if isinstance(row, dict) and who.may(Role.administrator, row["organisation"]):
        return row
    raise NotFound(f"No webhooks row has the id {row_id}.")


def _delivery(reading: Reading, row_id: int, delivery: str, who: Caller) -> Row:
    _webhook(reading, row_id, who)
    row = listings.one(reading, DELIVERIES, delivery)
    if isinstance(row, dict) and row["webhook"] == row_id:
        return row
    raise NotFound(f"No deliveries row has the id {delivery}.")


def _webhooks(reading: Reading, query: WebhookQuery, request: Request, who: Caller) -> Response:
    theirs = [each for each in organisations_known(reading) if who.may(Role.administrator, each)]
    items, extra = _within(reading, WEBHOOKS, query, Filter("organisation", "in", tuple(theirs) or ("",)))
    return page_response([_told(row) for row in items], extra, request)


def _deliveries(
    reading: Reading, row_id: int, query: DeliveryQuery, request: Request, who: Caller
) -> Response:
    _webhook(reading, row_id, who)
    items, extra = _within(reading, DELIVERIES, query, Filter("webhook", "in", (row_id,)))
    return page_response(items, extra, request)


def _within(
    reading: Reading, listing: Listing, query: Paging, limit: Filter
) -> tuple[list[Row], dict[str, Any]]:
    """A page of the rows that a limit leaves, beside what the query asks; the cursor does not tell it."""
    question = asked(reading, listing, query)
    within = replace(question, filters=(*question.filters, limit))
    items, after = listings.page(reading, listing, within)
    cursor = None if after is None else write_cursor(listing, question, after)
    total = listings.total(reading, listing, within) if query.include_total else None
    return items, {"next_cursor": cursor, "total": total}


def _told(row: Row) -> Row:
    return {**row, "events": row["events"].split(",")}


_SIGNED = {
    "webhook-id": ("The message's id: the same at every attempt.", "msg_5f1d2c6a9b3e4f708192a3b4c5d6e7f8"),
    "webhook-timestamp": ("When this attempt was made, in seconds since 1970.", "1320310800"),
    "webhook-signature": (
        "`v1,` and the HMAC-SHA256 of id, timestamp and body joined by full stops, in base64.",
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
}
_HEADERS = [
    {
        "name": name,
        "in": "header",
        "required": True,
        "description": description,
        "schema": {"type": "string", "examples": [example]},
    }
    for name, (description, example) in _SIGNED.items()
]


def _sent(message: type[BaseModel]) -> dict[str, Any]:
    """How a message is described."""
    return {
        "status_code": 204,
        "response_description": "Any 2xx: the message is taken. 410 ends the webhook; else it is retried.",
        "openapi_extra": {**body_of(message), "parameters": _HEADERS},
    }


@messages.post(Event.release_published, **_sent(ReleasePublished))
async def release_published() -> None:
    """A release came into force; at once, or when its embargo ended."""


@messages.post(Event.status_changed, **_sent(StatusChanged))
async def status_changed() -> None:
    """Measures became missed or recovered with a release."""


@messages.post(Event.action_overdue, **_sent(ActionOverdue))
async def action_overdue() -> None:
    """An action became overdue: by its report, or as the day after its due date began in London."""
