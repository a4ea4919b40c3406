"""The figures of a scorecard beside its measures: money, actions, risks and posts, linked to their rows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from app.queries.scorecards.measures import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.columns import Row
    from app.queries.scorecards.rows import Rows
    from app.queries.scorecards.subjects import Subject
    from app.rules.vocabulary import BudgetKind

_MONEY = (
    "original_budget",
    "approved_budget",
    "additions",
    "slippage",
    "revised_budget",
    "forecast",
    "variation",
    "variation_percent",
    "slippage_percent",
    "status",
)
_CELL = ("impact", "impact_label", "probability", "probability_label", "rating", "band")


def budget(rows: Rows, subject: Subject, kind: BudgetKind) -> Row | None:
    """The total of a table, and the lines that it adds up; None without the table."""
    total = next((row for row in rows.totals if row["kind"] == kind), None)
    if total is None:
        return None
    return {
        **{name: total[name] for name in ("currency", *_MONEY)},
        "href": _listed("budget-variances/totals", subject, kind=kind.value),
        "lines": [
            explained_row(row, "budget-variances", "description", *_MONEY, "comment")
            for row in rows.lines
            if row["kind"] == kind
        ],
    }


def action_counts(rows: Sequence[Row]) -> Row:
    """How many actions have each word for a status."""
    words = [(row["status_label"], row["status"], row["status_colour"]) for row in rows]
    return {"total": len(rows), "statuses": counted(Counter(row["status_label"] for row in rows), words)}


def heat_map(rows: Rows, subject: Subject, least_rating: int) -> Row:
    """How many risks there are, and where they stand: in the register, and in print."""
    cells = [row for row in rows.cells if row["rating"] >= least_rating]
    printed = [row["published"] for row in cells if row["published"] is not None]
    return {
        "total": len(rows.risks),
        "heat_map": {
            "rating_min": least_rating,
            "registered": sum(row["registered"] for row in cells),
            "published": sum(printed) if printed else None,
            "href": _listed("risks/heat-map", subject, rating_min=str(least_rating)),
            "cells": [{name: row[name] for name in (*_CELL, "registered", "published")} for row in cells],
        },
    }


def workforce(rows: Rows, subject: Subject) -> Row:
    """Posts that exist and are filled, and how many staff each profile is over."""
    bases = {row["dimension"]: row["base"] for row in rows.profiles}
    totals = ("establishment_total", "occupancy_total", "occupancy_variance")
    return {
        "establishment": [
            explained_row(row, "workforce-establishment", *totals) for row in rows.establishment
        ],
        "profiles": [
            {
                "dimension": dimension,
                "base": base,
                "href": _listed("workforce-profiles", subject, dimension=dimension),
            }
            for dimension, base in bases.items()
        ],
    }


def linked_row(row: Row, listing: str, *names: str) -> Row:
    """Some columns of a row, with its address."""
    return {"id": row["id"], **{name: row[name] for name in names}, "href": f"/v1/{listing}/{row['id']}"}


def explained_row(row: Row, listing: str, *names: str) -> Row:
    """Some columns of a row that can be explained, with its address and that of its explanation."""
    linked = linked_row(row, listing, *names)
    return {**linked, "explain": f"{linked['href']}/explain"}


def _listed(listing: str, subject: Subject, **more: str) -> str:
    """The address of a list of the subject's rows."""
    asked = {"organisation": subject.organisation, "service": subject.service, "period": subject.period}
    return f"/v1/{listing}?{urlencode({**asked, **more})}"
