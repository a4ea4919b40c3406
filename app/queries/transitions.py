"""Where measures came to stand between two readings: which became missed, and which recovered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from app.queries.listings import Filter, Question, Shape, binds, conditions, rows_of
from app.queries.observations import OBSERVATIONS
from app.rules.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.queries.editions import Reading

_WELL = frozenset({Status.exceeded, Status.met, Status.near})


class Standing(NamedTuple):
    """An observation with its status."""

    id: int
    indicator_id: int
    service: str
    indicator_key: str
    title: str
    period: str
    period_end: str
    status: str
    status_label: str | None


class Transition(NamedTuple):
    """A measure's standing, and the one that it is held against."""

    before: Standing
    after: Standing


class Transitions(NamedTuple):
    """Measures that missed their target and had not before; measures that had, and do no more."""

    became_missed: list[Transition]
    recovered: list[Transition]


def standings(reading: Reading, organisation: str, period: str | None = None) -> dict[int, Standing]:
    """The observations of an organisation by their ids, of one period or all; oldest first."""
    filters = [Filter("organisation", "in", (organisation,))]
    if period is not None:
        filters.append(Filter("period", "in", (period,)))
    question = Question(tuple(filters))
    shape = Shape.of(question)
    rows = rows_of(OBSERVATIONS, reading.edition, shape).c
    statement = (
        select(*(rows[name] for name in Standing._fields))
        .where(*conditions(rows, shape))
        .order_by(rows.period_end, rows.id)
    )
    found = (
        Standing._make(row)._replace(period_end=str(row.period_end))
        for row in reading.execute(statement, binds(question))
    )
    return {standing.id: standing for standing in found}


def transitions_between(before: Mapping[int, Standing], after: Mapping[int, Standing]) -> Transitions:
    """What became missed and what recovered from one reading to a later one, oldest periods first.

    An observation is held against itself as it stood before; a new one against the newest of its measure
    that is of an earlier period. What had no data before may become missed; what has none now has not
    recovered.
    """
    earlier = by_measure(before.values())
    pairs = []
    for number, now in after.items():
        old = before.get(number) or _newest_before(earlier.get((now.indicator_id, now.service), ()), now)
        if old is not None:
            pairs.append(Transition(old, now))
    return transitions_of(pairs)


def transitions_of(pairs: Iterable[Transition]) -> Transitions:
    """Of measures before and after: those that became missed, and those that recovered."""
    told = Transitions([], [])
    for pair in pairs:
        was_missed, is_missed = (each.status == Status.missed for each in pair)
        if is_missed and not was_missed:
            told.became_missed.append(pair)
        elif was_missed and pair.after.status in _WELL:
            told.recovered.append(pair)
    return told


def by_measure(standings: Iterable[Standing]) -> dict[tuple[int, str], list[Standing]]:
    """Standings by indicator and service, in the order in which they come."""
    found: dict[tuple[int, str], list[Standing]] = {}
    for standing in standings:
        found.setdefault((standing.indicator_id, standing.service), []).append(standing)
    return found


def _newest_before(standings: Iterable[Standing], now: Standing) -> Standing | None:
    return max(
        (standing for standing in standings if standing.period_end < now.period_end),
        key=lambda standing: standing.period_end,
        default=None,
    )
