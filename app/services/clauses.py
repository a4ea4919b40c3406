"""Clauses in the schemes that they are for: levels of escalation in escalation schemes, and nowhere else."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.imports.problems import Problem
from app.imports.reports import Report
from app.rules.escalation import ESCALATION
from app.services.drafting import table
from app.services.references import chunks


def misplaced_clauses(session: Session, report: Report, organisation_id: str) -> Iterator[Problem]:
    """Clauses whose code their scheme cannot give, schemes that would leave theirs so, measures judged so."""
    before = _measure_sets(session, report, organisation_id)
    for scheme in report.schemes:
        earlier = before.get(scheme.id, scheme.measure_set)
        if (scheme.measure_set == ESCALATION) != (earlier == ESCALATION):
            reason = f"was {earlier} in an earlier report, whose clauses are of another kind"
            yield Problem("schemes.csv", scheme.line, "measure_set", scheme.measure_set, reason)
    measure_sets = before | {scheme.id: scheme.measure_set for scheme in report.schemes}
    for clause in report.scheme_clauses:
        measure_set = measure_sets.get(clause.scheme)
        if measure_set is not None and clause.escalates != (measure_set == ESCALATION):
            reason = f"is no code of a scheme for {measure_set}"
            yield Problem("scheme_clauses.csv", clause.line, "code", clause.code, reason)
    for indicator in report.indicators:
        if indicator.measure_set == ESCALATION:
            reason = "is for schemes that judge scorecards, and no measures"
            yield Problem("indicators.csv", indicator.line, "measure_set", ESCALATION, reason)


def _measure_sets(session: Session, report: Report, organisation_id: str) -> dict[str, str]:
    """What the schemes that a report names are for, as earlier reports have it."""
    named = {row.id for row in report.schemes} | {row.scheme for row in report.scheme_clauses}
    facts, subjects = table("scheme").c, table("subject").c
    found: dict[str, str] = {}
    for chunk in chunks(sorted(named)):
        query = select(subjects.key, facts.measure_set).where(
            facts.organisation_id == organisation_id,
            facts.replaced_in.is_(None),
            facts.id == subjects.id,
            subjects.key.in_(chunk),
        )
        found.update((key, measure_set) for key, measure_set in session.execute(query))
    return found
