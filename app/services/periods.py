"""Periods that facts name, kept with their neighbours so that these have a label and dates too."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.rules.periods import Span, parse_period
from app.services.drafting import table


def add_periods(session: Session, names: Iterable[str]) -> None:
    """Add those periods, and their neighbours, that the database does not have yet.

    Raises MalformedPeriodError for a name that is no period's.
    """
    wanted = {span.id: span for name in names for span in _with_neighbours(parse_period(name))}
    periods = table("period")
    known = set(session.scalars(select(periods.c.id).where(periods.c.id.in_(wanted))))
    missing = [_row(wanted[name]) for name in sorted(wanted.keys() - known)]
    if missing:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.execute(dialect.insert(periods).on_conflict_do_nothing(), missing)


def _with_neighbours(span: Span) -> list[Span]:
    named = (span.previous_id, span.year_earlier_id, span.year_id, span.last_year_id)
    return [span, *(parse_period(name) for name in named if name)]


def _row(span: Span) -> dict[str, Any]:
    return {**span._asdict(), "kind": span.kind.value}
