"""Which facts differ between two states of an organisation, and how many of their cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, and_, bindparam, case, cast, func, literal_column, or_, select, union_all

from app.entities import (
    Action,
    BudgetLine,
    EqualityGroup,
    Establishment,
    Indicator,
    Observation,
    ProfileCount,
    Risk,
    RiskAssessment,
    Service,
    Subject,
)
from app.queries.changes.kinds import KINDS, Kind
from app.queries.changes.windows import refused
from app.queries.visibility import table, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlmodel import SQLModel

    from app.queries.changes.windows import Window
    from app.queries.editions import Reading

_SPOKEN_OF: tuple[type[SQLModel], ...] = (
    Observation,
    BudgetLine,
    Establishment,
    ProfileCount,
    EqualityGroup,
    Action,
    Indicator,
    Risk,
)
"""What notes and printed figures may be about, and names its service itself."""
_START: ColumnElement[int] = bindparam("window_start")
_END: ColumnElement[int] = bindparam("window_end")
_LOW: ColumnElement[int] = bindparam("low")
_HIGH: ColumnElement[int] = bindparam("high")


@dataclass(frozen=True)
class Scope:
    """Which changes are asked for: None of a sort is all."""

    kinds: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()

    def holds(self, kind: Kind) -> bool:
        """Whether a kind of fact has what is asked for."""
        columns = kind.table.c
        return (
            (not self.kinds or kind.name in self.kinds)
            and (not self.services or kind.name == "service" or bool(_OWNERS & set(columns.keys())))
            and (not self.periods or "period_id" in columns)
            and (not self.indicators or kind.name == "indicator" or "indicator_id" in columns)
        )

    @property
    def chosen(self) -> list[Kind]:
        """The kinds of fact that may hold what is asked for, in order."""
        return [kind for kind in KINDS.values() if self.holds(kind)]


_OWNERS = frozenset({"service_id", "risk_id", "subject_id"})
"""The columns by which a fact belongs to a service: itself, or what it names does."""


def changed(reading: Reading, kind: Kind, window: Window, scope: Scope, after: int, limit: int) -> list[int]:
    """The ids of facts that have another version at the end than at the start, so many after one at most."""
    parts = []
    for side in _sides(reading, kind, window, scope):
        part = side.where(kind.table.c.id > bindparam("after")).order_by(kind.table.c.id)
        parts.append(select(part.limit(literal_column(str(limit))).subquery()))
    both = union_all(*parts).subquery("found")
    query = select(both.c.id).order_by(both.c.id).limit(literal_column(str(limit)))
    return list(reading.execute(query, {**values_of(window), "after": after}).scalars())


def differs(reading: Reading, kind: Kind, window: Window) -> bool:
    """Whether any fact of a kind may say something else at the end than at the start."""
    return bool(changed(reading, kind, window, Scope(), 0, 1))


def count_cells(reading: Reading, windows: Iterable[Window], scope: Scope) -> int:
    """How many cells differ in all."""
    return sum(_counted(reading, kind, window, scope) for window in windows for kind in scope.chosen)


def _counted(reading: Reading, kind: Kind, window: Window, scope: Scope) -> int:
    new, old = _sides(reading, kind, window, scope)
    fact, before = kind.table, table(kind.entity, "b")
    both = new.outerjoin(before, and_(before.c.id == fact.c.id, visible(before.c, _START)))
    changes = sum((_one(fact.c[name].is_distinct_from(before.c[name])) for name in kind.cells), _NONE)
    ended = sum((_one(fact.c[name].is_not(None)) for name in kind.cells), _NONE)
    parts = [(both, changes), (old, ended)]
    return sum(
        int(reading.execute(part.with_only_columns(func.coalesce(func.sum(number), 0)), values).scalar_one())
        for part, number in parts
        for values in [values_of(window)]
    )


_NONE: ColumnElement[int] = cast(literal_column("0"), BigInteger)


def _one(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, literal_column("1")), else_=literal_column("0"))


def values_of(window: Window) -> dict[str, Any]:
    """What statements about a window are run with."""
    return {
        "owner": window.organisation,
        "window_start": window.start,
        "window_end": window.end,
        "low": min(window.start, window.end),
        "high": max(window.start, window.end),
    }


def sides(kind: Kind) -> tuple[Select[Any], Select[Any]]:
    """The versions that are there at the end and not at the start; those of facts that then are no more.

    Each by its fact's id, with the values of `values_of`.
    """
    fact, kept = kind.table, table(kind.entity, "kept")
    theirs = select(fact.c.id).select_from(fact).where(fact.c.organisation_id == bindparam("owner"))
    ended = and_(fact.c.replaced_in > _LOW, fact.c.replaced_in <= _HIGH)
    differs = and_(fact.c.made_in <= _HIGH, or_(fact.c.made_in > _LOW, ended))
    stays = select(kept.c.id).where(kept.c.id == fact.c.id, visible(kept.c, _END)).exists()
    return (
        theirs.where(differs, visible(fact.c, _END), ~visible(fact.c, _START)),
        theirs.where(differs, visible(fact.c, _START), ~stays),
    )


def _sides(reading: Reading, kind: Kind, window: Window, scope: Scope) -> Iterator[Select[Any]]:
    for side, at in zip(sides(kind), (_END, _START), strict=True):
        yield side.where(*_conditions(reading, kind, window, scope, at))


def _conditions(
    reading: Reading, kind: Kind, window: Window, scope: Scope, at: ColumnElement[int]
) -> Iterator[ColumnElement[bool]]:
    """What is asked for, of versions that are read at a revision."""
    columns = kind.table.c
    if scope.periods:
        yield columns.period_id.in_(scope.periods)
    if scope.indicators:
        named = columns.id if kind.name == "indicator" else columns.indicator_id
        yield named.in_(_ids(reading, window, "indicator", scope.indicators))
    if scope.services:
        yield _of_services(kind, _ids(reading, window, "service", scope.services), at)
    if window.drafts is not None and window.drafts.services is not None:
        owned = kind.name == "service" or bool(_OWNERS & set(columns.keys()))
        if owned:
            yield _of_services(kind, sorted(window.drafts.services), at)


def _ids(reading: Reading, window: Window, kind: str, keys: Sequence[str]) -> list[int]:
    subject = table(Subject, "subject").c
    query = select(subject.id).where(
        subject.organisation_id == window.organisation, subject.kind == kind, subject.key.in_(keys)
    )
    return list(reading.execute(query).scalars())


def _of_services(kind: Kind, services: Sequence[int], at: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a fact is of some services, by their ids."""
    columns = kind.table.c
    if kind.name == "service":
        return columns.id.in_(services)
    if "service_id" in columns:
        return columns.service_id.in_(services)
    if "risk_id" in columns:
        return _named(Risk, columns.risk_id, services, at)
    return or_(
        columns.subject_id.in_(services),
        *(_named(entity, columns.subject_id, services, at) for entity in _SPOKEN_OF),
        _assessed(columns.subject_id, services, at),
    )


