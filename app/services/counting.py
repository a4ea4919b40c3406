"""The counts of people that facts state at a revision, as tables with the sums between them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sqlalchemy import and_, literal_column, not_, select

from app.entities import EqualityGroup, Establishment, Indicator, Observation, Period, ProfileCount, Service
from app.queries.told import COUNTS, counts_people, surveyed
from app.queries.visibility import table, visible
from app.rules.vocabulary import Calculation, Nature
from app.services.disclosure import Sum, Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import FromClause, Row, Select
    from sqlalchemy.orm import Session

Key = tuple[Any, ...]
"""A count: the id of its service, and what tells it from others there."""
T = TypeVar("T")
_PLACES = (0, 2, 4)
"""How many decimals figures are stated with: persons, posts, anything else."""


class Place(NamedTuple):
    """Where a count stands: in a column of a fact."""

    subject_id: int
    field: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Counts of a period or year that are protected together, and where each stands, maybe more than once.

    Of `bases` somebody may know by how much they moved; where there are none, of what is part of no other.
    """

    period: str
    tables: Tables
    places: Mapping[Key, tuple[Place, ...]]
    decimals: int
    bases: Collection[Key] | None = None


class When(NamedTuple):
    """What sort of period it is, and the financial year that it is in, if any; else itself."""

    kind: str
    year: str


class State(NamedTuple):
    """An organisation's facts at a revision: what is above each service, and when periods are, in order."""

    session: Session
    organisation_id: str
    revision: int
    parents: Mapping[int, int | None]
    periods: Mapping[str, When]

    def rows(self, statement: Select[Any], fact: FromClause) -> Sequence[Row[Any]]:
        """What a statement finds of the organisation's facts."""
        theirs = and_(fact.c.organisation_id == self.organisation_id, self.holds(fact))
        return self.session.execute(statement.where(theirs).order_by(fact.c.id)).all()

    def holds(self, fact: FromClause) -> Any:  # noqa: ANN401 - a condition
        """Whether a version of a fact is the one at the revision."""
        return visible(fact.c, literal_column(str(self.revision)))


def state_at(session: Session, organisation_id: str, revision: int) -> State:
    """An organisation's facts at a revision."""
    period = table(Period, "period").c
    in_order = select(period.id, period.kind, period.year_id).order_by(period.start, period.end, period.id)
    periods = {row.id: When(row.kind, row.year_id or row.id) for row in session.execute(in_order)}
    state = State(session, organisation_id, revision, {}, periods)
    service = table(Service, "service")
    tree = state.rows(select(service.c.id, service.c.parent_id), service)
    return state._replace(parents={row.id: row.parent_id for row in tree})


def profiles(state: State) -> Iterator[Snapshot]:
    """How many people fall in each category, over the bases that reports state; a period at a time.

    What measures count and is such a base, of the same service and period, stands there too.
    """
    everyone = _profiled(state)
    measured = _grouped(
        _of_everyone(_measured(state) if everyone else (), everyone), lambda each: each.period
    )
    periods = _grouped(everyone, lambda row: row.period_id)
    for period, rows in _in_order(state, periods):
        bases = dict(_bases(rows))
        group = _Group(period, bases=tuple(dict.fromkeys(bases.values())))
        for row in rows:
            category = (row.service_id, row.dimension, row.category)
            group.add(Place(row.id, "headcount"), category, row.headcount)
            group.add(Place(row.id, "base"), bases[row.id], row.base)
            group.sums[bases[row.id], row.dimension].append(category)
        for each in measured.get(period, ()):
            group.places[(each.service,)].append(each.place)
        yield from group.snapshots(state)


def _profiled(state: State) -> Sequence[Row[Any]]:
    f = table(ProfileCount, "f")
    columns = ("id", "service_id", "period_id", "dimension", "category", *COUNTS[ProfileCount])
    return state.rows(select(*(f.c[name] for name in columns)), f)


class _Everyone(NamedTuple):
    """A count of a measure that is a service's base, too."""

    place: Place
    service: int
    period: str


def _of_everyone(measured: Iterable[Row[Any]], profiled: Iterable[Row[Any]]) -> Iterator[_Everyone]:
    """What measures count, if it is what all of a service's profile in the period is over."""
    bases: dict[tuple[int, str], set[Decimal]] = defaultdict(set)
    for row in profiled:
        bases[row.service_id, row.period_id].add(row.base)
    for row in measured:
        for name in ("value", "denominator"):
            figure = getattr(row, name)
            if figure is not None and bases.get((row.service_id, row.period_id)) == {figure}:
                yield _Everyone(Place(row.id, name), row.service_id, row.period_id)


