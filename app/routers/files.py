"""Kept files on their way out: whole in the coding that is accepted, or some bytes of them as they are."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette_compress._utils import parse_accept_encoding

from app.errors import RangeNotSatisfiable
from app.services.files import CODINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from io import FileIO
    from pathlib import Path

    from fastapi import Request
    from starlette.types import Message, Receive, Scope, Send

    from app.services.files import Files, Kept

AT_ONCE = 2**20
"""How many bytes are read together, in a thread; a shorter file is sent in one piece."""
IMMUTABLE = "public, max-age=31536000, immutable"
"""The freshness of what is never changed."""
STANDS = "stands"
"""Where a request's state has what tells whether its answer stands, if that takes more than an edition."""
NAMED_FILE = "outturn.response.file"
"""An ASGI extension, and its message: instead of a body the path of a file, for whoever stands around.

It is not the known one for paths, which Starlette would use for files that are compressed on their way.
"""
_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))")


class FileBody(Response):
    """Bytes of a file, from one place to before another."""

    def __init__(self, path: Path, span: range, status: int, headers: dict[str, str]) -> None:
        super().__init__(status_code=status, headers=headers)
        self._path, self._span = path, span

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send them, as they are taken away; all of a long file is named where that will do."""
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        whole = "content-range" not in self.headers
        if whole and len(self._span) > AT_ONCE and NAMED_FILE in scope.get("extensions", {}):
            await send(start)
            await send({"type": NAMED_FILE, "path": str(self._path)})
        else:
            await send_bytes(self._path, self._span, start, send)


async def send_bytes(path: Path, span: range | None, start: Message, send: Send) -> None:
    """Send a head, and bytes of a file as they are taken away; all of them where none are named."""
    file, left, part = await run_in_threadpool(_opened, path, span)
    with file:
        await send(start)
        while True:
            left -= len(part)
            if left and not part:
                raise EOFError(f"{path} is shorter than it was")
            await send({"type": "http.response.body", "body": part, "more_body": left > 0})
            if not left:
                return
            part = await run_in_threadpool(file.read, min(AT_ONCE, left))


def _opened(path: Path, span: range | None) -> tuple[FileIO, int, bytes]:
    """A file, how many bytes are to be sent of it, and the first of them: all in one step to a thread."""
    with ExitStack() as until_read:
        file = until_read.enter_context(path.open("rb", buffering=0))
        span = range(os.fstat(file.fileno()).st_size) if span is None else span
        file.seek(span.start)
        part = file.read(min(AT_ONCE, len(span)))
        until_read.pop_all()
    return file, len(span), part


def answer_file(
    request: Request, files: Files, kept: Kept, media_type: str, marks: Mapping[str, str]
) -> Response:
    """A file, or the bytes that are asked for. Raises RangeNotSatisfiable where it has none of them.

    Bytes are of the file as it is; whole, it goes out as it was compressed when it was made. `marks` are the
    headers that tell it from what is at its address at other times; without a tag its digest is one.
    """
    request.scope.setdefault("state", {})[STANDS] = lambda: files.find(kept.path.name) is not None
    told = {"Content-Type": _with_charset(media_type), "ETag": f'"{kept.sha256}"', **marks}
    tag = told["ETag"]
    headers = request.headers
    span = span_of(headers.get("range", ""), headers.get("if-range"), kept.size, {tag, *marks.values()})
    coding = None if span else _coding(request, kept)
    if coding is not None:
        size = kept.coded[coding]
        told |= {"Content-Encoding": coding, "Content-Length": str(size)}
        return FileBody(kept.coded_path(coding), range(size), 200, told)
    told["Accept-Ranges"] = "bytes"
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


def span_of(asked: str, of: str | None, size: int, marks: Collection[str | None]) -> range | None:
    """The bytes that Range asks for, if it is `of` a file that has one of some marks, or of any.

    Several stretches, or what cannot be read, ask for the whole. Raises RangeNotSatisfiable for none of it.
    """
    said = _RANGE.fullmatch(asked.replace(" ", ""))
    if said is None or (of is not None and of not in marks):
        return None
    first, last, suffix = said.groups()
    if suffix is not None:
        span = range(max(size - int(suffix), 0), size)
    else:
        if last and int(last) < int(first):
            return None
        span = range(int(first), min(int(last) + 1, size) if last else size)
    if not span:
        raise RangeNotSatisfiable(size)
    return span
