"""Every rule, by family: its tree, and the places that its answer is kept in."""

from app.rules import actions, budgets, comparisons, indicators, projections, risks, surveys, workforce
from app.rules.tracing import Rule
from tests.rules.readers import Question, Questions


def _kept(places: int, *rules: Rule) -> Questions:
    return {rule.name: Question(rule.tree, places) for rule in rules}


def _said(*rules: Rule) -> Questions:
    """Rules that answer with a word, or with yes or no."""
    return {rule.name: Question(rule.tree) for rule in rules}


def _staged(*rules: Rule) -> Questions:
    """Rules whose unrounded answer other rules start from."""
    return {rule.name: Question(rule.tree, staged=True) for rule in rules}


STAGES = _staged(
    indicators.outturn,
    indicators.target_now,
    indicators.baseline,
    projections.year_end_projection,
)
OBSERVATIONS = {
    **_kept(
        4,
        indicators.outturn_rounded,
        indicators.target_rounded,
        indicators.target_difference,
        indicators.direction_difference,
    ),
    **_kept(6, indicators.outturn_unrounded),
    **_kept(
        1,
        indicators.target_variance,
        indicators.target_variance_as_reported,
        indicators.direction_variance,
    ),
    **_said(indicators.target_met, indicators.direction_of_travel, indicators.direction_settled),
    **_said(indicators.direction_basis),
}
SURVEYS = {
    **_kept(1, surveys.interval_low, surveys.interval_high),
    **_said(surveys.significant, surveys.significance_badge),
}
SUMMARIES = {
    **_kept(0, indicators.status_share),
    **_kept(1, indicators.group_variation),
    **_said(surveys.significance_of_group),
}
COMPARISONS = {
    **_staged(comparisons.comparable),
    **_kept(0, comparisons.lag_months, comparisons.quartile),
    **_kept(4, comparisons.comparator_difference),
    **_kept(6, comparisons.merit),
    **_said(
        comparisons.standing,
        comparisons.standing_reason,
        comparisons.peer_reason,
        comparisons.group_differs,
    ),
}
BUDGETS = {
    **_kept(2, budgets.revised_budget, budgets.variation),
    **_kept(1, budgets.variation_percent),
    **_kept(0, budgets.slippage_percent),
    **_said(budgets.budget_status),
}
RISKS = {**_kept(0, risks.rating), **_said(risks.movement, risks.overdue)}
WORKFORCE = _kept(
    2,
    workforce.establishment_total,
    workforce.occupancy_total,
    workforce.occupancy_variance,
    workforce.share,
)
ACTIONS = _said(actions.overdue, actions.progress_at_least)

FAMILIES: dict[str, Questions] = {
    "stages": STAGES,
    "observations": OBSERVATIONS,
    "surveys": SURVEYS,
    "summaries": SUMMARIES,
    "comparisons": COMPARISONS,
    "budgets": BUDGETS,
    "risks": RISKS,
    "workforce": WORKFORCE,
    "actions": ACTIONS,
}
