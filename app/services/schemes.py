"""Schemes that a report brings: none with a gap, and none that recolours what was released."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.imports.problems import Problem
from app.imports.reports import Report
from app.imports.schemes import SchemeClauseRow, SchemeRow
from app.rules.escalation import ESCALATION
from app.rules.judging import Clause
from app.rules.linting import lint_scheme
from app.rules.schemes import ACTIONS
from app.services.drafting import table

_SAID = ("condition", "code", "label", "colour", "points")
_RULING = (
    *("measure_set", "effective_from", "variance_convention"),
    *("dead_band_percent", "dead_band_units"),
)
"""What of a scheme decides how a row is judged, shown and compared."""
_ADVICE = "was released; give the new rule a version and dates of its own, as plan@2"
Standing = Mapping[str, Any]


def unsound_schemes(session: Session, report: Report, organisation_id: str) -> Iterator[Problem]:
    """Schemes that would leave an outturn with a target unjudged, each with facts that show it."""
    standing = _clauses(session, organisation_id)
    sets = _measure_sets(session, organisation_id) | {row.id: row.measure_set for row in report.schemes}
    theirs: dict[str, list[SchemeClauseRow]] = defaultdict(list)
    for row in report.scheme_clauses:
        theirs[row.scheme].append(row)
    for scheme, rows in theirs.items():
        if sets.get(scheme) == ESCALATION or any(row.escalates for row in rows):
            continue
        known = {**standing.get(scheme, {}), **{row.position: row.model_dump() for row in rows}}
        clauses = [
            Clause(known[place]["condition"], known[place]["code"], known[place]["label"])
            for place in sorted(known)
        ]
        for lint in lint_scheme(clauses, actions=sets.get(scheme) == ACTIONS):
            if lint.refused:
                last = rows[-1]
                reason = f"leaves a gap: {lint.message} with {lint.shown()}"
                yield Problem("scheme_clauses.csv", last.line, "condition", last.condition, reason)


def rewritten_schemes(session: Session, report: Report, organisation_id: str) -> Iterator[Problem]:
    """Clauses and dates that would change the status of what a release has shown."""
    released = _released(session, organisation_id)
    if released is None:
        return
    clauses = _clauses(session, organisation_id)
    schemes = {
        row["key"]: row for row in _standing(session, "scheme", organisation_id) if row["made_in"] <= released
    }
    for clause in report.scheme_clauses:
        before = clauses.get(clause.scheme, {}).get(clause.position)
        if clause.scheme in schemes and (before is None or _differs(clause, before, _SAID)):
            reason = f"changes {clause.scheme}, which {_ADVICE}"
            yield Problem("scheme_clauses.csv", clause.line, "condition", clause.condition, reason)
    for scheme in report.schemes:
        known = schemes.get(scheme.id)
        if known is None:
            continue
        for name in _RULING:
            if _differs(scheme, known, (name,)):
                reason = f"was {known[name]} in {scheme.id}, which {_ADVICE}"
                yield Problem("schemes.csv", scheme.line, name, str(getattr(scheme, name)), reason)
        yield from _cut_short(session, scheme, known, released)


def _cut_short(session: Session, scheme: SchemeRow, known: Standing, released: int) -> Iterator[Problem]:
    """An end before the last period that the scheme has judged."""
    if scheme.effective_to is None:
        return
    o, i, p = table("observation").c, table("indicator").c, table("period").c
    query = select(func.max(p.end)).where(
        o.organisation_id == known["organisation_id"],
        o.made_in <= released,
        i.id == o.indicator_id,
        i.measure_set == scheme.measure_set,
        p.id == o.period_id,
        p.end.between(scheme.effective_from, known["effective_to"] or date.max),
    )
    last: date | None = session.scalar(query)
    if last is not None and scheme.effective_to < last:
        reason = f"is before {last}, the end of a period whose statuses it gave"
        yield Problem("schemes.csv", scheme.line, "effective_to", str(scheme.effective_to), reason)


def _differs(row: object, before: Standing, names: tuple[str, ...]) -> bool:
    return any(getattr(row, name) != before[name] for name in names)


def _released(session: Session, organisation_id: str) -> int | None:
    """The newest revision that was released, or is to be."""
    releases = table("release").c
    query = select(func.max(releases.revision_id)).where(releases.organisation_id == organisation_id)
    newest: int | None = session.scalar(query)
    return newest


def _clauses(session: Session, organisation_id: str) -> dict[str, dict[int, Standing]]:
    """The clauses that stand, by scheme and position."""
    keys = {row["id"]: row["key"] for row in _standing(session, "scheme", organisation_id)}
    found: dict[str, dict[int, Standing]] = defaultdict(dict)
    for row in _standing(session, "scheme_clause", organisation_id):
        found[keys[row["scheme_id"]]][row["position"]] = row
    return found


def _measure_sets(session: Session, organisation_id: str) -> dict[str, str]:
    return {row["key"]: row["measure_set"] for row in _standing(session, "scheme", organisation_id)}


def _standing(session: Session, kind: str, organisation_id: str) -> list[Standing]:
    """The versions in force now of a kind of fact, each with its key."""
    facts, subject = table(kind), table("subject").c
    query = select(subject.key, facts).where(
        facts.c.organisation_id == organisation_id,
        facts.c.replaced_in.is_(None),
        subject.id == facts.c.id,
    )
    return [dict(row) for row in session.execute(query).mappings()]
