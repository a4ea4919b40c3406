"""What every explanation is made of: operands with their sources, steps, and the clauses of a scheme."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from app.rules.evaluation import half_up
from app.rules.explaining import Explained, explain
from app.rules.wording import decimal, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from app.queries.columns import Row
    from app.rules.evaluation import Answer
    from app.rules.judging import Clause, Judgement, Reach
    from app.rules.tracing import Step

PLACES = 12
"""How many places an unrounded number is written with."""


class Source(NamedTuple):
    """Where a fact stands: the kind of row, its id and address, the field in it, and for when."""

    kind: str
    id: int | str | None = None
    field: str | None = None
    period: str | None = None
    href: str | None = None


def operands(facts: Mapping[str, Answer], sources: Mapping[str, Source]) -> list[Row]:
    """The raw facts that an explanation rests on, each with where it stands."""
    return [
        {"name": name, "label": spoken(name), "value": written(facts[name]), "source": source._asdict()}
        for name, source in sources.items()
    ]


def steps_of(steps: Iterable[Step], facts: Mapping[str, Answer]) -> list[Row]:
    """Each derived field: its rule, how it comes to its answer, and how that is shown."""
    return [_step(step, facts) for step in steps]


def _step(step: Step, facts: Mapping[str, Answer]) -> Row:
    explained = explain(step.rule.tree, step.facts(facts))
    if step.shown is not None and explained.answer is not None:
        shown = explain(step.shown.tree, {**facts, step.shown.operands[0].name: explained.answer})
        explained = explained._replace(rounding=shown.rounding, answer=shown.answer)
    return {"field": step.field, "rule": step.rule.name, "version": step.rule.version, **account(explained)}


def account(explained: Explained) -> Row:
    """How an answer came about, in wire form."""
    return {
        "formula": explained.formula,
        "filled": explained.filled,
        "tried": [trial._asdict() for trial in explained.trials],
        "exact": exactly(explained.exact),
        "rounding": explained.rounding,
        "answer": written(explained.answer),
        "lacking": list(explained.lacking),
    }


def exactly(answer: Answer) -> str | None:
    """A number as a fraction in lowest terms; nothing for a word."""
    return str(answer) if isinstance(answer, Fraction) else None


def written(answer: Answer) -> str | bool | None:
    """An answer in wire form; a number to twelve places, without needless zeros."""
    return decimal(half_up(answer, PLACES), PLACES) if isinstance(answer, Fraction) else answer


def judged(judgement: Judgement, clauses: Sequence[Clause], facts: Mapping[str, Answer], varied: str) -> Row:
    """The clauses of a scheme as they were tried, the one that holds, and what would reach the others."""
    better, worse = judgement.nearest(better=True), judgement.nearest(better=False)
    reaches = {reach.place: _reach(reach, judgement, clauses, facts) for reach in judgement.reaches}
    return {
        "clauses": [
            {
                "position": place + 1,
                **named(clause),
                "condition": clause.condition,
                **({"test": None, "filled": None, "held": None} if trial is None else trial._asdict()),
                "tried": trial is not None,
            }
            for place, (clause, trial) in enumerate(zip(clauses, judgement.trials, strict=True))
        ],
        "held": None if judgement.held is None else judgement.held + 1,
        "varied": varied,
        "boundaries": list(reaches.values()),
        "next_better": None if better is None else reaches[better.place],
        "next_worse": None if worse is None else reaches[worse.place],
    }


def named(clause: Clause) -> Row:
    """What follows from a clause."""
    return {
        "code": clause.code,
        "label": clause.label,
        "colour": clause.colour,
        "points": None if clause.points is None else f"{decimal(clause.points, 2)}",
    }


def _reach(reach: Reach, judgement: Judgement, clauses: Sequence[Clause], facts: Mapping[str, Answer]) -> Row:
    clause, count = clauses[reach.place], judgement.counts.get(reach.place)
    now = facts.get("numerator")
    return {
        "position": reach.place + 1,
        "code": clause.code,
        "label": clause.label,
        "better": reach.better,
        "value": written(reach.value),
        "exact": exactly(reach.value),
        "included": reach.included,
        "distance": written(reach.distance),
        "numerator": written(count),
        "numerator_change": written(count - now) if count is not None and isinstance(now, Fraction) else None,
    }


def facts_of(row: Row, words: Iterable[str] = ()) -> Iterator[tuple[str, Answer]]:
    """A row in wire form as facts: decimals as fractions, words as they are."""
    kept = frozenset(words)
    for name, value in row.items():
        yield name, Fraction(value) if isinstance(value, str) and name not in kept else value
