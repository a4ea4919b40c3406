"""Answers on their way out: sent again only if they changed, and kept by what they take account of.

A kept answer goes out only after the database has been asked for its count of changes, so that nobody
gets an older one than any worker has given before. What a credential asks for is not kept.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.errors import RangeNotSatisfiable
from app.routers.dates import SINCE, second_of
from app.routers.files import NAMED_FILE, STANDS, send_bytes, span_of
from app.routers.headers import headers_of, merged, names_tag

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import Any

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from app.queries.editions import Edition
    from app.routers.headers import Header

Key = tuple[str, bytes, bytes | None, bytes | None]
"""What an answer depends on beside the database: path, query, and the forms and codings accepted."""
LARGEST_SHARE = 8
"""No answer is kept that would take more than this part of the memory."""
BESIDE_BODY = 3000
"""What an answer takes in memory beside its body and its question, in bytes, about."""
EDITION = "edition"
"""Where a request's state says which edition it was answered from."""
_OK = 200
_GZIP = b"\x1f\x8b"
_NO_PART = {"type": "http.response.body", "body": b"", "more_body": True}
"""What stands for the first part of a body that comes in parts: its head alone decides what is sent."""
_OF_CONTENT = frozenset(
    {b"content-encoding", b"content-language", b"content-length", b"content-range", b"content-type"}
)


class AnsweredError(Exception):
    """Raised into an application that goes on with a body which HEAD or 304 does not have."""


class Cache:
    """ASGI middleware; it stands around the framework, the outermost of all."""

    def __init__(self, app: ASGIApp, size: int, changes: Callable[[], Awaitable[int]]) -> None:
        """Keep answers of `size` bytes at most; `changes` tells what the database has come to."""
        self._app = app
        self._kept = _Kept(size)
        self._changes = changes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        asked = headers_of(scope)
        marks = (asked.get(b"if-none-match"), asked.get(b"if-modified-since"))
        asking = _Asking(scope["method"] == "HEAD", *marks, send)
        key = (scope["path"], scope["query_string"], asked.get(b"accept"), asked.get(b"accept-encoding"))
        keeps = self._kept.size > 0 and b"authorization" not in asked
        if keeps and key in self._kept.answers:
            answer = await self._known(key)
            if answer is not None and await asking.is_answered_by(answer, asked):
                return
        headers = [header for header in scope["headers"] if header[0] != b"if-none-match"]
        taking = _Taking(asking, scope.setdefault("state", {}))
        with suppress(AnsweredError):
            inner = {**scope, "method": "GET", "headers": headers, "extensions": _offered(scope)}
            await self._app(inner, receive, taking.send)
        keeps = keeps and b"range" not in asked
        if keeps and taking.edition is not None and taking.answer is not None:
            self._kept.keep(key, taking.answer, taking.edition)

    async def _known(self, key: Key) -> Answer | None:
        """The kept answer, if nothing has changed since."""
        try:
            changes = await self._changes()
        except Exception:  # noqa: BLE001 - the application meets it too, and tells of it
            return None
        answer = self._kept.get(key, changes)
        return None if answer is None or not answer.stands() else answer


class Answer(NamedTuple):
    """An answer of status 200 with an entity tag; one that comes in parts is kept without its body.

    Of a `file` it is kept where that is. `since` is the second from which it has been what it is, where a
    date can tell.
    """

    tag: bytes
    headers: list[Header]
    unmodified: list[Header]
    """The headers for a client that has this answer already."""
    body: bytes | None
    since: int | None
    stands: Callable[[], bool]
    file: Path | None = None


