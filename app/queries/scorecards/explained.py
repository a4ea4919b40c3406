"""A rating explained: its rows with their sources, its formula filled in, and one plain sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries.scorecards.ratings import ratings_of, written
from app.queries.scorecards.rows import measures_of
from app.queries.scorecards.schemes import judging_of
from app.queries.scorecards.subjects import subject_of
from app.rules.wording import decimal

if TYPE_CHECKING:
    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.queries.scorecards.ratings import Rating

_PLACES = 12


def explain_rating(
    reading: Reading, organisation: str, service: str, period: str, measure_set: str
) -> Row | None:
    """How a rating comes about; None where no measure of that set is reported."""
    subject = subject_of(reading, organisation, service, period)
    rows = [] if subject is None else measures_of(reading, subject, measure_set)
    if subject is None or not rows:
        return None
    judging = judging_of(reading, subject, [measure_set])
    [rating] = ratings_of(rows)
    shown = written(rating, subject, judging)
    return {
        "subject": {
            "kind": "rating",
            "id": f"{subject.id}/{measure_set}",
            "href": shown["href"],
            "organisation": subject.organisation,
            "service": subject.service,
            "period": subject.period,
            "title": shown["name"],
        },
        "sentence": shown["sentence"],
        "rating": shown["rating"],
        "scheme": shown["scheme"],
        "operands": [_operand(row, subject.period) for row in shown["scored"]],
        "steps": _steps(rating, shown),
        "not_derived": _not_derived(rating),
        "subtotals": shown["subtotals"],
        "scored": shown["scored"],
        "unscored": shown["unscored"],
    }


def _operand(row: Row, period: str) -> Row:
    source = {
        "kind": "observation",
        "id": str(row["observation_id"]),
        "field": "status_points",
        "period": period,
        "href": row["href"],
    }
    return {
        "name": row["indicator_key"],
        "label": row["title"],
        "value": row["points"],
        "kind": "number",
        "source": source,
    }


def _steps(rating: Rating, shown: Row) -> list[Row]:
    """The one step from counts and points to their sum; nothing is rounded on the way."""
    if rating.account is None:
        return []
    return [
        {
            "field": "rating",
            "rule": "rating",
            "version": rating.version,
            "formula": shown["formula"],
            "filled": shown["filled"],
            "tried": [],
            "exact": None if rating.total is None else str(rating.total),
            "unrounded": None if rating.total is None else decimal(rating.total, _PLACES),
            "rounding": None,
            "answer": shown["rating"],
            "kind": "number",
        }
    ]


def _not_derived(rating: Rating) -> list[Row]:
    if rating.account is not None:
        return []
    lacking = [gap.because for gap in rating.gaps]
    return [{"field": "rating", "reason": "; ".join(lacking), "lacking": lacking}]
