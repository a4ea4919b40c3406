"""Whole files taken as fast as they come, what that costs the server, and whether a goal is met."""

from __future__ import annotations

import re
import socket
import threading
from http.client import HTTPConnection
from itertools import cycle
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.client import HOST, load, request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.servers import Server

FIRST, GROWTH = 0.1, 50 * 10**6
"""Seconds within which a feed begins, and bytes by which it may make a server grow."""
_HEAD_END, _LAST_CHUNK = b"\r\n\r\n", b"0\r\n\r\n"
_BUFFER = 2**20
_EVERY = 0.02
_TICK = 0.01
"""Seconds below which no CPU is told."""
_SECONDS, _CONNECTIONS, _MOST = 2.0, 4, 100_000
_DEARER = 1.2
"""How much more a 304 may cost than a page that is kept."""


class Feed(NamedTuple):
    """A contestant's file, and how it is asked for."""

    name: str
    server: Server
    path: str
    coding: str = "identity"

    def __str__(self) -> str:
        """What a table calls it."""
        return f"{self.name}, {self.path.partition('?')[0]}, {self.coding}"


class Taken(NamedTuple):
    """One file, taken as fast as it came: seconds to the first byte and to the last, CPU, bytes."""

    first: float
    seconds: float
    cpu: float
    size: int
    growth: int


def taken(feed: Feed, lines: int = 0) -> Taken:
    """Take a file, and watch the server's memory meanwhile.

    Raises RuntimeError where it breaks off, or has fewer lines where it is a plain text.
    """
    before, cpu = feed.server.memory(), sum(feed.server.cpu())
    most, over = [before], threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY):
            most.append(feed.server.memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        first, seconds, size = _read(feed, lines)
    finally:
        over.set()
        watcher.join()
    return Taken(first, seconds, sum(feed.server.cpu()) - cpu, size, max(most) - before)


def middle(rounds: Sequence[Taken]) -> Taken:
    """Of each figure the middle one."""
    return Taken(*(median(values) for values in zip(*rounds, strict=True)))


def tell_taken(found: dict[Feed, list[Taken]], rows: int) -> None:
    """Print a line for each file."""
    print(f"{rows:,} rows; the middle of {len(next(iter(found.values())))} rounds\n")
    print("| | rows/s | rows/s of CPU | first byte, ms | MB | memory grows by, MB |")
    print("|---|---|---|---|---|---|")
    for feed, rounds in found.items():
        usual = middle(rounds)
        speeds = f"{rows / usual.seconds:,.0f} | {rows / max(usual.cpu, _TICK):,.0f}"
        sizes = f"{usual.size / 10**6:,.1f} | {max(each.growth for each in rounds) / 10**6:,.1f}"
        print(f"| {feed} | {speeds} | {usual.first * 1000:.1f} | {sizes} |")
    print()


def tell_begun(what: str, rounds: Sequence[Taken]) -> None:
    """Print whether all of some files began at once, and none of them made its server grow."""
    first, growth = max(each.first for each in rounds), max(each.growth for each in rounds)
    tell_goal(f"{what}: first byte", first * 1000, "at most 100 ms", met=first <= FIRST)
    tell_goal(f"{what}: memory grows", growth / 10**6, "less than 50 MB", met=growth < GROWTH)


def tell_unchanged(server: Server, paths: Sequence[str], page: str) -> None:
    """Print what it costs to say that the client has a file already, beside a page that is kept."""
    spent = _cpu(server, request(page))
    print(f"{page}, kept: {spent * 10**6:.0f} µs")
    for path in (page, *paths):
        tag = _tag(server, path)
        unchanged = _cpu(server, request(path, if_none_match=tag), status=304)
        print(f"{path}, 304: {unchanged * 10**6:.0f} µs")
        ratio = unchanged / spent
        tell_goal(f"304 of {path}, to a kept page", ratio, "at most 1.2 times its CPU", met=ratio <= _DEARER)


def tell_goal(what: str, reached: float, wanted: str, *, met: bool) -> None:
    """Print what was reached beside what was wanted."""
    print(f"{what}: {reached:.2f}, wanted {wanted}: {'met' if met else 'SHORT'}")


def _cpu(server: Server, sent: bytes, status: int = 200) -> float:
    """Seconds of CPU a request, asked over and over. Raises RuntimeError where the answer is another."""
    before = sum(server.cpu())
    done = load(server.port, cycle([sent]), connections=_CONNECTIONS, seconds=_SECONDS, most=_MOST)
    if {*done.statuses} != {status}:
        raise RuntimeError(f"{sent!r} was answered {dict(done.statuses)}")
    return (sum(server.cpu()) - before) / done.answered


def _tag(server: Server, path: str) -> str:
    """What names the state of a file, which may be long."""
    connection = HTTPConnection(HOST, server.port)
    try:
        connection.request("HEAD", path)
        return connection.getresponse().headers["etag"]
    finally:
        connection.close()


def _read(feed: Feed, lines: int) -> tuple[float, float, int]:
    buffer, size, head, last = bytearray(_BUFFER), 0, b"", b""
    found = 0 if feed.coding == "identity" else lines
    with socket.create_connection((HOST, feed.server.port)) as connection:
        started = perf_counter()
        connection.sendall(request(feed.path, accept_encoding=feed.coding, connection="close"))
        first = 0.0
        while many := connection.recv_into(buffer):
            first = first or perf_counter() - started
            size += many
            found += buffer.count(b"\n", 0, many)
            if _HEAD_END not in head:
                head += buffer[:many]
            last = (last + bytes(buffer[max(0, many - len(_LAST_CHUNK)) : many]))[-len(_LAST_CHUNK) :]
    seconds = perf_counter() - started
    if not _is_whole(head, last, size) or found < lines:
        raise RuntimeError(f"{feed.name} broke {feed.path} off after {size} bytes")
    return first, seconds, size


def _is_whole(begun: bytes, last: bytes, size: int) -> bool:
    """Whether an answer of status 200 is as long as its head says, or ended as one in chunks does."""
    head, _, _ = begun.partition(_HEAD_END)
    stated = re.search(rb"\r\ncontent-length: *([0-9]+)", head.lower())
    if not head.startswith(b"HTTP/1.1 200 "):
        return False
    return size == len(head) + len(_HEAD_END) + int(stated[1]) if stated else last == _LAST_CHUNK
