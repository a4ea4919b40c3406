"""What each dataset is read from, and which release of a council was the last to change any of it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Integer, bindparam, literal_column, select, union_all

from app.entities import (
    Action,
    BudgetLine,
    Comparator,
    DirectionLabel,
    DisclosurePolicy,
    EqualityGroup,
    Establishment,
    HeatMapCell,
    Indicator,
    Initiative,
    Intervention,
    Note,
    Observation,
    ProfileCount,
    Project,
    PublishedFigure,
    Risk,
    RiskAssessment,
    RiskControl,
    RiskMatrixLevel,
    Scheme,
    SchemeClause,
    Service,
    Target,
)
from app.queries.named_releases import all_in_force, releases_of
from app.queries.states import State, stands_alone
from app.queries.visibility import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from app.entities import Fact
    from app.queries.editions import Edition, Reading
    from app.queries.named_releases import NamedRelease


class Sources(NamedTuple):
    """The kinds of facts that a dataset has rows for, and those that its rows tell something of beside.

    What else is read is never changed: what organisations and periods are called, and what releases tell of
    counts of people, which follows from what is named here.
    """

    rows: tuple[type[Fact], ...]
    beside: tuple[type[Fact], ...]


_OF_MEASURES = (Indicator, Target, Scheme, SchemeClause, DirectionLabel, Service)
SOURCES: Mapping[str, Sources] = {
    "observations": Sources((Observation,), (*_OF_MEASURES, DisclosurePolicy, EqualityGroup)),
    "indicators": Sources((Indicator,), (Service,)),
    "budget-variances": Sources((BudgetLine,), (Service,)),
    "risks": Sources((RiskAssessment,), (Risk, RiskControl, RiskMatrixLevel, Service)),
    "risk-heat-map": Sources((RiskAssessment, HeatMapCell), (Risk, RiskMatrixLevel, Service)),
    "workforce-metrics": Sources((Observation,), (*_OF_MEASURES, DisclosurePolicy, EqualityGroup)),
    "workforce-establishment": Sources((Establishment,), (DisclosurePolicy, Service)),
    "workforce-profiles": Sources((ProfileCount,), (DisclosurePolicy, Service)),
    "actions": Sources((Action,), (PublishedFigure, Scheme, SchemeClause, Service)),
    "scorecards": Sources(
        (
            Observation,
            BudgetLine,
            RiskAssessment,
            HeatMapCell,
            Establishment,
            ProfileCount,
            Initiative,
            Project,
            Intervention,
            Note,
        ),
        (Risk, Service),
    ),
    "findings": Sources(
        (
            PublishedFigure,
            Observation,
            BudgetLine,
            RiskAssessment,
            HeatMapCell,
            Establishment,
            ProfileCount,
            Action,
            EqualityGroup,
            Note,
        ),
        (*_OF_MEASURES, Comparator, DisclosurePolicy, Risk, RiskMatrixLevel),
    ),
}
"""Of every dataset all that its files are read from, in whatever form."""
_KINDS = tuple(dict.fromkeys(kind for each in SOURCES.values() for kind in (*each.rows, *each.beside)))
_MOST_KNOWN = 5000
"""How many releases it is remembered of what they changed."""
_known: dict[str, Mapping[str, Change]] = {}
_newest: WeakKeyDictionary[Edition, list[NamedRelease]] = WeakKeyDictionary()


class Change(NamedTuple):
    """The release that changed a dataset last, and when an earlier one had; `ever` says if it ever had rows.

    Without rows it is as its council's first release left it. A file made then is the same, byte by byte,
    as one made with any release since: what is made of a council's facts depends on no other's.
    """

    release: NamedRelease
    before: datetime | None
    ever: bool

    @property
    def is_certain(self) -> bool:
        """Whether the second of the release tells it from the one before."""
        return self.before is None or stands_alone([self.release.published_at, self.before])


class _Version(NamedTuple):
    """Facts that came and went with the same revisions."""

    made: int
    replaced: int | None

    def stands_at(self, revision: int) -> bool:
        return self.made <= revision and (self.replaced is None or self.replaced > revision)


def changes_until(reading: Reading, release: NamedRelease) -> Mapping[str, Change]:
    """What changed each dataset of a council last, up to a release that has come into force, by name.

    A release is never changed, so it is worked out once for each.
    """
    found = _known.get(release.mark)
    if found is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        found = _known[release.mark] = _changes(reading, release)
    return found


def state_of_dataset(reading: Reading, dataset: str, organisation: str | None = None) -> State:
    """What a dataset is made of, of one organisation or of all: the releases that changed it last."""
    changes = [
        changes_until(reading, release)[dataset]
        for release in _in_force(reading)
        if organisation in {None, release.organisation}
    ]
    if organisation is None:
        changes = [change for change in changes if change.ever]
    moments = [change.release.published_at for change in changes]
    earlier = [change.before for change in changes if change.before is not None]
    mark = " ".join(sorted(change.release.mark for change in changes))
    return State(mark, max(moments, default=None), stands_alone([*moments, *earlier]))


def _in_force(reading: Reading) -> list[NamedRelease]:
    found = _newest.get(reading.edition)
    if found is None:
        found = _newest[reading.edition] = all_in_force(reading)
    return found


def _changes(reading: Reading, newest: NamedRelease) -> dict[str, Change]:
    every = releases_of(reading, newest.organisation)
    releases = every[: every.index(newest) + 1]
    standing = _standing(reading, releases)
    found = {}
    for name, (rows, beside) in SOURCES.items():
        states = [tuple(of[kind] for kind in (*rows, *beside)) for of in standing]
        filled = [any(state[: len(rows)]) for state in states]
        steps = zip(releases, pairwise([None, *states]), pairwise([False, *filled]), strict=True)
        changed = [release for release, (before, now), had in steps if any(had) and before != now]
        found[name] = _last(changed) if changed else Change(releases[0], None, ever=False)
    return found


def _last(releases: Sequence[NamedRelease]) -> Change:
    before = releases[-2].published_at if len(releases) > 1 else None
    return Change(releases[-1], before, ever=True)


def _standing(
    reading: Reading, releases: Sequence[NamedRelease]
) -> list[dict[type[Fact], frozenset[_Version]]]:
    """Which versions each release holds, of each kind."""
    versions: dict[type[Fact], set[_Version]] = {kind: set() for kind in _KINDS}
    for place, made, replaced in reading.execute(_VERSIONS, {"owner": releases[0].organisation}):
        versions[_KINDS[place]].add(_Version(made, replaced))
    return [
        {
            kind: frozenset(version for version in theirs if version.stands_at(release.revision))
            for kind, theirs in versions.items()
        }
        for release in releases
    ]


def _versions_of(kind: type[Fact], place: int) -> Select[Any]:
    fact, number = table(kind, "f"), literal_column(str(place), Integer)
    columns = (number.label("kind"), fact.c.made_in, fact.c.replaced_in)
    return select(*columns).where(fact.c.organisation_id == bindparam("owner")).distinct()


_VERSIONS = union_all(*(_versions_of(kind, place) for place, kind in enumerate(_KINDS)))
