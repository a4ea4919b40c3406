"""Requests that are sent twice: the second is answered as the first was, and does nothing."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import orjson
from sqlalchemy import delete, insert, select, text

from app.errors import Conflict, InvalidBody
from app.services.drafting import table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

KEPT = timedelta(days=7)
"""How long an answer is kept to be given again."""


class Answer(NamedTuple):
    """What a request was answered; `again` where it had been answered before."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    again: bool = False


class Request(NamedTuple):
    """A request that may be sent twice: by whom, under which key, and a digest of all that it asks."""

    caller: str
    key: str
    digest: str


def digest_of(*parts: bytes) -> str:
    """A digest of what a request asks, part by part."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def answer_once(session: Session, request: Request, work: Callable[[Session], Answer]) -> Answer:
    """What a piece of work answers, or what it answered before; kept in the work's own transaction.

    Raises Conflict while the first is still being worked on, InvalidBody where the key was used for
    something else. What is refused is not kept: nothing was done, and it may be asked again.
    """
    _take_turn(session, request)
    answers = table("kept_answer")
    known = (answers.c.caller == request.caller, answers.c.key == request.key)
    oldest = datetime.now(UTC) - KEPT
    session.execute(delete(answers).where(answers.c.made_at < oldest))
    kept = session.execute(select(answers).where(*known)).mappings().one_or_none()
    if kept is not None:
        if kept["digest"] != request.digest:
            raise InvalidBody("This Idempotency-Key was used for another request.")
        return Answer(kept["status"], kept["body"], orjson.loads(kept["headers"]), again=True)
    answer = work(session)
    said = request._asdict() | {
        "status": answer.status,
        "body": answer.body,
        "headers": orjson.dumps(dict(answer.headers)).decode(),
        "made_at": datetime.now(UTC),
    }
    session.execute(insert(answers).values(said))
    return answer


def _take_turn(session: Session, request: Request) -> None:
    """Nobody else works on the same request; SQLite has one writer anyway."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return
    locks = text("SELECT pg_try_advisory_xact_lock(hashtext(:caller), hashtext(:key))")
    if not connection.scalar(locks, {"caller": f"repeat {request.caller}", "key": request.key}):
        raise Conflict("A request with this Idempotency-Key is being worked on.")