def _bases(rows: Iterable[Row[Any]]) -> Iterator[tuple[int, Key]]:
    """What each row's base is called: its service's where all state one, else its dimension's, or its own."""
    for service, theirs in _grouped(rows, lambda row: row.service_id).items():
        alone = len({row.base for row in theirs}) == 1
        for dimension, categories in _grouped(theirs, lambda row: row.dimension).items():
            alike = len({row.base for row in categories}) == 1
            for row in categories:
                own: Key = (service, dimension) if alike else (service, dimension, row.category, "base")
                yield row.id, (service,) if alone else own


def establishments(state: State) -> Iterator[Snapshot]:
    """Posts of services in full-time equivalents, a period at a time."""
    f = table(Establishment, "f")
    names = COUNTS[Establishment]
    columns = (f.c[name] for name in ("id", "service_id", "period_id", *names))
    periods = _grouped(state.rows(select(*columns), f), lambda row: row.period_id)
    for period, rows in _in_order(state, periods):
        group = _Group(period, decimals=2)
        for row in rows:
            for name in names:
                group.add(Place(row.id, name), (row.service_id, name), getattr(row, name))
        yield from group.snapshots(state)


def equalities(state: State) -> Iterator[Snapshot]:
    """How many of each group answered a survey, and all together, a financial year at a time."""
    f = table(EqualityGroup, "f")
    columns = ("id", "service_id", "period_id", "indicator_id", "name", "position", "responses")
    groups = state.rows(select(*(f.c[name] for name in columns)), f)
    surveys = _grouped(
        [*groups, *_surveyed(state)], lambda row: (row.service_id, row.indicator_id, row.period_id)
    )
    years: dict[str, list[tuple[Key, list[Row[Any]]]]] = defaultdict(list)
    for about, rows in surveys.items():
        years[state.periods[about[-1]].year].append((about, rows))
    for year, of_year in _in_order(state, years):
        group = _Group(year)
        for about, rows in of_year:
            _add_survey(group, about, rows)
        yield from group.snapshots(state)


def _surveyed(state: State) -> Sequence[Row[Any]]:
    """How many were asked, and said what the measure is of, as measures that are no group's state it."""
    o, i = table(Observation, "o"), table(Indicator, "i")
    survey = and_(
        i.c.id == o.c.indicator_id,
        not_(i.c.workforce),
        literal_column(surveyed(str(state.revision))),
        state.holds(i),
    )
    counts = [literal_column("NULL").label("responses"), o.c.numerator, o.c.denominator]
    about = (o.c.id, o.c.service_id, o.c.period_id, o.c.indicator_id)
    return state.rows(select(*about, *counts).select_from(o).join(i, survey), o)


def _add_survey(group: _Group, about: Key, rows: Iterable[Row[Any]]) -> None:
    """Add the groups of a survey, and its measure, whose base is that of all groups where it is the same."""
    asked = sorted((row for row in rows if row.responses is not None), key=lambda row: (row.position, row.id))
    keys = [(*about, row.name) for row in asked]
    for row, key in zip(asked, keys, strict=True):
        group.add(Place(row.id, "responses"), key, Decimal(row.responses))
    for number, part in enumerate(_breakdowns(keys, [row.responses for row in asked])):
        group.sums[keys[0], number] += part
    for row in (row for row in rows if row.responses is None):
        alike = bool(asked) and row.denominator == asked[0].responses
        base: Key = keys[0] if alike else (*about, "denominator", "")
        said: Key = (*about, "numerator", "")
        group.add(Place(row.id, "denominator"), base, row.denominator)
        group.add(Place(row.id, "numerator"), said, row.numerator)
        group.sums[base, "numerator"].append(said)


def _breakdowns(keys: Sequence[Key], counts: Sequence[int]) -> Iterator[list[Key]]:
    """The groups after the first, which is everyone: those that follow one another and add up to it."""
    start = 1
    while start < len(keys):
        total = 0
        for end in range(start, len(keys)):
            total += counts[end]
            if total == counts[0]:
                yield list(keys[start : end + 1])
                start = end + 1
                break
        else:
            yield [keys[start]]
            start += 1


