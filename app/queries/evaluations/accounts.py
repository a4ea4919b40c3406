"""How the answers of a what-if came about: the steps, the clauses as tried, what would reach the others."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from app.queries.explanations.parts import tried, written
from app.rules.explaining import Explainer
from app.rules.indicators import STEPS
from app.rules.judging import judge_action, judge_measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.queries.columns import Row
    from app.queries.evaluations.schemes import Tried
    from app.rules.evaluation import Answer
    from app.rules.explaining import Explained
    from app.rules.judging import Judgement
    from app.rules.tracing import Step

    Facts = Mapping[str, Answer]


def account(explained: Explained) -> Row:
    """How one answer came about."""
    return {
        "formula": explained.formula,
        "filled": explained.filled,
        "tried": [tried(trial) for trial in explained.trials],
        "rounding": explained.rounding,
        "lacking": list(explained.lacking),
    }


def account_of_measure(scheme: Tried, facts: Facts) -> Row:
    """How a measure came to its derived fields and to its status."""
    return {"steps": list(_steps(facts)), **_judged(scheme, judge_measure(scheme.clauses, facts))}


def account_of_action(scheme: Tried, facts: Facts) -> Row:
    """How an action came to its status."""
    return {"steps": [], **_judged(scheme, judge_action(scheme.clauses, facts))}


def _steps(facts: Facts) -> Iterator[Row]:
    for step, explainer in _explainers():
        about = {"field": step.field, "rule": step.rule.id, "version": step.rule.version}
        yield {**about, **account(explainer.explain(facts))}


@cache
def _explainers() -> tuple[tuple[Step, Explainer], ...]:
    return tuple((step, Explainer(step.tree)) for step in STEPS)


def _judged(scheme: Tried, judgement: Judgement) -> Row:
    trials = enumerate(judgement.trials)
    return {
        "trials": [
            {"position": place + 1, "condition": scheme.clauses[place].condition, **tried(trial)}
            for place, trial in trials
            if trial is not None
        ],
        "reaches": [
            {
                "position": reach.place + 1,
                "status": scheme.clauses[reach.place].code,
                "label": scheme.clauses[reach.place].label,
                "better": reach.better,
                "value": written(reach.value)["value"],
                "exact": str(reach.value),
                "included": reach.included,
                "distance": written(reach.distance)["value"],
            }
            for reach in judgement.reaches
        ],
    }
