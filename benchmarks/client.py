"""A light load client: keep-alive connections to 127.0.0.1, requests built beforehand, bodies counted.

It has a core of its own beside the server's, so it does as little as it can: on Linux the kernel
throws a body away without copying it.
"""

from __future__ import annotations

import selectors
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection
from time import perf_counter
from typing import NamedTuple

HOST = "127.0.0.1"
_PATIENCE_SECONDS = 300
"""How long a request that was sent in time may still take."""
_HEAD_BYTES = 4096
_BODY_BYTES = 2**20
_THROWN_AWAY = socket.MSG_TRUNC if sys.platform == "linux" else 0
_END, _LAST_CHUNK = b"\r\n\r\n", b"0\r\n\r\n"
_ERROR = 400


class Load(NamedTuple):
    """What came back: latencies in seconds, least first."""

    seconds: float
    size: int
    statuses: Counter[int]
    broken: int
    latencies: list[float]

    @property
    def answered(self) -> int:
        """How many requests had a whole answer."""
        return len(self.latencies)

    @property
    def errors(self) -> int:
        """How many requests had none, or one that says no."""
        return self.broken + sum(many for status, many in self.statuses.items() if status >= _ERROR)

    def latency(self, share: float) -> float:
        """Seconds that this share of the requests did not exceed."""
        return self.latencies[min(self.answered - 1, int(share * self.answered))] if self.latencies else 0.0


class Whole(NamedTuple):
    """One answer, kept."""

    status: int
    headers: dict[str, str]
    body: bytes


def request(address: str, **headers: str) -> bytes:
    """A GET request; a header's name has underscores for hyphens."""
    lines = [f"GET {address} HTTP/1.1", f"host: {HOST}", "accept: */*"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def fetch(port: int, address: str, **headers: str) -> Whole:
    """Ask once, and keep the answer; header names come in lower case."""
    connection = HTTPConnection(HOST, port, timeout=_PATIENCE_SECONDS)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", address, headers={"accept": "*/*", **sent})
        answer = connection.getresponse()
        return Whole(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def load(port: int, requests: Iterator[bytes], *, connections: int, seconds: float, most: int) -> Load:
    """Ask on some connections at once until time is up or enough was asked; each asks once at least."""
    with selectors.DefaultSelector() as waiting:
        run = _Run(port, requests, waiting, most)
        try:
            return run.until(seconds, connections)
        finally:
            run.close()


class _Connection:
    """A connection with one request under way: the head of its answer, and how much is still to come."""

    __slots__ = ("chunked", "head", "left", "sent_at", "socket", "status")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(0)

    def send(self, request: bytes) -> None:
        self.head, self.left, self.status, self.chunked = b"", -1, 0, False
        self.sent_at = perf_counter()
        self.socket.send(request)

    def read(self, buffer: bytearray) -> int:
        """Read what has come; how much that was. Raises OSError where the connection broke."""
        if self.left < 0:
            some = self.socket.recv(_HEAD_BYTES)
            self._begin(some)
        elif self.chunked:
            some = self.socket.recv(_BODY_BYTES)
            self.head = (self.head + some)[-len(_LAST_CHUNK) :]
            self.left = 0 if self.head == _LAST_CHUNK else 1
        else:
            many = self.socket.recv_into(buffer, min(self.left, _BODY_BYTES), _THROWN_AWAY)
            self.left -= many
            return self._something(many)
        return self._something(len(some))

    def _something(self, many: int) -> int:
        if not many:
            raise ConnectionResetError
        return many

    def _begin(self, some: bytes) -> None:
        """Take the head, once it is whole, and the beginning of the body that came with it."""
        self.head += some
        head, found, body = self.head.partition(_END)
        if not found:
            return
        head = head.lower()
        self.status = int(head[9:12])
        _, stated, rest = head.partition(b"content-length:")
        self.chunked = b"transfer-encoding: chunked" in head
        if self.chunked:
            self.head = body[-len(_LAST_CHUNK) :]
            self.left = 0 if self.head == _LAST_CHUNK else 1
        else:
            self.left = int(rest.partition(b"\r")[0]) - len(body) if stated else 0


class _Run:
    def __init__(
        self, port: int, requests: Iterator[bytes], waiting: selectors.BaseSelector, most: int
    ) -> None:
        self.port, self.requests, self.waiting, self.left = port, requests, waiting, most
        self.buffer = bytearray(_BODY_BYTES)
        self.busy: set[_Connection] = set()
        self.size = self.broken = 0
        self.statuses: Counter[int] = Counter()
        self.latencies: list[float] = []

    def until(self, seconds: float, connections: int) -> Load:
        """Keep every connection asking; then wait for what is under way."""
        started = perf_counter()
        stop = started + seconds
        for _ in range(connections):
            self.open()
        while self.busy and perf_counter() < stop + _PATIENCE_SECONDS:
            for key, _ in self.waiting.select(1):
                self.go_on(key.data, stop)
        self.broken += len(self.busy)
        took = perf_counter() - started
        return Load(took, self.size, self.statuses, self.broken, sorted(self.latencies))

    def open(self) -> None:
        connection = _Connection(self.port)
        self.waiting.register(connection.socket, selectors.EVENT_READ, connection)
        self.ask(connection)

    def ask(self, connection: _Connection) -> None:
        self.left -= 1
        self.busy.add(connection)
        connection.send(next(self.requests))

    def go_on(self, connection: _Connection, stop: float) -> None:
        """Read all that has come for a connection, and ask again where the answer is whole."""
        if connection not in self.busy:  # the server closes one that has been idle
            self.drop(connection)
            return
        try:
            while connection.left:
                self.size += connection.read(self.buffer)
        except BlockingIOError:
            return
        except OSError:
            self.broken += 1
            self.drop(connection)
            if perf_counter() < stop and self.left > 0:
                self.open()
            return
        now = perf_counter()
        self.latencies.append(now - connection.sent_at)
        self.statuses[connection.status] += 1
        self.busy.discard(connection)
        if now < stop and self.left > 0:
            self.ask(connection)

    def drop(self, connection: _Connection) -> None:
        self.busy.discard(connection)
        self.waiting.unregister(connection.socket)
        connection.socket.close()

    def close(self) -> None:
        for key in list(self.waiting.get_map().values()):
            self.drop(key.data)
