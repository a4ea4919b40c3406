"""A scheme on rows of actions: where each stands on the day of its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries.evaluations.accounts import account_of_action
from app.queries.evaluations.measures import status_of
from app.queries.evaluations.operands import Form
from app.rules.evaluation import reader
from app.rules.nodes import operands
from app.rules.schemes import AS_OF, CANCELLED, DUE_DATE, PROGRESS, START_DATE, action_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.errors import Fault
    from app.queries.columns import Row
    from app.queries.evaluations.operands import Facts
    from app.queries.evaluations.schemes import Tried

_OPERANDS = (PROGRESS, START_DATE, DUE_DATE, AS_OF, CANCELLED)


class SchemeOnActions:
    """A scheme made ready to judge action by action."""

    def __init__(self, scheme: Tried, *, explains: bool = False) -> None:
        """Make its reader once, whatever the number of rows."""
        self.scheme, self._explains = scheme, explains
        tree = action_tree(scheme.conditions)
        self._read = reader(tree)
        self._dated = AS_OF in operands(tree)
        self.form = Form(_OPERANDS, {CANCELLED.name: False}, self._lacking)

    def _lacking(self, facts: Facts) -> Iterator[str]:
        """A scheme that asks for a day needs it."""
        if self._dated and facts[AS_OF.name] is None:
            yield AS_OF.name

    def derive(self, rows: Iterable[Facts]) -> list[Facts]:
        """Each row's facts, with the position of the clause that holds."""
        return [{**row, "position": self._read(row)} for row in rows]

    def faults(self, _: Iterable[Facts]) -> Iterator[Fault]:
        """A scheme of actions applies to any action."""
        yield from ()

    def answers(self, rows: Sequence[Facts]) -> list[Row]:
        """Where each action stands."""
        return [self._answer(facts) for facts in rows]

    def _answer(self, facts: Facts) -> Row:
        position = None if facts["position"] is None else int(facts["position"])
        status = status_of(None if position is None else self.scheme.clauses[position - 1])
        return {
            "position": position,
            **{name: value for name, value in status.items() if name != "status_points"},
            "explanation": account_of_action(self.scheme, facts) if self._explains else None,
        }
