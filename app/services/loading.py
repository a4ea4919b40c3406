"""A report into the database: all of it or, where one cell is wrong, nothing of it."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import RowMapping, insert
from sqlalchemy.orm import Session

from app.imports.organisations import OrganisationRow
from app.imports.problems import Problem, ReportRefusedError
from app.imports.reports import Report
from app.services.drafting import table
from app.services.permissions import Caller, Grant, Role
from app.services.taking import Change, Taking, take
from app.services.versions import COMMAND, lock_organisation

OPERATOR = Caller(COMMAND, (Grant(Role.administrator),))
"""Whoever gives a command on the machine itself."""


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
    if problems := list(_renamed(organisation, known)):
        raise ReportRefusedError(problems)
    taking = Taking(release.as_of, periods=(release.period,), whole=True, correct=correct)
    with session.begin_nested():
        if known is None:
            row = organisation.model_dump(exclude={"line"})
            session.execute(insert(table("organisation")).values(row))
        written = take(session, organisation.id, report, Change(OPERATOR, reason), taking)
    return Loaded(organisation.id, *written[:4])


def _renamed(row: OrganisationRow, known: RowMapping | None) -> Iterator[Problem]:
    """Name and area code are not facts that a report may change."""
    for column in ("name", "area_code"):
        value = getattr(row, column)
        if known is not None and known[column] != value:
            reason = f"differs from {known[column]}, which an earlier report stated"
            yield Problem("organisation.csv", row.line, column, value, reason)
