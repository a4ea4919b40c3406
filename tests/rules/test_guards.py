"""No word is given past an unknown test: a rule that answers with words begins with what is missing."""

import pytest

from app.db.compiler import is_text
from app.rules.evaluation import evaluate
from app.rules.nodes import Cases, Node, Operand, cases, missing
from app.rules.tracing import COUNT
from tests.rules.questions import FAMILIES as QUESTIONS
from tests.rules.readers import Row
from tests.rules.test_agreement import FAMILIES

WORDED = {
    f"{family}.{name}": (question.tree, family)
    for family, asked in QUESTIONS.items()
    for name, question in asked.items()
    if is_text(question.tree)
}
NOW, BEFORE = Operand("now", COUNT), Operand("before", COUNT)


def past_unknown(tree: Node, facts: Row) -> bool:
    """Whether a tree gives a word although a test before it could not be decided."""
    assert isinstance(tree, Cases)
    unknown = False
    for test, answer in tree.branches:
        holds = evaluate(test, facts)
        if holds:
            return unknown and evaluate(answer, facts) is not None
        unknown = unknown or holds is None
    return unknown and evaluate(tree.otherwise, facts) is not None


@pytest.mark.parametrize("name", WORDED)
def test_no_word_is_given_past_an_unknown_test(name: str) -> None:
    tree, family = WORDED[name]

    assert [row for row in FAMILIES[family].rows() if past_unknown(tree, row)][:3] == []


def test_every_rule_with_words_is_looked_at() -> None:
    assert WORDED.keys() >= {
        "observations.direction_of_travel",
        "observations.direction_basis",
        "budgets.budget_status",
        "risks.movement",
        "comparisons.standing",
        "surveys.significance_badge",
    }


def test_a_rule_that_forgets_what_is_missing_is_caught() -> None:
    forgetful = cases((NOW > BEFORE, "up"), (NOW < BEFORE, "down"), otherwise="unchanged")
    careful = cases((missing(NOW) | missing(BEFORE), "unknown"), (NOW > BEFORE, "up"))

    assert past_unknown(forgetful, {"now": None, "before": None})
    assert not past_unknown(careful, {"now": None, "before": None})
