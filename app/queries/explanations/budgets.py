"""Why a budget line is over or under its budget, and what would bring it back."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.queries import listings
from app.queries.budgets import BUDGET_VARIANCES
from app.queries.columns import fields
from app.queries.explanations.judgements import About, judged
from app.queries.explanations.parts import Steps, facts_of, own_sources, subject_of
from app.rules import budgets as rules
from app.rules.amounts import pounds
from app.rules.judging import Words
from app.rules.line_sentences import budget_sentence
from app.rules.vocabulary import BudgetKind

if TYPE_CHECKING:
    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.rules.judging import Reach

_RAW = (
    *fields("kind"),
    *fields("approved_budget additions slippage forecast revised_budget", "units", 2),
)
_STEPS = Steps(rules.STEPS, BUDGET_VARIANCES)
_STATUS = Words(
    rules.budget_status.tree,
    "forecast",
    ("no variation", "forecast over budget", "forecast under budget", "otherwise"),
)


def explain_budget_line(reading: Reading, row_id: int) -> Row | None:
    """A budget line's explanation; None where no release in force holds it."""
    row: Any = listings.one(reading, BUDGET_VARIANCES, row_id)
    if row is None:
        return None
    raw = facts_of(row, _RAW)
    stated = raw["revised_budget"] if row["kind"] == BudgetKind.revenue else None
    derived = _STEPS.derive({**raw, "stated_revised": stated, "approved": raw["approved_budget"]})
    judgement = _STATUS.judge(derived.facts)
    told = derived.told(judgement.used)
    about = About("budget", "forecast", "pounds", _needs)
    names = {name: name for name in ("kind", "additions", "slippage", "forecast")}
    names |= {"stated_revised": "revised_budget", "approved": "approved_budget"}
    reaches = judgement.reaches
    return {
        "subject": subject_of("budget_line", row, "budget-variances", row["description"]),
        "sentence": budget_sentence(row["description"], derived.facts, derived.lacking("variation"), reaches),
        "scheme": None,
        "judgements": [judged(about, judgement, _STATUS.clauses, derived.facts)],
        "steps": told.steps,
        "not_derived": told.not_derived,
        "operands": _STEPS.operands(told, own_sources("budget_line", row, "budget-variances", names)),
    }


def _needs(reach: Reach) -> str:
    """What a line's other status needs of its forecast."""
    label = _STATUS.clauses[reach.place].label
    than = "" if reach.included else "more than " if reach.distance > 0 else "less than "
    if not reach.included and abs(reach.distance) < Fraction(1, 100):
        than = "more than " if label == "overspend" else "less than "
    return f"{label} needs a forecast of {than}{pounds(reach.value)}"
