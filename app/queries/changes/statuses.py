"""Which observations came to have another status between two states of their organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, literal_column, select, union

from app.db.moments import instant_text
from app.entities import Indicator
from app.entities.revisions import BEYOND_IDS
from app.queries.changes.found import differs, sides, values_of
from app.queries.changes.kinds import KINDS
from app.queries.transitions import pairs_of, standings, turn_of
from app.queries.visibility import table, visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from app.queries.changes.found import Scope
    from app.queries.changes.windows import Window
    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.queries.transitions import Standing, Turn

AT_ONCE = 100
"""How many measures are judged together."""
_JUDGING = ("scheme", "scheme_clause")
"""What every status of an organisation may follow from."""
_OF_MEASURES = ("target", "observation")
Standings = dict[int, "Standing"]


class Place(NamedTuple):
    """Where a page ended: at one observation, in the order of organisations, measures and ids."""

    organisation: str
    indicator_id: int
    id: int


def place_of(parts: list[Any]) -> Place:
    """A place of its parts. Raises ValueError where they are none."""
    match parts:
        case [str(owner), int(measure), int(number)] if all(
            type(n) is int and 0 < n < BEYOND_IDS for n in parts[1:]
        ):
            return Place(owner, measure, number)
    raise ValueError(parts)


class Look(NamedTuple):
    """Some measures of an organisation whose statuses may differ, by their ids with their keys."""

    window: Window
    measures: Mapping[int, str]

    @property
    def last(self) -> Place:
        """Where to look next: after all of these."""
        return Place(self.window.organisation, max(self.measures) + 1, 0)

    @property
    def before(self) -> datetime | None:
        """When what they are held against came into force; None where nothing was public."""
        return None if self.window.before is None else self.window.before.published_at

    @property
    def after(self) -> datetime | None:
        """When what is asked about came into force; None for drafts."""
        return None if self.window.drafts or not self.window.after else self.window.after.published_at

    def standings(self, reading: Reading) -> Standings:
        """How the measures' observations stand in one reading."""
        return standings(reading, self.window.organisation, measures=self.measures)


def look_after(reading: Reading, windows: Sequence[Window], scope: Scope, after: Place | None) -> Look | None:
    """The next measures to look at, that of the place where a page ended first; None after the last."""
    for window in windows:
        if after is not None and window.organisation < after.organisation:
            continue
        here = after is not None and window.organisation == after.organisation
        measures = _measures(reading, window, scope, after.indicator_id if after and here else 0)
        if measures:
            return Look(window, measures)
    return None


def turns(
    look: Look, before: Standings, after: Standings, scope: Scope, wanted: Collection[Turn] = ()
) -> Iterator[Row]:
    """What became of the statuses of the measures, in the order of measures and ids."""
    pairs = sorted(pairs_of(before, after), key=lambda pair: (pair.after.indicator_id, pair.after.id))
    for pair in pairs:
        (old, new), turn = pair, turn_of(pair)
        if turn is None or (wanted and turn not in wanted) or not _is_asked_for(new, scope):
            continue
        yield {
            "organisation": look.window.organisation,
            **{name: getattr(new, name) for name in ("id", "indicator_id", "indicator_key", "title")},
            "service": new.service,
            "period": new.period,
            "transition": turn,
            "before": _told(old, look.before),
            "after": _told(new, look.after),
        }


def is_beyond(row: Row, after: Place | None) -> bool:
    """Whether a row comes after the last one of the page before."""
    return after is None or tuple(row[name] for name in Place._fields) > after


def _is_asked_for(standing: Standing, scope: Scope) -> bool:
    in_period = not scope.periods or standing.period in scope.periods
    return in_period and (not scope.services or standing.service in scope.services)


def _told(standing: Standing, moment: datetime | None) -> Row:
    asked = "view=draft" if moment is None else f"as_of={instant_text(moment)}"
    return {
        **{name: getattr(standing, name) for name in ("id", "period", "status", "status_label", "scheme")},
        "explain": f"/v1/observations/{standing.id}/explain?{asked}",
    }


def _measures(reading: Reading, window: Window, scope: Scope, start: int) -> dict[int, str]:
    """So many measures from an id on that have any fact of theirs, or any scheme, changed."""
    end: ColumnElement[int] = bindparam("window_end")
    i = table(Indicator, "i")
    query = (
        select(i.c.id, i.c.key)
        .where(i.c.organisation_id == bindparam("owner"), visible(i.c, end), i.c.id >= bindparam("start"))
        .order_by(i.c.id)
        .limit(literal_column(str(AT_ONCE)))
    )
    if scope.indicators:
        query = query.where(i.c.key.in_(scope.indicators))
    if not any(differs(reading, KINDS[name], window) for name in _JUDGING):
        query = query.where(i.c.id.in_(union(*_touched(forward=window.start <= window.end))))
    return dict(reading.execute(query, {**values_of(window), "start": start}).all())


def _touched(*, forward: bool) -> Iterator[Select[Any]]:
    """The ids of measures that have another version, or a target or an observation that has."""
    for name in ("indicator", *_OF_MEASURES):
        fact = KINDS[name].table
        measure = fact.c.id if name == "indicator" else fact.c.indicator_id
        for side in sides(KINDS[name], forward=forward):
            yield side.with_only_columns(measure).where(fact.c.organisation_id == bindparam("owner"))
