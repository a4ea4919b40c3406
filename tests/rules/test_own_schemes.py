"""What councils publish as their method goes in as data, and judges alike in every reader."""

from fractions import Fraction

import pytest

from app.rules.cases.tables import fact_of
from app.rules.indicators import direction_settled, target_met
from app.rules.nodes import operands, substituted
from app.rules.schemes import action_tree, scheme_tree
from tests.rules.own_schemes import ACTION, MEASURE, OWN
from tests.rules.readers import Question, Reader


@pytest.mark.parametrize("name", OWN)
def test_a_published_method_judges_its_rows(name: str, reader: Reader) -> None:
    own = OWN[name]
    words = [condition for condition, _ in own.clauses]
    derived = {"met": target_met.tree, "direction_of_travel": direction_settled.tree}
    tree = action_tree(words) if own.actions else substituted(scheme_tree(words), derived)
    known = {operand.name: operand for operand in operands(tree)}
    base = ACTION if own.actions else MEASURE
    rows = [
        {name: fact_of(known[name], cell) for name, cell in (base | facts).items() if name in known}
        for facts, _ in own.rows
    ]

    answers = reader({"position": Question(tree, 0)}, rows)

    codes = []
    for answer in answers:
        position = answer["position"]
        assert isinstance(position, Fraction)
        codes.append(own.clauses[int(position) - 1][1])
    assert codes == [code for _, code in own.rows]
