"""How far a council steps in over a service: levels as a scheme over the numbers of a scorecard.

A clause is a condition of the closed vocabulary below, or several joined by " and ". Clauses are tried
in order, as those that judge measures are; the first that holds gives the level.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from app.rules.explaining import attempt
from app.rules.nodes import Node, Operand, operands
from app.rules.schemes import ALWAYS, UnknownConditionError
from app.rules.tracing import COUNT, RATIO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.rules.evaluation import Answer
    from app.rules.explaining import Trial
    from app.rules.judging import Clause

ESCALATION = "escalation"
"""The measure set of the schemes whose statuses are levels of escalation."""
MISSED = Operand("missed", COUNT)
"""How many measures have the status missed."""
MISSED_PERCENT = Operand("missed_percent", RATIO)
"""Their percentage of all measures, those without data included; unrounded."""
REVENUE_PERCENT = Operand("revenue_variation_percent", RATIO)
"""The variation of the revenue total as a percentage of its revised budget; unrounded."""


class Escalated(NamedTuple):
    """The clauses of an escalation scheme as tried, and which one holds; one after it is not tried."""

    trials: tuple[Trial | None, ...]
    held: int | None


_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_RATING_BELOW = re.compile(r"rating of (\S.*?) below (-?[0-9]+(?:\.[0-9]+)?)")
_MEASURED: dict[str, Callable[[Fraction], Node]] = {
    "at least ([0-9]+) missed": lambda x: x <= MISSED,
    f"at least {_NUMBER}% missed": lambda x: x <= MISSED_PERCENT,
    f"revenue variation above {_NUMBER}%": lambda x: x < REVENUE_PERCENT,
}


def rating_of(measure_set: str) -> str:
    """The name of the operand that is a measure set's rating."""
    return f"rating_of_{measure_set}"


def escalation_condition(words: str) -> Node:
    """One condition in the words of the vocabulary, as a test.

    A rating, a count or a percentage that a scorecard does not have keeps a condition from holding.
    Raises UnknownConditionError, which names the words that it does not know.
    """
    tests = [_single(part.strip()) for part in words.split(" and ")]
    joined = tests[0]
    for test in tests[1:]:
        joined = joined & test
    return joined


def _single(words: str) -> Node:
    if words == "otherwise":
        return ALWAYS
    if found := _RATING_BELOW.fullmatch(words):
        return Operand(rating_of(found[1]), RATIO) < Fraction(found[2])
    for pattern, build in _MEASURED.items():
        if found := re.fullmatch(pattern, words):
            return build(Fraction(found[1]))
    message = f"unknown condition: {words!r}"
    raise UnknownConditionError(message)


@lru_cache(maxsize=256)
def escalation_tests(conditions: tuple[str, ...]) -> tuple[Node, ...]:
    """The tests of an escalation scheme, in order."""
    return tuple(escalation_condition(words) for words in conditions)


def judge_scorecard(clauses: Sequence[Clause], facts: Mapping[str, Answer]) -> Escalated:
    """An escalation scheme on the numbers of a scorecard: each clause tried, and the one that holds.

    A rating that a clause asks for and the scorecard does not have is missing.
    """
    trials: list[Trial | None] = []
    held = None
    tests = escalation_tests(tuple(clause.condition for clause in clauses))
    for place, test in enumerate(tests):
        known = {operand.name: facts.get(operand.name) for operand in operands(test)}
        trial = attempt(test, known) if held is None else None
        if trial is not None and trial.held:
            held = place
        trials.append(trial)
    return Escalated(tuple(trials), held)
