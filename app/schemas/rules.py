"""The rules and the conditions of schemes on the wire, as the catalogue has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from app.queries.columns import decimal_text
from app.rules.catalogue import ENTRIES, TERMS, UNITS, words_of
from app.rules.nodes import operands
from app.rules.wording import called, wording
from app.schemas.wire import Wire, example

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from app.rules.cases import Case
    from app.rules.cases.tables import Cell
    from app.rules.catalogue import Entry, Term
    from app.rules.nodes import Operand

OperandKind = TypeAliasType(
    "OperandKind",
    Annotated[
        Literal[
            "measure",
            "quantity",
            "base",
            "money",
            "percent",
            "count",
            "day",
            "months",
            "ratio",
            "text",
            "flag",
        ],
        Field(description="What sort of value an operand has."),
    ],
)
RuleAnswerKind = TypeAliasType(
    "RuleAnswerKind",
    Annotated[Literal["number", "word", "flag"], Field(description="What sort of answer a rule gives.")],
)
Judged = TypeAliasType(
    "Judged",
    Annotated[Literal["measures", "actions", "scorecards"], Field(description="What schemes judge.")],
)
Operands = TypeAliasType(
    "Operands",
    Annotated[
        dict[str, str | bool | None],
        Field(description="Facts by name; null where one is missing.", examples=[{"outturn": "55.8"}]),
    ],
)


def operand_row(operand: Operand) -> dict[str, Any]:
    """An operand in wire form."""
    kind = operand.kind
    bounded = kind.bound and kind.name not in {"day", "ratio"}
    greatest = decimal_text(kind.bound, kind.places) if bounded else None
    return {
        "name": operand.name,
        "label": called(operand),
        "kind": kind.name,
        "unit": UNITS[kind.name],
        "words": list(words_of(operand)) or None,
        "places": kind.places if bounded else None,
        "least": None if greatest is None else f"-{greatest}" if kind.signed else "0",
        "greatest": greatest,
    }


def rule_row(entry: Entry) -> dict[str, Any]:
    """A rule in wire form."""
    rule = entry.rule
    return {
        "id": entry.id,
        "domain": entry.domain,
        "name": rule.name,
        "version": rule.version,
        "meaning": rule.meaning,
        "formula": wording(rule.tree),
        "operands": [operand_row(operand) for operand in rule.operands],
        "answer": entry.answers,
        "source": rule.source,
        "cases": [_case_row(rule.operands, case) for case in entry.cases],
    }


def condition_row(term: Term) -> dict[str, Any]:
    """A form of condition in wire form."""
    return {
        "form": term.form,
        "applies_to": term.applies_to,
        "example": term.example,
        "formula": wording(term.test),
        "operands": [operand_row(operand) for operand in operands(term.test)],
        "cases": [_tried_row(facts, holds) for facts, holds in term.tried],
    }


def _case_row(of: tuple[Operand, ...], case: Case) -> dict[str, Any]:
    cells = {operand.name: cell for operand, cell in zip(of, case.operands, strict=True)}
    return {"shows": case.shows, "operands": cells, "answer": case.answer}


def _tried_row(facts: Mapping[str, Cell], holds: bool | None) -> dict[str, Any]:  # noqa: FBT001 - the answer itself
    return {"operands": dict(facts), "holds": holds}


# Examples of which no fact is missing: FastAPI would leave it out of them.
_RULE = rule_row(ENTRIES["surveys.interval_high"])
_CONDITION = condition_row(next(term for term in TERMS if term.form == "within N units of target"))


class OperandOut(Wire):
    """What a rule or a condition reads."""

    model_config = example(**_RULE["operands"][1])

    name: str
    """Its name, as a row of figures states it."""
    label: str
    """Its name, as a formula says it."""
    kind: OperandKind
    """What sort of fact it is."""
    unit: str
    """What it is in, in words."""
    words: list[str] | None
    """The words that it may be; null where it is no word, or may be any."""
    places: int | None
    """How many decimal places it may have; null where it is no decimal number."""
    least: str | None
    """The least number that it may be."""
    greatest: str | None
    """The greatest number that it may be."""


class CaseOut(Wire):
    """A worked case of a rule: figures of the reports, or figures at a boundary, worked by hand."""

    model_config = example(**_RULE["cases"][0])

    shows: str
    """What the case shows."""
    operands: Operands
    """The operands by name; null where one is missing."""
    answer: str | bool | None
    """The answer; null where it is missing."""


class RuleOut(Wire):
    """A rule: what it means, what it reads, how it answers, and where it comes from."""

    model_config = example(**_RULE)

    id: str
    """The domain and the name; it is known by it."""
    domain: str
    """What it is about."""
    name: str
    """Its name within the domain."""
    version: str
    """Another one whenever the formula is."""
    meaning: str
    """What its answer means, and in what unit."""
    formula: str
    """The formula in words."""
    operands: list[OperandOut]
    """What it reads, in order."""
    answer: RuleAnswerKind
    """What it answers with."""
    source: str
    """The reports that print it, or the method that it is."""
    cases: list[CaseOut]
    """Its worked cases; each is a test of every reader."""


class RuleList(Wire):
    """Every rule."""

    items: list[RuleOut]
    """The rules, by domain in the order of their subjects."""


class TriedOut(Wire):
    """A condition tried on some facts."""

    model_config = example(**_CONDITION["cases"][0])

    operands: Operands
    """The facts by name; null where one is missing."""
    holds: bool | None
    """Whether it holds; null where that is unknown, which does not hold."""


class ConditionOut(Wire):
    """A form that a condition of a scheme's clause may take."""

    model_config = example(**_CONDITION)

    form: str
    """Its words, with N for a number; where it says units, points may be said instead."""
    applies_to: Judged
    """Whose schemes have it; those of scorecards give levels of escalation."""
    example: str
    """A condition of this form."""
    formula: str
    """The example's formula in words."""
    operands: list[OperandOut]
    """What it reads."""
    cases: list[TriedOut]
    """The example tried at its boundaries."""


class ConditionList(Wire):
    """Every form of condition; a clause is one, or several joined by " and "."""

    items: list[ConditionOut]
    """The forms."""
