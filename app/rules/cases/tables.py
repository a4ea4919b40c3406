"""What a table of worked cases is: a rule, and rows of operands in its order with the answer last."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from app.rules.evaluation import Answer
from app.rules.nodes import Operand
from app.rules.tracing import Rule

Cell = str | bool | None
"""As a person writes it: "55.8", "1385/1599", "2011-12-31", a word, yes or no, or None for missing."""
Fact = Fraction | str | bool | date | None
"""As the readers take it."""


class Case(NamedTuple):
    """What a row shows, its operands in the order of the rule, and the answer."""

    shows: str
    operands: tuple[Cell, ...]
    answer: Cell


@dataclass(frozen=True, slots=True)
class Worked:
    """A rule with its cases. `numeric` tells answers that are numbers from words."""

    rule: Rule
    numeric: bool
    cases: tuple[Case, ...]

    def facts(self, case: Case) -> dict[str, Fact]:
        """A case's operands by name, as the readers take them."""
        cells = zip(self.rule.operands, case.operands, strict=True)
        return {operand.name: fact_of(operand, cell) for operand, cell in cells}

    def answer(self, case: Case) -> Answer:
        """A case's answer, as the readers give it."""
        if self.numeric and isinstance(case.answer, str):
            return Fraction(case.answer)
        return case.answer


def numbers(rule: Rule, *rows: tuple[Cell, ...]) -> Worked:
    """A rule that answers with a number; each row is what it shows, the operands and the answer."""
    return Worked(rule, numeric=True, cases=_cases(rows))


def words(rule: Rule, *rows: tuple[Cell, ...]) -> Worked:
    """A rule that answers with a word, or with yes or no."""
    return Worked(rule, numeric=False, cases=_cases(rows))


def fact_of(operand: Operand, cell: Cell) -> Fact:
    """A cell as a fact of its operand's kind."""
    if not isinstance(cell, str) or operand.kind.name == "text":
        return cell
    return date.fromisoformat(cell) if operand.kind.name == "day" else Fraction(cell)


def _cases(rows: tuple[tuple[Cell, ...], ...]) -> tuple[Case, ...]:
    return tuple(Case(str(row[0]), row[1:-1], row[-1]) for row in rows)
