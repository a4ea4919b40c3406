"""A derived figure with all that a finding tells of it, and what figures are derived from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import true

from app.queries.findings.contradictions import Contradiction
from app.queries.findings.lists import every_row
from app.queries.schemes import SCHEMES, clauses_of
from app.rules import budgets, indicators, workforce
from app.rules.evaluation import reader
from app.rules.nodes import unrounded

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause

    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.queries.listings import Listing
    from app.rules.evaluation import Read
    from app.rules.tracing import Rule

Answer = Fraction | str | None
Derive = Callable[[Mapping[str, Fraction]], Fraction | None]
Facts = Iterable[tuple[str, Any]]
_NOT_PRINTED = "the raw figures that it follows from are not printed"


def _nothing(_: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Derivation:
    """A derived figure: its answer, the words that print it, and how to derive it from other inputs.

    `given` tells what it rests on; `contradicts` tells what raw facts a printed word contradicts.
    """

    answer: Answer = None
    words: frozenset[str] = frozenset()
    unit: int = 1
    inputs: frozenset[str] = frozenset()
    again: Derive = _nothing
    why: str = _NOT_PRINTED
    given: Callable[[], Facts] = tuple
    contradicts: Callable[[str], Contradiction | None] = _nothing


@dataclass(slots=True)
class Derivations:
    """Derived figures by what they are about and field; of services also by period.

    `codes` gives each observation the words of its scheme, in small letters, with their codes.
    """

    figures: dict[tuple[int, str | None, str], Derivation] = field(default_factory=dict)
    codes: dict[int, Mapping[str, str]] = field(default_factory=dict)

    def of(self, figure: Any) -> Derivation:  # noqa: ANN401 - any published figure
        """The derivation of a published figure; one without an answer where there is none."""
        for period in (None, figure.period):
            found = self.figures.get((figure.subject_id, period, figure.field))
            if found is not None:
                return found
        return Derivation()


class Lists(NamedTuple):
    """The lists to derive from, as far as they are some organisations'."""

    reading: Reading
    owners: Collection[str] | None

    def rows(self, listing: Listing) -> list[Row]:
        """Every row of a list."""
        return every_row(self.reading, listing, self.owners)

    def theirs(self, fact: FromClause) -> ColumnElement[bool]:
        """Whether a fact is of one of the organisations."""
        return true() if self.owners is None else fact.c.organisation_id.in_(sorted(self.owners))


class SchemeWords(NamedTuple):
    """A scheme's words: in order, and by their small letters with their codes."""

    labels: list[str]
    codes: dict[str, str]


def schemes_of(every: Lists) -> dict[Any, SchemeWords]:
    """The schemes in force, by id; by organisation and name too."""
    rows = every.rows(SCHEMES)
    clauses = clauses_of(every.reading, [row["id"] for row in rows])
    found: dict[Any, SchemeWords] = defaultdict(lambda: SchemeWords([], {}))
    for row in rows:
        labels = [clause["label"] for clause in clauses[row["id"]]]
        codes = {clause["label"].casefold(): clause["code"] for clause in clauses[row["id"]]}
        found[row["id"]] = found[row["organisation"], row["scheme"]] = SchemeWords(labels, codes)
    return found


def number(text: str | None) -> Fraction | None:
    """A list's decimal as the number it is."""
    return None if text is None else Fraction(text)


def read_number(read: Read, facts: Mapping[str, Any]) -> Fraction | None:
    """The answer of a rule that gives numbers."""
    return cast("Fraction | None", read(facts))


EXACT = {
    rule: reader(unrounded(rule.tree))
    for rule in (
        indicators.status_share,
        indicators.group_variation,
        indicators.direction_difference,
        budgets.revised_budget,
        budgets.variation,
        budgets.variation_percent,
        budgets.slippage_percent,
        workforce.share,
    )
}
"""Rules as they are read without their last rounding."""


def by_rule(rule: Rule, facts: Mapping[str, Any], unit: int = 1) -> Derivation:
    """A rule's answer before its last rounding, resting on its operands."""
    answer = read_number(EXACT[rule], facts)
    return Derivation(
        answer, unit=unit, given=lambda: [(each.name, facts[each.name]) for each in rule.operands]
    )


def said(facts: Facts) -> Callable[[], Facts]:
    """What a derivation rests on, known already."""
    return lambda: facts


def worded(
    answer: str,
    *words: str,
    given: Callable[[], Facts] = tuple,
    contradicts: Callable[[str], Contradiction | None] = _nothing,
) -> Derivation:
    """A word that is derived, and the words in print that mean it."""
    meaning = frozenset(word.casefold() for word in words)
    return Derivation(answer, meaning, given=given, contradicts=contradicts)


def columns(row: Row, *names: str) -> Callable[[], Facts]:
    """Columns of a list that a derivation rests on."""
    return lambda: [(name, row[name]) for name in names]
