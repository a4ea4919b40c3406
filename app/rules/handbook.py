"""The handbook of the rules, docs/rules.md: written from the rules themselves, for whoever judges by them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from app.rules.catalogue import ENTRIES, STEPS, TERMS, UNITS, words_of
from app.rules.nodes import ABSENT, Cases, Constant, Rounded, operands
from app.rules.wording import called, rounding, spoken, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.rules.cases.tables import Cell
    from app.rules.catalogue import Entry, Term
    from app.rules.evaluation import Answer
    from app.rules.nodes import Node, Operand
    from app.rules.tracing import Step

_OPENING = """\
# The rules

Every derived figure and every status follows from a rule below, and each rule is said once: this page is
written from the same rules that the service answers by (`make rules`).

- Numbers are exact and rounded once, half up, as the last step.
- A missing operand gives a missing answer, never nought and never an error; a number over nought is missing.
- A test about something missing is unknown, and what is unknown does not hold.
- In the worked cases an empty cell is a missing operand, or a missing answer.
- `GET /v1/rules` gives the same in JSON, and `POST /v1/rules/evaluate` answers on figures of your own."""


def handbook() -> str:
    """The whole page, as Markdown."""
    return "\n".join([*_page(), ""])


def _page() -> Iterator[str]:
    yield _OPENING
    for domain, entries in groupby(sorted(ENTRIES.values(), key=_domain), key=_domain):
        yield from ("", f"## {domain.capitalize()}")
        for entry in entries:
            yield from _rule(entry)
        if domain in STEPS:
            yield from _steps(domain, STEPS[domain])
    yield from _conditions()


def _domain(entry: Entry) -> str:
    return entry.domain


def _rule(entry: Entry) -> Iterator[str]:
    rule = entry.rule
    yield from ("", f"### {spoken(rule.name).capitalize()}", "")
    yield f"`{entry.id}`, version `{rule.version}`"
    yield from ("", rule.meaning, "", *formula(rule.tree), "")
    yield from table(("operand", "in", "kept to"), (_operand(operand) for operand in rule.operands))
    yield from ("", f"Source: {rule.source}", "")
    names = [called(operand) for operand in rule.operands]
    rows = ((case.shows, *map(_cell, case.operands), _cell(case.answer)) for case in entry.cases)
    yield from table(("case", *names, "answer"), rows)


def formula(tree: Node) -> Iterator[str]:
    """A formula, one case a line."""
    if isinstance(tree, Rounded) and isinstance(tree.of, Cases):
        yield from formula(tree.of)
        yield f"- {rounding(tree, _places(tree))}"
    elif isinstance(tree, Cases):
        for test, answer in tree.branches:
            yield f"- if {_code(test)}: {_code(answer)}"
        if isinstance(tree.otherwise, Cases):
            yield from formula(tree.otherwise)
        else:
            yield f"- otherwise: {_code(tree.otherwise)}"
    else:
        yield f"- {_code(tree)}"


def _places(tree: Rounded) -> Answer:
    """How many places a number is rounded to, where every row has the same."""
    return tree.places.value if isinstance(tree.places, Constant) else None


def _code(tree: Node) -> str:
    return "nothing" if tree == ABSENT else f"`{wording(tree)}`"


def _operand(operand: Operand) -> tuple[str, ...]:
    words = ", ".join(map(spoken, words_of(operand)))
    kind = operand.kind
    if kind.name == "ratio":
        kept = "a whole number over a whole number"
    elif not kind.bound or kind.name == "day":
        kept = ""
    else:
        kept = f"{kind.places} places" if kind.places else "whole numbers"
    return f"{called(operand)} (`{operand.name}`)", words or UNITS[kind.name], kept


def _steps(domain: str, steps: Sequence[Step]) -> Iterator[str]:
    yield from ("", f"### From facts to fields: {domain}", "")
    yield "Each field's answer, unrounded, is an operand of those after it."
    yield ""
    yield from table(("field", "rule", "where operands have other names", "shown by"), map(_step, steps))


def _step(step: Step) -> tuple[str, ...]:
    given = ", ".join(f"{spoken(name)} is {spoken(of)}" for name, of in step.given.items())
    return f"`{step.field}`", spoken(step.rule.name), given, spoken(step.shown.name) if step.shown else ""


def _conditions() -> Iterator[str]:
    yield from ("", "## Conditions of a status scheme", "")
    yield "A clause of a scheme is one of these, or several joined by `and`; N is a number. Clauses are tried"
    yield "in order, and the first that holds gives the status. Points may be said in place of units."
    for term in TERMS:
        yield from _term(term)


def _term(term: Term) -> Iterator[str]:
    yield from ("", f"### {term.form}", "", f"For {term.applies_to}. As `{term.example}`:", "")
    yield from formula(term.test)
    read = operands(term.test)
    if read:
        yield ""
        rows = ((*map(_cell, facts.values()), _held(holds)) for facts, holds in term.tried)
        yield from table((*(called(operand) for operand in read), "holds"), rows)


def _held(holds: bool | None) -> str:  # noqa: FBT001 - the answer itself
    return "unknown" if holds is None else _cell(holds)


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return spoken(cell)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table, line by line."""
    yield _line(head)
    yield _line(["---"] * len(head))
    for row in rows:
        yield _line(row)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
