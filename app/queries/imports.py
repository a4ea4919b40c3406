"""Files that were handed in, for those who may edit where they go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.entities import ImportJob
from app.queries.columns import Row, chosen, fields
from app.queries.listings import Listing
from app.queries.releases import instant
from app.queries.visibility import table

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Subquery

    from app.queries.editions import Edition, Reading

FIELDS = (
    *fields("id organisation kind mode period"),
    *fields("dry_run", "flag"),
    *fields("reason file_name made_by made_at state"),
    *fields("rows rows_done", "number"),
    *fields("ended_at"),
)


def _rows(edition: Edition) -> Subquery:
    job = table(ImportJob, "f")
    given: dict[str, ColumnElement[Any]] = {
        "organisation": job.c.organisation_id.label("organisation"),
        "period": job.c.period_id.label("period"),
        "made_at": instant(job.c.made_at, edition.dialect).label("made_at"),
        "ended_at": instant(job.c.ended_at, edition.dialect).label("ended_at"),
    }
    return select(*chosen(FIELDS, job, given)).subquery("r")


IMPORTS = Listing("imports", FIELDS, _rows)


def outcome_of(reading: Reading, job_id: str) -> Row:
    """The date that a job's actions speak of, and what there is to say of it in the end, as JSON."""
    job = table(ImportJob, "job")
    found = reading.connection.execute(select(job.c.as_of, job.c.answer).where(job.c.id == job_id)).one()
    return {"as_of": found.as_of, "answer": found.answer}
