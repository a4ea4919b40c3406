"""A scheme at work on one row: each clause tried, the one that holds, and what would reach the others."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from app.rules.boundaries import Band, Varied
from app.rules.indicators import direction_settled, outturn, target_met
from app.rules.nodes import Cases, Constant, Node, Operand, Rounded, replaced, substituted
from app.rules.phrases import Part, Trial
from app.rules.schemes import ALWAYS, action_tests, measure_tests, positions
from app.rules.tracing import RATIO
from app.rules.vocabulary import ActionStatus, BudgetStatus, Status
from app.rules.wording import Spoken, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.rules.evaluation import Answer

    Facts = Mapping[str, Answer]

RANKS: Mapping[str, int] = {
    Status.exceeded: 3,
    Status.met: 2,
    Status.near: 1,
    Status.missed: 0,
    ActionStatus.completed: 3,
    ActionStatus.in_progress: 2,
    ActionStatus.warning: 1,
    ActionStatus.overdue: 0,
    BudgetStatus.on_budget: 1,
    BudgetStatus.overspend: 0,
}
"""Which status is better than which; the others say nothing of how well a row did."""
DIRECTION_TARGET = Operand("direction_target", RATIO)
"""The target that a direction may come closer to: the period's, whichever target a status is about."""
_DIRECTION = substituted(direction_settled.tree, {"target": DIRECTION_TARGET})
_DERIVED = {"met": target_met.tree, "direction_of_travel": _DIRECTION}
_OTHERWISE = "no clause before holds, and there is something to judge"
_IN_ANY_CASE = "no clause before holds"
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

    A clause after the one that holds is not tried. `bands` are the stretches of the number that moves,
    each with the place of its clause for an answer, and `now` is that number. `counts` gives, by place,
    the numerator that reaches a clause, where an outturn follows from counts. `used` names what the
    clauses were read from.
    """

    trials: tuple[Trial | None, ...]
    held: int | None
    now: Answer
    bands: tuple[Band, ...]
    reaches: tuple[Reach, ...]
    counts: Mapping[int, Fraction]
    used: frozenset[str]

    def nearest(self, *, better: bool) -> Reach | None:
        """The nearest boundary to a better status, or to a worse one."""
        there = (reach for reach in self.reaches if reach.better is better)
        return min(there, key=lambda reach: abs(reach.distance), default=None)


class _Scheme:
    """A scheme made ready: its conditions, their tests, and its tree with what may move in it."""

    def __init__(
        self,
        conditions: Sequence[str],
        tests: Sequence[Node],
        moves: Mapping[str, Varied],
        last: str,
        ranks: Mapping[str, int] = RANKS,
    ) -> None:
        self.moves = moves
        self._ranks = ranks
        self._tests = tuple(Part(test) for test in tests)
        self._said = tuple(last if condition == "otherwise" else None for condition in conditions)

    def attempts(self, facts: Facts) -> tuple[list[Trial | None], int | None, frozenset[str]]:
        """Each clause tried until one holds; "otherwise" says only that those before it do not."""
        trials: list[Trial | None] = [None] * len(self._tests)
        used: set[str] = set()
        texts = Spoken(facts)
        for place, (test, said) in enumerate(zip(self._tests, self._said, strict=True)):
            trial, read = test.tried(facts, texts)
            used |= read
            trials[place] = trial if said is None else Trial(said, said, trial.held)
            if trial.held:
                return trials, place, frozenset(used)
        return trials, None, frozenset(used)

    def judge(
        self, clauses: Sequence[Clause], facts: Facts, varied: str, values: Sequence[Fraction] = ()
    ) -> Judgement:
        """The clauses as tried, and what would reach the others by moving one number, to some values only."""
        trials, held, used = self.attempts(facts)
        now = facts[varied]
        bands = tuple(_placed(band) for band in self.moves[varied].bands(facts))
        points = [
            Band(value, True, value, True, band.answer)  # noqa: FBT003 - both ends belong to a point
            for value in values
            for band in bands
            if band.holds(value)
        ]
        reaches = self._reaches(clauses, held, points or bands, now) if isinstance(now, Fraction) else ()
        return Judgement(tuple(trials), held, now, bands, tuple(reaches), {}, used)

    def _reaches(
        self, clauses: Sequence[Clause], held: int | None, bands: Sequence[Band], now: Fraction
    ) -> Iterator[Reach]:
        """The nearest way to each other clause, in their order."""
        found: dict[int, Reach] = {}
        for band in bands:
            place = None if band.answer is None else int(band.answer)
            if place is None or place == held or band.holds(now):
                continue
            better = None if held is None else _better(clauses[place], clauses[held], self._ranks)
            reach = _reach(place, band, now, better=better)
            if place not in found or abs(reach.distance) < abs(found[place].distance):
                found[place] = reach
        yield from (found[place] for place in sorted(found))


@lru_cache(maxsize=256)
def _of_measures(conditions: tuple[str, ...]) -> _Scheme:
    tests = measure_tests(conditions)
    moves = {"outturn": Varied(substituted(positions(tests), _DERIVED), "outturn")}
    shown = [substituted(test, {"met": target_met.tree}) for test in tests]
    return _Scheme(conditions, shown, moves, _OTHERWISE)


@lru_cache(maxsize=256)
def _of_actions(conditions: tuple[str, ...]) -> _Scheme:
    tests = action_tests(conditions)
    tree = positions(tests)
    return _Scheme(conditions, tests, {n: Varied(tree, n) for n in ("progress", "as_of")}, _IN_ANY_CASE)


def judge_measure(clauses: Sequence[Clause], facts: Facts, values: Sequence[Fraction] = ()) -> Judgement:
    """A scheme on a measure's facts and what follows from them; the outturn is what may move.

    `values` are the only ones that it may have, as yes and no are, or none for any.
    """
    facts = {DIRECTION_TARGET.name: facts["target"], **facts}
    scheme = _of_measures(tuple(clause.condition for clause in clauses))
    judgement = scheme.judge(clauses, facts, "outturn", values)
    if facts["numerator"] is None or facts["denominator"] is None:
        return judgement
    return judgement._replace(counts=_counts(judgement, facts))


def judge_action(clauses: Sequence[Clause], facts: Facts, varied: str = "progress") -> Judgement:
    """A scheme on an action's facts; its progress may move, or the date that it is looked at from."""
    return _of_actions(tuple(clause.condition for clause in clauses)).judge(clauses, facts, varied)


