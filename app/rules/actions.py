"""Where an action stands on the date its report states: the parts that a scheme's clauses combine."""

from app.rules.nodes import Node, present
from app.rules.tracing import Day, Percent, rule


@rule
def overdue(due_date: Day, as_of: Day) -> Node:
    """Whether the due date has passed.

    Source: the status key of the action list of Broxtowe 2019/20.
    """
    return present(due_date) & (due_date < as_of)


def due_within(due_date: Node, as_of: Node, days: int) -> Node:
    """Whether the due date comes within some days."""
    return present(due_date) & (due_date <= as_of + days)


@rule
def progress_at_least(progress: Percent, threshold: Percent) -> Node:
    """Whether an action has come so far, in percent.

    Source: the progress column of the action list of Broxtowe 2019/20.
    """
    return present(progress) & (progress >= threshold)
