"""The schemes that a scorecard is judged by: each measure set's own, or the one that a question supposes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from app.queries.listings import Filter
from app.queries.schemes import SCHEMES, clauses_of
from app.queries.scorecards.rows import every_row
from app.rules.escalation import ESCALATION
from app.rules.judging import Clause

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.queries.scorecards.subjects import Subject


class Judging(NamedTuple):
    """Schemes by measure set, the one for levels of escalation if there is one, and their clauses by id."""

    by_set: dict[str, Row]
    escalation: Row | None
    clauses: dict[int, list[Row]]

    def clauses_for(self, measure_set: str) -> list[Row]:
        """The clauses that judge a measure set, in order; none without a scheme."""
        scheme = self.by_set.get(measure_set)
        return [] if scheme is None else self.clauses[scheme["id"]]


def judging_of(reading: Reading, subject: Subject, measure_sets: Iterable[str]) -> Judging:
    """Find the schemes in force at the end of the period."""
    supposed = reading.edition.premises.scheme
    owners = {subject.organisation} | ({supposed.organisation} if supposed else set())
    schemes = every_row(reading, SCHEMES, (Filter("organisation", "in", tuple(sorted(owners))),))
    own = {s["measure_set"]: s for s in schemes if _in_force(s, subject)}
    others = {scheme["id"]: scheme for scheme in schemes}
    by_set = {}
    for measure_set in dict.fromkeys(measure_sets):
        scheme = own.get(measure_set) if supposed is None else others.get(supposed.id)
        if scheme is not None:
            by_set[measure_set] = scheme
    escalation = own.get(ESCALATION)
    used = {scheme["id"] for scheme in (*by_set.values(), escalation) if scheme is not None}
    return Judging(by_set, escalation, clauses_of(reading, sorted(used)) if used else {})


def _in_force(scheme: Row, subject: Subject) -> bool:
    day = subject.period_end.isoformat()
    until = scheme["effective_to"]
    theirs: bool = scheme["organisation"] == subject.organisation
    return theirs and scheme["effective_from"] <= day and (until is None or day <= until)


def linked(scheme: Row | None) -> Row | None:
    """A scheme by its names, with its address."""
    if scheme is None:
        return None
    named = {
        name: scheme[name] for name in ("id", "organisation", "scheme", "version", "name", "measure_set")
    }
    return {**named, "href": f"/v1/schemes/{scheme['id']}"}


def as_clauses(rows: Iterable[Row]) -> list[Clause]:
    """Clauses in wire form as rules take them."""
    return [
        Clause(
            row["condition"],
            row["code"],
            row["label"],
            row["colour"],
            None if row["points"] is None else Fraction(row["points"]),
        )
        for row in rows
    ]
