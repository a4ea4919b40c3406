"""Where measures came to stand between two readings: which became missed, and which recovered."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from app.queries.listings import Filter, Question, Shape, binds, conditions, rows_of
from app.queries.observations import OBSERVATIONS
from app.rules.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
    scheme: str | None


class Transition(NamedTuple):
    """A measure's standing, and the one that it is held against."""

    before: Standing
    after: Standing


class Turn(StrEnum):
    """What became of a status."""

    became_missed = "became_missed"
    recovered = "recovered"
    other = "other"


class Transitions(NamedTuple):
    """Measures that missed their target and had not before; measures that had, and do no more."""

    became_missed: list[Transition]
    recovered: list[Transition]


def standings(
    reading: Reading,
    organisation: str,
    period: str | None = None,
    measures: Mapping[int, str] | None = None,
) -> dict[int, Standing]:
    """The observations of an organisation by their ids, of one period or all; oldest first.

    `measures` are the ids of the indicators that are looked at, if not all, with their keys.
    """
    filters = [Filter("organisation", "in", (organisation,))]
    if period is not None:
        filters.append(Filter("period", "in", (period,)))
    if measures is not None:
        filters.append(Filter("indicator_key", "in", tuple(measures.values())))  # copies are found by it
        filters.append(Filter("indicator_id", "in", tuple(measures)))
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
    return transitions_of(pairs_of(before, after))


def pairs_of(before: Mapping[int, Standing], after: Mapping[int, Standing]) -> Iterator[Transition]:
    """Each standing of the later reading that is held against an earlier one, and that one."""
    earlier = by_measure(before.values())
    for number, now in after.items():
        old = before.get(number) or _newest_before(earlier.get((now.indicator_id, now.service), ()), now)
        if old is not None:
            yield Transition(old, now)


def transitions_of(pairs: Iterable[Transition]) -> Transitions:
    """Of measures before and after: those that became missed, and those that recovered."""
    told = Transitions([], [])
    for pair in pairs:
        turn = turn_of(pair)
        if turn is Turn.became_missed:
            told.became_missed.append(pair)
        elif turn is Turn.recovered:
            told.recovered.append(pair)
    return told


def turn_of(pair: Transition) -> Turn | None:
    """What became of a status; nothing where it is the same."""
    before, after = (each.status for each in pair)
    if before == after:
        return None
    if after == Status.missed:
        return Turn.became_missed
    return Turn.recovered if before == Status.missed and after in _WELL else Turn.other


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
