"""A cursor of a list in an order of its own: where a page ended, and when what is read was public."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from app.errors import Fault, InvalidCursor

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.schemas.queries import Paging

PlaceT = TypeVar("PlaceT")
_NOT_ASKED = {"limit", "cursor", "include_total"}


def write_place(query: Paging, place: tuple[str | int, ...], until: datetime | None) -> str:
    """The text that stands for the end of a page; a list goes on as it was at a moment, if one is given."""
    moment = None if until is None else until.isoformat()
    parts = [_fingerprint(query), moment, *place]
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def read_place(
    query: Paging, text: str, place: Callable[[list[Any]], PlaceT]
) -> tuple[PlaceT, datetime | None]:
    """The end of the page before, and the moment that the list is read at.

    `place` reads its parts, and raises ValueError where they are none. Raises InvalidCursor where the text
    is no cursor, or one of another list or filter.
    """
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        mark, moment, *parts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        until = None if moment is None else datetime.fromisoformat(moment).astimezone(UTC)
        found = place(parts)
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        raise _invalid("is not a cursor that this service gave out") from error
    if mark != _fingerprint(query):
        raise _invalid("belongs to another list, filter or order; start again without it")
    return found, until


def _fingerprint(query: Paging) -> str:
    asked = repr((type(query).__name__, sorted(query.model_dump(mode="json", exclude=_NOT_ASKED).items())))
    return hashlib.sha256(asked.encode()).hexdigest()[:12]


def _invalid(message: str) -> InvalidCursor:
    return InvalidCursor(f"cursor {message}.", faults=(Fault("invalid_cursor", message, parameter="cursor"),))
