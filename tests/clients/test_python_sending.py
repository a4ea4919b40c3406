"""How the Python client sends: it waits when told, and does not repeat what may have been done."""

import importlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from httpx import AsyncClient, Client, MockTransport, Request, Response

Reply = tuple[int, dict[str, str], bytes]
"""A status, headers and a body."""

pytestmark = pytest.mark.usefixtures("importable")


class Script:
    """A service that answers in a written order, the last answer for ever; it notes what it is asked."""

    def __init__(self, *answers: Reply) -> None:
        self.answers = answers
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Response:
        """Answer the next request."""
        status, headers, content = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append(request)
        return Response(status, headers=headers, content=content)


def sending(script: Callable[[Request], Response], **chosen: float) -> Any:  # noqa: ANN401 - not there to be named
    """The transport, over a written service."""
    written = MockTransport(script)
    told = {"attempts": 4, "longest": 60, "keep": 128, **chosen}
    return importlib.import_module("outturn_client.sending").Sending(written, written, **told)


BUSY_NOW = (503, {"Retry-After": "0"}, b"")
TOO_MANY = (429, {"Retry-After": "0"}, b"")
DONE: Reply = (200, {}, b"done")
JSON = {"Content-Type": "application/json", "ETag": '"1"', "Cache-Control": "public, max-age=60"}


def test_a_busy_service_is_asked_again() -> None:
    script = Script(BUSY_NOW, TOO_MANY, DONE)

    with Client(transport=sending(script)) as client:
        answer = client.get("http://test/")

    assert (answer.status_code, len(script.asked)) == (200, 3)


async def test_a_busy_service_is_asked_again_by_an_async_client() -> None:
    script = Script(BUSY_NOW, TOO_MANY, DONE)

    async with AsyncClient(transport=sending(script)) as client:
        answer = await client.put("http://test/", json={"value": "1"})

    assert (answer.status_code, len(script.asked)) == (200, 3)
    assert {request.content for request in script.asked} == {b'{"value":"1"}'}


def test_it_is_not_asked_for_ever() -> None:
    script = Script(BUSY_NOW)

    with Client(transport=sending(script, attempts=3)) as client:
        answer = client.get("http://test/")

    assert (answer.status_code, len(script.asked)) == (503, 3)


def test_a_wait_that_is_too_long_is_not_begun() -> None:
    script = Script((503, {"Retry-After": "61"}, b""), DONE)

    with Client(transport=sending(script, longest=60)) as client:
        answer = client.get("http://test/")

    assert (answer.status_code, len(script.asked)) == (503, 1)


@pytest.mark.parametrize(
    ("answer", "headers", "times"),
    [(BUSY_NOW, {}, 1), (BUSY_NOW, {"Idempotency-Key": "first"}, 2), (TOO_MANY, {}, 2)],
    ids=["busy", "busy, with a key", "too many"],
)
def test_what_creates_is_sent_again_only_where_it_cannot_be_done_twice(
    answer: Reply, headers: dict[str, str], times: int
) -> None:
    script = Script(answer, DONE)

    with Client(transport=sending(script)) as client:
        client.post("http://test/", json={}, headers=headers)

    assert len(script.asked) == times


def test_a_body_that_is_gone_is_not_sent_again() -> None:
    script = Script(BUSY_NOW, DONE)

    with Client(transport=sending(script)) as client:
        client.put("http://test/", content=iter([b"once"]))

    assert len(script.asked) == 1


def test_a_wait_is_what_the_service_says_in_seconds_or_as_a_date_and_else_grows() -> None:
    wait_before = importlib.import_module("outturn_client.waiting").wait_before
    request = Request("GET", "http://test/")
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)

    def wait(attempt: int, **headers: str) -> float | None:
        found: float | None = wait_before(request, Response(503, headers=headers), attempt, 60)
        return found

    assert wait(1, **{"Retry-After": "7"}) == 7
    assert wait(1, **{"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"}) == 0
    assert 0 < (wait(1, **{"Retry-After": soon}) or 0) <= 50
    assert [wait(attempt) for attempt in (1, 2, 3)] == [0.5, 1, 2]
    assert wait(2, **{"Retry-After": "later"}) == 1


