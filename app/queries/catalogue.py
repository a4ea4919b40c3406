"""What there is for catalogues to list: whose datasets, of which days, and when they came out."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import case, null, select

from app.db.moments import in_utc
from app.entities import Action, Indicator, Note, Observation, Organisation, Period, Release, Service
from app.queries.changes.windows import Span, Window, windows_of
from app.queries.datasets import SOURCES, changes_until
from app.queries.named_releases import all_in_force
from app.queries.visibility import NOW, table
from app.rules.periods import EARLIEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, FromClause, Select

    from app.entities import Fact
    from app.queries.datasets import Change
    from app.queries.editions import Reading
    from app.queries.named_releases import NamedRelease

_FOUND = ("catalogue", "councils")
"""Under which name an edition keeps what was found."""
_ALWAYS = "findings"
"""A list that says something even where it is empty: that nothing was found."""
_METRICS = "workforce-metrics"
"""The dataset that has a row for some observations only."""


class Published(NamedTuple):
    """A release that has come into force: what it says of itself, and the kind of the period it reports."""

    id: int
    revision: int
    published_at: datetime
    as_of: date | None
    note: str
    period_kind: str | None


class Coverage(NamedTuple):
    """The first and the last day that facts are of, and the kinds of their periods."""

    start: date
    end: date
    kinds: frozenset[str]


class Holding(NamedTuple):
    """What a council's releases hold of a dataset.

    `issued` is when its first rows came out, and `changed` the release with which any of them may have
    changed last; `stands` says whether the release in force has any, and `covers` which days these are of.
    """

    issued: datetime
    changed: NamedRelease
    stands: bool
    covers: Coverage

    @property
    def modified(self) -> datetime:
        """When it may have changed last."""
        return self.changed.published_at


class Council(NamedTuple):
    """An organisation with its releases, oldest first, and what they hold by the dataset's name."""

    id: str
    name: str
    area_code: str
    releases: tuple[Published, ...]
    holdings: Mapping[str, Holding]

    @property
    def newest(self) -> Published:
        """The release in force."""
        return self.releases[-1]


class _Version(NamedTuple):
    """Facts of one period, or of none, that came and went with the same revisions."""

    start: date | None
    end: date | None
    kind: str | None
    made: int
    replaced: int | None

    def stands_at(self, revision: int) -> bool:
        return self.made <= revision and (self.replaced is None or self.replaced > revision)


def councils(reading: Reading) -> list[Council]:
    """The organisations that have released anything, in the order of their ids; looked for once an edition.

    A look at every version of every fact: which are there, not what they say.
    """
    kept = reading.edition.vocabulary
    if _FOUND not in kept:
        kept[_FOUND] = _councils(reading)
    return kept[_FOUND]


def latest_steps(reading: Reading, organisations: tuple[str, ...] = ()) -> list[Window]:
    """Each release held against the one before of its organisation, of all or of some; newest first."""
    ever = datetime(EARLIEST, 1, 1, tzinfo=UTC)
    steps = [
        Window(window.organisation, before, (after,))
        for window in windows_of(reading, Span(start=ever, organisations=organisations))
        for before, after in pairwise(window.brought)
    ]
    return sorted(steps, key=lambda step: (step.brought[0].published_at, step.brought[0].id), reverse=True)


def _councils(reading: Reading) -> list[Council]:
    versions: dict[str, dict[str, list[_Version]]] = defaultdict(lambda: defaultdict(list))
    for datasets, statement in _SOURCES:
        for owner, *version in reading.execute(statement):
            for name in datasets:
                versions[owner][name].append(_Version._make(version))
    released: dict[tuple[str, str, str], list[Published]] = defaultdict(list)
    for owner, name, area, number, revision, moment, *rest in reading.execute(_RELEASES):
        released[owner, name, area].append(Published(number, revision, in_utc(moment), *rest))
    changed = {each.organisation: changes_until(reading, each) for each in all_in_force(reading)}
    return [
        Council(*about, tuple(releases), dict(_holdings(releases, versions[about[0]], changed[about[0]])))
        for about, releases in sorted(released.items())
    ]


