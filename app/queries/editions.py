"""What the public sees now: the releases in force, and the small tables that questions are built from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sqlalchemy import Connection, func, select

from app.db.connections import dialect_of
from app.db.snapshots import CHANGES, Snapshots
from app.entities import (
    Comparator,
    Release,
    Revision,
    RiskMatrixLevel,
    Scheme,
    SchemeClause,
)
from app.queries.released import uncopied
from app.queries.views import PUBLIC, View, drafted_by
from app.queries.visibility import (
    NO_DRAFTS,
    NOW,
    in_force,
    releases_in_force,
    seen_at,
    table,
    visible,
)
from app.rules.escalation import ESCALATION
from app.rules.periods import MalformedPeriodError, Span, parse_period
from app.rules.risks import Band
from app.rules.schemes import ACTIONS

if TYPE_CHECKING:
    from sqlalchemy import CursorResult, Executable, Select

    from app.db.compiler import Dialect

T = TypeVar("T")
_MOST_VARIANTS = 64
"""How many premises an edition is kept ready for."""


class SchemeVersion(NamedTuple):
    """One version of a scheme in force, the revision that it is read at, and its conditions in order."""

    id: int
    organisation: str
    slug: str
    version: int
    measure_set: str
    revision: int
    conditions: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name among the schemes of its organisation."""
        return self.slug if self.version == 1 else f"{self.slug}@{self.version}"


class Premises(NamedTuple):
    """What a question supposes in place of what councils state: a scheme, a baseline.

    `against` is another scheme, whose statuses those under the first are held against.
    """

    scheme: SchemeVersion | None = None
    baseline: str | None = None
    against: SchemeVersion | None = None


@dataclass(frozen=True, eq=False)
class Edition:
    """The releases in force at one moment, as far as a question's shape depends on them.

    `changes` is the count of changes that it takes account of, and nobody else's business: a release to
    come moves it. `published` is how many releases have come into force, which anybody may know; `until` is
    when the next one does that is there already; with `copied`, lists may be read from the copies of
    releases.
    `schemes` are those in force; of them `measure_schemes` and `action_schemes` give each list of
    clauses, in words, the ids of the schemes that consist of it and may be needed under the `premises`;
    `matrices` gives each risk matrix, by organisation and name, its bands; `comparator_periods` gives
    what comparators state as their own period, where that can be read, the period; `vocabulary` is filled
    with the values of a list's column when a filter first asks for them, `variants` with the same edition
    under other premises.
    """

    changes: int
    until: datetime | None
    copied: bool
    dialect: Dialect
    schemes: tuple[SchemeVersion, ...]
    matrices: dict[tuple[str, str], tuple[Band, ...]]
    published: int = 0
    comparator_periods: dict[str, Span] = field(default_factory=dict)
    premises: Premises = field(default_factory=Premises)
    vocabulary: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    variants: dict[Premises, Edition] = field(default_factory=dict)

    @cached_property
    def measure_schemes(self) -> dict[tuple[str, ...], tuple[int, ...]]:
        """The schemes that may judge measures, by their clauses."""
        return _by_clauses(s for s in self._judging if s.measure_set not in {ACTIONS, ESCALATION})

    @cached_property
    def action_schemes(self) -> dict[tuple[str, ...], tuple[int, ...]]:
        """The schemes that may judge actions, by their clauses."""
        return _by_clauses(s for s in self._judging if s.measure_set == ACTIONS)

    @property
    def _judging(self) -> tuple[SchemeVersion, ...]:
        return self.schemes if self.premises.scheme is None else (self.premises.scheme,)

    def supposing(self, premises: Premises) -> Edition:
        """The same edition under some premises: never read from copies."""
        found = self.variants.get(premises)
        if found is None:
            if len(self.variants) >= _MOST_VARIANTS:
                self.variants.clear()
            found = replace(self, copied=False, premises=premises, vocabulary={}, variants={})
            self.variants[premises] = found
        return found

    def stands(self, changes: int, now: datetime) -> bool:
        """Whether it is still the one in force."""
        return self.changes == changes and (self.until is None or now < self.until)


