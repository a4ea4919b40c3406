"""What the public sees now: the releases in force, and the small tables that questions are built from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sqlalchemy import Connection, func, select

from app.db.connections import dialect_of
from app.db.snapshots import CHANGES, Snapshots
from app.entities import Release, RiskMatrixLevel, Scheme, SchemeClause
from app.queries.released import uncopied
from app.queries.visibility import NOW, releases_in_force, table, visible
from app.rules.risks import Band

if TYPE_CHECKING:
    from sqlalchemy import CursorResult, Executable, Select

    from app.db.compiler import Dialect

T = TypeVar("T")
ACTIONS = "actions"
"""The measure set of the schemes that judge actions."""


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """The releases in force at one moment, as far as a question's shape depends on them.

    `changes` is the count of changes that it takes account of; `until` is when the next release comes
    into force that is there already; with `copied`, lists may be read from the copies of releases.
    `measure_schemes` and `action_schemes` give each list of clauses, in words, the ids of the schemes
    that consist of it; `matrices` gives each risk matrix, by organisation and name, its bands;
    `vocabulary` is filled with the values of a list's column when a filter first asks for them.
    """

    changes: int
    until: datetime | None
    copied: bool
    dialect: Dialect
    measure_schemes: dict[tuple[str, ...], tuple[int, ...]]
    action_schemes: dict[tuple[str, ...], tuple[int, ...]]
    matrices: dict[tuple[str, str], tuple[Band, ...]]
    vocabulary: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def stands(self, changes: int, now: datetime) -> bool:
        """Whether it is still the one in force."""
        return self.changes == changes and (self.until is None or now < self.until)


class Reading(NamedTuple):
    """A connection on one state of the database, and the releases in force on it."""

    connection: Connection
    edition: Edition
    now: datetime

    def execute(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run a statement about the releases in force."""
        return self.connection.execute(statement, {"now": self.now, **(values or {})})

    def by_rules(self) -> Reading:
        """The same, never from copies."""
        return self._replace(edition=replace(self.edition, copied=False))


class Editions:
    """The edition in force, read anew when there was a change since or another release came into force."""

    def __init__(self, *, copies: bool = True) -> None:
        """Nothing is read before it is asked for; without `copies`, nothing but by the rules."""
        self._copies = copies
        self._latest: Edition | None = None

    def reading(self, connection: Connection) -> Reading:
        """Read on a connection, now."""
        now = datetime.now(UTC)
        changes = connection.exec_driver_sql(CHANGES).scalar_one()
        edition = self._latest  # another thread may put another there meanwhile
        if edition is None or not edition.stands(changes, now):
            copied = self._copies and not uncopied(connection, now)
            self._latest = edition = _read(connection, now, changes, copied=copied)
        return Reading(connection, edition, now)


class Reader:
    """Puts questions to a database about the releases in force, each to one state of it."""

    def __init__(self, snapshots: Snapshots, *, copies: bool = True) -> None:
        """Read from a database; without `copies`, nothing but by the rules."""
        self._snapshots = snapshots
        self._editions = Editions(copies=copies)

    async def __call__(self, question: Callable[[Reading], T]) -> T:
        """The answer to a question, which may be put twice."""
        return await self._snapshots.ask(lambda connection: question(self._editions.reading(connection)))


def _read(connection: Connection, now: datetime, changes: int, *, copied: bool) -> Edition:
    """Read the small tables of the releases in force."""
    released = {"now": now}
    measures: dict[tuple[str, ...], list[int]] = defaultdict(list)
    actions: dict[tuple[str, ...], list[int]] = defaultdict(list)
    clauses: dict[tuple[int, str], list[str]] = defaultdict(list)
    for scheme_id, measure_set, condition in connection.execute(_CLAUSES, released):
        clauses[scheme_id, measure_set].append(condition)
    for (scheme_id, measure_set), conditions in clauses.items():
        group = actions if measure_set == ACTIONS else measures
        group[tuple(conditions)].append(scheme_id)
    matrices: dict[tuple[str, str], list[Band]] = defaultdict(list)
    for owner, matrix, low, high, label in connection.execute(_BANDS, released):
        matrices[owner, matrix].append(Band(low, high, label))
    until: datetime | None = connection.execute(_UNTIL, released).scalar_one()
    return Edition(
        changes,
        until.replace(tzinfo=UTC) if until and not until.tzinfo else until,
        copied,
        dialect_of(connection),
        {words: tuple(ids) for words, ids in measures.items()},
        {words: tuple(ids) for words, ids in actions.items()},
        {name: tuple(bands) for name, bands in matrices.items()},
    )


def _until() -> Select[Any]:
    release = table(Release, "release")
    return select(func.min(release.c.published_at)).where(release.c.published_at > NOW)


def _clauses() -> Select[Any]:
    released = releases_in_force()
    scheme, clause = table(Scheme, "scheme"), table(SchemeClause, "clause")
    return (
        select(scheme.c.id, scheme.c.measure_set, clause.c.condition)
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


_UNTIL, _CLAUSES, _BANDS = _until(), _clauses(), _bands()
