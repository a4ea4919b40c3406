"""Days as they stand in council documents, where the month is a word or the date is ISO."""

import re
from datetime import date

from app.rules.periods import MONTHS

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WRITTEN = re.compile(r"([0-9]{1,2})[- ]([A-Za-z]{3,9})[- ]([0-9]{4})")
_NO_DAY = re.compile(r"[A-Za-z]{3,9}[- ][0-9]{2,4}")
_SLASHES = re.compile(r"[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{1,4}")
_SHORT = 3


def is_dated(text: str) -> bool:
    """Whether a cell that may hold a number or a day is meant as a day."""
    return any(form.fullmatch(text) for form in (_ISO, _WRITTEN, _NO_DAY, _SLASHES))


def read_day(text: str) -> tuple[date, list[str]]:
    """The day that a cell prints, and what was normalised to read it.

    Raises ValueError with the reason: no day is given, two could be meant, or it does not exist.
    """
    if found := _ISO.fullmatch(text):
        return _existing(int(found[1]), int(found[2]), int(found[3])), []
    if found := _WRITTEN.fullmatch(text):
        day = _existing(int(found[3]), _month(found[2]), int(found[1]))
        return day, [f"is read as {day}"]
    if _NO_DAY.fullmatch(text):
        raise ValueError("names no day; a day is required, as 2005-07-31")
    if _SLASHES.fullmatch(text):
        raise ValueError("could be read as two different days; write it as 2005-07-31")
    raise ValueError("is not a date; write it as 2005-07-31")


def _existing(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("is a date that does not exist") from None


def _month(name: str) -> int:
    """A month by its name, or by three letters of it or more: Sep, Sept, September."""
    for number, month in enumerate(MONTHS, 1):
        if len(name) >= _SHORT and month.startswith(name.title()):
            return number
    raise ValueError(f"has no month in it: {name}")
