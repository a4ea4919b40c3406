"""The contract around tiny applications: what holds whatever they send, and however they fail."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient, Response
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import NotFound
from app.routers.contract import Contract
from app.routers.replies import LONGEST_HELD
from tests.routers.problem_documents import check_problem
from tests.routers.serving import NO_OFFERS, speaking_to

CHUNK = b"x" * 65_536
CHUNKS_HELD = LONGEST_HELD // len(CHUNK)


def answering(*messages: Message, error: Exception | None = None) -> ASGIApp:
    """An application that sends messages, and then fails if it is told to."""

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)
        if error is not None:
            raise error

    return app


def start(*headers: tuple[bytes, bytes], status: int = 200) -> Message:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(content: bytes, *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": more}


async def answer_of(
    app: ASGIApp, method: str = "GET", path: str = "/", **headers: str
) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with speaking_to(Contract(app, lambda: NO_OFFERS)) as client:
        return await client.request(method, path, headers=named)


async def sent_by(app: ASGIApp, method: str = "GET") -> list[Message]:
    """Every message that goes out through the contract, as it goes out."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "method": method,
        "path": "/",
        "query_string": b"",
        "headers": [],
    }
    try:
        await Contract(app, lambda: NO_OFFERS)(scope, receive, send)
    except ConnectionError:
        sent.append({"type": "raised"})
    return sent


async def chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield CHUNK


async def test_parts_of_a_short_answer_are_sent_as_one_with_a_tag() -> None:
    parts = answering(start(), body(b"one ", more=True), body(b"two", more=True), body(b""))

    in_parts, at_once = await answer_of(parts), await answer_of(PlainTextResponse("one two"))

    assert in_parts.content == b"one two"
    assert in_parts.headers["content-length"] == "7"
    assert in_parts.headers["etag"] == at_once.headers["etag"]


async def test_bodies_that_differ_have_tags_that_differ() -> None:
    plain = await answer_of(PlainTextResponse("one"))
    coded = await answer_of(
        PlainTextResponse(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    )

    assert plain.headers["etag"] != coded.headers["etag"]


async def test_as_much_as_is_held_is_tagged() -> None:
    answer = await answer_of(StreamingResponse(chunks(CHUNKS_HELD)))

    assert len(answer.content) == LONGEST_HELD
    assert "etag" in answer.headers


async def test_a_longer_answer_is_passed_on_untagged() -> None:
    answer = await answer_of(StreamingResponse(chunks(CHUNKS_HELD + 2)))

    assert len(answer.content) == LONGEST_HELD + 2 * len(CHUNK)
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "public, max-age=60"


async def test_a_longer_answer_is_passed_on_while_it_is_made() -> None:
    sent_when_made: list[int] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(start())
        for _ in range(CHUNKS_HELD + 3):
            await send(body(CHUNK, more=True))
            sent_when_made.append(len(sent))
        await send(body(b""))

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await app({}, _nothing, Contract_send(send))

    assert sent_when_made[CHUNKS_HELD - 1] == 0