class Words:
    """A rule that answers with a word by cases, as a scheme whose clauses are its cases."""

    def __init__(
        self, tree: Node, varied: str, conditions: Sequence[str], ranks: Mapping[str, int] = RANKS
    ) -> None:
        """Make a rule's tree ready, with its tests in words; the roundings in it must change nothing."""
        exact = replaced(tree, lambda part: part.of if isinstance(part, Rounded) else None)
        branches = list(exact.branches) if isinstance(exact, Cases) else []
        if isinstance(exact, Cases) and isinstance(exact.otherwise, Constant):
            branches.append((ALWAYS, exact.otherwise))
        words = [str(answer.value) if isinstance(answer, Constant) else "" for _, answer in branches]
        tests = [test for test, _ in branches]
        self.clauses = tuple(Clause(c, word, spoken(word)) for c, word in zip(conditions, words, strict=True))
        self._varied = varied
        moves = {varied: Varied(positions(tests), varied)}
        self._scheme = _Scheme(conditions, tests, moves, _IN_ANY_CASE, ranks)

    def judge(self, facts: Facts) -> Judgement:
        """The cases on some facts."""
        return self._scheme.judge(self.clauses, facts, self._varied)


def _placed(band: Band) -> Band:
    """A band with the place of a clause for its answer, counted from 0."""
    return band if band.answer is None else band._replace(answer=Fraction(band.answer) - 1)


def _reach(place: int, band: Band, now: Fraction, *, better: bool | None) -> Reach:
    """What would bring the number that moves into a band."""
    above = band.low is not None and band.low >= now
    value, included = (band.low, band.low_included) if above else (band.high, band.high_included)
    assert value is not None  # noqa: S101 - a band that does not hold the number ends on its side
    return Reach(place, value, included, value - now, better)


def _better(there: Clause, here: Clause, ranks: Mapping[str, int]) -> bool | None:
    """Which of two clauses is better: by status, and between equal ones by points."""
    ranked = ranks.get(there.code), ranks.get(here.code)
    if ranked[0] is None or ranked[1] is None:
        return None
    if ranked[0] != ranked[1]:
        return ranked[0] > ranked[1]
    if there.points is None or here.points is None or there.points == here.points:
        return None
    return there.points > here.points


def _counts(judgement: Judgement, facts: Facts) -> dict[int, Fraction]:
    """By place of another clause, the nearest numerator: in wholes as the present one is, or in hundredths.

    An outturn moves with its numerator along a straight line, if it does at all.
    """
    now, start, next_to_it = facts["numerator"], *(_outturn_at(count, facts) for count in (0, 1))
    if (
        not isinstance(now, Fraction)
        or not isinstance(start, Fraction)
        or not isinstance(next_to_it, Fraction)
    ):
        return {}
    slope = next_to_it - start
    counted = (now, facts["denominator"])
    wholes = all(isinstance(number, Fraction) and number.denominator == 1 for number in counted)
    unit = Fraction(1) if wholes else _CENT
    found: dict[int, Fraction] = {}
    for band in judgement.bands if slope > 0 else ():
        low, high = (None if end is None else (end - start) / slope for end in (band.low, band.high))
        moved = band._replace(low=low, high=high)
        if band.answer in {None, judgement.held} or moved.holds(now):
            continue
        count = _first(moved, unit, above=low is not None and low >= now)
        place = int(cast("Fraction", band.answer))
        if count is not None and (place not in found or abs(count - now) < abs(found[place] - now)):
            found[place] = count
    return found


def _outturn_at(count: int, facts: Facts) -> Answer:
    known = {operand.name: facts[operand.name] for operand in outturn.operands}
    return outturn.read({**known, "numerator": Fraction(count)})


def _first(band: Band, unit: Fraction, *, above: bool) -> Fraction | None:
    """The multiple of a unit in a band that is nearest to the number beyond its end."""
    end = band.low if above else band.high
    assert end is not None  # noqa: S101 - the present number lies beyond this end
    count = math.ceil(end / unit) * unit if above else math.floor(end / unit) * unit
    if count == end and not band.holds(count):
        count += unit if above else -unit
    return count if band.holds(count) and count >= 0 else None
