"""Plain Python, SQLite, PostgreSQL and the oracle give one answer, whatever the operands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from app.rules.cases.risks import BARNET_BAND_OF, BARNET_BANDS
from app.rules.risks import band
from app.rules.schemes import action_tree, condition, scheme_tree
from tests.rules import facts, questions, registers
from tests.rules.oracle import Oracle, ask, budgets, comparisons, indicators, surveys
from tests.rules.oracle import registers as oracle
from tests.rules.oracle import schemes as judged
from tests.rules.readers import Fact, Question, Questions, Reader, Row
from tests.rules.schemes import ACTION_SCHEMES, MEASURE_SCHEMES


@dataclass(frozen=True, slots=True)
class Family:
    """Questions about one sort of row, each with its oracle, and the rows."""

    questions: Questions
    oracles: Mapping[str, Oracle]
    rows: Callable[[], Sequence[Row]]

    def expected(self) -> list[dict[str, Fact]]:
        """The oracle's answers, row by row."""
        return [{name: ask(o, row) for name, o in self.oracles.items()} for row in self.rows()]


def _by_name(module: Any, family: Questions) -> dict[str, Oracle]:  # noqa: ANN401 - a module, whose names are looked up
    return {name: getattr(module, name) for name in family}


@cache
def _observations() -> list[Row]:
    """Rows with the two answers that schemes start from."""
    return [
        {
            **row,
            "met": ask(indicators.target_met, row),
            "direction_of_travel": ask(indicators.direction_of_travel, row),
        }
        for row in [*facts.WIDE, *facts.drawn(facts.observations())]
    ]


FAMILIES = {
    "stages": Family(
        questions.STAGES,
        _by_name(indicators, questions.STAGES),
        cache(lambda: facts.drawn(facts.stages())),
    ),
    "observations": Family(
        questions.OBSERVATIONS, _by_name(indicators, questions.OBSERVATIONS), _observations
    ),
    "surveys": Family(
        questions.SURVEYS,
        _by_name(surveys, questions.SURVEYS),
        cache(lambda: facts.drawn(facts.surveys())),
    ),
    "summaries": Family(
        questions.SUMMARIES,
        _by_name(surveys, questions.SUMMARIES),
        cache(lambda: facts.drawn(registers.summaries())),
    ),
    "comparisons": Family(
        questions.COMPARISONS,
        _by_name(comparisons, questions.COMPARISONS),
        cache(lambda: [*registers.WIDE_BESIDE, *facts.drawn(registers.comparisons())]),
    ),
    "budgets": Family(
        questions.BUDGETS,
        _by_name(budgets, questions.BUDGETS),
        cache(lambda: facts.drawn(registers.budgets())),
    ),
    "workforce": Family(
        questions.WORKFORCE,
        _by_name(oracle, questions.WORKFORCE),
        cache(lambda: facts.drawn(registers.workforce())),
    ),
    "risks": Family(
        {**questions.RISKS, "band": Question(band(BARNET_BANDS))},
        {
            "rating": oracle.rating,
            "movement": oracle.movement,
            "overdue": oracle.risk_overdue,
            "band": lambda rating: BARNET_BAND_OF.get(rating and int(rating)),
        },
        cache(lambda: facts.drawn(registers.risks())),
    ),
    "actions": Family(
        questions.ACTIONS,
        {"overdue": oracle.action_overdue, "progress_at_least": oracle.progress_at_least},
        cache(lambda: facts.drawn(registers.actions())),
    ),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_every_reader_agrees_with_the_oracle(name: str, reader: Reader) -> None:
    family = FAMILIES[name]
    rows = family.rows()

    answers = reader(family.questions, rows)

    assert disagreements(rows, family.expected(), answers) == []


@pytest.mark.parametrize("words", judged.MEASURE_CONDITIONS)
def test_a_measure_condition_holds_where_the_oracle_says(words: str, reader: Reader) -> None:
    holds = judged.MEASURE_CONDITIONS[words]
    rows = _observations()

    answers = reader({words: Question(condition(words))}, rows)

    found = [{words: answer[words] is True} for answer in answers]
    assert disagreements(rows, [{words: holds(row)} for row in rows], found) == []


def test_schemes_give_the_first_clause_that_holds(reader: Reader) -> None:
    rows = _observations()
    asked = {name: Question(scheme_tree(c), 0) for name, c in MEASURE_SCHEMES.items()}
    clauses = {
        name: [judged.every(words, judged.MEASURE_CONDITIONS) for words in conditions]
        for name, conditions in MEASURE_SCHEMES.items()
    }

    answers = reader(asked, rows)

    expected = [{n: judged.position(c, row) for n, c in clauses.items()} for row in rows]
    assert disagreements(rows, expected, answers) == []


def test_action_schemes_give_the_first_clause_that_holds(reader: Reader) -> None:
    rows = FAMILIES["actions"].rows()
    known = {**judged.ACTION_CONDITIONS, "otherwise": lambda _: True}
    asked = {name: Question(action_tree(c), 0) for name, c in ACTION_SCHEMES.items()}
    clauses = {
        name: [judged.every(words, known) for words in conditions]
        for name, conditions in ACTION_SCHEMES.items()
    }

    answers = reader(asked, rows)

    expected = [{n: judged.position(c, row) for n, c in clauses.items()} for row in rows]
    assert disagreements(rows, expected, answers) == []


def disagreements(
    rows: Sequence[Row], expected: Sequence[Mapping[str, Fact]], found: Sequence[Mapping[str, Fact]]
) -> list[str]:
    """What does not agree, the shortest rows first, and no more than a person reads."""
    different = [
        f"{name}: {answers[name]}, but should be {right} for {dict(row)}"
        for row, answers, wanted in zip(rows, found, expected, strict=True)
        for name, right in wanted.items()
        if answers[name] != right
    ]
    return sorted(different, key=len)[:3]
