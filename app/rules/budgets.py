"""Where a budget line stands against its budget. Money is in pounds; an overspend is positive."""

from app.rules.nodes import Node, cases, missing, present, rounded
from app.rules.tracing import Money, Step, Text, rule
from app.rules.vocabulary import BudgetKind, BudgetStatus


@rule
def revised_budget(
    kind: Text, stated_revised: Money, approved: Money, additions: Money, slippage: Money
) -> Node:
    """The budget now: as stated for revenue; approved, additions and slippage together for capital.

    Source: the revenue and capital tables of both Barnet reports.
    """
    return rounded(
        cases(
            (kind.among(BudgetKind.capital), approved + additions + slippage),
            otherwise=stated_revised,
        ),
        2,
    )


@rule
def variation(
    kind: Text,
    stated_revised: Money,
    approved: Money,
    additions: Money,
    slippage: Money,
    forecast: Money,
) -> Node:
    """Pounds by which the year is heading over its budget.

    Revenue: forecast less revised budget. Capital: forecast, or the revised budget where there is no
    forecast, less the approved budget. As both Barnet reports print them.

    Source: the revenue and capital tables of both Barnet reports, and the revenue table of
    Thurrock 2016/17.
    """
    capital = kind.among(BudgetKind.capital)
    # Less the approved budget even where it cancels out: without one there is no variation.
    return rounded(
        cases(
            (capital & present(forecast), forecast - approved),
            (capital, approved + additions + slippage - approved),
            otherwise=forecast - stated_revised,
        ),
        2,
    )


@rule
def variation_percent(kind: Text, stated_revised: Money, forecast: Money) -> Node:
    """A revenue variation as a percentage of the revised budget, to one place.

    Source: the percentage column of the revenue tables of both Barnet reports.
    """
    return rounded(
        cases(
            (
                kind.among(BudgetKind.revenue),
                100 * (forecast - stated_revised) / stated_revised,
            )
        ),
        1,
    )


@rule
def slippage_percent(kind: Text, slippage: Money, approved: Money) -> Node:
    """Slippage (negative) or accelerated spend as a percentage of the approved budget, no places.

    Not the variance: 2013/14 prints -73% beside a variance of 13,747 thousand pounds.

    Source: the percentage column of the capital tables of both Barnet reports.
    """
    return rounded(cases((kind.among(BudgetKind.capital), 100 * slippage / approved)), 0)


@rule
def budget_status(
    kind: Text,
    stated_revised: Money,
    approved: Money,
    additions: Money,
    slippage: Money,
    forecast: Money,
) -> Node:
    """Overspend, on budget or underspend, from the sign of the variation.

    Source: this service's method, from the variations that both Barnet reports and Thurrock
    2016/17 print.
    """
    gap = variation(kind, stated_revised, approved, additions, slippage, forecast)
    return cases(
        (missing(gap), BudgetStatus.no_data),
        (gap > 0, BudgetStatus.overspend),
        (gap < 0, BudgetStatus.underspend),
        otherwise=BudgetStatus.on_budget,
    )


STEPS = (
    Step("revised_budget", revised_budget),
    Step("variation", variation),
    Step("variation_percent", variation_percent),
    Step("slippage_percent", slippage_percent),
    Step("status", budget_status),
)
"""From a budget line's raw facts to all that its rules derive."""
