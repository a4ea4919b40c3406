"""What a request reads: what is public, what was public at a moment, or the drafts its caller may read."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.errors import Fault, Forbidden, InvalidParameter, Unauthenticated
from app.queries.views import PUBLIC, View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.permissions import Caller

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_LONDON = ZoneInfo("Europe/London")


def view_of(asked: Mapping[str, str], who: Caller) -> View:
    """What a query asks to read, by its `view` and `as_of`, as far as its caller may.

    Raises InvalidParameter for a moment that is none, or is to come, or is asked for beside drafts;
    Unauthenticated or Forbidden where the caller may read no draft.
    """
    as_of, drafts = asked.get("as_of"), asked.get("view") == "draft"
    if as_of is not None and drafts:
        raise _refused("as_of", "cannot_combine", "is of what was public, and does not go with view=draft")
    if as_of is not None:
        return _at(as_of)
    if not drafts:
        return PUBLIC
    if not who.name:
        raise Unauthenticated("Drafts are read with a credential, in Authorization.", shown=False)
    allowed = who.drafts()
    if not allowed:
        raise Forbidden("This credential reads no drafts.")
    return View(drafts=tuple(sorted(allowed.items(), key=lambda named: named[0] or "")))


def moment_of(text: str) -> datetime | None:
    """The moment that a text names, a day by its end in London; None where it names none."""
    try:
        if _DAY.fullmatch(text):
            next_day = date.fromisoformat(text) + timedelta(days=1)
            end = datetime.combine(next_day, time(), _LONDON) - timedelta(microseconds=1)
            return end.astimezone(UTC)
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return None


def _at(text: str) -> View:
    moment, now = moment_of(text), datetime.now(UTC)
    if moment is None:
        raise _refused(
            "as_of", "not_an_instant", "must be a day such as 2012-03-31, or an instant with its zone"
        )
    if moment <= now:
        return View(moment)
    if _DAY.fullmatch(text) and text <= now.astimezone(_LONDON).date().isoformat():
        return PUBLIC
    raise _refused("as_of", "in_the_future", "must not be in the future")


def _refused(parameter: str, code: str, message: str) -> InvalidParameter:
    return InvalidParameter(f"{parameter} {message}.", faults=(Fault(code, message, parameter=parameter),))
