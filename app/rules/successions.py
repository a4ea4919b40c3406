"""Which periods of one kind follow one another, so that a gap between two of them is seen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.rules.periods import PeriodKind, Span, parse_period

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_APRIL = 4
_LATEST = date(2199, 12, 31)
"""The last day that a period of any kind is known of."""
_ALONE = frozenset({PeriodKind.as_at, PeriodKind.custom})
_PARTS = {
    PeriodKind.quarter: ("q", 3),
    PeriodKind.four_months: ("t", 4),
    PeriodKind.half_year: ("h", 6),
}
REGULAR = frozenset({PeriodKind.month, PeriodKind.financial_year, *_PARTS})
"""The kinds whose periods lie end to end: of each there is one that any day falls in."""


def period_with(kind: PeriodKind, day: date) -> Span:
    """The period of a regular kind that a day falls in. Raises KeyError for any other kind."""
    if kind is PeriodKind.month:
        return parse_period(f"{day.year}-m{day.month:02}")
    first = day.year if day.month >= _APRIL else day.year - 1
    year = f"{first}-{(first + 1) % 100:02}"
    if kind is PeriodKind.financial_year:
        return parse_period(year)
    letter, months = _PARTS[kind]
    return parse_period(f"{year}-{letter}{(day.month - _APRIL) % 12 // months + 1}")


def succession(
    spans: Collection[Span], since: date | None = None, until: date | None = None
) -> tuple[Span, ...] | None:
    """Every period from the first of some to the last, in order of time, those between included.

    All are of one kind, and there is one at least. With `since` or `until` only those whose last day is
    no earlier and no later; where both ends are given, those before the first and after the last too.
    None where nothing tells what is between: days and stretches of one's own choice do not follow one
    another, nor do years that end on different days.
    """
    first, last = min(spans, key=_end), max(spans, key=_end)
    known = {span.id for span in _back(last, first.end)}
    if first.kind in _ALONE or any(span.id not in known for span in spans):
        return None
    latest = last if until is None else _ending_by(last, until)
    return tuple(reversed([*_back(latest, since or first.end)]))


def _ending_by(last: Span, until: date) -> Span | None:
    """The latest period of the same kind that ends by a day."""
    latest: Span | None = last
    if last.kind in REGULAR:
        latest = period_with(last.kind, min(until, _LATEST))
    while latest is not None and latest.end > until:
        latest = _before(latest)
    return latest


def _back(span: Span | None, earliest: date) -> Iterator[Span]:
    """A period and those before it, back to one that ends on a day."""
    while span is not None and span.end >= earliest:
        yield span
        span = _before(span)


def _before(span: Span) -> Span | None:
    return None if span.previous_id is None else parse_period(span.previous_id)


def _end(span: Span) -> date:
    return span.end
