"""Which facts differ between two states of an organisation, and how many of their cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, case, func, literal_column, not_, or_, select, union_all

from app.entities import Indicator, Service, Subject
from app.queries.changes.kinds import KINDS, Kind
from app.queries.changes.owners import among, is_owned, of_services
from app.queries.changes.windows import refused
from app.queries.listings import Prepared, known
from app.queries.organisations import INDICATORS, SERVICES
from app.queries.visibility import table, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Dialect, Select

    from app.queries.changes.windows import Window
    from app.queries.editions import Reading

_START: ColumnElement[int] = bindparam("window_start")
_END: ColumnElement[int] = bindparam("window_end")
_LOW: ColumnElement[int] = bindparam("low")
_HIGH: ColumnElement[int] = bindparam("high")
_AFTER: ColumnElement[int] = bindparam("after")


@dataclass(frozen=True)
class Scope:
    """Which changes are asked for; where nothing of a sort is named, all."""

    kinds: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()

    def holds(self, kind: Kind) -> bool:
        """Whether a kind of fact has what is asked for."""
        columns = kind.table.c
        return (
            (not self.kinds or kind.name in self.kinds)
            and (not self.services or is_owned(kind))
            and (not self.periods or "period_id" in columns)
            and (not self.indicators or kind.name == "indicator" or "indicator_id" in columns)
        )

    @property
    def chosen(self) -> list[Kind]:
        """The kinds of fact that may hold what is asked for, in order."""
        return [kind for kind in KINDS.values() if self.holds(kind)]


class Shape(NamedTuple):
    """What a statement depends on."""

    kind: Kind
    forward: bool
    asked: frozenset[str]
    limit: int
    told: bool
    """Whether cells that count people are left out."""


Statement = Callable[[Shape], "Select[Any]"]
NEAR = 8
"""Among how many times as many ids as facts are wanted these are looked for first."""


def changed(
    reading: Reading,
    kind: Kind,
    window: Window,
    scope: Scope,
    after: int,
    limit: int,
    *,
    many: bool = False,
) -> list[int]:
    """The ids of facts that have another version at the end than at the start, so many after one at most.

    Where there are many, they are looked for among the next ids first, without going through all facts of
    their organisation.
    """
    found: Sequence[Any] = []
    if many:
        near = after + NEAR * limit
        found = _put(reading, _near_ids, kind, window, scope, limit, after=after, near=near)
        after = near
    if len(found) < limit:
        found = [*found, *_put(reading, _ids, kind, window, scope, limit, after=after)]
    return [number for (number,) in found[:limit]]


def is_told(reading: Reading, window: Window) -> bool:
    """Whether cells that count people are left out: they are no part of what releases tell."""
    return window.drafts is None and not reading.plain


def differs(reading: Reading, kind: Kind, window: Window) -> bool:
    """Whether any fact of a kind may say something else at the end than at the start."""
    return bool(changed(reading, kind, window, Scope(), 0, 1))


def count_cells(reading: Reading, windows: Iterable[Window], scope: Scope) -> int:
    """How many cells differ in all."""
    return sum(
        int(number)
        for window in windows
        for kind in scope.chosen
        for (number,) in _put(reading, _counts, kind, window, scope)
    )


def values_of(window: Window) -> dict[str, Any]:
    """What statements about a window are run with."""
    return {
        "owner": window.organisation,
        "window_start": window.start,
        "window_end": window.end,
        "low": min(window.start, window.end),
        "high": max(window.start, window.end),
    }


def sides(kind: Kind, *, forward: bool) -> tuple[Select[Any], Select[Any]]:
    """The versions that are there at the end and not at the start; those of facts that then are no more.

    Of any organisation, each by its fact's id, with the values of `values_of`. The end may be an earlier
    revision than the start: `forward` says that it is not.
    """
    fact, kept = kind.table, table(kind.entity, "kept")
    theirs = select(fact.c.id).select_from(fact)
    later = theirs.where(fact.c.made_in > _LOW, visible(fact.c, _HIGH))
    earlier = theirs.where(fact.c.made_in <= _LOW, fact.c.replaced_in > _LOW, fact.c.replaced_in <= _HIGH)
    stays = select(kept.c.id).where(kept.c.id == fact.c.id, visible(kept.c, _END)).exists()
    return (later, earlier.where(~stays)) if forward else (earlier, later.where(~stays))


def _put(
    reading: Reading,
    statement: Statement,
    kind: Kind,
    window: Window,
    scope: Scope,
    limit: int = 0,
    **values: int,
) -> Sequence[Any]:
    """What a statement gives for a window; it is written out once for all windows."""
    asked = _asked(reading, window, scope, kind)
    shape = Shape(kind, window.start <= window.end, frozenset(asked), limit, is_told(reading, window))
    prepared = _prepared(statement, shape, reading.connection.dialect)
    bound = prepared.values_of({**reading.seen, **values_of(window), **asked, **values})
    return reading.connection.exec_driver_sql(prepared.sql, bound).all()


@lru_cache(maxsize=512)
def _prepared(statement: Statement, shape: Shape, dialect: Dialect) -> Prepared:
    compiled = statement(shape).compile(dialect=dialect)
    positions = getattr(compiled, "positiontup", None)
    return Prepared(str(compiled), tuple(positions) if positions else None, dict(compiled.params))


def _ids(shape: Shape) -> Select[Any]:
    """Ids of facts among all of their organisation's."""
    return _first(shape, _theirs(shape))