def _holdings(
    releases: Sequence[Published], versions: Mapping[str, Sequence[_Version]], changed: Mapping[str, Change]
) -> Iterator[tuple[str, Holding]]:
    every = [version for theirs in versions.values() for version in theirs]
    newest = releases[-1]
    for name, theirs in versions.items():
        issued = next((r.published_at for r in releases if _standing(theirs, r)), None)
        if issued is not None:
            standing = _standing(theirs, newest)
            days = _coverage(newest, standing, every)
            yield name, Holding(issued, changed[name].release, stands=bool(standing), covers=days)
    first, days = releases[0].published_at, _coverage(newest, every)
    yield _ALWAYS, Holding(first, changed[_ALWAYS].release, stands=True, covers=days)


def _standing(versions: Iterable[_Version], release: Published) -> list[_Version]:
    return [each for each in versions if each.stands_at(release.revision)]


def _coverage(newest: Published, *choices: Iterable[_Version]) -> Coverage:
    """The days of the first facts that have any; where none has, the day that the release speaks of."""
    for versions in choices:
        found = [
            (each.start, each.end, each.kind)
            for each in _standing(versions, newest)
            if each.start is not None and each.end is not None
        ]
        if found:
            starts, ends, kinds = zip(*found, strict=True)
            return Coverage(min(starts), max(ends), frozenset(kinds) - {None})
    day = newest.as_of or newest.published_at.date()
    return Coverage(day, day, frozenset())


def _sources() -> Iterator[tuple[tuple[str, ...], Select[Any]]]:
    """The datasets that facts make rows of, and the statement that finds these facts' versions."""
    datasets: dict[type[Fact], list[str]] = defaultdict(list)
    for name, (rows, _) in SOURCES.items():
        for entity in rows if name not in {_ALWAYS, _METRICS} else ():
            datasets[entity].append(name)
    for entity, named in datasets.items():
        yield tuple(named), _of_fact(entity)
    yield (_METRICS,), _of_the_workforce()


def _of_fact(entity: type[Fact]) -> Select[Any]:
    """The versions of a kind of fact; notes on measures are not rows of anything."""
    fact = table(entity, "f")
    if entity is Action:
        return _versions(fact, fact.c.as_of, fact.c.as_of, null())
    if entity is Indicator:
        return _versions(fact, null(), null(), null())
    versions = _of_periods(fact)
    if entity is not Note:
        return versions
    return versions.where(fact.c.subject_id.in_(select(table(Service, "s").c.id)))


def _of_periods(fact: FromClause) -> Select[Any]:
    p = table(Period, "p")
    return _versions(fact, p.c.start, p.c.end, p.c.kind).join(p, p.c.id == fact.c.period_id)


def _of_the_workforce() -> Select[Any]:
    """The observations of measures of the workforce, while they were measures of it."""
    f, i, p = table(Observation, "f"), table(Indicator, "i"), table(Period, "p")
    made = case((f.c.made_in > i.c.made_in, f.c.made_in), else_=i.c.made_in)
    replaced = case(
        (f.c.replaced_in.is_(None), i.c.replaced_in),
        (f.c.replaced_in > i.c.replaced_in, i.c.replaced_in),
        else_=f.c.replaced_in,
    )
    return (
        select(f.c.organisation_id, p.c.start, p.c.end, p.c.kind, made, replaced)
        .join(p, p.c.id == f.c.period_id)
        .join(i, i.c.id == f.c.indicator_id)
        .where(i.c.workforce)
        .distinct()
    )


def _versions(fact: FromClause, *about: ColumnElement[Any]) -> Select[Any]:
    columns = (fact.c.organisation_id, *about, fact.c.made_in, fact.c.replaced_in)
    return select(*columns).select_from(fact).distinct()


def _releases() -> Select[Any]:
    organisation, release, p = table(Organisation, "o"), table(Release, "r"), table(Period, "p")
    return (
        select(
            organisation.c.id,
            organisation.c.name,
            organisation.c.area_code,
            release.c.id,
            release.c.revision_id,
            release.c.published_at,
            release.c.as_of,
            release.c.note,
            p.c.kind,
        )
        .join(release, release.c.organisation_id == organisation.c.id)
        .outerjoin(p, p.c.id == release.c.period_id)
        .where(release.c.published_at <= NOW)
        .order_by(release.c.published_at, release.c.id)
    )


_SOURCES, _RELEASES = tuple(_sources()), _releases()
