"""What is wrong with a scheme before it judges anything: each fault with an example that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

from app.rules.boundaries import Varied
from app.rules.evaluation import Answer, reader
from app.rules.indicators import direction_settled, headroom, target_met
from app.rules.judging import RANKS
from app.rules.nodes import operands, substituted
from app.rules.schemes import OUTTURN, POLARITY, TARGET, action_tests, measure_tests
from app.rules.vocabulary import LintKind, Polarity, State, Status, TargetKind
from app.rules.wording import spoken, told

if TYPE_CHECKING:
    from app.rules.judging import Clause
    from app.rules.nodes import Node

Facts = Mapping[str, Answer]
_MOST_KEPT = 128
"""Schemes whose faults are remembered."""
_DERIVED = {"met": target_met.tree, "direction_of_travel": direction_settled.tree}
_HEADROOM = reader(headroom(OUTTURN, TARGET, POLARITY))
_JUDGED = (Polarity.higher_is_better, Polarity.lower_is_better, Polarity.closest_to_target)
_AMBERS = ("amber_limit", "amber_strict", "amber_percent")
_TRIED: Sequence[tuple[tuple[str, ...], Sequence[tuple[Answer, ...]]]] = (
    (("polarity",), [(polarity,) for polarity in Polarity]),
    (("target",), [(Fraction(100),), (Fraction(0),), (Fraction(-50),), (None,)]),
    (
        ("target_kind",),
        [(kind,) for kind in (TargetKind.value, TargetKind.limit, TargetKind.range, TargetKind.reduction)],
    ),
    (("previous",), [(Fraction(80),), (Fraction(120),), (None,)]),
    (("year_earlier",), [(Fraction(90),), (None,)]),
    (
        _AMBERS,
        [
            (None, False, None),
            (Fraction(90), False, None),
            (Fraction(110), True, None),
            (None, False, Fraction(5)),
        ],
    ),
    (("data_only",), [(False,), (True,)]),
)
"""Facts that schemes are tried on; only those are varied that a scheme asks about."""
_PLAIN: Mapping[str, Answer] = {
    "polarity": Polarity.higher_is_better,
    "target_kind": TargetKind.value,
    "target": Fraction(100),
    "previous": Fraction(80),
    "year_earlier": None,
    "amber_limit": None,
    "amber_strict": False,
    "amber_percent": None,
    "data_only": False,
    "state": State.reported,
    "range_percent": Fraction(5),
    "dead_band_percent": None,
    "dead_band_units": None,
}
_SHOWN = (
    *("polarity", "target_kind", "target", "previous", "state", "outturn"),
    *("cancelled", "start_date", "due_date", "as_of", "progress"),
)
"""What an example tells, of what it holds."""
_DAYS = frozenset({"start_date", "due_date", "as_of"})
_ALWAYS_TRIED = frozenset({"polarity", "target"})


class Lint(NamedTuple):
    """A fault: of which kind, in which clause (from 0), and facts that show it."""

    kind: LintKind
    place: int | None
    message: str
    example: Facts

    @property
    def refused(self) -> bool:
        """Whether a scheme with it is not taken: one that leaves an outturn with a target unjudged."""
        facts = [self.example.get(name, 0) for name in ("outturn", "target")]
        return self.kind == LintKind.gap and None not in facts

    def facts(self) -> Iterator[tuple[str, str | None]]:
        """The facts of its example that tell something, each written out."""
        for name in _SHOWN:
            answer = self.example.get(name)
            if name in _DAYS and isinstance(answer, Fraction):
                yield name, date.fromordinal(int(answer)).isoformat()
            elif name in self.example:
                yield name, answer if answer is None or isinstance(answer, str) else told(answer)

    def shown(self) -> str:
        """The same in a few words."""
        return ", ".join(f"{spoken(name)} {spoken(value or 'none')}" for name, value in self.facts())


class _Tried(NamedTuple):
    """What came of some facts: which clauses hold, in order."""

    facts: Facts
    holding: tuple[int, ...]

    @property
    def first(self) -> int | None:
        return self.holding[0] if self.holding else None


class _World(NamedTuple):
    """Facts that stand still, with what came of outturns from the least to the greatest."""

    facts: Facts
    tried: tuple[_Tried, ...]


def lint_scheme(clauses: Sequence[Clause], *, actions: bool = False) -> list[Lint]:
    """What is wrong with the clauses of a scheme; one example of each fault of each clause.

    A scheme for actions can have gaps and clauses that are hidden; what is better there is no matter
    of one number. A council sends its scheme with every report: what came of the same clauses is kept.
    """
    return [*_lint(tuple(clauses), actions)]


@lru_cache(_MOST_KEPT)
def _lint(clauses: tuple[Clause, ...], actions: bool) -> tuple[Lint, ...]:  # noqa: FBT001 - a key is positional
    conditions = [clause.condition for clause in clauses]
    if actions:
        worlds = list(_action_worlds(action_tests(conditions)))
        found = [*_action_gaps(worlds), *_unreachable(clauses, worlds)]
    else:
        worlds = list(_worlds([substituted(test, _DERIVED) for test in measure_tests(conditions)]))
        found = [
            *_gaps(worlds),
            *_unreachable(clauses, worlds),
            *_wrong_sides(clauses, worlds),
            *_senseless(clauses, worlds),
            *_overlaps(clauses, worlds),
            *_at_zero(clauses, worlds),
        ]
    seen: dict[tuple[LintKind, int | None, str], Lint] = {}
    for lint in found:
        seen.setdefault((lint.kind, lint.place, lint.message), lint)
    return tuple(seen.values())


def _worlds(tests: Sequence[Node]) -> Iterator[_World]:
    """Every combination of facts that the tests ask about, each on outturns around every boundary."""
    asked = {operand.name for test in tests for operand in operands(test)} | _ALWAYS_TRIED
    groups = [(names, values) for names, values in _TRIED if asked & {*names}]
    reads = [reader(test) for test in tests]
    varied = [Varied(test, "outturn") for test in tests]

    def tried(facts: Facts) -> _Tried:
        return _Tried(facts, tuple(n for n, read in enumerate(reads) if read(facts)))

    for values in product(*(values for _, values in groups)):
        facts = dict(_PLAIN)
        for (names, _), chosen in zip(groups, values, strict=True):
            facts |= dict(zip(names, chosen, strict=True))
        if _is_pointless(facts):
            continue
        bands = [band for each in varied for band in each.bands(facts)]
        points = sorted({band.high for band in bands if band.high is not None})
        yield _World(facts, tuple(tried({**facts, "outturn": at}) for at in _around(points)))
    for state in State if "state" in asked else (State.awaited,):
        facts = {**_PLAIN, "state": state, "outturn": None}
        yield _World(facts, (tried(facts),))


def _action_worlds(tests: Sequence[Node]) -> Iterator[_World]:
    """Actions that are or are not cancelled, due long ago, soon, late or never, at every progress."""
    reads = [reader(test) for test in tests]
    varied = [Varied(test, "progress") for test in tests]
    today = Fraction(date(2020, 6, 1).toordinal())
    for cancelled, due, start in product((False, True), (-60, 10, 200, None), (-100, None)):
        facts: Facts = {
            "cancelled": cancelled,
            "as_of": today,
            "due_date": None if due is None else today + due,
            "start_date": None if start is None else today + start,
        }
        ends = {band.high for each in varied for band in each.bands(facts)}
        points = sorted({Fraction(0), Fraction(100), *(end for end in ends if end is not None)})
        tried = []
        for at in (p for p in _around(points) if 0 <= p <= 100):  # noqa: PLR2004 - progress is a percentage
            known = {**facts, "progress": at}
            tried.append(_Tried(known, tuple(n for n, read in enumerate(reads) if read(known))))
        yield _World(facts, tuple(tried))


def _action_gaps(worlds: Sequence[_World]) -> Iterator[Lint]:
    for each in (each for world in worlds for each in world.tried if not each.holding):
        yield Lint(LintKind.gap, None, "no clause holds", each.facts)


def _is_pointless(facts: Facts) -> bool:
    """Whether no target can be like that: of a kind without a value, or a limit without a good direction."""
    kind, target = facts["target_kind"], facts["target"]
    if kind == TargetKind.reduction:
        return target is not None
    if kind == TargetKind.limit and facts["polarity"] == Polarity.closest_to_target:
        return True
    return target is None and kind != TargetKind.value


def _around(points: Sequence[Fraction]) -> Iterator[Fraction]:
    """Each point, with a value before it, between them, and after the last."""
    if not points:
        yield Fraction(1)
        return
    yield points[0] - 1
    for here, there in zip(points, [*points[1:], None], strict=True):
        yield here
        yield here + 1 if there is None else (here + there) / 2


def _gaps(worlds: Sequence[_World]) -> Iterator[Lint]:
    for world in worlds:
        for each in world.tried:
            if each.holding:
                continue
            if each.facts["outturn"] is None:
                message = "no clause says what a measure without an outturn has"
                yield Lint(LintKind.gap, None, message, each.facts)
            elif each.facts["target"] is None:
                message = "no clause says what a measure without a target has"
                yield Lint(LintKind.gap, None, message, each.facts)
            elif each.facts["polarity"] in _JUDGED:
                yield Lint(LintKind.gap, None, "no clause holds", each.facts)


def _unreachable(clauses: Sequence[Clause], worlds: Sequence[_World]) -> Iterator[Lint]:
    tried = [each for world in worlds for each in world.tried]
    reached = {each.first for each in tried}
    for place in range(len(clauses)):
        if place in reached:
            continue
        held = next((each for each in tried if place in each.holding), None)
        if held is None or held.first is None:
            yield Lint(LintKind.unreachable, place, "holds for nothing that was tried", worlds[0].facts)
        else:
            message = f"clause {held.first + 1} holds wherever it does"
            yield Lint(LintKind.unreachable, place, message, held.facts)


def _rank(clauses: Sequence[Clause], place: int | None) -> int | None:
    return None if place is None else RANKS.get(clauses[place].code)


def _wrong_sides(clauses: Sequence[Clause], worlds: Sequence[_World]) -> Iterator[Lint]:
    """A point between two bands that has the status of neither, or a target that is met and not judged so."""
    valued = [w for w in worlds if w.facts["target_kind"] == TargetKind.value]
    for world in valued:
        points = zip(world.tried[::2], world.tried[1::2], world.tried[2::2], strict=False)
        for before, here, after in points:
            ranks = [_rank(clauses, each.first) for each in (before, here, after)]
            if None in ranks or here.first is None or here.facts["target"] == here.facts["outturn"]:
                continue
            if here.first not in {before.first, after.first} and before.first != after.first:
                message = "holds at one point only, between two others"
                yield Lint(LintKind.wrong_side, here.first, message, here.facts)
    for world in valued:
        if world.facts["polarity"] not in _JUDGED:
            continue
        at = next((each for each in world.tried if each.facts["outturn"] == world.facts["target"]), None)
        if at is None or at.first is None or world.facts["target"] is None:
            continue
        better = max((r for each in world.tried if (r := _rank(clauses, each.first)) is not None), default=0)
        rank = _rank(clauses, at.first)
        if rank is not None and rank < min(better, RANKS[Status.met]):
            message = "an outturn that equals its target falls on the worse side"
            yield Lint(LintKind.wrong_side, at.first, message, at.facts)


def _senseless(clauses: Sequence[Clause], worlds: Sequence[_World]) -> Iterator[Lint]:
    """A better outturn with a worse status: what no clause can mean under that polarity."""
    for world in worlds:
        if world.facts["polarity"] not in _JUDGED or world.facts["target_kind"] != TargetKind.value:
            continue
        judged = [
            (room, rank, each)
            for each in world.tried
            if isinstance(room := _HEADROOM(each.facts), Fraction)
            and (rank := _rank(clauses, each.first)) is not None
        ]
        for (room, rank, one), (other_room, other_rank, other) in combinations(judged, 2):
            if room == other_room or (room > other_room) == (rank >= other_rank) or rank == other_rank:
                continue
            worse = other if room < other_room else one
            better = one if room < other_room else other
            message = f"judges better what lies further from its target, {world.facts['polarity']}"
            place = better.first if better.first is not None else worse.first
            yield Lint(LintKind.senseless, place, message, better.facts)
            break


def _overlaps(clauses: Sequence[Clause], worlds: Sequence[_World]) -> Iterator[Lint]:
    """A clause that comes before one that would judge the same outturn better."""
    for one, other in combinations(range(len(clauses)), 2):
        ranks = _rank(clauses, one), _rank(clauses, other)
        if ranks[0] is None or ranks[1] is None or ranks[0] >= ranks[1]:
            continue
        both = next((e for w in worlds for e in w.tried if {one, other} <= {*e.holding}), None)
        if both:
            message = f"clause {one + 1} comes first where both hold, and judges worse"
            yield Lint(LintKind.overlap, other, message, both.facts)


def _at_zero(clauses: Sequence[Clause], worlds: Sequence[_World]) -> Iterator[Lint]:
    """Tolerances in percent of a target have no width where the target is zero."""
    zero = next(world for world in worlds if world.facts["target"] == 0)
    for place, clause in enumerate(clauses):
        if "% of target" in clause.condition and "improvement" not in clause.condition:
            facts = {**zero.facts, "outturn": Fraction(0) - Fraction(1, 100)}
            message = "a percentage of a target of zero is no tolerance"
            yield Lint(LintKind.zero_target, place, message, facts)
