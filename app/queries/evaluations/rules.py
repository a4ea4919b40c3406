"""One rule on rows of operands: its answer as it is shown, and before it was rounded."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.queries.columns import decimal_text
from app.queries.evaluations.accounts import account
from app.queries.evaluations.operands import Form
from app.queries.explanations.parts import written
from app.rules.evaluation import reader
from app.rules.explaining import Explainer
from app.rules.nodes import ABSENT, Cases, Node, Rounded, unrounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.queries.columns import Row
    from app.rules.catalogue import Entry
    from app.rules.evaluation import Answer


class RuleOnRows:
    """A rule made ready to answer row by row; where wanted, each answer with how it came about."""

    def __init__(self, entry: Entry, *, explains: bool = False) -> None:
        """Make its readers once, whatever the number of rows."""
        rule = entry.rule
        self.form = Form(rule.operands)
        self._read, self._exact = rule.read, reader(unrounded(rule.tree))
        rounding = _rounding(rule.tree)
        self._places = None if rounding is None else reader(rounding.places)
        self._explainer = Explainer(rule.tree) if explains else None

    def answers(self, rows: Iterable[Mapping[str, Answer]]) -> list[Row]:
        """The rule's answer on each row, in their order."""
        return [self._answer(facts) for facts in rows]

    def _answer(self, facts: Mapping[str, Answer]) -> Row:
        answer, exact = self._read(facts), self._exact(facts)
        explained = None if self._explainer is None else self._explainer.explain(facts)
        return {
            "answer": self._shown(answer, facts),
            "exact": str(exact) if isinstance(exact, Fraction) else None,
            "explanation": None if explained is None else account(explained),
        }

    def _shown(self, answer: Answer, facts: Mapping[str, Answer]) -> str | bool | None:
        """An answer as lists write it; an unrounded one to twelve places."""
        if not isinstance(answer, Fraction):
            return answer
        places = None if self._places is None else self._places(facts)
        if isinstance(places, Fraction):
            return decimal_text(int(answer * 10 ** int(places)), int(places))
        text: str = written(answer)["value"]
        return text


def _rounding(tree: Node) -> Rounded | None:
    """The rounding that every answer of a tree goes through; None where there is none."""
    if isinstance(tree, Rounded):
        return tree
    if not isinstance(tree, Cases):
        return None
    answers = [answer for _, answer in tree.branches] + [tree.otherwise]
    found = [_rounding(answer) for answer in answers if answer != ABSENT]
    first = found[0]
    alike = all(each is not None and first is not None and each.places == first.places for each in found)
    return first if alike else None
