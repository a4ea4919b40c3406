"""What the public sees now: the releases in force, and the small tables that questions are built from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.db.connections import dialect_of
from app.entities import Release, RiskMatrixLevel, Scheme, SchemeClause
from app.queries.visibility import NOW, releases_in_force, table, visible
from app.rules.risks import Band

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from app.db.compiler import Dialect

ACTIONS = "actions"
"""The measure set of the schemes that judge actions."""


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """The releases in force at one moment, as far as a question's shape depends on them.

    `measure_schemes` and `action_schemes` give each list of clauses, in words, the ids of the schemes
    that consist of it; `matrices` gives each risk matrix, by organisation and name, its bands;
    `vocabulary` is filled with the values of a list's column when a filter first asks for them.
    """

    key: tuple[int, int]
    dialect: Dialect
    measure_schemes: dict[tuple[str, ...], tuple[int, ...]]
    action_schemes: dict[tuple[str, ...], tuple[int, ...]]
    matrices: dict[tuple[str, str], tuple[Band, ...]]
    vocabulary: dict[tuple[str, str], list[Any]] = field(default_factory=dict)


class Editions:
    """The edition in force, read anew when a release came into force since."""

    def __init__(self) -> None:
        """Nothing is read before it is asked for."""
        self._latest: Edition | None = None

    async def current(self, connection: AsyncConnection, now: datetime) -> Edition:
        """The edition in force at a moment."""
        key = await edition_key(connection, now)
        if self._latest is None or self._latest.key != key:
            self._latest = await read_edition(connection, now, key)
        return self._latest


def moment() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


async def edition_key(connection: AsyncConnection, now: datetime) -> tuple[int, int]:
    """What changes whenever another release comes into force."""
    row = (await connection.execute(_KEY, {"now": now})).one()
    return row[0], row[1]


async def read_edition(connection: AsyncConnection, now: datetime, key: tuple[int, int]) -> Edition:
    """Read the small tables of the releases in force."""
    released = {"now": now}
    measures: dict[tuple[str, ...], list[int]] = defaultdict(list)
    actions: dict[tuple[str, ...], list[int]] = defaultdict(list)
    clauses: dict[tuple[int, str], list[str]] = defaultdict(list)
    for scheme_id, measure_set, condition in await connection.execute(_CLAUSES, released):
        clauses[scheme_id, measure_set].append(condition)
    for (scheme_id, measure_set), conditions in clauses.items():
        group = actions if measure_set == ACTIONS else measures
        group[tuple(conditions)].append(scheme_id)
    matrices: dict[tuple[str, str], list[Band]] = defaultdict(list)
    for owner, matrix, low, high, label in await connection.execute(_BANDS, released):
        matrices[owner, matrix].append(Band(low, high, label))
    return Edition(
        key,
        dialect_of(connection),
        {words: tuple(ids) for words, ids in measures.items()},
        {words: tuple(ids) for words, ids in actions.items()},
        {name: tuple(bands) for name, bands in matrices.items()},
    )


def _key() -> Select[Any]:
    release = table(Release, "release")
    return select(func.count(), func.coalesce(func.max(release.c.id), 0)).where(release.c.published_at <= NOW)


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


_KEY, _CLAUSES, _BANDS = _key(), _clauses(), _bands()
