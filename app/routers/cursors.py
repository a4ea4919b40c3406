"""A cursor: where a page ended, and of which question, so that it cannot be used for another."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from app.entities.revisions import BEYOND_IDS
from app.errors import Fault, InvalidCursor
from app.queries.listings import After

if TYPE_CHECKING:
    from app.queries.listings import Listing, Question

_FORMS: dict[str, type] = {"number": int, "units": int, "measure": int, "flag": bool}


def write_cursor(listing: Listing, question: Question, after: After) -> str:
    """The text that stands for the end of a page."""
    parts = [_fingerprint(listing, question), after.value, after.id]
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def read_cursor(listing: Listing, question: Question, text: str) -> After:
    """The end of the page before.

    Raises InvalidCursor where the text is no cursor, or one of another list, filter or order.
    """
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        mark, value, row_id = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        after = After(_typed(listing, question.sort, value), _typed(listing, "id", row_id))
    except (ValueError, TypeError, binascii.Error) as error:
        raise _invalid("is not a cursor that this service gave out") from error
    if mark != _fingerprint(listing, question) or after.id is None:
        raise _invalid("belongs to another list, filter or order; start again without it")
    return after


def _typed(listing: Listing, name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON
    """A value of a column's type, or a TypeError."""
    if value is None:
        return None
    form = listing.names[name].form
    if type(value) is not _FORMS.get(form, str):
        raise TypeError(name)
    widest = BEYOND_IDS if form == "number" else 2**63
    if isinstance(value, int) and not -widest <= value < widest:
        raise TypeError(name)
    if isinstance(value, str) and "\0" in value:
        raise TypeError(name)
    return date.fromisoformat(str(value)) if form == "date" else value


def _fingerprint(listing: Listing, question: Question) -> str:
    asked = repr((listing.name, question.filters, question.sort, question.descending))
    return hashlib.sha256(asked.encode()).hexdigest()[:12]


def _invalid(message: str) -> InvalidCursor:
    return InvalidCursor(f"cursor {message}.", faults=(Fault("invalid_cursor", message, parameter="cursor"),))
