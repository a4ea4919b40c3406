"""The floor: an ASGI application that answers every request with the same bytes, read once from a file.

`BENCH_ANSWER` names the file, written by `keep_answer`: status, headers and body of another
server's answer.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send


def keep_answer(path: Path, headers: Mapping[str, str], body: bytes) -> None:
    """Write down an answer for this application to give, without the headers that every server adds."""
    own = {name: value for name, value in headers.items() if name not in {"connection", "date", "server"}}
    path.write_bytes(orjson.dumps(own) + b"\n" + body)


class Plain:
    """The answer with its headers, or 304 to a client that names its tag."""

    def __init__(self, kept: bytes) -> None:
        head, _, self.body = kept.partition(b"\n")
        headers = [(name.encode(), value.encode()) for name, value in orjson.loads(head).items()]
        self.start = {"type": "http.response.start", "status": 200, "headers": headers}
        brief = [(name, value) for name, value in headers if not name.startswith(b"content-")]
        self.unmodified = {"type": "http.response.start", "status": 304, "headers": brief}
        self.tag = dict(headers)[b"etag"]

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        known = (b"if-none-match", self.tag) in scope["headers"]
        await send(self.unmodified if known else self.start)
        await send({"type": "http.response.body", "body": b"" if known else self.body})


def create() -> Plain:
    """The application on the answer that was kept."""
    return Plain(Path(os.environ["BENCH_ANSWER"]).read_bytes())
