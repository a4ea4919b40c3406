"""A report into the database: all of it or, where one cell is wrong, nothing of it."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import RowMapping, insert
from sqlalchemy.orm import Session

from app.imports.organisations import OrganisationRow
from app.imports.problems import Problem, ReportRefusedError
from app.imports.reports import Report
from app.services.checks import drafts_of, periods_of, problems_in
from app.services.drafting import table
from app.services.periods import add_periods
from app.services.versions import lock_organisation, write_facts


class Loaded(NamedTuple):
    """What loading a report did; where nothing differs there is no revision to publish."""

    organisation_id: str
    revision_id: int | None
    added: int
    changed: int
    unchanged: int


def load_report(session: Session, report: Report, reason: str, *, correct: bool = False) -> Loaded:
    """Write a report's facts as one revision of its organisation; does not commit or publish.

    A fact that an earlier report stated and this one does not name stays as it is. A scheme that was
    released is rewritten only to `correct` it. Raises ReportRefusedError with every problem: those found
    in reading, references to nothing, figures that their unit cannot mean, rows that stand twice.
    """
    organisation, release = report.organisation, report.release
    if report.problems or organisation is None or release is None:
        raise ReportRefusedError(report.problems)
    known = lock_organisation(session, organisation.id)
    drafts = list(drafts_of(report, release.as_of))
    problems = [
        *_renamed(organisation, known),
        *problems_in(session, organisation.id, report, drafts, correct=correct),
    ]
    if problems:
        raise ReportRefusedError(problems)
    if known is None:
        row = organisation.model_dump(exclude={"line"})
        session.execute(insert(table("organisation")).values(row))
    add_periods(session, {release.period, *periods_of(drafts)})
    written = write_facts(session, organisation.id, drafts, reason)
    return Loaded(organisation.id, *written[:4])


def _renamed(row: OrganisationRow, known: RowMapping | None) -> Iterator[Problem]:
    """Name and area code are not facts that a report may change."""
    for column in ("name", "area_code"):
        value = getattr(row, column)
        if known is not None and known[column] != value:
            reason = f"differs from {known[column]}, which an earlier report stated"
            yield Problem("organisation.csv", row.line, column, value, reason)
