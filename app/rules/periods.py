"""Stretches of the calendar that councils report on, read from an id or a label."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

EARLIEST = 1900
"""No financial year before this one is a period, and none is named as a neighbour."""
FORMS = (
    "2011-12, 2011-12-q2, 2004-05-t1, 2011-12-h1, 2011-m09, as-at-2011-09-30, "
    "year-to-2011-09-30, 2011-09-16--2011-09-30, 2011/12, 2011/12 Q2 or Qtr 2 2011/12"
)
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class MalformedPeriodError(ValueError):
    """A text that names no period, or could name two; the message gives the text and the forms."""

    def __init__(self, text: str) -> None:
        """Keep the text in the message, shortened."""
        super().__init__(f"{text[:60]!r} is not a period; write {FORMS}")


class PeriodKind(StrEnum):
    """What sort of stretch a period is; periods of one kind follow one another."""

    month = "month"
    quarter = "quarter"
    four_months = "four_months"
    half_year = "half_year"
    financial_year = "financial_year"
    as_at = "as_at"
    rolling_year = "rolling_year"
    custom = "custom"


class Span(NamedTuple):
    """A period: its first and last day, and the ids of its neighbours.

    `months` is its length in calendar months, none for a day and those touched for a custom period.
    `months_elapsed` counts from April to the month of its last day, that month included.
    """

    id: str
    kind: PeriodKind
    label: str
    start: date
    end: date
    months: int
    months_elapsed: int
    previous_id: str | None
    year_earlier_id: str | None
    year_id: str | None
    last_year_id: str | None


@lru_cache(maxsize=4096)
def parse_period(text: str) -> Span:
    """The period that an id or a label names; every id and every label reads back as itself.

    A financial year starts on 1 April. Raises MalformedPeriodError for anything else.
    """
    for pattern, build in _FORMS:
        if found := pattern.fullmatch(text):
            try:
                return build(found)
            except ValueError as impossible:
                raise MalformedPeriodError(text) from impossible
    raise MalformedPeriodError(text)


def _span(
    name: str,
    kind: PeriodKind,
    label: str,
    days: tuple[date, date],
    months: int,
    *,
    previous: str | None,
    year_earlier: str | None,
) -> Span:
    start, end = days
    first = end.year if end.month >= _APRIL else end.year - 1
    elapsed = (end.month - _APRIL) % 12 + 1
    years = (_year_id(first), _year_id(first - 1))
    return Span(name, kind, label, start, end, months, elapsed, previous, year_earlier, *years)


def _financial_year(found: re.Match[str]) -> Span:
    first = _first_year(found)
    days = (date(first, _APRIL, 1), date(first + 1, 3, 31))
    before = _year_id(first - 1)
    kind = PeriodKind.financial_year
    name = f"{first}-{_following(first)}"
    return _span(name, kind, _year_label(first), days, 12, previous=before, year_earlier=before)


def _part(found: re.Match[str]) -> Span:
    first, letter, number = _first_year(found), found["part"].lower(), int(found["number"])
    kind, months = _PARTS[letter]
    count = 12 // months
    if number > count:
        raise ValueError(f"a year has {count} parts of {months} months")
    start = _month_start(first, _APRIL + months * (number - 1))
    end = _month_start(first, _APRIL + months * number) - _DAY
    before = (first, number - 1) if number > 1 else (first - 1, count)
    return _span(
        f"{first}-{_following(first)}-{letter}{number}",
        kind,
        f"{_year_label(first)} {letter.upper()}{number}",
        (start, end),
        months,
        previous=_part_id(before[0], letter, before[1]),
        year_earlier=_part_id(first - 1, letter, number),
    )


def _month(found: re.Match[str]) -> Span:
    year = int(found["year"])
    number = int(found["month"]) if "month" in found.groupdict() else _month_number(found["name"])
    start = date(year, number, 1)
    before = start - _DAY
    return _span(
        f"{year}-m{number:02}",
        PeriodKind.month,
        f"{MONTHS[number - 1]} {year}",
        (start, _month_start(year, number + 1) - _DAY),
        1,
        previous=_known(before, f"{before.year}-m{before.month:02}"),
        year_earlier=_known(_year_before(start), f"{year - 1}-m{number:02}"),
    )


def _as_at(found: re.Match[str]) -> Span:
    day = _day(found["end"])
    earlier = _year_before(day)
    return _span(
        f"as-at-{day}",
        PeriodKind.as_at,
        f"As at {_written(day)}",
        (day, day),
        0,
        previous=None,
        year_earlier=_known(earlier, f"as-at-{earlier}"),
    )


def _rolling_year(found: re.Match[str]) -> Span:
    end = _day(found["end"])
    earlier = _year_before(end)
    before = _known(earlier, f"year-to-{earlier}")
    return _span(
        f"year-to-{end}",
        PeriodKind.rolling_year,
        f"Year to {_written(end)}",
        (earlier + _DAY, end),
        12,
        previous=before,
        year_earlier=before,
    )


def _custom(found: re.Match[str]) -> Span:
    start, end = _day(found["start"]), _day(found["end"])
    if start > end:
        raise ValueError("it ends before it starts")
    earlier = (_year_before(start), _year_before(end))
    return _span(
        f"{start}--{end}",
        PeriodKind.custom,
        f"{_written(start)} to {_written(end)}",
        (start, end),
        12 * (end.year - start.year) + end.month - start.month + 1,
        previous=None,
        year_earlier=_known(earlier[0], f"{earlier[0]}--{earlier[1]}"),
    )


def _first_year(found: re.Match[str]) -> int:
    """The first of two years that follow one another; 2011-13 is not a year."""
    first = int(found["year"])
    if found["next"] != _following(first):
        raise ValueError("the years do not follow one another")
    return first


def _following(first: int) -> str:
    return f"{(first + 1) % 100:02}"


def _year_label(first: int) -> str:
    return f"{first}/{_following(first)}"


def _year_id(first: int) -> str | None:
    return f"{first}-{_following(first)}" if first >= EARLIEST else None


def _part_id(first: int, letter: str, number: int) -> str | None:
    year = _year_id(first)
    return f"{year}-{letter}{number}" if year else None


def _known(day: date, name: str) -> str | None:
    return name if day >= date(EARLIEST, _APRIL, 1) else None


def _month_start(year: int, month: int) -> date:
    """The first day of a month counted from January of a year, beyond December if need be."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _year_before(day: date) -> date:
    """The same day a year before; the end of February stays the end of February."""
    if (day + _DAY).month != day.month:
        return _month_start(day.year - 1, day.month + 1) - _DAY
    return day.replace(year=day.year - 1)


