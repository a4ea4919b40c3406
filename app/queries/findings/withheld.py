"""What findings say of counts of people, and is not for everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.queries.findings.found import Check
from app.queries.findings.lists import every_row
from app.queries.listings import Filter
from app.queries.observations import OBSERVATIONS
from app.queries.told import people_counted
from app.queries.visibility import releases_in_force
from app.rules.vocabulary import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.queries.editions import Reading
    from app.queries.findings.found import Finding

_REASON = "what it says follows from counts of people, and these are not for everybody"
_PROFILE = "profile"
_RATING, _STATUSES = "scorecard:rating:", "scorecard:status_"
_Measures = Mapping[tuple[str, str | None, str | None], Collection[str]]
"""The sets of measures of which some count people, by organisation, service and period."""


def withhold(reading: Reading, findings: Sequence[Finding]) -> Iterator[tuple[int, Finding, State]]:
    """Findings as a reader may know them, each with its place and whether it says all that it found.

    That nothing is said of a miss is left out where people are counted: it is found of the count itself, and
    so would tell on which side of a target that is.
    """
    counting = people_counted(reading, [f.subject.id for f in findings if f.subject.id is not None])
    told = _told(reading)
    rated = {f.organisation for f in findings if f.field.startswith((_RATING, _STATUSES))}
    measures = _counting_measures(reading, rated & told)
    for place, finding in enumerate(findings):
        hidden = (
            finding.subject.id in counting
            or (finding.subject.kind == _PROFILE and finding.organisation in told)
            or _follows(finding, measures)
        )
        if not hidden:
            yield place, finding, State.reported
        elif finding.check != Check.miss_without_commentary:
            yield place, _without_figures(finding), State.suppressed


def _without_figures(finding: Finding) -> Finding:
    return finding._replace(published=None, derived=None, reason=_REASON, inputs=(), explained_by=())


def _told(reading: Reading) -> set[str]:
    """The organisations whose counts are read as they are told."""
    v = releases_in_force()
    return set(reading.execute(select(v.c.organisation_id).where(v.c.told.is_not(None))).scalars())


def _counting_measures(reading: Reading, owners: Collection[str]) -> _Measures:
    """Where measures count people: their points, and how many have a status, may say what is rounded off."""
    rows = every_row(reading.by_rules(), OBSERVATIONS, owners, Filter("workforce", "in", (True,)))
    counting = people_counted(reading, [row["id"] for row in rows])
    found: dict[tuple[str, str | None, str | None], set[str]] = defaultdict(set)
    for row in rows:
        if row["id"] in counting:
            found[row["organisation"], row["service"], row["period"]].add(row["measure_set"])
    return found


def _follows(finding: Finding, measures: _Measures) -> bool:
    """Whether a sum of points or a count of statuses is of measures of which some count people."""
    sets = measures.get((finding.organisation, finding.service, finding.period), ())
    if finding.field.startswith(_RATING):
        return finding.field.removeprefix(_RATING) in sets
    return finding.field.startswith(_STATUSES) and bool(sets)
