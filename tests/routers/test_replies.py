"""The contract around tiny applications: what holds whatever they send, and however they fail."""

import logging
from collections.abc import AsyncIterator

import pytest
from httpx import Response
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.routers.cache import Cache
from app.routers.contract import Contract
from app.routers.replies import LONGEST_HELD
from tests.routers.problem_documents import check_problem
from tests.routers.serving import NO_OFFERS, speaking_to

CHUNK = b"x" * 65_536
HELD = LONGEST_HELD // len(CHUNK)
SECRET = "password=hunter2"  # noqa: S105 - what must not be told


async def chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield CHUNK


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


async def never() -> int:
    raise AssertionError


def around(app: ASGIApp) -> ASGIApp:
    """An application behind the contract, none of whose answers are kept."""
    return Cache(Contract(app, lambda: NO_OFFERS), 0, never)


async def answer_of(app: ASGIApp, method: str = "GET", path: str = "/", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with speaking_to(around(app)) as client:
        return await client.request(method, path, headers=named)


async def converse(app: ASGIApp, sent: list[Message], method: str = "GET") -> None:
    """Ask an application under contract, and note each message as it goes out."""

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    version = {"version": "3.0", "spec_version": "2.4"}
    scope = {
        "type": "http",
        "asgi": version,
        "method": method,
        "path": "/",
        "query_string": b"",
        "headers": [],
    }
    await around(app)(scope, receive, send)


async def test_parts_of_a_short_answer_go_out_as_one_with_a_tag() -> None:
    in_parts = await answer_of(answering(start(), body(b"one ", more=True), body(b"two")))
    at_once = await answer_of(PlainTextResponse("one two"))

    assert in_parts.content == b"one two"
    assert in_parts.headers["content-length"] == "7"
    assert in_parts.headers["etag"] == at_once.headers["etag"]


async def test_one_text_in_two_codings_has_two_tags() -> None:
    plain = await answer_of(answering(start(), body(b"text")))
    coded = await answer_of(answering(start((b"content-encoding", b"br")), body(b"\x0b\x01\x80text\x03")))

    assert plain.headers["etag"] != coded.headers["etag"]


async def test_as_much_as_may_be_held_is_tagged() -> None:
    answer = await answer_of(StreamingResponse(chunks(HELD)))

    assert len(answer.content) == LONGEST_HELD
    assert "etag" in answer.headers


async def test_a_longer_answer_is_whole_and_has_no_tag() -> None:
    answer = await answer_of(StreamingResponse(chunks(HELD + 2)), if_none_match="*")

    assert answer.status_code == 200
    assert len(answer.content) == LONGEST_HELD + 2 * len(CHUNK)
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "public, max-age=60"


async def test_a_longer_answer_goes_out_while_it_is_made() -> None:
    sent: list[Message] = []
    gone_out: list[int] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(start())
        for _ in range(HELD + 3):
            await send(body(CHUNK, more=True))
            gone_out.append(len(sent))
        await send(body(b""))

    await converse(app, sent)

    assert gone_out == [0] * HELD + [2, 3, 4]


async def test_head_ends_an_endless_answer() -> None:
    sent: list[Message] = []
    made: list[bytes] = []

    async def endless() -> AsyncIterator[bytes]:
        while len(made) < 2 * HELD:
            made.append(CHUNK)
            yield CHUNK

    await converse(StreamingResponse(endless()), sent, "HEAD")

    assert len(made) == HELD + 1
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[1]["body"] == b""


async def test_head_has_the_length_of_the_body_it_leaves_out() -> None:
    answer = await answer_of(answering(start(), body(b"one "), body(b"two")), "HEAD")

    assert answer.headers["content-length"] == "4"
    assert answer.content == b""


async def test_an_applications_own_tag_is_kept() -> None:
    tagged = StreamingResponse(chunks(1000), headers={"ETag": 'W/"mine"'})

    answer = await answer_of(tagged, if_none_match='"yours", "mine"')

    assert answer.status_code == 304
    assert answer.headers["etag"] == 'W/"mine"'


@pytest.mark.parametrize(
    ("if_none_match", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ("*", 304),
        (' "a,b" ,{tag}', 304),
        ('"other"', 200),
        ("{tag}x", 304),
        ("x{tag[1]}", 200),
        ("", 200),
    ],
)
async def test_a_tag_is_looked_for_in_a_list(if_none_match: str, status: int) -> None:
    app = PlainTextResponse("text")
    tag = (await answer_of(app)).headers["etag"]

    answer = await answer_of(app, if_none_match=if_none_match.format(tag=tag))

    assert answer.status_code == status


async def test_tags_sent_in_two_headers_are_one_list() -> None:
    app = PlainTextResponse("text")
    tag = (await answer_of(app)).headers["etag"]
    async with speaking_to(around(app)) as client:
        answer = await client.get("/", headers=[("If-None-Match", '"a"'), ("If-None-Match", tag)])

    assert answer.status_code == 304


@pytest.mark.parametrize(("method", "status"), [("POST", 200), ("GET", 201), ("GET", 404)])
async def test_what_is_not_a_read_that_succeeded_has_no_tag(method: str, status: int) -> None:
    answer = await answer_of(answering(start(status=status), body(b"text")), method, if_none_match="*")

    assert answer.status_code == status
    assert not {"etag", "cache-control"} & set(answer.headers)
    assert answer.headers["vary"] == "Authorization, Accept, Accept-Encoding"


async def test_what_must_not_be_stored_goes_out_at_once_untagged() -> None:
    app = answering(
        start((b"cache-control", b"no-store")), body(b"event", more=True), error=ConnectionError()
    )
    sent: list[Message] = []

    with pytest.raises(ConnectionError):
        await converse(app, sent)

    assert [message.get("body") for message in sent] == [None, b"event"]


async def test_a_credential_makes_any_answer_private() -> None:
    app = PlainTextResponse("text", headers={"Cache-Control": "public, max-age=3600"})

    answers = [await answer_of(app), await answer_of(app, authorization="Basic eDp5")]

    said = [answer.headers.get_list("cache-control") for answer in answers]
    assert said == [["public, max-age=3600"], ["private, no-store"]]


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        (["Cookie"], "Cookie, Authorization, Accept, Accept-Encoding"),
        (["accept, Cookie", "Origin"], "accept, Cookie, Origin, Authorization, Accept-Encoding"),
        (["*"], "*"),
    ],
)
async def test_what_an_application_varies_by_is_kept(said: list[str], answered: str) -> None:
    headers = [(b"vary", value.encode()) for value in said]

    answer = await answer_of(answering(start(*headers), body(b"text")))

    assert answer.headers.get_list("vary") == [answered]


