"""A scorecard put together from its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries.scorecards.escalation import escalation
from app.queries.scorecards.exceptions import exceptions, top_bands_of
from app.queries.scorecards.figures import action_counts, budget, heat_map, linked_row, workforce
from app.queries.scorecards.measures import direction_counts, sections, status_counts
from app.queries.scorecards.ratings import ratings_of, written
from app.queries.scorecards.rows import rows_of
from app.queries.scorecards.schemes import judging_of, linked
from app.queries.scorecards.stated import intervention, said
from app.queries.scorecards.subjects import ADDRESS, subject_of
from app.rules.vocabulary import BudgetKind

if TYPE_CHECKING:
    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.queries.scorecards.schemes import Judging
    from app.queries.scorecards.subjects import Subject


def scorecard(
    reading: Reading, organisation: str, service: str, period: str, least_rating: int = 1
) -> Row | None:
    """What a service's report for a period opens with; None where nothing is reported.

    The heat map keeps cells of some rating and above. A fixed number of statements, however many rows.
    """
    subject = subject_of(reading, organisation, service, period)
    if subject is None:
        return None
    rows = rows_of(reading, subject)
    if not rows.reported:
        return None
    judging = judging_of(reading, subject, (row["measure_set"] for row in rows.measures))
    ratings = ratings_of(rows.measures)
    return {
        **_who(subject, judging),
        "revenue": budget(rows, subject, BudgetKind.revenue),
        "capital": budget(rows, subject, BudgetKind.capital),
        "ratings": [written(rating, subject, judging) for rating in ratings],
        "measures": len(rows.measures),
        "statuses": status_counts(rows.measures, judging),
        "directions": direction_counts(rows.measures),
        "exceptions": exceptions(rows, top_bands_of(reading.edition, subject.organisation)),
        **said(rows.notes, subject),
        "interventions": [intervention(row) for row in rows.interventions],
        "escalation": escalation(rows, ratings, judging),
        "actions": action_counts(rows.actions),
        "initiatives": [
            linked_row(row, "initiatives", "title", "priority", "status") for row in rows.initiatives
        ],
        "projects": [linked_row(row, "projects", "title", "status", "direction") for row in rows.projects],
        "risks": heat_map(rows, subject, least_rating),
        "workforce": workforce(rows, subject),
        "sections": sections(rows.measures, judging),
    }


def _who(subject: Subject, judging: Judging) -> Row:
    used = {scheme["id"]: scheme for scheme in judging.by_set.values()}
    return {
        "id": subject.id,
        "href": f"{ADDRESS}{subject.id}",
        "organisation": {
            "id": subject.organisation,
            "name": subject.organisation_name,
            "area_code": subject.area_code,
            "href": f"/v1/organisations/{subject.organisation}",
        },
        "service": {
            "id": subject.service_id,
            "service": subject.service,
            "name": subject.service_name,
            "kind": subject.service_kind,
            "lead": subject.lead,
            "parent": subject.parent,
            "href": f"/v1/services/{subject.service_id}",
        },
        "period": {
            "id": subject.period,
            "label": subject.period_label,
            "start": subject.period_start.isoformat(),
            "end": subject.period_end.isoformat(),
            "href": f"/v1/periods/{subject.period}",
        },
        "release": {
            "id": subject.release,
            "note": subject.release_note,
            "as_of": None if subject.release_as_of is None else subject.release_as_of.isoformat(),
        },
        "schemes": [linked(scheme) for scheme in used.values()],
    }