@pytest.mark.parametrize("status", [200, 400, 404, 500, 502])
def test_an_answer_is_an_answer(status: int) -> None:
    script = Script((status, {"Retry-After": "0"}, b""), DONE)

    with Client(transport=sending(script)) as client:
        assert client.get("http://test/").status_code == status


def test_what_has_not_changed_is_kept() -> None:
    script = Script((200, JSON, b'{"a": 1}'), (304, {"ETag": '"1"'}, b""))

    with Client(transport=sending(script)) as client:
        found = [client.get("http://test/").json() for _ in range(2)]

    assert found == [{"a": 1}] * 2
    assert [request.headers.get("If-None-Match") for request in script.asked] == [None, '"1"']


async def test_what_has_not_changed_is_kept_for_an_async_client() -> None:
    script = Script((200, JSON, b'{"a": 1}'), (304, {"ETag": '"1"'}, b""))

    async with AsyncClient(transport=sending(script)) as client:
        found = [(await client.get("http://test/")).json() for _ in range(2)]

    assert found == [{"a": 1}] * 2
    assert [request.headers.get("If-None-Match") for request in script.asked] == [None, '"1"']


def test_what_has_changed_takes_the_place_of_what_was_kept() -> None:
    script = Script((200, JSON, b"1"), (200, {**JSON, "ETag": '"2"'}, b"2"), (304, {}, b""))

    with Client(transport=sending(script)) as client:
        found = [client.get("http://test/").json() for _ in range(3)]

    assert found == [1, 2, 2]
    assert script.asked[2].headers["If-None-Match"] == '"2"'


@pytest.mark.parametrize(
    "headers",
    [
        {**JSON, "Cache-Control": "private, no-store"},
        {**JSON, "Content-Type": "text/csv"},
        {"Content-Type": "application/json"},
    ],
    ids=["not to be stored", "not JSON", "without a tag"],
)
def test_what_is_private_or_long_or_has_no_tag_is_not_kept(headers: dict[str, str]) -> None:
    script = Script((200, headers, b"1"))

    with Client(transport=sending(script)) as client:
        client.get("http://test/")
        client.get("http://test/")

    assert "If-None-Match" not in script.asked[1].headers


def test_answers_are_kept_apart_by_address_and_by_who_asks_and_only_so_many() -> None:
    script = Script((200, JSON, b"1"))
    asked = [("/a", "x"), ("/a", "y"), ("/b", "y"), ("/a", "x"), ("/b", "y")]

    with Client(transport=sending(script, keep=2)) as client:
        for path, who in asked:
            client.get(f"http://test{path}", headers={"Authorization": who})

    assert ["If-None-Match" in request.headers for request in script.asked] == [False] * 4 + [True]


def test_a_caller_who_asks_on_condition_gets_the_answer_to_that() -> None:
    script = Script((200, JSON, b"1"), (304, {}, b""))

    with Client(transport=sending(script)) as client:
        client.get("http://test/")
        answer = client.get("http://test/", headers={"If-None-Match": '"other"'})

    assert answer.status_code == 304


def test_the_proxies_of_the_environment_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    connecting = importlib.import_module("outturn_client.connecting")
    monkeypatch.setenv("https_proxy", "http://proxy.example.org:3128")
    monkeypatch.setenv("no_proxy", "localhost,.council.example.org")

    named = [connecting._proxy_to(f"https://{host}/") for host in ("example.org", "data.council.example.org")]  # noqa: SLF001 - what only a proxy would see

    assert named == ["http://proxy.example.org:3128", None]


def test_a_refusal_by_something_between_is_raised_without_a_problem() -> None:
    error = importlib.import_module("outturn_client.errors").ProblemError.of(Response(502, html="<p>No</p>"))

    assert (str(error), error.status, error.code, error.errors) == ("502", 502, None, [])
