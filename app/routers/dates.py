"""When what is sent changed last, and whether a client that names this date has it."""

from __future__ import annotations

from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING

from app.services.forms import date_of_program

if TYPE_CHECKING:
    from datetime import datetime

    from fastapi import Request

SINCE = "since"
"""Where a request's state says since when, in whole seconds, its answer is what it is, if a date can tell."""


def dated(request: Request, since: datetime | None, *, certain: bool) -> dict[str, str]:
    """The header that dates an answer: by the release that it rests on, or the program, if that is newer.

    Only where the moment is `certain` to tell what there is now from what there was before is
    If-Modified-Since answered.
    """
    if since is None:
        return {}
    moment = max(since, date_of_program()).replace(microsecond=0)
    if certain:
        request.scope.setdefault("state", {})[SINCE] = int(moment.timestamp())
    return {"Last-Modified": format_datetime(moment, usegmt=True)}


def second_of(date: bytes | None) -> int | None:
    """The moment that a header names, in seconds; None for one that is no date (RFC 9110, 13.1.3)."""
    try:
        return None if date is None else int(parsedate_to_datetime(date.decode("latin-1")).timestamp())
    except (ValueError, OverflowError):
        return None
