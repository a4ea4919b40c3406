"""A message reaches a real server signed, under its own name, at the address that was checked."""

import json
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from app.services import sending
from app.services.deliveries import Message
from app.services.sending import Sender, Sent
from app.services.signatures import new_secret
from tests.services.receivers import Names, Receiver, certified, receiving

NAME = "receiver.example"
SECRET = new_secret()


def message_to(url: str) -> Message:
    payload = json.dumps({"type": "release.published", "data": {"note": "Prüfung"}}, ensure_ascii=False)
    return Message("msg_1", 1, url, SECRET, payload, 1, datetime.now(UTC))


async def send(url: str, names: Names | None = None, trusted: ssl.SSLContext | None = None) -> Sent:
    sender = Sender(private=True, trusted=trusted, **({"resolve": names} if names else {}))
    return await sender(message_to(url), datetime.now(UTC))


async def test_what_arrives_is_verified_by_the_reference_library() -> None:
    async with receiving(Receiver()) as receiver:
        sent = await send(receiver.url)

    [received] = receiver.received
    assert sent == Sent(taken=True, outcome="Answered 204")
    assert received.line == "POST /told HTTP/1.1"
    assert received.headers["content-type"] == "application/json"
    verified = Webhook(SECRET).verify(received.body, received.headers)
    assert verified["data"] == {"note": "Prüfung"}


@pytest.mark.parametrize(
    ("answer", "headers", "expected"),
    [
        ("200 OK", "", Sent(taken=True, outcome="Answered 200")),
        ("302 Found", "location: http://127.0.0.1/\r\n", Sent(taken=False, outcome="Answered 302")),
        ("410 Gone", "", Sent(taken=False, outcome="Answered 410", gone=True)),
        (
            "503 Service Unavailable",
            "retry-after: 120\r\n",
            Sent(taken=False, outcome="Answered 503", retry_after=120),
        ),
        ("429 Too Many", "retry-after: tomorrow\r\n", Sent(taken=False, outcome="Answered 429")),
    ],
)
async def test_an_answer_is_its_status_alone(answer: str, headers: str, expected: Sent) -> None:
    async with receiving(Receiver(answer=answer, headers=headers)) as receiver:
        assert await send(receiver.url) == expected

    assert receiver.connections == 1


async def test_a_name_keeps_its_host_and_its_certificate(tmp_path: Path) -> None:
    server, trusted = certified(NAME, tmp_path)
    asked: list[str | None] = []
    server.sni_callback = lambda _socket, name, _context: asked.append(name)
    async with receiving(Receiver(), server) as receiver:
        sent = await send(f"https://{NAME}:{receiver.port}/told", Names([["127.0.0.1"]]), trusted)

    assert sent.taken
    assert asked == [NAME]
    assert receiver.received[0].headers["host"] == f"{NAME}:{receiver.port}"


async def test_a_certificate_of_another_name_is_not_taken(tmp_path: Path) -> None:
    server, trusted = certified("other.example", tmp_path)
    async with receiving(Receiver(), server) as receiver:
        sent = await send(f"https://{NAME}:{receiver.port}/told", Names([["127.0.0.1"]]), trusted)

    assert sent == Sent(taken=False, outcome="Could not be reached")
    assert receiver.received == []


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"]],
)
async def test_a_name_that_leads_inside_is_not_connected_to(addresses: list[str]) -> None:
    async with receiving(Receiver()) as receiver:
        sender = Sender(resolve=Names([addresses]), trusted=ssl.create_default_context())
        sent = await sender(message_to(f"https://{NAME}:{receiver.port}/"), datetime.now(UTC))

    assert sent == Sent(taken=False, outcome="The address must be at a public address")
    assert receiver.connections == 0


async def test_a_name_that_changes_after_the_look_gains_nothing() -> None:
    names = Names([["127.0.0.1"], ["169.254.169.254"]])
    async with receiving(Receiver()) as receiver:
        sent = await send(f"http://{NAME}:{receiver.port}/told", names)

    assert sent.taken
    assert names.asked == [NAME]


async def test_the_next_address_of_a_name_is_tried() -> None:
    async with receiving(Receiver()) as receiver:
        sent = await send(f"http://{NAME}:{receiver.port}/", Names([["127.0.0.2", "127.0.0.1"]]))

    assert sent.taken
    assert receiver.connections == 1


async def test_nobody_there_is_an_outcome() -> None:
    async with receiving(Receiver()) as receiver:
        pass

    assert (await send(receiver.url)).outcome == "Could not be reached"
    assert (await send(f"http://{NAME}/", Names([[]]))).outcome == "Could not be reached"


async def test_a_receiver_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "STEP_SECONDS", 0.05)
    async with receiving(Receiver(answer=None)) as receiver:
        sent = await send(receiver.url)

    assert sent == Sent(taken=False, outcome="Took too long")
    assert len(receiver.received) == 1
