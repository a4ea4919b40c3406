"""What the measures of a scorecard come to: counts by status and by direction, for all and by section."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from app.rules.indicators import status_share
from app.rules.vocabulary import Direction
from app.rules.wording import decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.queries.columns import Row
    from app.queries.scorecards.schemes import Judging
    from app.rules.evaluation import Raw

_PLAIN = (
    "id",
    "indicator_key",
    "indicator_code",
    "title",
    "measure_set",
    "unit",
    "state",
    "outturn",
    "target",
    "target_variance",
    "status",
    "status_label",
    "status_colour",
    "previous",
    "direction_of_travel",
    "direction_label",
    "direction_variance",
)


def measure(row: Row) -> Row:
    """An observation in brief, with its address and that of its explanation."""
    address = f"/v1/observations/{row['id']}"
    return {**{name: row[name] for name in _PLAIN}, "href": address, "explain": f"{address}/explain"}


def status_counts(rows: Sequence[Row], judging: Judging) -> list[Row]:
    """How many measures have each word for a status, and what percentage of all, those without data too.

    Every word that the schemes could give is there, in the order in which they try it, be it for none.
    """
    clauses = [
        clause
        for measure_set in dict.fromkeys(row["measure_set"] for row in rows)
        for clause in judging.clauses_for(measure_set)
    ]
    words = [(clause["label"], clause["code"], clause["colour"]) for clause in clauses]
    words += [(row["status_label"], row["status"], row["status_colour"]) for row in rows]
    return counted(Counter(row["status_label"] for row in rows), words)


def counted(counts: Counter[str | None], words: Iterable[tuple[str | None, str, str | None]]) -> list[Row]:
    """Labels with their counts and percentages, in the order of the words: label, status and colour."""
    statuses: dict[str | None, list[str]] = {}
    colours: dict[str | None, str | None] = {}
    for label, status, colour in words:
        of_label = statuses.setdefault(label, [])
        if status not in of_label:
            of_label.append(status)
        colours[label] = colours.get(label) or colour
    return [
        {
            "label": label,
            "statuses": statuses[label],
            "colour": colours[label],
            "count": counts[label],
            "percent": percent(counts[label], counts.total()),
        }
        for label in statuses
    ]


def direction_counts(rows: Sequence[Row]) -> list[Row]:
    """How many measures went which way, and what percentage of all; every direction is there."""
    counts = Counter(row["direction_of_travel"] for row in rows)
    labels = {row["direction_of_travel"]: row["direction_label"] for row in reversed(rows)}
    return [
        {
            "direction": direction.value,
            "label": labels.get(direction),
            "count": counts[direction],
            "percent": percent(counts[direction], len(rows)),
        }
        for direction in Direction
    ]


def sections(rows: Sequence[Row], judging: Judging) -> list[Row]:
    """The measures by section of the report, in its order."""
    found: dict[str | None, list[Row]] = {}
    for row in rows:
        found.setdefault(row["section"], []).append(row)
    return [
        {
            "section": section,
            "total": len(within),
            "statuses": status_counts(within, judging),
            "measures": [measure(row) for row in within],
        }
        for section, within in found.items()
    ]


def percent(part: Raw, whole: Raw) -> str | None:
    """A share of a whole set of measures, as it is counted everywhere; none of nothing."""
    share = status_share.of(part=part, whole=whole)
    return None if share is None else decimal(share, 0)  # type: ignore[arg-type]  # the rule gives a number
