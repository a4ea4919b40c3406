"""What a figure is really of, and how much of its year it has gathered."""

from __future__ import annotations

from datetime import timedelta

from app.rules.periods import PeriodKind, Span, parse_period
from app.rules.vocabulary import Basis

_DAY = timedelta(days=1)


def covered(period: str, covers: str | None, as_of: str | None, basis: str) -> Span:
    """What a figure is of: as stated, or as at its own day where that is not its period's last.

    An estimate of a full year has a date too, on which it was made; it is still of the year.
    """
    if covers is not None:
        return parse_period(covers)
    span = parse_period(period)
    if as_of in {None, str(span.end)} or basis != Basis.actual:
        return span
    return parse_period(f"as-at-{as_of}")


def months_gathered(period: str, covers: str | None, as_of: str | None, basis: str) -> int | None:
    """The months of its report's year that a cumulative figure has gathered, 12 for all of it.

    None where that is no number of months, all from 1 April on: a rolling year, a stretch that begins
    later, a day within a month, another year than that of the report; and for an estimate.
    """
    span = covered(period, covers, as_of, basis)
    if basis != Basis.actual or span.year_id != parse_period(period).year_id:
        return None
    return _whole_months_since_april(span)


def _whole_months_since_april(span: Span) -> int | None:
    if span.kind is PeriodKind.rolling_year or (span.end + _DAY).day != 1:
        return None
    if span.kind is PeriodKind.custom:
        year = None if span.year_id is None else parse_period(span.year_id)
        if year is None or span.start != year.start:
            return None
    return span.months_elapsed
