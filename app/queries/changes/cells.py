"""Changes cell by cell: what each field said before and says after, and the release that brought it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import or_, select

from app.db.moments import instant_text
from app.entities import Revision
from app.entities.revisions import BEYOND_IDS
from app.queries.changes.beside import Beside, beside
from app.queries.changes.found import changed, is_told
from app.queries.changes.kinds import KINDS, cell
from app.queries.listings import MOST_ROWS
from app.queries.visibility import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from app.queries.changes.found import Scope
    from app.queries.changes.kinds import Kind
    from app.queries.changes.windows import Released, Window
    from app.queries.columns import Row
    from app.queries.editions import Reading

_SIZES = (10, 40, 150, 500)
"""How many facts are looked at together."""
_CELLS = 4
"""How many cells of a fact may differ, before any is looked at."""
Values = dict[str, Any]


class Place(NamedTuple):
    """Where a page ended: at one cell, in the order of organisations, kinds, ids and fields."""

    organisation: str
    kind: str
    id: int
    field: str


def place_of(parts: list[Any]) -> Place:
    """A place of its parts. Raises ValueError where they are none."""
    match parts:
        case [str(owner), str(kind), int(number), str(field)]:
            known = kind in KINDS and field in KINDS[kind].cells.values()
            if known and type(number) is int and 0 < number < BEYOND_IDS:
                return Place(owner, kind, number, field)
    raise ValueError(parts)


class _State(NamedTuple):
    """What was public from one release to the next, or is drafted."""

    revision: int
    release: Released | None


class _Fact(NamedTuple):
    """A fact with its versions in each of the states that are held against one another."""

    kind: Kind
    id: int
    versions: list[Values | None]

    @property
    def shown(self) -> Values:
        """What it says in the end or, if it is retired, what it said before."""
        return self.versions[-1] or self.versions[0] or {}

    @property
    def change(self) -> str:
        """What became of it."""
        if self.versions[0] is None:
            return "added"
        return "retired" if self.versions[-1] is None else "changed"

    def brought(self, column: str) -> int:
        """The place of the state that gave a column the value that it has in the end."""
        place = len(self.versions) - 1
        while place > 1 and _same(self.versions[place - 1], self.versions[-1], column):
            place -= 1
        return place


def page(
    reading: Reading, windows: Sequence[Window], scope: Scope, after: Place | None, limit: int
) -> tuple[list[Row], Place | None]:
    """So many cells from where the page before ended, and where the next one goes on if anywhere."""
    rows: list[Row] = []
    for row in cells(reading, windows, scope, after, limit + 1):
        rows.append(row)
        if len(rows) > limit:
            last = rows[limit - 1]
            return rows[:limit], Place(*(last[name] for name in Place._fields))
    return rows, None


def cells(
    reading: Reading,
    windows: Iterable[Window],
    scope: Scope,
    after: Place | None = None,
    expected: int = MOST_ROWS,
) -> Iterator[Row]:
    """Every cell that differs, from where a page ended; read some facts at a time, as many as expected."""
    for window in windows:
        if after is not None and window.organisation < after.organisation:
            continue
        here = after if after is not None and window.organisation == after.organisation else None
        for row in _of_window(reading, window, scope, here, expected):
            expected = max(expected - 1, 1)
            yield row


def _of_window(
    reading: Reading, window: Window, scope: Scope, after: Place | None, expected: int
) -> Iterator[Row]:
    kinds = scope.chosen
    names = list(KINDS)
    for kind in kinds:
        if after is not None and names.index(kind.name) < names.index(after.kind):
            continue
        here = after if after is not None and kind.name == after.kind else None
        last, wanted = 0 if here is None else here.id - 1, _facts_for(expected / _CELLS)
        many = here is not None
        while wanted:
            ids = changed(reading, kind, window, scope, last, wanted, many=many)
            rows = list(_rows(reading, kind, window, ids))
            yield from (row for row in rows if here is None or not _is_before(row, here, kind))
            if len(ids) < wanted:
                break
            expected = max(expected - len(rows), 1)
            wanted = _facts_for(expected * len(ids) / max(len(rows), 1))
            last, many = ids[-1], True


def _facts_for(wanted: float) -> int:
    """How many facts to look at; of few sizes, since each is a statement of its own."""
    return next((size for size in _SIZES if size >= wanted), _SIZES[-1])


def _is_before(row: Row, place: Place, kind: Kind) -> bool:
    """Whether a cell stands in the page that ended at a place."""
    fields = list(kind.cells.values())
    return row["id"] == place.id and fields.index(row["field"]) <= fields.index(place.field)


def _rows(reading: Reading, kind: Kind, window: Window, ids: Sequence[int]) -> Iterator[Row]:
    states = _states(window)
    facts = list(_facts(reading, kind, states, ids))
    around = beside(reading, kind, window, [v for fact in facts for v in fact.versions if v is not None])
    told = _reasons(reading, facts) if window.drafts is not None else {}
    hidden = _counting(reading, kind, ids) if is_told(reading, window) else frozenset()
    for fact in facts:
        shown = around.shown(kind, fact.id, fact.shown)
        for column, field in kind.cells.items():
            old, new = (None if v is None else v[column] for v in (fact.versions[0], fact.versions[-1]))
            if old != new and not (fact.id in hidden and column in kind.counts):
                state = states[fact.brought(column)]
                yield {
                    "organisation": window.organisation,
                    "kind": kind.name,
                    "id": fact.id,
                    "href": _href(kind, fact, window),
                    **shown,
                    "change": fact.change,
                    "field": field,
                    "old": _written(around, kind, fact, column, old),
                    "new": _written(around, kind, fact, column, new),
                    **_why(state, told.get(fact.id)),
                }


def _counting(reading: Reading, kind: Kind, ids: Sequence[int]) -> frozenset[int]:
    """Those of some facts of a kind whose cells count people."""
    if not kind.counts or not ids:
        return frozenset()
    fact = kind.table
    query = select(fact.c.id).where(fact.c.id.in_(ids), kind.counts_someone()).distinct()
    return frozenset(reading.execute(query).scalars())


def _href(kind: Kind, fact: _Fact, window: Window) -> str | None:
    """Where the fact is read, if it is there to be read."""
    if kind.path is None or fact.versions[-1] is None:
        return None
    return f"/v1/{kind.path}/{fact.id}{'' if window.drafts is None else '?view=draft'}"


def _states(window: Window) -> list[_State]:
    states = [_State(window.start, None), *(_State(each.revision, each) for each in window.brought)]
    if window.drafts is not None:
        states.append(_State(window.drafts.revision, None))
    return states


def _facts(reading: Reading, kind: Kind, states: Sequence[_State], ids: Sequence[int]) -> Iterator[_Fact]:
    fact, revisions = kind.table, [state.revision for state in states]
    query = select(fact).where(
        fact.c.id.in_(ids),
        fact.c.made_in <= max(revisions),
        or_(fact.c.replaced_in.is_(None), fact.c.replaced_in > min(revisions)),
    )
    versions: dict[int, list[Values]] = {number: [] for number in ids}
    for row in reading.execute(query).mappings() if ids else ():
        versions[row["id"]].append(dict(row))
    for number, theirs in versions.items():
        yield _Fact(kind, number, [_at(theirs, revision) for revision in revisions])


def _at(versions: Iterable[Values], revision: int) -> Values | None:
    """The version that a revision holds."""
    for version in versions:
        ended = version["replaced_in"]
        if version["made_in"] <= revision and (ended is None or ended > revision):
            return version
    return None


def _same(one: Values | None, other: Values | None, column: str) -> bool:
    if one is None or other is None:
        return one is other
    return bool(one[column] == other[column])


def _written(around: Beside, kind: Kind, fact: _Fact, column: str, value: Any) -> str | int | None:  # noqa: ANN401 - a column is of any type
    if value is not None and column in kind.references:
        return around.key(value)
    return around.day(kind, fact.shown, column, value) or cell(value)


def _why(state: _State, told: str | None) -> Row:
    """The release that brought a cell and what it says of itself; of a draft, why it was made."""
    release = state.release
    if release is None:
        return {"release": None, "reason": told, "published_at": None}
    return {"release": release.id, "reason": release.note, "published_at": instant_text(release.published_at)}


def _reasons(reading: Reading, facts: Iterable[_Fact]) -> Mapping[int, str]:
    """Why each draft was made, or why the fact was retired, as who made it said."""
    made: dict[int, int] = {}
    for fact in facts:
        drafted = fact.versions[-1]
        if drafted is not None:
            made[fact.id] = drafted["made_in"]
        elif standing := [version for version in fact.versions if version is not None]:
            made[fact.id] = standing[-1]["replaced_in"]
    revision = table(Revision, "made").c
    query = select(revision.id, revision.reason).where(revision.id.in_(set(made.values())))
    reasons = dict(reading.execute(query).all())
    return {number: reasons[revision] for number, revision in made.items()}
