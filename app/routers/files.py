"""Kept files on their way out: whole in the coding that is accepted, or some bytes of them as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette_compress._utils import parse_accept_encoding

from app.errors import RangeNotSatisfiable
from app.routers.dates import dated
from app.services.files import CODINGS

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import Request
    from starlette.types import Receive, Scope, Send

    from app.queries.datasets import Change
    from app.services.files import Kept

AT_ONCE = 2**20
"""How many bytes are read together, in a thread; a shorter file is sent in one piece."""
IMMUTABLE = "public, max-age=31536000, immutable"
"""The freshness of what is never changed."""
_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))")


class FileBody(Response):
    """Bytes of a file, from one place to before another."""

    def __init__(self, path: Path, span: range, status: int, headers: dict[str, str]) -> None:
        super().__init__(status_code=status, headers=headers)
        self._path, self._span = path, span

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send them, as they are taken away."""
        file = await run_in_threadpool(self._path.open, "rb")
        try:
            start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            await run_in_threadpool(file.seek, self._span.start)
            left = len(self._span)
            part = await run_in_threadpool(file.read, min(AT_ONCE, left))
            await send(start)
            while True:
                left -= len(part)
                if left and not part:
                    raise EOFError(f"{self._path} is shorter than it was")
                await send({"type": "http.response.body", "body": part, "more_body": left > 0})
                if not left:
                    return
                part = await run_in_threadpool(file.read, min(AT_ONCE, left))
        finally:
            file.close()


def answer_file(request: Request, kept: Kept, media_type: str, change: Change) -> Response:
    """A file, or the bytes that are asked for. Raises RangeNotSatisfiable where it has none of them.

    Bytes are of the file as it is; whole, it goes out as it was compressed when it was made.
    """
    date = dated(request, change.release.published_at, certain=change.is_certain)
    told = {"Content-Type": _with_charset(media_type), **date}
    tag = f'"{kept.sha256}"'
    span = _span(request, kept.size, {tag, *date.values()})
    coding = None if span else _coding(request, kept)
    if coding is not None:
        size = kept.coded[coding]
        told |= {"ETag": tag, "Content-Encoding": coding, "Content-Length": str(size)}
        return FileBody(kept.coded_path(coding), range(size), 200, told)
    told |= {"ETag": tag, "Accept-Ranges": "bytes"}
    if span is None:
        return FileBody(kept.path, range(kept.size), 200, told | {"Content-Length": str(kept.size)})
    told["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{kept.size}"
    return FileBody(kept.path, span, 206, told | {"Content-Length": str(len(span))})


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _coding(request: Request, kept: Kept) -> str | None:
    """The coding to send, as what compresses other answers would choose it."""
    accepted = parse_accept_encoding(", ".join(request.headers.getlist("accept-encoding")))
    return next((coding for coding in CODINGS if coding in accepted and coding in kept.coded), None)


def _span(request: Request, size: int, marks: set[str]) -> range | None:
    """The bytes that are asked for; several stretches, or what cannot be read, ask for the whole."""
    asked = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if asked is None or ("if-range" in request.headers and request.headers["if-range"] not in marks):
        return None
    first, last, suffix = asked.groups()
    if suffix is not None:
        span = range(max(size - int(suffix), 0), size)
    else:
        if last and int(last) < int(first):
            return None
        span = range(int(first), min(int(last) + 1, size) if last else size)
    if not span:
        raise RangeNotSatisfiable(size)
    return span
