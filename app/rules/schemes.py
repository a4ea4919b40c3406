"""A council's status scheme: clauses in words, read from data, built into one tree.

A clause is a condition of the closed vocabulary below, or several joined by " and ". Clauses are
tried in order and the tree answers with the position of the first that holds, counted from 1; a row
that no clause holds for has no status.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from app.rules.actions import due_within, overdue, progress_at_least
from app.rules.indicators import headroom
from app.rules.nodes import ABSENT, Node, Operand, cases, missing, node, present, size
from app.rules.tracing import DAY, FLAG, MEASURE, PERCENT, RATIO, TEXT
from app.rules.vocabulary import Direction, Polarity, State, TargetKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ACTIONS = "actions"
"""The measure set of the schemes that judge actions."""
OUTTURN = Operand("outturn", RATIO)
TARGET = Operand("target", RATIO)
PREVIOUS = Operand("previous", RATIO)
YEAR_EARLIER = Operand("year_earlier", RATIO)
"""The outturn of the same period a year before, whatever the baseline is."""
POLARITY = Operand("polarity", TEXT)
TARGET_KIND = Operand("target_kind", TEXT)
STATE = Operand("state", TEXT)
DATA_ONLY = Operand("data_only", FLAG)
AMBER_LIMIT = Operand("amber_limit", MEASURE)
AMBER_STRICT = Operand("amber_strict", FLAG)
AMBER_PERCENT = Operand("amber_percent", PERCENT)
PROGRESS = Operand("progress", PERCENT)
START_DATE = Operand("start_date", DAY)
DUE_DATE = Operand("due_date", DAY)
AS_OF = Operand("as_of", DAY)
CANCELLED = Operand("cancelled", FLAG)

ALWAYS = node(1) >= node(0)
MET = Operand("met", FLAG)
"""The answer of `target_met`; missing where there is nothing to judge by."""
DIRECTION = Operand("direction_of_travel", TEXT)
"""The answer of `direction_of_travel`."""
GAP = headroom(OUTTURN, TARGET, POLARITY)
_AGAINST_BASELINE = TARGET_KIND.among(
    TargetKind.reduction, TargetKind.increase, TargetKind.no_increase, TargetKind.no_decrease
)
_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"


class UnknownConditionError(ValueError):
    """A clause says something outside the vocabulary; the message names the words."""


def _within_amber_limit() -> Node:
    beyond = headroom(OUTTURN, AMBER_LIMIT, POLARITY)
    return cases(
        (present(AMBER_PERCENT), size(TARGET) * AMBER_PERCENT >= 100 * -GAP),
        (AMBER_STRICT, beyond > 0),
        otherwise=beyond >= 0,
    )


def _of_improvement(percent: Fraction) -> Node:
    """Of the way from the baseline to the target, some percent at least; a way there must be."""
    way = headroom(TARGET, PREVIOUS, POLARITY)
    return (way > 0) & (headroom(OUTTURN, PREVIOUS, POLARITY) >= way * (percent / 100))


def _of_target(percent: Fraction) -> Node:
    """Some percent of the target at least; where lower is better, target over outturn counts.

    Unknown, as any judgement, where a measure has no good direction.
    """
    return cases(
        (POLARITY.among(Polarity.contextual), ABSENT),
        (POLARITY.among(Polarity.lower_is_better), OUTTURN * (percent / 100) <= TARGET),
        otherwise=TARGET * (percent / 100) <= OUTTURN,
    )


def _of_time_elapsed(percent: Fraction) -> Node:
    """Progress, as a share of the time gone between start and due date; all of it once that is past."""
    span, gone = DUE_DATE - START_DATE, AS_OF - START_DATE
    due = progress_at_least(PROGRESS, node(percent))
    share = cases((gone > span, due), otherwise=PROGRESS * span >= percent * gone)
    return present(PROGRESS) & (span > 0) & share


_FIXED: dict[str, Callable[[], Node]] = {
    "otherwise": lambda: present(MET),
    "data only": lambda: DATA_ONLY,
    "no outturn": lambda: missing(OUTTURN),
    "no target": lambda: missing(cases((_AGAINST_BASELINE, PREVIOUS), otherwise=TARGET)),
    "met": lambda: MET,
    "within amber limit": _within_amber_limit,
    "direction improved": lambda: DIRECTION.among(Direction.improved),
    "improved on same period last year": lambda: headroom(OUTTURN, YEAR_EARLIER, POLARITY) > 0,
    "direction not worsened": lambda: DIRECTION.among(Direction.improved, Direction.unchanged),
    "cancelled": lambda: CANCELLED,
    "overdue": lambda: overdue(DUE_DATE, AS_OF),
}
_MEASURED: dict[str, Callable[[Fraction], Node]] = {
    f"exceeded by more than {_NUMBER}% of target": lambda x: size(TARGET) * (x / 100) < GAP,
    f"exceeded by more than {_NUMBER} (?:units|points)": lambda x: node(x) < GAP,
    f"within {_NUMBER}% of target": lambda x: size(TARGET) * (-x / 100) <= GAP,
    f"within {_NUMBER} (?:units|points) of target": lambda x: node(-x) <= GAP,
    f"at least {_NUMBER}% of targeted improvement": _of_improvement,
    f"at least {_NUMBER}% of target": _of_target,
    f"progress at least {_NUMBER}": lambda x: progress_at_least(PROGRESS, node(x)),
    f"progress above {_NUMBER}": lambda x: present(PROGRESS) & (node(x) < PROGRESS),
    f"progress at least {_NUMBER}% of time elapsed": _of_time_elapsed,
    "due within ([0-9]+) days": lambda x: due_within(DUE_DATE, AS_OF, int(x)),
}
_STATES = re.compile("no outturn: (" + "|".join(State) + ")")


def condition(words: str) -> Node:
    """One condition in the words of the vocabulary, as a test.

    Raises UnknownConditionError, which names the words that it does not know.
    """
    tests = [_single(part.strip()) for part in words.split(" and ")]
    joined = tests[0]
    for test in tests[1:]:
        joined = joined & test
    return joined


def _single(words: str) -> Node:
    if words in _FIXED:
        return _FIXED[words]()
    if state := _STATES.fullmatch(words):
        return missing(OUTTURN) & STATE.among(state[1])
    for pattern, build in _MEASURED.items():
        if found := re.fullmatch(pattern, words):
            return build(Fraction(found[1]))
    message = f"unknown condition: {words!r}"
    raise UnknownConditionError(message)


def forms() -> dict[str, re.Pattern[str]]:
    """Every form that a condition may take, with N for a number in it, and what has that form.

    Where a form says units, it may say points instead.
    """
    named = {words: re.compile(re.escape(words)) for words in _FIXED} | {"no outturn: STATE": _STATES}
    for pattern in _MEASURED:
        form = pattern.replace(_NUMBER, "N").replace("([0-9]+)", "N").replace("(?:units|points)", "units")
        named[form] = re.compile(pattern)
    return named


def measure_tests(conditions: Sequence[str]) -> list[Node]:
    """The tests of a measure's scheme, in order.

    "Otherwise" needs something to be held against: an outturn that cannot be judged, as one of a
    contextual measure, falls through it and is not rated.
    """
    return [condition(words) for words in conditions]


def action_tests(conditions: Sequence[str]) -> list[Node]:
    """As `measure_tests`, for the clauses of actions, where "otherwise" always holds."""
    return [ALWAYS if words.strip() == "otherwise" else condition(words) for words in conditions]


def positions(tests: Iterable[Node]) -> Node:
    """The position, from 1, of the first test that holds; missing where none does."""
    return cases(*((test, Fraction(position)) for position, test in enumerate(tests, 1)))


def scheme_tree(conditions: Sequence[str]) -> Node:
    """The position of the clause that holds for a measure."""
    return positions(measure_tests(conditions))


def action_tree(conditions: Sequence[str]) -> Node:
    """The position of the clause that holds for an action."""
    return positions(action_tests(conditions))
