"""Every change between two states, read on one connection: for who wants them all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries.changes.statuses import look_after, turns
from app.queries.views import View

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from app.queries.changes.found import Scope
    from app.queries.changes.statuses import Look, Place, Standings
    from app.queries.changes.windows import Window
    from app.queries.columns import Row
    from app.queries.editions import Editions, Reading


def every_turn(editions: Editions, reading: Reading, window: Window, scope: Scope) -> Iterator[Row]:
    """The statuses of an organisation that changed, by measure and id; drafts are those of the reading."""
    place: Place | None = None
    while look := look_after(reading, [window], scope, place):
        before = {} if look.before is None else _standings(editions, reading, look, look.before)
        after = (
            look.standings(reading) if look.after is None else _standings(editions, reading, look, look.after)
        )
        yield from turns(look, before, after, scope)
        place = look.last


def _standings(editions: Editions, reading: Reading, look: Look, moment: datetime) -> Standings:
    return look.standings(editions.reading(reading.connection, View(moment)))