def _named(
    entity: type[SQLModel], name: ColumnElement[int], services: Sequence[int], at: ColumnElement[int]
) -> ColumnElement[bool]:
    other = table(entity, f"n_{entity.__tablename__}")
    whole = visible(other.c, at)
    return select(other.c.id).where(other.c.id == name, other.c.service_id.in_(services), whole).exists()


def _assessed(
    name: ColumnElement[int], services: Sequence[int], at: ColumnElement[int]
) -> ColumnElement[bool]:
    a, k = table(RiskAssessment, "n_assessment"), table(Risk, "n_assessed")
    theirs = and_(k.c.id == a.c.risk_id, k.c.service_id.in_(services))
    return select(a.c.id).where(a.c.id == name, theirs, visible(a.c, at), visible(k.c, at)).exists()


def check_known(reading: Reading, windows: Sequence[Window], scope: Scope) -> None:
    """Raise InvalidParameter for a service or a measure that neither state of any organisation has."""
    for parameter, entity, column, names in (
        ("service", Service, "slug", scope.services),
        ("indicator_key", Indicator, "key", scope.indicators),
    ):
        missing = set(names)
        for window in windows if names else ():
            fact = table(entity, "f")
            query = select(fact.c[column]).where(
                fact.c.organisation_id == bindparam("owner"),
                fact.c[column].in_(names),
                or_(visible(fact.c, _START), visible(fact.c, _END)),
            )
            missing -= set(reading.execute(query, values_of(window)).scalars())
        if missing:
            raise refused(parameter, "unknown_value", f"{min(missing)!r} is not known here")