class _Kept:
    """Answers within a size, all of one count; the one asked for longest ago is forgotten first."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.answers: dict[Key, Answer] = {}
        self._left = size
        self._changes = -1
        self._until: datetime | None = None

    def get(self, key: Key, changes: int) -> Answer | None:
        """An answer that takes account of so many changes."""
        if changes != self._changes or (self._until is not None and datetime.now(UTC) >= self._until):
            self._forget(changes)
        answer = self.answers.pop(key, None)
        if answer is not None:
            self.answers[key] = answer  # the latest asked for
        return answer

    def keep(self, key: Key, answer: Answer, edition: Edition) -> None:
        """Keep an answer from an edition, unless another knows more already."""
        if edition.changes < self._changes:
            return
        if edition.changes > self._changes or edition.until != self._until:
            self._forget(edition.changes)
            self._until = edition.until
        needed = _size(key, answer)
        if needed * LARGEST_SHARE > self.size:
            return
        self._drop(key)
        while self._left < needed:
            self._drop(next(iter(self.answers)))
        self.answers[key] = answer
        self._left -= needed

    def _drop(self, key: Key) -> None:
        answer = self.answers.pop(key, None)
        if answer is not None:
            self._left += _size(key, answer)

    def _forget(self, changes: int) -> None:
        self.answers.clear()
        self._left = self.size
        self._changes, self._until = changes, None


def _size(key: Key, answer: Answer) -> int:
    return len(answer.body or b"") + sum(len(part or b"") for part in key) + BESIDE_BODY


class _Asking:
    """What a client wants of an answer: its headers only, or nothing it has already."""

    def __init__(
        self, heads: bool, if_none_match: bytes | None, if_modified_since: bytes | None, send: Send
    ) -> None:
        self.heads = heads
        self.if_none_match = if_none_match
        self.if_modified_since = if_modified_since
        self.send = send

    def has(self, answer: Answer) -> bool:
        """Whether the client has an answer, by its entity tag or, where it names none, by its date."""
        said, tag = self.if_none_match, answer.tag
        if said is not None:
            return said == tag or names_tag(said.decode("latin-1"), tag.decode("latin-1"))
        if answer.since is None or (second := second_of(self.if_modified_since)) is None:
            return False
        return second >= answer.since

    async def is_answered_by(self, answer: Answer, asked: Mapping[bytes, bytes]) -> bool:
        """Send a kept answer, or a part of it, if it has all that is wanted."""
        if b"range" in asked:
            found = None if self.heads or self.has(answer) else _part(answer, asked)
            if found is not None:
                await send_bytes(*found, self.send)
            return found is not None
        met = answer.body is not None or answer.file is not None or self.heads or self.has(answer)
        if met:
            await self.answer(answer)
        return met

    async def answer(self, answer: Answer) -> None:
        """Send a whole answer, or as much as is wanted of it."""
        if self.has(answer):
            await self.send({"type": "http.response.start", "status": 304, "headers": answer.unmodified})
            await self.send({"type": "http.response.body", "body": b""})
            return
        start = {"type": "http.response.start", "status": 200, "headers": answer.headers}
        if answer.file is not None and not self.heads:
            await send_bytes(answer.file, None, start, self.send)
            return
        await self.send(start)
        await self.send({"type": "http.response.body", "body": b"" if self.heads else answer.body or b""})


def _part(answer: Answer, asked: Mapping[bytes, bytes]) -> tuple[Path, range, Message] | None:
    """A kept file, the bytes of it that are asked for, and their head; None for the application to say."""
    told = {name: value.decode("latin-1") for name, value in answer.headers}
    if answer.file is None or b"accept-ranges" not in told:
        return None
    of = asked[b"if-range"].decode("latin-1") if b"if-range" in asked else None
    size, marks = int(told[b"content-length"]), {told.get(name) for name in (b"etag", b"last-modified")}
    try:
        span = span_of(asked[b"range"].decode("latin-1"), of, size, marks)
    except RangeNotSatisfiable:
        return None
    if span is None:
        return None
    headers = [header for header in answer.headers if header[0] != b"content-length"]
    headers += [
        (b"content-range", b"bytes %d-%d/%d" % (span.start, span.stop - 1, size)),
        (b"content-length", b"%d" % len(span)),
    ]
    return answer.file, span, {"type": "http.response.start", "status": 206, "headers": headers}


class _Taking:
    """Takes an application's answer: whole if it is short and tagged; any other goes on as it comes."""

    def __init__(self, asking: _Asking, state: Mapping[str, Any]) -> None:
        self.answer: Answer | None = None
        self.edition: Edition | None = None
        self._asking = asking
        self._state = state
        self._start: Message | None = None
        self._ended = False

    async def send(self, message: Message) -> None:
        """Take a message. Raises AnsweredError once there is nothing more to send."""
        if message["type"] == "http.response.start":
            self._start = message
            if _comes_in_parts(message):
                await self._open(message, _NO_PART)
                if self._ended:
                    raise AnsweredError  # before the first part is made
        elif self._start is not None:
            await self._open(self._start, message)
        elif self._ended:
            raise AnsweredError
        else:
            await self._asking.send(message)

    async def _open(self, start: Message, message: Message) -> None:
        """Send what is wanted of an answer whose first part is there."""
        self._start = None
        self.edition = self._state.get(EDITION)
        file = Path(message["path"]) if message["type"] == NAMED_FILE else None
        headers = [
            (name, merged([value], ()) if name == b"vary" else value) for name, value in start["headers"]
        ]
        if self.edition is not None:
            headers.append((b"outturn-changes", b"%d" % self.edition.published))
        if start["status"] == _OK and (tag := _tagged(headers)):
            unmodified = [header for header in headers if header[0] not in _OF_CONTENT]
            whole = not message.get("more_body", False)
            body = _undated(message.get("body", b""), tag) if whole and file is None else None
            lasting = (self._state.get(SINCE), self._state.get(STANDS, _always))
            answer = Answer(tag, headers, unmodified, body, *lasting, file)
            stored = not any(name == b"cache-control" and b"no-store" in value for name, value in headers)
            self.answer = answer if stored and (whole or message is _NO_PART) else None
            self._ended = whole or self._asking.heads or self._asking.has(answer)
            if self._ended:
                await self._asking.answer(answer)
                return
        self._ended = self._asking.heads
        start = {**start, "headers": headers}
        if file is not None and not self._ended:
            await send_bytes(file, None, start, self._asking.send)
            return
        await self._asking.send(start)
        if self._ended:
            await self._asking.send({"type": "http.response.body", "body": b""})
        elif message is not _NO_PART:
            await self._asking.send(message)


def _offered(scope: Scope) -> dict[str, Any]:
    """What the server offers, and to send a file that the application names."""
    return {**scope.get("extensions", {}), NAMED_FILE: {}}


def _always() -> bool:
    """Whether an answer stands for as long as its edition does."""
    return True


def _comes_in_parts(start: Message) -> bool:
    """Whether nobody knows yet how long a body will be."""
    return all(name != b"content-length" for name, _ in start["headers"])


def _undated(body: bytes, tag: bytes) -> bytes:
    """A body without the time of day that gzip puts in its head, so that a tag stands for one body."""
    if tag.endswith(b'-gzip"') and body.startswith(_GZIP):
        return body[:4] + bytes(4) + body[8:]
    return body


def _tagged(headers: list[Header]) -> bytes:
    """The entity tag among headers; made one of its own for the coding of the answer, if it has any."""
    named = dict(headers)
    tag = named.get(b"etag", b"")
    if tag and (coding := named.get(b"content-encoding")):
        tag = b'%s-%s"' % (tag[:-1], coding)
        headers[:] = [(name, tag if name == b"etag" else value) for name, value in headers]
    return tag
