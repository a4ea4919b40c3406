"""Actions due on a day that does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from app.entities import Action, Service, Subject
from app.queries.findings.contradictions import is_day
from app.queries.findings.found import About, Check, Finding, given
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.rules.vocabulary import FindingKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from app.queries.editions import Reading


def impossible_days(
    reading: Reading, owners: Collection[str], periods: Mapping[int, str | None]
) -> Iterator[Finding]:
    """Due dates that are written as a day of the calendar, and are none.

    `periods` gives actions the period of the report that prints them.
    """
    v, a, s, subject = (
        releases_in_force(),
        table(Action, "a"),
        table(Service, "s"),
        table(Subject, "subject"),
    )
    names = ("id", "made_in", "organisation_id", "due_text", "progress", "as_of")
    statement = (
        select(*(a.c[name] for name in names), s.c.slug, subject.c.key)
        .select_from(a)
        .join(v, in_force(a, v))
        .join(s, and_(s.c.id == a.c.service_id, visible(s.c, v.c.revision)))
        .join(subject, subject.c.id == a.c.id)
        .where(a.c.due_date.is_(None), a.c.due_text.is_not(None), a.c.organisation_id.in_(sorted(owners)))
        .order_by(a.c.id)
    )
    for row in reading.execute(statement):
        if is_day(row.due_text):
            yield Finding(
                fact=f"{row.id}/due_date",
                made_in=row.made_in,
                organisation=row.organisation_id,
                service=row.slug,
                period=periods.get(row.id),
                subject=About("action", row.id, row.key),
                field="due_date",
                place="due date",
                published=row.due_text,
                derived=None,
                kind=FindingKind.published_error,
                reason=f"there is no such day as {row.due_text}",
                check=Check.status_dates,
                inputs=given([("due_text", row.due_text), ("progress", row.progress), ("as_of", row.as_of)]),
            )