def _near_ids(shape: Shape) -> Select[Any]:
    """The same among some ids, without looking for those of the organisation."""
    fact = shape.kind.table
    theirs = fact.c.organisation_id.concat(literal_column("''")) == bindparam("owner")
    near = and_(theirs, fact.c.id <= bindparam("near"))
    return _first(shape, [side.where(near) for side in _asked_sides(shape)])


def _first(shape: Shape, sides: Iterable[Select[Any]]) -> Select[Any]:
    most: ColumnElement[int] = literal_column(str(shape.limit))
    number = shape.kind.table.c.id
    parts = [select(side.where(number > _AFTER).order_by(number).limit(most).subquery()) for side in sides]
    both = union_all(*parts).subquery("found")
    return select(both.c.id).order_by(both.c.id).limit(most)


def _counts(shape: Shape) -> Select[Any]:
    """How many cells differ of facts that are there at the end, and how many of others."""
    kind = shape.kind
    new, old = _theirs(shape)
    fact, before = kind.table, table(kind.entity, "b")
    both = new.outerjoin(before, and_(before.c.id == fact.c.id, visible(before.c, _START)))
    changes = [
        _one(fact.c[name].is_distinct_from(before.c[name]), *_open(shape, name)) for name in kind.cells
    ]
    ended = [_one(fact.c[name].is_not(None), *_open(shape, name)) for name in kind.cells]
    parts = [
        part.with_only_columns(func.coalesce(func.sum(sum(cells[1:], cells[0])), 0).label("cells"))
        for part, cells in ((both, changes), (old, ended))
    ]
    return select(union_all(*parts).subquery("counted").c.cells)


def _open(shape: Shape, column: str) -> Iterator[ColumnElement[bool]]:
    """That a cell is for everybody, where it may not be."""
    if shape.told and column in shape.kind.counts:
        yield not_(shape.kind.counts_someone())


def _one(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return case((and_(*conditions), literal_column("1")), else_=literal_column("0"))


def _asked(reading: Reading, window: Window, scope: Scope, kind: Kind) -> dict[str, str]:
    """What is asked for of facts of a kind, as lists with a comma before and after each part."""
    asked = {}
    if scope.periods:
        asked["periods"] = _listed(scope.periods)
    if scope.indicators:
        asked["indicators"] = _listed(_numbers(reading, window, "indicator", scope.indicators))
    if scope.services:
        asked["services"] = _listed(_numbers(reading, window, "service", scope.services))
    limited = None if window.drafts is None else window.drafts.services
    if limited is not None and is_owned(kind):
        asked["drafted_services"] = _listed(limited)
    return asked


def _listed(parts: Iterable[object]) -> str:
    return f",{','.join(map(str, parts))},"


def _theirs(shape: Shape) -> list[Select[Any]]:
    theirs = shape.kind.table.c.organisation_id == bindparam("owner")
    return [side.where(theirs) for side in _asked_sides(shape)]


def _asked_sides(shape: Shape) -> Iterator[Select[Any]]:
    both = sides(shape.kind, forward=shape.forward)
    for side, at in zip(both, (_END, _START), strict=True):
        yield side.where(*_conditions(shape.kind, shape.asked, at))


def _conditions(kind: Kind, asked: frozenset[str], at: ColumnElement[int]) -> Iterator[ColumnElement[bool]]:
    """What is asked for, of versions that are read at a revision."""
    columns = kind.table.c
    if "periods" in asked:
        yield among("periods", columns.period_id)
    if "indicators" in asked:
        yield among("indicators", columns.id if kind.name == "indicator" else columns.indicator_id)
    for name in sorted({"services", "drafted_services"} & asked):
        yield of_services(kind, name, at)


def _numbers(reading: Reading, window: Window, kind: str, keys: Sequence[str]) -> list[int]:
    subject = table(Subject, "subject").c
    query = select(subject.id).where(
        subject.organisation_id == window.organisation, subject.kind == kind, subject.key.in_(keys)
    )
    return list(reading.execute(query).scalars())


def check_known(reading: Reading, windows: Sequence[Window], scope: Scope) -> None:
    """Raise InvalidParameter for a service or a measure that no organisation has, in neither state."""
    for parameter, entity, column, names, listing in (
        ("service", Service, "slug", scope.services, SERVICES),
        ("indicator_key", Indicator, "key", scope.indicators, INDICATORS),
    ):
        missing = set(names) - set(known(reading, listing, parameter) if names else ())
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
