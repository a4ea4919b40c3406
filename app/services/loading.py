"""A report into the database: all of it or, where one cell is wrong, nothing of it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import RowMapping, insert, select
from sqlalchemy.orm import Session

from app.imports.organisations import OrganisationRow, ReleaseRow
from app.imports.problems import Problem, ReportRefusedError
from app.imports.reports import Report
from app.imports.units import Meaning, misfits
from app.services.clauses import misplaced_clauses
from app.services.drafting import Draft, SubjectKey, table
from app.services.drafts import (
    actions,
    budgets,
    indicators,
    organisations,
    published,
    risks,
    schemes,
    workforce,
)
from app.services.periods import add_periods
from app.services.references import chunks, unknown_references
from app.services.schemes import rewritten_schemes, unsound_schemes
from app.services.versions import lock_organisation, write_facts

_NAMED = ("period_id", "covers_id", "previous_period_id")


class Loaded(NamedTuple):
    """What loading a report did; where nothing differs there is no revision to publish."""

    organisation_id: str
    revision_id: int | None
    added: int
    changed: int
    unchanged: int


class _Span(NamedTuple):
    """When a scheme is in force, and for which measure set."""

    scheme: str
    measure_set: str
    start: date
    end: date | None

    def meets(self, other: "_Span") -> bool:
        """Whether both are in force on some day."""
        if self.measure_set != other.measure_set:
            return False
        starts_late = other.end is not None and self.start > other.end
        ends_early = self.end is not None and self.end < other.start
        return not (starts_late or ends_early)


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
    drafts = list(_drafts(report, release))
    problems = [
        *_renamed(organisation, known),
        *_repeated(drafts),
        *unknown_references(session, organisation.id, drafts),
        *_unknown_matrices(session, report, organisation.id),
        *_two_schemes_at_once(session, report, organisation.id),
        *misplaced_clauses(session, report, organisation.id),
        *unsound_schemes(session, report, organisation.id),
        *(() if correct else rewritten_schemes(session, report, organisation.id)),
        *misfits(report, _meanings(session, report, organisation.id)),
    ]
    if problems:
        raise ReportRefusedError(problems)
    if known is None:
        row = organisation.model_dump(exclude={"line"})
        session.execute(insert(table("organisation")).values(row))
    add_periods(session, {release.period, *_periods(drafts)})
    written = write_facts(session, organisation.id, drafts, reason)
    return Loaded(organisation.id, *written[:4])


def _drafts(report: Report, release: ReleaseRow) -> Iterator[Draft]:
    yield from organisations.services(report)
    yield from schemes.schemes(report)
    yield from risks.matrices(report)
    yield from indicators.indicators(report)
    yield from indicators.figures(report)
    yield from indicators.beside(report)
    yield from indicators.interventions(report)
    yield from budgets.budget_lines(report)
    yield from risks.risks(report)
    yield from workforce.workforce(report)
    yield from actions.actions(report, release.as_of)
    yield from actions.undertakings(report)
    yield from actions.notes(report)
    yield from published.published(report)


def _renamed(row: OrganisationRow, known: RowMapping | None) -> Iterator[Problem]:
    """Name and area code are not facts that a report may change."""
    for column in ("name", "area_code"):
        value = getattr(row, column)
        if known is not None and known[column] != value:
            reason = f"differs from {known[column]}, which an earlier report stated"
            yield Problem("organisation.csv", row.line, column, value, reason)


def _repeated(drafts: Sequence[Draft]) -> Iterator[Problem]:
    first: dict[SubjectKey, Draft] = {}
    for draft in drafts:
        earlier = first.setdefault(draft.subject, draft)
        if earlier is not draft:
            reason = f"says the same fact as row {earlier.row.line} again"
            yield Problem(draft.file, draft.row.line, "", draft.subject.key, reason)


def _unknown_matrices(session: Session, report: Report, organisation_id: str) -> Iterator[Problem]:
    levels = table("risk_matrix_level").c
    query = select(levels.matrix).where(levels.organisation_id == organisation_id).distinct()
    known = {row.matrix for row in report.risk_matrices} | set(session.scalars(query))
    for file, rows in (("risks.csv", report.risks), ("heat_map.csv", report.heat_map)):
        for row in rows:
            if row.matrix not in known:
                reason = "names no matrix of this report or an earlier one"
                yield Problem(file, row.line, "matrix", row.matrix, reason)


def _two_schemes_at_once(session: Session, report: Report, organisation_id: str) -> Iterator[Problem]:
    """A measure set has one scheme at a time: with two, no status would be the status."""
    facts = table("scheme").c
    named = {row.id for row in report.schemes}
    subjects = table("subject").c
    query = select(subjects.key, facts.measure_set, facts.effective_from, facts.effective_to).where(
        facts.organisation_id == organisation_id,
        facts.replaced_in.is_(None),
        facts.id == subjects.id,
        subjects.key.not_in(named),
    )
    spans = [_Span(*row) for row in session.execute(query)]
    for row in report.schemes:
        span = _Span(row.id, row.measure_set, row.effective_from, row.effective_to)
        for other in filter(span.meets, spans):
            reason = f"is in force together with {other.scheme} for {span.measure_set}"
            yield Problem("schemes.csv", row.line, "effective_from", str(span.start), reason)
        spans.append(span)


def _meanings(session: Session, report: Report, organisation_id: str) -> dict[str, Meaning]:
    """What the figures of each indicator are: as this report defines it, or an earlier one."""
    meanings = {row.key: Meaning(row.unit, row.polarity) for row in report.indicators}
    named = {row.indicator for row in report.observations}
    named |= {row.indicator for row in report.targets}
    facts = table("indicator").c
    for chunk in chunks(named - meanings.keys()):
        query = select(facts.key, facts.unit, facts.polarity).where(
            facts.organisation_id == organisation_id,
            facts.key.in_(chunk),
            facts.replaced_in.is_(None),
        )
        for key, unit, polarity in session.execute(query):
            meanings[key] = Meaning(unit, polarity)
    return meanings


def _periods(drafts: Sequence[Draft]) -> Iterator[str]:
    for draft in drafts:
        for column in _NAMED:
            if name := draft.values.get(column):
                yield name
