"""How far a council steps in over a service, where its own rule says so."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.queries.scorecards.schemes import as_clauses, linked
from app.rules.budgets import variation_percent
from app.rules.escalation import judge_scorecard, rating_of
from app.rules.evaluation import half_up, reader
from app.rules.indicators import status_share
from app.rules.nodes import unrounded
from app.rules.vocabulary import BudgetKind, Status
from app.rules.wording import decimal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.columns import Row
    from app.queries.scorecards.ratings import Rating
    from app.queries.scorecards.rows import Rows
    from app.queries.scorecards.schemes import Judging
    from app.rules.evaluation import Answer

_PLACES = 6
_missed_percent = reader(unrounded(status_share.tree))
_revenue_percent = reader(unrounded(variation_percent.tree))


def escalation(rows: Rows, ratings: Sequence[Rating], judging: Judging) -> Row | None:
    """The level that the council's scheme gives, and each of its clauses as tried; None without a scheme."""
    if judging.escalation is None:
        return None
    written = judging.clauses[judging.escalation["id"]]
    facts = escalation_facts(rows, ratings)
    judged = judge_scorecard(as_clauses(written), facts)
    held = None if judged.held is None else written[judged.held]
    return {
        "level": None if held is None else held["code"],
        "label": None if held is None else held["label"],
        "colour": None if held is None else held["colour"],
        "scheme": linked(judging.escalation),
        "facts": [{"name": name, "value": _told(value)} for name, value in facts.items()],
        "clauses": [
            {
                **{
                    name: clause[name]
                    for name in ("position", "condition", "code", "label", "colour", "points")
                },
                "tried": trial is not None,
                "test": None if trial is None else trial.test,
                "filled": None if trial is None else trial.filled,
                "held": None if trial is None else trial.held,
            }
            for clause, trial in zip(written, judged.trials, strict=True)
        ],
    }


def escalation_facts(rows: Rows, ratings: Sequence[Rating]) -> dict[str, Answer]:
    """A scorecard's own numbers that levels may depend on, unrounded; what it does not have is missing."""
    missed = Fraction(sum(row["status"] == Status.missed for row in rows.measures))
    revenue = next((row for row in rows.totals if row["kind"] == BudgetKind.revenue), None)
    return {
        "missed": missed,
        "missed_percent": _missed_percent({"part": missed, "whole": Fraction(len(rows.measures))}),
        "revenue_variation_percent": _revenue(revenue),
        **{rating_of(rating.measure_set): rating.total for rating in ratings},
    }


def _revenue(total: Row | None) -> Answer:
    if total is None:
        return None
    facts: dict[str, Any] = {
        "kind": total["kind"],
        "stated_revised": _number(total["revised_budget"]),
        "forecast": _number(total["forecast"]),
    }
    return _revenue_percent(facts)


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _told(value: Answer) -> str | None:
    return decimal(half_up(value, _PLACES), _PLACES) if isinstance(value, Fraction) else None
