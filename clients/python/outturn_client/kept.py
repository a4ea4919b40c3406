"""Answers that are kept, and asked for again on condition that they have changed."""

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

import httpx


class Answer(NamedTuple):
    """An answer, and the tag it goes by."""

    tag: str
    headers: httpx.Headers
    content: bytes


Key = tuple[str, str, str]
_WRITTEN = ("Content-Encoding", "Content-Length", "Transfer-Encoding")
"""What was so on the way, and is not of what was read."""


class Kept:
    """The last public answers in JSON, at most so many; of what must not be stored there is none."""

    def __init__(self, most: int) -> None:
        """Begin with none."""
        self._most = most
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = Lock()

    def ask(self, request: httpx.Request) -> None:
        """Make a request conditional where an answer to it is kept, unless it is conditional already."""
        kept = self._find(request)
        if kept and "If-None-Match" not in request.headers:
            request.headers["If-None-Match"] = kept.tag

    def concerns(self, request: httpx.Request, response: httpx.Response) -> bool:
        """Whether an answer is to be kept, or says that the kept one stands."""
        if request.method != "GET" or not self._most:
            return False
        if response.status_code == httpx.codes.NOT_MODIFIED:
            kept = self._find(request)
            return kept is not None and request.headers.get("If-None-Match") == kept.tag
        told = response.headers
        return (
            response.status_code == httpx.codes.OK
            and "ETag" in told
            and told.get("Content-Type", "").startswith("application/json")
            and "no-store" not in told.get("Cache-Control", "")
        )

    def answer(self, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        """What the caller gets: what was read, now kept, or what is kept."""
        if response.status_code == httpx.codes.NOT_MODIFIED:
            kept = self._find(request)
            if kept is None:  # let go by another thread meanwhile
                return response
            return httpx.Response(200, headers=kept.headers, content=kept.content)
        headers = httpx.Headers(response.headers)
        for name in _WRITTEN:
            headers.pop(name, None)
        with self._lock:
            self._answers[_key(request)] = Answer(headers["ETag"], headers, response.content)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return httpx.Response(200, headers=headers, content=response.content)

    def _find(self, request: httpx.Request) -> Answer | None:
        with self._lock:
            kept = self._answers.get(_key(request))
            if kept:
                self._answers.move_to_end(_key(request))
            return kept


def _key(request: httpx.Request) -> Key:
    """What an answer depends on: where it was asked for, by whom, and as what."""
    said = request.headers
    return (str(request.url), said.get("Authorization", ""), said.get("Accept", ""))