def _written(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _day(text: str) -> date:
    if " " not in text:
        return date.fromisoformat(text)
    day, month, year = text.split(" ")
    return date(int(year), _month_number(month), int(day))


def _month_number(name: str) -> int:
    return MONTHS.index(name) + 1


_APRIL = 4
_DAY = timedelta(days=1)
_PARTS = {
    "q": (PeriodKind.quarter, 3),
    "t": (PeriodKind.four_months, 4),
    "h": (PeriodKind.half_year, 6),
}
_YEAR = "(?P<year>(?:19|20|21)[0-9]{2})"
_ISO = "(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}"
_NAMES = "|".join(MONTHS)
_WRITTEN = f"[1-9][0-9]? (?:{_NAMES}) (?:19|20|21)[0-9]{{2}}"
_QUARTER = "(?P<part>Q)(?:tr ?|uarter )?(?P<number>[1-4])"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Span]], ...] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        (f"{_YEAR}[-/](?P<next>[0-9]{{2}})", _financial_year),
        (f"{_YEAR}-(?P<next>[0-9]{{2}})-(?P<part>[qth])(?P<number>[1-9])", _part),
        (f"{_YEAR}/(?P<next>[0-9]{{2}}) (?P<part>[QTH])(?P<number>[1-9])", _part),
        (f"{_YEAR}/(?P<next>[0-9]{{2}}) {_QUARTER}", _part),
        (f"{_QUARTER} {_YEAR}/(?P<next>[0-9]{{2}})", _part),
        (f"{_YEAR}-m(?P<month>[0-9]{{2}})", _month),
        (f"(?P<name>{_NAMES}) {_YEAR}", _month),
        (f"as-at-(?P<end>{_ISO})", _as_at),
        (f"As at (?P<end>{_WRITTEN})", _as_at),
        (f"year-to-(?P<end>{_ISO})", _rolling_year),
        (f"Year to (?P<end>{_WRITTEN})", _rolling_year),
        (f"(?P<start>{_ISO})--(?P<end>{_ISO})", _custom),
        (f"(?P<start>{_WRITTEN}) to (?P<end>{_WRITTEN})", _custom),
    )
)
