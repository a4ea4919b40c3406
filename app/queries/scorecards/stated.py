"""What a report says in words: achievements, challenges, what is needed, and how far a council steps in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.columns import Row
    from app.queries.scorecards.subjects import Subject

_CHALLENGES = frozenset({"issue", "threat", "not_achieved"})


def said(notes: Sequence[Row], subject: Subject) -> Row:
    """What the report says in words: of the service first, then of its measures in order."""
    found: dict[str, list[Row]] = {"achievements": [], "challenges": [], "actions_needed": [], "notes": []}
    for row in notes:
        found[_heading(row)].append(_note(row, subject))
    return dict(found)


def _heading(note: Row) -> str:
    if note["indicator_id"] is not None:
        return "notes"
    if note["kind"] in _CHALLENGES:
        return "challenges"
    return {"achievement": "achievements", "action_needed": "actions_needed"}.get(note["kind"], "notes")


def _note(row: Row, subject: Subject) -> Row:
    of_measure = row["observation_id"] is not None
    return {
        "kind": row["kind"],
        "text": row["text"],
        "about": "measure" if of_measure else "service",
        "title": row["title"] if of_measure else subject.service_name,
        "href": f"/v1/observations/{row['observation_id']}"
        if of_measure
        else f"/v1/services/{subject.service_id}",
    }


def intervention(row: Row) -> Row:
    """How far the council says that it steps in over a measure."""
    observed = row["observation_id"] is not None
    return {
        "level": row["level"],
        "reason": row["reason"],
        "title": row["title"],
        "href": f"/v1/observations/{row['observation_id']}"
        if observed
        else f"/v1/indicators/{row['indicator_id']}",
    }