def metrics(state: State) -> Iterator[Snapshot]:
    """What measures of the workforce count, a financial year at a time; but for what profiles are over."""
    rows = _measured(state)
    elsewhere = {each.place for each in _of_everyone(rows, _profiled(state) if rows else ())}
    years = _grouped(rows, lambda row: state.periods[row.period_id].year)
    for year, of_year in _in_order(state, years):
        for decimals, alike in _by_decimals(of_year):
            group = _Group(year, decimals)
            for row in alike:
                keys = {
                    name: (row.service_id, row.measure, name, row.period_id) for name in COUNTS[Observation]
                }
                for name, key in keys.items():
                    if Place(row.id, name) not in elsewhere:
                        group.add(Place(row.id, name), key, getattr(row, name))
                if row.calculation == Calculation.share:
                    group.sums[keys["denominator"], "part"].append(keys["numerator"])
                if row.nature == Nature.flow and row.period_id != year:
                    for name, key in keys.items():
                        kind = state.periods[row.period_id].kind
                        group.sums[(*key[:-1], year), kind, name].append(key)
            yield from group.snapshots(state)


def _measured(state: State) -> Sequence[Row[Any]]:
    o, i = table(Observation, "o"), table(Indicator, "i")
    about = (o.c.id, o.c.service_id, o.c.period_id, i.c.id.label("measure"), i.c.nature, i.c.calculation)
    counts = [
        literal_column(f"CASE WHEN {when} THEN o.{name} END", o.c[name].type).label(name)
        for name, when in counts_people(str(state.revision)).items()
    ]
    measured = and_(i.c.id == o.c.indicator_id, i.c.workforce, state.holds(i))
    return state.rows(select(*about, *counts).select_from(o).join(i, measured), o)


def _by_decimals(rows: Iterable[Row[Any]]) -> Iterator[tuple[int, list[Row[Any]]]]:
    """Measures that state whole figures, and others; each with how many decimals there are."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for measured in _grouped(rows, lambda row: row.measure).values():
        figures = [getattr(row, name) for row in measured for name in COUNTS[Observation]]
        found[_decimals(figures)] += measured
    yield from sorted(found.items())


def _decimals(figures: Iterable[Decimal | None]) -> int:
    """How many decimals some figures need."""
    given = [figure for figure in figures if figure is not None]
    return next(n for n in _PLACES if all(f == round(f, n) for f in given))


@dataclass
class _Group:
    """Counts that are still being gathered."""

    period: str
    decimals: int = 0
    bases: Collection[Key] | None = None
    counts: dict[Key, Decimal] = field(default_factory=dict)
    places: dict[Key, list[Place]] = field(default_factory=lambda: defaultdict(list))
    sums: dict[tuple[Any, ...], list[Key]] = field(default_factory=lambda: defaultdict(list))

    def add(self, place: Place, key: Key, figure: Decimal | None) -> None:
        """Count a figure; what is negative counts nobody, and is in no table."""
        if figure is not None and figure >= 0:
            self.counts[key] = figure
            self.places[key].append(place)

    def snapshots(self, state: State) -> Iterator[Snapshot]:
        """What was gathered, if anything was, with the sums of services too."""
        if not self.counts:
            return
        decimals = max(self.decimals, _decimals(self.counts.values()))
        stated = (Sum(total, tuple(dict.fromkeys(parts))) for (total, *_), parts in self.sums.items())
        sums = (*stated, *_nested(self.counts, state.parents))
        known = (Sum(total, tuple(p for p in parts if p in self.counts)) for total, parts in sums)
        kept = tuple(each for each in known if each.total in self.counts and each.parts)
        places = {key: tuple(of) for key, of in self.places.items()}
        yield Snapshot(self.period, Tables(self.counts, kept), places, decimals, self.bases)


def _nested(counts: Iterable[Key], parents: Mapping[int, int | None]) -> Iterator[Sum]:
    """What a service counts, and what those below it that count the same do: the nearest ones."""
    known = set(counts)
    below: dict[Key, list[Key]] = defaultdict(list)
    for key in counts:
        service, *rest = key
        above, seen = parents.get(service), {service}
        while above is not None and above not in seen and (above, *rest) not in known:
            seen.add(above)
            above = parents.get(above)
        if above is not None and (above, *rest) in known and above not in seen:
            below[(above, *rest)].append(key)
    return (Sum(total, tuple(parts)) for total, parts in below.items())


def _grouped(rows: Iterable[T], by: Callable[[T], Any]) -> dict[Any, list[T]]:
    groups: dict[Any, list[T]] = defaultdict(list)
    for row in rows:
        groups[by(row)].append(row)
    return groups


def _in_order(state: State, groups: Mapping[str, list[T]]) -> Iterator[tuple[str, list[T]]]:
    """Groups by period, the earliest first."""
    order = {name: number for number, name in enumerate(state.periods)}
    yield from sorted(groups.items(), key=lambda item: order[item[0]])
