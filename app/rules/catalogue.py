"""Every rule and every condition of a scheme, with all that there is to say of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.rules import budgets, indicators, risks, workforce
from app.rules.cases import TABLES
from app.rules.cases.conditions import ACTION_BASE, ACTIONS_TRIED, MEASURE_BASE, MEASURES_TRIED
from app.rules.cases.escalation import SCORECARD_BASE, SCORECARDS_TRIED
from app.rules.escalation import escalation_condition
from app.rules.nodes import Operand, operands
from app.rules.schemes import condition, forms
from app.rules.vocabulary import (
    Baseline,
    BudgetKind,
    Calculation,
    Convention,
    Direction,
    Nature,
    Polarity,
    State,
    TargetKind,
    Treatment,
    Unit,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from enum import StrEnum

    from app.rules.cases import Case
    from app.rules.cases.conditions import Tried
    from app.rules.cases.tables import Cell
    from app.rules.nodes import Node
    from app.rules.tracing import Rule, Step

UNITS: Mapping[str, str] = {
    "measure": "the unit of the measure",
    "quantity": "what the measure counts",
    "base": "what the measure counts",
    "money": "pounds",
    "percent": "percent",
    "count": "a whole number",
    "day": "a date",
    "months": "months",
    "ratio": "the unit of the measure, unrounded",
    "text": "a word",
    "flag": "yes or no",
}
"""What each kind of operand is in."""
_WORDS: Mapping[str, type[StrEnum]] = {
    "basis": Baseline,
    "calculation": Calculation,
    "convention": Convention,
    "direction_of_travel": Direction,
    "kind": BudgetKind,
    "nature": Nature,
    "polarity": Polarity,
    "state": State,
    "target_kind": TargetKind,
    "year_target_kind": TargetKind,
    "treatment": Treatment,
    "unit": Unit,
}
STEPS: Mapping[str, tuple[Step, ...]] = {
    "indicators": indicators.STEPS,
    "budgets": budgets.STEPS,
    "risks": risks.STEPS,
    "workforce": (*workforce.ESTABLISHMENT_STEPS, *workforce.PROFILE_STEPS),
}
"""From raw facts to derived fields, by domain."""


class Entry(NamedTuple):
    """A rule with its place in the catalogue, and its worked cases."""

    id: str
    domain: str
    rule: Rule
    answers: str
    cases: tuple[Case, ...]


class Term(NamedTuple):
    """A form of condition: words that have it, their test, and the facts it was tried on.

    Each fact carries what came of it: it holds, it does not, or it is unknown.
    """

    form: str
    applies_to: str
    example: str
    test: Node
    tried: tuple[tuple[Mapping[str, Cell], bool | None], ...]


def words_of(operand: Operand) -> tuple[str, ...]:
    """The words that an operand may be; none where it is no word, or any."""
    return tuple(_WORDS.get(operand.name, ())) if operand.kind.name == "text" else ()


def _entries() -> Iterator[Entry]:
    for table in TABLES:
        answers = "number" if table.numeric else _answer(table.cases)
        yield Entry(table.rule.id, table.rule.domain, table.rule, answers, table.cases)


def _answer(cases: tuple[Case, ...]) -> str:
    return "flag" if any(isinstance(case.answer, bool) for case in cases) else "word"


def _terms() -> Iterator[Term]:
    every = (("measures", MEASURE_BASE, MEASURES_TRIED), ("actions", ACTION_BASE, ACTIONS_TRIED))
    for form, pattern in forms().items():
        for applies_to, base, by_words in every:
            example = next((words for words in by_words if pattern.fullmatch(words)), None)
            if example is not None:
                test = condition(example)
                tried = tuple(_tried(test, base, by_words[example]))
                yield Term(form, applies_to, example, test, tried)
    for form, each in SCORECARDS_TRIED.items():
        test = escalation_condition(each.condition)
        yield Term(form, "scorecards", each.condition, test, tuple(_tried(test, SCORECARD_BASE, [each])))


def _tried(
    test: Node, base: Mapping[str, Cell], every: list[Tried]
) -> Iterator[tuple[Mapping[str, Cell], bool | None]]:
    """Each set of facts that a test reads, once, however often it was tried with others around it."""
    read, seen = [operand.name for operand in operands(test)], set()
    for each in every:
        for value, holds in each.holds.items():
            facts = {**base, **each.facts, each.varied: value}
            known = {name: facts[name] for name in read}
            if tuple(known.values()) not in seen:
                seen.add(tuple(known.values()))
                yield known, holds


ENTRIES: Mapping[str, Entry] = {entry.id: entry for entry in _entries()}
"""Every rule, by its domain and name."""
TERMS: tuple[Term, ...] = tuple(_terms())
"""Every form of condition that a scheme's clause may have."""
