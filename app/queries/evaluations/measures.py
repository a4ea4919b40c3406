"""A scheme on rows of raw figures: derived fields as the list of observations shows them, and a status."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from app.queries.columns import decimal_text, written
from app.queries.evaluations.accounts import account_of_measure
from app.queries.evaluations.operands import Form
from app.queries.evaluations.schemes import Applicability
from app.queries.observation_facts import TOLERANCES
from app.queries.observations import FIELDS
from app.rules import indicators as rules
from app.rules.catalogue import TERMS
from app.rules.evaluation import reader
from app.rules.indicators import STEPS, YEAR
from app.rules.nodes import Operand, operands, substituted
from app.rules.schemes import positions, scheme_tree
from app.rules.tracing import Chain
from app.rules.vocabulary import Baseline, State, Status, TargetKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.errors import Fault
    from app.queries.columns import Row
    from app.queries.evaluations.operands import Facts
    from app.queries.evaluations.schemes import Tried
    from app.rules.evaluation import Read
    from app.rules.judging import Clause
    from app.rules.nodes import Node
    from app.rules.tracing import Rule

_MOST_DECIMALS = 4
_DEFAULTS: Facts = {
    "state": State.reported.value,
    "basis": Baseline.previous_period.value,
    "decimals": Fraction(_MOST_DECIMALS),
    "data_only": False,
    "sample": False,
    "amber_strict": False,
    "year_amber_strict": False,
}
"""What is supposed where a row does not say."""
_OF_CLAUSES = ("status_label", "status_colour", "status_points")
_SHOWN = {"outturn": rules.outturn_rounded, "target": rules.target_rounded, "previous": rules.target_rounded}
_FIELDS = tuple(
    field
    for field in FIELDS
    if field.name in {step.field for step in STEPS} | {"decimals", "outturn_unrounded"}
)
"""The columns of the list that the steps give, with the decimals that the outturn is shown to."""
_SETTLED = ("convention", "dead_band_percent", "dead_band_units")
"""What a scheme settles where a row does not say."""


class SchemeOnMeasures:
    """A scheme made ready to judge row by row."""

    def __init__(self, scheme: Tried, *, explains: bool = False) -> None:
        """Make its readers once, whatever the number of rows."""
        self.scheme, self._explains = scheme, explains
        tree = scheme_tree(scheme.conditions)
        self._now, self._at_year_end = reader(tree), reader(substituted(tree, _of_year(tree)))
        self._sense = Applicability(scheme.conditions)
        settled = {name: value for name in _SETTLED if (value := getattr(scheme, name)) is not None}
        self.form = Form(raw_operands(), _DEFAULTS | settled, _lacking)

    def derive(self, rows: Iterable[Facts]) -> list[Facts]:
        """All that follows from each row's facts, unrounded, and the positions of the clauses that hold."""
        derived = []
        for row in rows:
            facts = _chain().derive(row)
            facts["position"] = self._now(facts)
            judged = facts["year_target_kind"] is not None
            facts["year_end_position"] = self._at_year_end(facts) if judged else None
            derived.append(facts)
        return derived

    def faults(self, rows: Iterable[Facts]) -> Iterator[Fault]:
        """Where the scheme does not apply to what a row measures."""
        for place, facts in enumerate(rows):
            yield from self._sense.faults(facts, facts["position"], f"/rows/{place}")

    def answers(self, rows: Sequence[Facts]) -> list[Row]:
        """Each row's derived fields, as the list of observations writes them, and its status."""
        items = written(_FIELDS, map(_cells, rows))
        for item, facts in zip(items, rows, strict=True):
            del item["decimals"]
            item.update(self._judged(facts))
        return items

    def _judged(self, facts: Facts) -> Row:
        clause, year_end = self._clause(facts["position"]), self._clause(facts["year_end_position"])
        return {
            "direction_label": self.scheme.directions.get(facts["direction_of_travel"]),
            "position": None if clause is None else int(facts["position"]),
            **status_of(clause),
            "status_year_end": None if year_end is None else year_end.code,
            "explanation": account_of_measure(self.scheme, facts) if self._explains else None,
        }

    def _clause(self, position: Fraction | None) -> Clause | None:
        return None if position is None else self.scheme.clauses[int(position) - 1]


def status_of(clause: Clause | None) -> Row:
    """What follows from the clause that holds; not rated where none does."""
    if clause is None:
        return {"status": Status.not_rated.value, **dict.fromkeys(_OF_CLAUSES)}
    points = None if clause.points is None else decimal_text(int(clause.points * 100), 2)
    said = (clause.label, clause.colour, points)
    return {"status": clause.code, **dict(zip(_OF_CLAUSES, said, strict=True))}


@cache
def raw_operands() -> tuple[Operand, ...]:
    """What an observation may state that some rule or some clause reads, under the names of STEPS."""
    derived = {step.field for step in STEPS}
    read = {o.name: o for step in STEPS for o in _named(step.rule, step.given)}
    read |= {o.name: o for o in operands(_every_condition())}
    read |= {f"year_{name}": Operand(f"year_{name}", read[name].kind) for name in TOLERANCES}
    read |= {o.name: o for rule in _SHOWN.values() for o in rule.operands}
    read["decimals"] = Operand("decimals", replace(read["decimals"].kind, bound=_MOST_DECIMALS))
    return tuple(operand for name, operand in read.items() if name not in derived)


def _named(rule: Rule, given: Any) -> Iterator[Operand]:  # noqa: ANN401 - a mapping of names
    return (Operand(given.get(o.name, o.name), o.kind) for o in rule.operands)


def _every_condition() -> Node:
    return positions(term.test for term in TERMS if term.applies_to == "measures")


@cache
def _chain() -> Chain:
    return Chain(STEPS)


@cache
def _readers() -> tuple[tuple[Read | None, str, int], ...]:
    """How each column comes from what is known: by a rule that rounds it, or as it is; and its places."""
    found = []
    for field in _FIELDS:
        rule, of = _SHOWN.get(field.name), field.name
        if field.name == "outturn_unrounded":
            rule, of = rules.outturn_unrounded, "outturn"
        read = None
        if rule is not None:
            first = rule.operands[0]
            read = reader(substituted(rule.tree, {first.name: Operand(of, first.kind)}))
        found.append((read, field.name, field.places))
    return tuple(found)


def _cells(facts: Facts) -> list[Any]:
    """A row's columns as a database gives them: numbers in whole units of their last place."""
    cells = []
    for read, name, places in _readers():
        value = facts[name] if read is None else read(facts)
        if isinstance(value, Fraction):
            value = value.numerator * 10**places // value.denominator  # whole: it is rounded
        cells.append(value)
    return cells


def _of_year(tree: Node) -> dict[str, Node]:
    """The operands of a scheme that are the full year's, where it is judged against the year's target."""
    names = {**YEAR, **{name: f"year_{name}" for name in TOLERANCES}, "met": "met_year_end"}
    return {o.name: Operand(names[o.name], o.kind) for o in operands(tree) if o.name in names}


def _lacking(facts: Facts) -> Iterator[str]:
    """Complete a row's facts; and what it must say: its polarity, and how its counts make an outturn."""
    if facts["target_kind"] is None and (
        facts["period_target"] is not None or facts["annual_target"] is not None
    ):
        facts["target_kind"] = TargetKind.value.value
    if facts["year_target_kind"] is None and facts["annual_target"] is not None:
        facts["year_target_kind"] = TargetKind.value.value
    if facts["polarity"] is None:
        yield "polarity"
    if facts["calculation"] is None and facts["numerator"] is not None:
        yield "calculation"
