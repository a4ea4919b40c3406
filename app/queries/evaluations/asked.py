"""Rows put to what was made ready for them, with everything that keeps them from an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.errors import Fault
from app.queries.evaluations.actions import SchemeOnActions
from app.queries.evaluations.measures import SchemeOnMeasures
from app.queries.evaluations.operands import MOST_ROWS
from app.queries.evaluations.rules import RuleOnRows

if TYPE_CHECKING:
    from app.queries.columns import Row
    from app.queries.evaluations.schemes import Tried
    from app.rules.catalogue import Entry


class Evaluated(NamedTuple):
    """The answers to a question about rows; none where there are faults."""

    answer: Row
    faults: list[Fault]


def evaluate_rule(entry: Entry, rows: list[Any], *, explains: bool) -> Evaluated:
    """A rule's answers on rows of its operands."""
    rule = RuleOnRows(entry, explains=explains)
    facts, faults = rule.form.read(rows)
    answers = [] if faults else rule.answers(facts)
    return Evaluated(
        {"kind": "rule", "rule": entry.id, "version": entry.rule.version, "items": answers}, faults
    )


def evaluate_scheme(scheme: Tried, rows: list[Any], *, explains: bool) -> Evaluated:
    """What follows from a scheme on rows of raw facts."""
    of = SchemeOnActions if scheme.applies_to == "actions" else SchemeOnMeasures
    ready = of(scheme, explains=explains)
    facts, faults = ready.form.read(rows)
    if not faults:
        facts = ready.derive(facts)
        faults = list(ready.faults(facts))
    answers = [] if faults else ready.answers(facts)
    return Evaluated(
        {"scheme": scheme.id, "name": scheme.name, "kind": scheme.applies_to, "items": answers}, faults
    )


def rows_of(body: Any) -> tuple[list[Any], list[Fault]]:  # noqa: ANN401 - any JSON value
    """The rows of a body, and what is wrong with them as a list."""
    if "rows" not in body:
        return [], [Fault("missing", "is required", pointer="/rows")]
    rows = body["rows"]
    if not isinstance(rows, list):
        return [], [Fault("not_a_list", "must be a list", pointer="/rows")]
    if not 1 <= len(rows) <= MOST_ROWS:
        message = f"must hold from 1 to {MOST_ROWS} rows"
        return [], [Fault("wrong_length", message, pointer="/rows")]
    return rows, []