@pytest.mark.parametrize(
    "sent", [[], [start()], [start((b"etag", b'"a"'))], [start(), body(b"half of it", more=True)]]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_failure_before_anything_went_out_is_a_problem(
    caplog: pytest.LogCaptureFixture, sent: list[Message], method: str
) -> None:
    answer = await answer_of(answering(*sent, error=RuntimeError(SECRET)), method)

    assert answer.status_code == 500
    assert (answer.content == b"") is (method == "HEAD")
    assert int(answer.headers["content-length"]) > 0
    assert SECRET in caplog.text


async def test_a_failure_is_found_in_the_log_by_its_number(caplog: pytest.LogCaptureFixture) -> None:
    answer = await answer_of(answering(error=RuntimeError(SECRET)), path="/a%0Ab")

    problem = check_problem(answer, 500, "internal-error")
    [record] = caplog.records
    number = problem["detail"].removesuffix(".").split()[-1]
    assert number in record.getMessage()
    assert record.levelno == logging.ERROR
    assert "\n" not in record.getMessage()
    assert SECRET not in answer.text


async def test_a_failure_once_something_went_out_breaks_the_answer_off() -> None:
    app = answering(start(), body(b"x" * (LONGEST_HELD + 1), more=True), error=ConnectionError())
    sent: list[Message] = []

    with pytest.raises(ConnectionError):
        await converse(app, sent)

    assert [message.get("more_body") for message in sent] == [None, True]


async def test_what_is_not_http_is_left_alone() -> None:
    seen: list[Scope] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    async def unused(*_: object) -> Message:
        raise AssertionError

    scope = {"type": "websocket", "path": "/\0"}
    await around(app)(scope, unused, unused)  # type: ignore[arg-type]  # a scope of the test's own, never answered

    assert seen == [scope]
