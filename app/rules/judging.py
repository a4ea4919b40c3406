"""A scheme at work on one row: each clause tried, the one that holds, and what would reach the others."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from app.rules.boundaries import Band, Varied
from app.rules.explaining import Trial, attempt
from app.rules.indicators import direction_settled, outturn, target_met
from app.rules.nodes import Node, substituted
from app.rules.schemes import action_tests, measure_tests, positions
from app.rules.vocabulary import ActionStatus, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.rules.evaluation import Answer

RANKS: Mapping[str, int] = {
    Status.exceeded: 3,
    Status.met: 2,
    Status.near: 1,
    Status.missed: 0,
    ActionStatus.completed: 3,
    ActionStatus.in_progress: 2,
    ActionStatus.warning: 1,
    ActionStatus.overdue: 0,
}
"""Which status is better than which; the others say nothing of how well a row did."""
_DERIVED = {"met": target_met.tree, "direction_of_travel": direction_settled.tree}
_OTHERWISE = "no clause before holds, and there is something to judge"
_CENT = Fraction(1, 100)


class Clause(NamedTuple):
    """A clause of a scheme: what must hold, and what follows from it."""

    condition: str
    code: str
    label: str
    colour: str | None = None
    points: Fraction | None = None


class Reach(NamedTuple):
    """What would bring a row under another clause: the nearest value that does, and how far off it is.

    At `value` itself the clause holds only if `included`. `better` is unknown between statuses that
    cannot be compared.
    """

    place: int
    value: Fraction
    included: bool
    distance: Fraction
    better: bool | None


class Judgement(NamedTuple):
    """The clauses of a scheme on one row: as tried, which one holds, and what is in reach.

    A clause after the one that holds is not tried. `counts` gives, by place, the numerator that reaches
    a clause, where an outturn follows from counts.
    """

    trials: tuple[Trial | None, ...]
    held: int | None
    reaches: tuple[Reach, ...]
    counts: Mapping[int, Fraction]

    def nearest(self, *, better: bool) -> Reach | None:
        """The nearest boundary to a better status, or to a worse one."""
        there = (reach for reach in self.reaches if reach.better is better)
        return min(there, key=lambda reach: abs(reach.distance), default=None)


class _Scheme(NamedTuple):
    """A scheme made ready: its conditions, their tests, and its tree with what may move in it."""

    conditions: tuple[str, ...]
    tests: tuple[Node, ...]
    moves: Mapping[str, Varied]

    def attempt(self, place: int, facts: Mapping[str, Answer]) -> Trial:
        """One clause tried; "otherwise" says no more than that those before it do not hold."""
        trial = attempt(self.tests[place], facts)
        if self.conditions[place] != "otherwise":
            return trial
        return Trial(_OTHERWISE, _OTHERWISE, trial.held)


@lru_cache(maxsize=256)
def _of_measures(conditions: tuple[str, ...]) -> _Scheme:
    def derived(tree: Node) -> Node:
        return substituted(tree, _DERIVED)

    def counted(tree: Node) -> Node:
        return substituted(derived(tree), {"outturn": outturn.tree})

    tests = measure_tests(conditions)
    tree = positions(tests)
    moves = {"outturn": Varied(derived(tree), "outturn"), "numerator": Varied(counted(tree), "numerator")}
    return _Scheme(conditions, tuple(substituted(test, {"met": target_met.tree}) for test in tests), moves)


@lru_cache(maxsize=256)
def _of_actions(conditions: tuple[str, ...]) -> _Scheme:
    tests = action_tests(conditions)
    return _Scheme(conditions, tuple(tests), {"progress": Varied(positions(tests), "progress")})


def judge_measure(clauses: Sequence[Clause], facts: Mapping[str, Answer]) -> Judgement:
    """A scheme on a measure's facts and what follows from them; the outturn is what may move."""
    scheme = _of_measures(tuple(clause.condition for clause in clauses))
    judgement = _judged(scheme, clauses, facts, "outturn")
    if facts["numerator"] is None or facts["denominator"] is None:
        return judgement
    return judgement._replace(counts=_counts(scheme.moves["numerator"].bands(facts), facts))


def judge_action(clauses: Sequence[Clause], facts: Mapping[str, Answer]) -> Judgement:
    """A scheme on an action's facts; the progress is what may move."""
    scheme = _of_actions(tuple(clause.condition for clause in clauses))
    return _judged(scheme, clauses, facts, "progress")


def _judged(
    scheme: _Scheme, clauses: Sequence[Clause], facts: Mapping[str, Answer], varied: str
) -> Judgement:
    trials: list[Trial | None] = []
    held = None
    for place in range(len(clauses)):
        trials.append(scheme.attempt(place, facts) if held is None else None)
        if held is None and trials[-1] is not None and trials[-1].held:
            held = place
    now = facts[varied]
    reaches: dict[int, Reach] = {}
    if isinstance(now, Fraction):
        for band in scheme.moves[varied].bands(facts):
            reach = None if band.holds(now) else _reach(clauses, held, band, now)
            if reach is None:
                continue
            before = reaches.get(reach.place)
            if before is None or abs(reach.distance) < abs(before.distance):
                reaches[reach.place] = reach
    return Judgement(tuple(trials), held, tuple(reaches[place] for place in sorted(reaches)), {})


def _reach(clauses: Sequence[Clause], held: int | None, band: Band, now: Fraction) -> Reach | None:
    """What would bring the number that moves into a band of another clause; None where there is none."""
    place = None if band.answer is None else int(band.answer) - 1
    if place is None or place == held:
        return None
    above = band.low is not None and band.low >= now
    value, included = (band.low, band.low_included) if above else (band.high, band.high_included)
    assert value is not None  # noqa: S101 - a band that does not hold the number ends on its side
    better = None if held is None else _better(clauses[place], clauses[held])
    return Reach(place, value, included, value - now, better)


def _better(there: Clause, here: Clause) -> bool | None:
    ranks = RANKS.get(there.code), RANKS.get(here.code)
    if ranks[0] is None or ranks[1] is None or ranks[0] == ranks[1]:
        return None
    return ranks[0] > ranks[1]


def _counts(bands: Sequence[Band], facts: Mapping[str, Answer]) -> dict[int, Fraction]:
    """By place, the nearest numerator that is counted as the present one is: in wholes, or in hundredths."""
    now = facts["numerator"]
    assert isinstance(now, Fraction)  # noqa: S101 - asked for where there is one
    counted = (facts["numerator"], facts["denominator"])
    wholes = all(isinstance(number, Fraction) and number.denominator == 1 for number in counted)
    unit = Fraction(1) if wholes else _CENT
    found: dict[int, Fraction] = {}
    for band in bands:
        if band.answer is None or band.holds(now):
            continue
        count = _first(band, unit, above=band.low is not None and band.low >= now)
        place = int(band.answer) - 1
        if count is not None and (place not in found or abs(count - now) < abs(found[place] - now)):
            found[place] = count
    return found


def _first(band: Band, unit: Fraction, *, above: bool) -> Fraction | None:
    """The multiple of a unit in a band that is nearest to the number beyond its end."""
    end = band.low if above else band.high
    assert end is not None  # noqa: S101 - the present number lies beyond this end
    count = math.ceil(end / unit) * unit if above else math.floor(end / unit) * unit
    if count == end and not band.holds(count):
        count += unit if above else -unit
    return count if band.holds(count) and count >= 0 else None
