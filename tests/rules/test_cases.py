"""Every worked case has its answer, in each of the three readers; and no rule is without cases."""

from fractions import Fraction
from types import ModuleType

import pytest

from app.rules import actions, budgets, comparisons, indicators, projections, risks, surveys, workforce
from app.rules.cases import TABLES, Worked
from app.rules.cases.risks import BARNET_BAND_OF, BARNET_BANDS
from app.rules.tracing import Rule
from tests.rules.questions import FAMILIES
from tests.rules.readers import Question, Reader

QUESTION_OF = {id(q.tree): q for family in FAMILIES.values() for q in family.values()}
MODULES = (actions, budgets, comparisons, indicators, projections, risks, surveys, workforce)


def _name(table: Worked) -> str:
    return f"{table.rule.function.__module__.rpartition('.')[2]}.{table.rule.name}"


def _rules(module: ModuleType) -> list[Rule]:
    return [value for value in vars(module).values() if isinstance(value, Rule)]


@pytest.mark.parametrize("table", TABLES, ids=_name)
def test_a_rule_answers_its_worked_cases(table: Worked, reader: Reader) -> None:
    question = QUESTION_OF[id(table.rule.tree)]
    rows = [table.facts(case) for case in table.cases]

    answers = [found["answer"] for found in reader({"answer": question}, rows)]

    expected = {case.shows: table.answer(case) for case in table.cases}
    assert dict(zip(expected, answers, strict=True)) == expected


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_rule_has_worked_cases_and_is_asked_about(module: ModuleType) -> None:
    worked = {id(table.rule) for table in TABLES}

    assert [rule.name for rule in _rules(module) if id(rule) not in worked] == []
    assert [rule.name for rule in _rules(module) if id(rule.tree) not in QUESTION_OF] == []


def test_every_band_of_a_matrix_includes_both_its_ends(reader: Reader) -> None:
    question = Question(risks.band(BARNET_BANDS))
    rows = [{"rating": None if r is None else Fraction(r)} for r in BARNET_BAND_OF]

    answers = reader({"band": question}, rows)

    assert [answer["band"] for answer in answers] == list(BARNET_BAND_OF.values())