class Reading(NamedTuple):
    """A connection on one state of the database, and what is read on it: the releases in force, or drafts."""

    connection: Connection
    edition: Edition
    now: datetime
    drafted: str = NO_DRAFTS
    plain: bool = False
    """Whether counts of people are read as facts have them, and not as they are told."""

    @property
    def seen(self) -> dict[str, Any]:
        """The values that decide what is seen."""
        return seen_at(self.now, self.drafted, plain=self.plain)

    def execute(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run a statement about what is read."""
        return self.connection.execute(statement, {**self.seen, **(values or {})})

    def untold(self) -> Reading:
        """The same by the rules, with counts of people as facts have them: for what tells nobody of them."""
        return self.by_rules()._replace(plain=True)

    def by_rules(self) -> Reading:
        """The same, never from copies."""
        return self.supposing(self.edition.premises)

    def supposing(self, premises: Premises) -> Reading:
        """The same under some premises, by the rules."""
        return self._replace(edition=self.edition.supposing(premises))


class Editions:
    """What is in force, read anew when there was a change since or another release came into force."""

    def __init__(self, *, copies: bool = True) -> None:
        """Nothing is read before it is asked for; without `copies`, nothing but by the rules."""
        self._copies = copies
        self._latest: Edition | None = None
        self._others: dict[tuple[datetime | None, str, int], Edition] = {}

    def reading(self, connection: Connection, view: View = PUBLIC) -> Reading:
        """Read on a connection, now."""
        now = datetime.now(UTC)
        if view is not PUBLIC:
            return self._of_view(connection, view, now)
        changes = connection.exec_driver_sql(CHANGES).scalar_one()
        edition = self._latest  # another thread may put another there meanwhile
        if edition is None or not edition.stands(changes, now):
            copied = self._copies and not uncopied(connection, now)
            self._latest = edition = _read(connection, seen_at(now), changes, copied=copied)
        return Reading(connection, edition, now)

    def _of_view(self, connection: Connection, view: View, now: datetime) -> Reading:
        """Read by the rules what was in force at a moment, or what stands in drafts."""
        changes = connection.exec_driver_sql(CHANGES).scalar_one()
        revision = connection.scalar(_NEWEST) if view.drafts else 0
        drafted = drafted_by(connection, view)
        at = now if view.moment is None else view.moment
        key = (view.moment, drafted, revision or 0)
        edition = self._others.get(key)
        if edition is None or not edition.stands(changes, at):
            if len(self._others) >= _MOST_VARIANTS:
                self._others.clear()
            edition = _read(connection, seen_at(at, drafted), changes, copied=False)
            self._others[key] = edition
        return Reading(connection, edition, at, drafted)


class Reader:
    """Puts questions to a database about the releases in force, each to one state of it."""

    def __init__(self, snapshots: Snapshots, *, copies: bool = True) -> None:
        """Read from a database; without `copies`, nothing but by the rules."""
        self._snapshots = snapshots
        self._editions = Editions(copies=copies)

    async def __call__(self, question: Callable[[Reading], T], view: View = PUBLIC) -> T:
        """The answer to a question, which may be put twice."""

        def put(connection: Connection) -> T:
            return question(self._editions.reading(connection, view))

        return await self._snapshots.ask(put)

    def stream(self, question: Callable[[Reading], Iterator[T]], view: View = PUBLIC) -> AsyncGenerator[T]:
        """The long answer to a question, bit by bit and all of one state; see `Streams.read`."""

        def put(connection: Connection) -> Iterator[T]:
            yield from question(self._editions.reading(connection, view))

        return self._snapshots.stream(put)


def _read(connection: Connection, released: Mapping[str, Any], changes: int, *, copied: bool) -> Edition:
    """Read the small tables of what is in force, or of drafts."""
    clauses: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row in connection.execute(_CLAUSES, released):
        clauses[tuple(row[:-1])].append(row[-1])
    matrices: dict[tuple[str, str], list[Band]] = defaultdict(list)
    for owner, matrix, low, high, label in connection.execute(_BANDS, released):
        matrices[owner, matrix].append(Band(low, high, label))
    published: int = connection.execute(_PUBLISHED, released).scalar_one()
    until: datetime | None = connection.execute(_UNTIL, released).scalar_one()
    return Edition(
        changes,
        until.replace(tzinfo=UTC) if until and not until.tzinfo else until,
        copied,
        dialect_of(connection),
        tuple(SchemeVersion._make((*scheme, tuple(words))) for scheme, words in clauses.items()),
        {name: tuple(bands) for name, bands in matrices.items()},
        published,
        _readable(connection.execute(_STATED_PERIODS, released).scalars()),
    )


def _readable(texts: Iterable[str]) -> dict[str, Span]:
    """The periods that texts name, of those that name one."""
    periods = {}
    for text in texts:
        with suppress(MalformedPeriodError):
            periods[text] = parse_period(text)
    return periods


def _by_clauses(schemes: Iterable[SchemeVersion]) -> dict[tuple[str, ...], tuple[int, ...]]:
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for scheme in schemes:
        found[scheme.conditions].append(scheme.id)
    return {conditions: tuple(ids) for conditions, ids in found.items()}


def _until() -> Select[Any]:
    release = table(Release, "release")
    return select(func.min(release.c.published_at)).where(release.c.published_at > NOW)


def _published() -> Select[Any]:
    release = table(Release, "release")
    return select(func.count()).where(release.c.published_at <= NOW)


def _clauses() -> Select[Any]:
    released = releases_in_force()
    scheme, clause = table(Scheme, "scheme"), table(SchemeClause, "clause")
    return (
        select(
            *(scheme.c[name] for name in ("id", "organisation_id", "slug", "version", "measure_set")),
            released.c.revision,
            clause.c.condition,
        )
        .join(released, released.c.organisation_id == scheme.c.organisation_id)
        .join(clause, clause.c.scheme_id == scheme.c.id)
        .where(visible(scheme.c, released.c.revision), visible(clause.c, released.c.revision))
        .order_by(scheme.c.id, clause.c.position)
    )


def _bands() -> Select[Any]:
    released, level = releases_in_force(), table(RiskMatrixLevel, "level")
    return (
        select(level.c.organisation_id, level.c.matrix, level.c.low, level.c.high, level.c.label)
        .join(released, released.c.organisation_id == level.c.organisation_id)
        .where(visible(level.c, released.c.revision), level.c.kind == "band")
        .order_by(level.c.organisation_id, level.c.matrix, level.c.low)
    )


def _stated_periods() -> Select[Any]:
    released, comparator = releases_in_force(), table(Comparator, "comparator")
    stated = comparator.c.comparator_period
    return (
        select(stated)
        .join(released, in_force(comparator, released))
        .where(stated.is_not(None))
        .distinct()
        .order_by(stated)
    )


_NEWEST = select(func.max(table(Revision, "revision").c.id))
_UNTIL, _PUBLISHED = _until(), _published()
_CLAUSES, _BANDS, _STATED_PERIODS = _clauses(), _bands(), _stated_periods()
