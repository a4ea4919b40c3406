"""What a director reads first: the rows that went wrong, the worst of each kind on top."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from app.queries.scorecards.figures import explained_row
from app.queries.scorecards.measures import measure
from app.rules.vocabulary import ActionStatus, BudgetStatus, Direction, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.columns import Row
    from app.queries.editions import Edition
    from app.queries.scorecards.rows import Rows

_NO_DATE = date.max.isoformat()


def exceptions(rows: Rows, top_bands: frozenset[str]) -> dict[str, list[Row]]:
    """Five lists, in the order in which they are read.

    - missed: targets missed, the furthest below target in percent of it first; those whose variance no
      percentage can tell, as from a target of zero, come last;
    - worsened: measures that went the wrong way, the greatest change in percent of their baseline first;
      those without a percentage come last;
    - overdue_actions: the longest overdue first;
    - high_risks: risks in the top band of their matrix, the highest rating first;
    - overspends: budget lines over their budget, revenue or capital, the most pounds first.

    What ties stays in the order of the report.
    """
    return {
        "missed": [
            measure(row)
            for row in _ordered([r for r in rows.measures if r["status"] == Status.missed], "target_variance")
        ],
        "worsened": [measure(row) for row in _worsened(rows.measures)],
        "overdue_actions": [_action(row) for row in _overdue(rows.actions)],
        "high_risks": [_risk(row) for row in _high(rows.risks, top_bands)],
        "overspends": [_overspend(row) for row in _overspent(rows.lines)],
    }


def top_bands_of(edition: Edition, organisation: str) -> frozenset[str]:
    """The highest band of each of an organisation's risk matrices."""
    return frozenset(
        max(bands, key=lambda band: band.low).label
        for (owner, _), bands in edition.matrices.items()
        if owner == organisation
    )


def _ordered(rows: Sequence[Row], column: str) -> list[Row]:
    """The least number first, and rows without one last."""
    return sorted(rows, key=lambda row: (row[column] is None, Decimal(row[column] or 0)))


def _worsened(measures: Sequence[Row]) -> list[Row]:
    worsened = [row for row in measures if row["direction_of_travel"] == Direction.worsened]
    return sorted(
        worsened,
        key=lambda row: (row["direction_variance"] is None, -abs(Decimal(row["direction_variance"] or 0))),
    )


def _overdue(actions: Sequence[Row]) -> list[Row]:
    overdue = [row for row in actions if row["status"] == ActionStatus.overdue]
    return sorted(overdue, key=lambda row: (row["due_date"] or _NO_DATE, row["id"]))


def _high(risks: Sequence[Row], top_bands: frozenset[str]) -> list[Row]:
    high = [row for row in risks if row["band"] in top_bands]
    return sorted(high, key=lambda row: (-row["rating"], row["id"]))


def _overspent(lines: Sequence[Row]) -> list[Row]:
    over = [row for row in lines if row["status"] == BudgetStatus.overspend]
    return sorted(over, key=lambda row: (-Decimal(row["variation"]), row["id"]))


def _action(row: Row) -> Row:
    names = ("code", "title", "due_date", "progress", "status", "status_label", "status_colour")
    return explained_row(row, "actions", *names)


def _risk(row: Row) -> Row:
    names = ("code", "title", "rating", "band", "target_rating", "target_band", "movement")
    return explained_row(row, "risks", *names)


def _overspend(row: Row) -> Row:
    names = ("kind", "description", "variation", "variation_percent", "comment")
    return explained_row(row, "budget-variances", *names)
