"""What every change shares: why it is made, which version it is of, and that it is made once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import Header, Query, Response
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from app.errors import Conflict, Fault, PreconditionFailed, PreconditionRequired
from app.services.repeats import Answer, answer_once, digest_of
from app.services.repeats import Request as Repeatable

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Request
    from sqlalchemy.orm import Session

    from app.db.writing import Writer
    from app.services.permissions import Caller

VERSION, REPEATABLE = "If-Match", "Idempotency-Key"
"""The header that says which version is changed, and the one that names a request."""
_JSON = "application/json"
_UNSTORED = {"Cache-Control": "no-store"}
_TAG = re.compile(r'\s*(W/)?"([^"]*)"\s*(?:,|$)')
_VERSION = re.compile(r"([0-9]{1,18})(-.*)?")
_ANY = r"[^\u0000-\u001f\u007f]"
_SEEN = r"[^\u0000-\u0020\u007f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
_UNFIT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def _said(reason: str) -> str:
    if not reason.strip() or _UNFIT.search(reason):
        raise PydanticCustomError("malformed", "must say why, in a line of plain text")
    return reason.strip()


Reason = Annotated[
    str,
    Query(
        min_length=1,
        max_length=1000,
        description="Why this is changed; the audit keeps it.",
        examples=["Recount of the second quarter"],
        json_schema_extra={"pattern": f"^{_ANY}*{_SEEN}{_ANY}*$"},
    ),
    AfterValidator(_said),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias=VERSION,
        max_length=1000,
        json_schema_extra={"pattern": r'^"[0-9]{1,18}(-[0-9a-z-]+)?"$'},
        description="The version that was read: its ETag with `view=draft`, or that of the change before.",
        examples=['"17"'],
    ),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias=REPEATABLE,
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="A name for this request: sent again, it is answered as before and does nothing more.",
        examples=["5f0c9a52-8a51-4d0e-9d0e-3f1e1c1d2b3a"],
    ),
]


def version_asked(if_match: str | None) -> int:
    """The version that If-Match names.

    Raises PreconditionRequired where it names none in particular, PreconditionFailed where that is no
    version of a draft.
    """
    if if_match is None or if_match.strip() == "*":
        message = 'must say which version is changed: its ETag, such as "17"'
        raise PreconditionRequired(f"If-Match {message}.", [Fault("missing", message, parameter="If-Match")])
    found = [_VERSION.fullmatch(tag) for weak, tag in _TAG.findall(if_match) if not weak]
    versions = {int(tag[1]) for tag in found if tag}
    if len(versions) != 1:
        message = "names no version of a draft; read it with view=draft"
        raise PreconditionFailed(f"If-Match {message}.", [Fault("stale", message, parameter="If-Match")])
    return versions.pop()


async def answered(
    request: Request,
    who: Caller,
    key: str | None,
    asked: bytes,
    work: Callable[[Session], Answer],
) -> Response:
    """What a piece of work answers, once it is committed; with a key, the first answer however often.

    `asked` is the body. Raises Conflict while the same request is being worked on.
    """
    write: Writer = request.app.state.writer
    if key is None:
        return _response(await write(work))
    address = f"{request.method} {request.url.path}?{request.url.query}".encode()
    repeatable = Repeatable(who.name, key, digest_of(address, asked))
    under_way: set[tuple[str, str]] = request.app.state.under_way
    if (who.name, key) in under_way:
        raise Conflict("A request with this Idempotency-Key is being worked on.")
    under_way.add((who.name, key))
    try:
        return _response(await write(answer_once, repeatable, work))
    finally:
        under_way.discard((who.name, key))


def json_answer(status: int, body: Any, **headers: str) -> Answer:  # noqa: ANN401 - any JSON value
    """An answer in JSON."""
    return Answer(
        status, orjson.dumps(body), {name.replace("_", "-"): value for name, value in headers.items()}
    )


def bytes_of(body: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """What a body says, however it was laid out."""
    return orjson.dumps(body, default=str, option=orjson.OPT_SORT_KEYS)


def _response(answer: Answer) -> Response:
    headers = {**_UNSTORED, **answer.headers}
    if answer.again:
        headers["Idempotency-Replayed"] = "true"
    media_type = _JSON if answer.body else None
    return Response(answer.body, answer.status, headers, media_type)
