"""The third reader of a tree: how its answer comes about, test by test, with the numbers filled in."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from app.rules.evaluation import Answer, evaluate
from app.rules.nodes import (
    Cases,
    Node,
    Quotient,
    Rounded,
    operands,
    replaced,
)
from app.rules.wording import called, rounding, valued, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Trial(NamedTuple):
    """A test that was tried: in words, with the numbers filled in, and what came of it (None: unknown)."""

    test: str
    filled: str
    held: bool | None


class Explained(NamedTuple):
    """How an answer comes about.

    `trials` are the tests tried until one held. `formula` is the part that gave the answer, in words,
    and `filled` the same with numbers. `exact` is the answer before it was rounded as `rounding` says.
    `lacking` names what is missing, where that is why there is no answer.
    """

    trials: tuple[Trial, ...]
    formula: str
    filled: str
    exact: Answer
    rounding: str | None
    answer: Answer
    lacking: tuple[str, ...]


def explain(tree: Node, facts: Mapping[str, Answer]) -> Explained:
    """How a tree comes to its answer on some facts."""
    trials: list[Trial] = []
    said, part = None, tree
    while isinstance(part, Rounded | Cases):
        if isinstance(part, Rounded):
            said, part = rounding(part, facts), part.of
        else:
            part = _chosen(part, facts, trials)
    settled = settle(part, facts)
    exact, answer = evaluate(settled, facts), evaluate(tree, facts)
    return Explained(
        tuple(trials),
        wording(settled),
        wording(settled, valued(facts)),
        exact,
        said if isinstance(exact, Fraction) else None,
        answer,
        tuple(lacking(settled, facts)) if answer is None else (),
    )


def attempt(test: Node, facts: Mapping[str, Answer]) -> Trial:
    """A test tried on some facts."""
    settled = settle(test, facts)
    held = evaluate(test, facts)
    return Trial(wording(settled), wording(settled, valued(facts)), held if isinstance(held, bool) else None)


def settle(tree: Node, facts: Mapping[str, Answer]) -> Node:
    """A tree in which every choice between cases is made as the facts have it."""

    def settled(part: Node) -> Node | None:
        if not isinstance(part, Cases):
            return None
        return settle(_branch(part, facts), facts)

    return replaced(tree, settled)


def lacking(tree: Node, facts: Mapping[str, Answer]) -> Iterator[str]:
    """What keeps a settled formula from an answer: operands that are missing, a division by zero."""
    absent = [called(operand) for operand in operands(tree) if facts[operand.name] is None]
    if absent:
        yield from (f"no {name}" for name in absent)
        return
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Quotient) and evaluate(part.bottom, facts) == 0:
            yield f"{wording(part.bottom)} is zero"
        waiting.extend(part.parts())


def _chosen(tree: Cases, facts: Mapping[str, Answer], trials: list[Trial]) -> Node:
    for test, answer in tree.branches:
        trials.append(attempt(test, facts))
        if trials[-1].held:
            return answer
    return tree.otherwise


def _branch(tree: Cases, facts: Mapping[str, Answer]) -> Node:
    return next((answer for test, answer in tree.branches if evaluate(test, facts)), tree.otherwise)
