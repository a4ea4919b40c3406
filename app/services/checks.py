"""Whether a report's rows go with one another, and with what stands in the database."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.imports.problems import Problem
from app.imports.reports import Report
from app.imports.units import Meaning, misfits
from app.services.clauses import misplaced_clauses
from app.services.disclosure import Policy
from app.services.drafting import Draft, SubjectKey, table
from app.services.drafts import (
    actions,
    budgets,
    disclosure,
    indicators,
    organisations,
    published,
    risks,
    schemes,
    workforce,
)
from app.services.references import chunks, unknown_references
from app.services.schemes import rewritten_schemes, unsound_schemes

_NAMED = ("period_id", "covers_id", "previous_period_id")


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


def drafts_of(report: Report, as_of: date) -> Iterator[Draft]:
    """The facts that a report's rows state; an action without a date of its own is as of the one given."""
    yield from organisations.services(report)
    yield from schemes.schemes(report)
    yield from risks.matrices(report)
    yield from indicators.indicators(report)
    yield from indicators.figures(report)
    yield from indicators.beside(report)
    yield from indicators.interventions(report)
    yield from budgets.budget_lines(report)
    yield from _said_once(risks.risks(report))
    yield from workforce.workforce(report)
    yield from actions.actions(report, as_of)
    yield from actions.undertakings(report)
    yield from actions.notes(report)
    yield from published.published(report)
    yield from disclosure.policies(report)


def _said_once(drafts: Iterator[Draft]) -> Iterator[Draft]:
    """Each draft, but a risk only once that comes with several assessments and is the same in all."""
    risks_said: dict[SubjectKey, Mapping[str, Any]] = {}
    for draft in drafts:
        if draft.subject.kind == "risk":
            said = {**draft.values, **draft.refers, "position": None}
            if risks_said.setdefault(draft.subject, said) is not said and risks_said[draft.subject] == said:
                continue
        yield draft


def problems_in(  # noqa: PLR0913 - all that rows are held against
    session: Session,
    organisation_id: str,
    report: Report,
    drafts: Sequence[Draft],
    *,
    correct: bool,
    hidden: Collection[SubjectKey] = (),
) -> Iterator[Problem]:
    """What is wrong with rows that each could be read.

    They refer to nothing, or to what is hidden from who states them; they stand twice, or have a figure that
    their unit cannot mean; a scheme leaves a gap, is in force beside another, or was released already; under
    a policy no small count could be kept.
    """
    yield from _repeated(drafts)
    yield from unknown_references(session, organisation_id, drafts, hidden)
    yield from _unknown_matrices(session, report, organisation_id)
    yield from _two_schemes_at_once(session, report, organisation_id)
    yield from _unsafe_policies(report)
    yield from misplaced_clauses(session, report, organisation_id)
    yield from unsound_schemes(session, report, organisation_id)
    if not correct:
        yield from rewritten_schemes(session, report, organisation_id)
    yield from misfits(report, _meanings(session, report, organisation_id))


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


def _unsafe_policies(report: Report) -> Iterator[Problem]:
    """Policies under which whoever knows the rest knows too much of a count that is not told.

    They are tried on persons: what is safe of them is safe of full-time equivalents.
    """
    for row in report.disclosure_policies:
        try:
            Policy(row.threshold, row.rounding)
        except ValueError as unsafe:
            reason, threshold = f"is too low: {unsafe}", str(row.threshold)
            yield Problem("disclosure_policies.csv", row.line, "threshold", threshold, reason)


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


def periods_of(drafts: Sequence[Draft]) -> Iterator[str]:
    """The periods that facts name, by id."""
    for draft in drafts:
        for column in _NAMED:
            if name := draft.values.get(column):
                yield name
