"""The load client counts what a server really sent."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from threading import Thread

import pytest

from benchmarks.client import Load, load, request

BODY = b"x" * 300_000


class Canned(BaseHTTPRequestHandler):
    """Answers by path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        getattr(self, f"send_{self.path[1:]}")()

    def send_whole(self) -> None:
        self.start(200, "content-length", str(len(BODY)))
        self.wfile.write(BODY)

    def send_chunked(self) -> None:
        self.start(200, "transfer-encoding", "chunked")
        for part in (BODY[:100_000], BODY[100_000:], b""):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))

    def send_unmodified(self) -> None:
        self.start(304, "etag", '"1"')

    def send_refused(self) -> None:
        self.start(503, "content-length", "0")

    def send_broken(self) -> None:
        self.start(200, "content-length", str(len(BODY)))
        self.wfile.write(BODY[:1000])
        self.close_connection = True

    def start(self, status: int, name: str, value: str) -> None:
        self.send_response(status)
        self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Run a server of canned answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Canned) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def asked(port: int, path: str) -> Load:
    """Ask for a path twelve times, on three connections."""
    return load(port, repeat(request(f"/{path}")), connections=3, seconds=60, most=12)


@pytest.mark.parametrize("path", ["whole", "chunked"])
def test_whole_answers_are_counted_with_all_their_bytes(port: int, path: str) -> None:
    found = asked(port, path)

    assert (found.answered, found.errors, found.statuses) == (12, 0, {200: 12})
    assert 12 * len(BODY) < found.size < 12 * (len(BODY) + 1000)


def test_an_answer_without_a_body_is_whole(port: int) -> None:
    found = asked(port, "unmodified")

    assert (found.answered, found.errors, found.statuses) == (12, 0, {304: 12})


def test_a_refusal_is_an_error(port: int) -> None:
    found = asked(port, "refused")

    assert (found.answered, found.errors) == (12, 12)


def test_a_broken_answer_is_an_error_and_the_client_goes_on(port: int) -> None:
    found = asked(port, "broken")

    assert (found.answered, found.errors) == (0, 12)


def test_time_ends_a_run_and_each_connection_asks_once_at_least(port: int) -> None:
    found = load(port, repeat(request("/whole")), connections=3, seconds=0, most=12)

    assert found.answered == 3
