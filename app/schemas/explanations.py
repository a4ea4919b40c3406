"""Explanations on the wire: the facts, the steps from them, and the clauses of the scheme that judges."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from app.schemas.wire import DateText, DecimalText, Wire, example

_SUBJECT: dict[str, Any] = {
    "kind": "observation",
    "id": 122,
    "href": "/v1/observations/122",
    "organisation": "barnet",
    "service": "chief-executives-service",
    "period": "2011-12-q2",
    "title": "% of telephone calls answered within 20 seconds",
}
_SCHEME: dict[str, Any] = {
    "id": 2,
    "scheme": "barnet-corporate-plan",
    "version": 1,
    "name": "Barnet Corporate Plan",
    "effective_from": "2011-04-01",
    "effective_to": None,
    "href": "/v1/schemes/2",
}
_CLAUSE: dict[str, Any] = {
    "position": 4,
    "code": "met",
    "label": "Green",
    "colour": "green",
    "points": "1.00",
    "condition": "met",
    "tried": True,
    "test": "outturn ≥ target",
    "filled": "55.802887… ≥ 75",
    "held": False,
}
_BAND: dict[str, Any] = {
    "low": "63.75",
    "low_included": True,
    "high": "75",
    "high_included": False,
    "position": 5,
    "code": "near",
    "label": "Amber",
}
_AMBER: dict[str, Any] = {
    "position": 5,
    "code": "near",
    "label": "Amber",
    "better": True,
    "value": "63.75",
    "exact": "255/4",
    "included": True,
    "distance": "7.947112726815",
    "numerator": "182202",
    "numerator_change": "22714",
    "needs": "Amber needs 63.75%, which is 22,714 more calls answered in time",
}
_JUDGEMENT: dict[str, Any] = {
    "against": "period",
    "code": "missed",
    "label": "Red",
    "colour": "red",
    "points": "-1.00",
    "held": 6,
    "clauses": [_CLAUSE],
    "varied": "outturn",
    "unit": "percent",
    "now": "55.802887273185",
    "bands": [_BAND],
    "boundaries": [_AMBER],
    "next_better": _AMBER,
    "next_worse": None,
}
_TRIAL: dict[str, Any] = {
    "test": "calculation is share",
    "filled": "calculation (share) is share",
    "held": True,
}
_STEP: dict[str, Any] = {
    "field": "outturn",
    "rule": "outturn",
    "version": "e736fe13",
    "formula": "100 × numerator ÷ denominator",
    "filled": "100 × 159488 ÷ 285806",
    "tried": [_TRIAL],
    "exact": "7974400/142903",
    "unrounded": "55.802887273185",
    "rounding": "rounded half up to 1 place",
    "answer": "55.8",
    "kind": "number",
}
_NOT_DERIVED: dict[str, Any] = {
    "field": "status_year_end",
    "reason": "no annual target",
    "lacking": ["no annual target"],
}
_SOURCE: dict[str, Any] = {
    "kind": "observation",
    "id": "122",
    "field": "numerator",
    "period": "2011-12-q2",
    "href": "/v1/observations/122",
}
_OPERAND: dict[str, Any] = {
    "name": "numerator",
    "label": "numerator",
    "value": "159488",
    "kind": "number",
    "source": _SOURCE,
}


class AnswerKind(StrEnum):
    """What a text holds: a decimal, a word of the vocabulary, "true" or "false", or a date."""

    number = "number"
    word = "word"
    truth = "truth"
    date = "date"


class ExplainedSubject(Wire):
    """The row that is explained."""

    model_config = example(**_SUBJECT)

    kind: str
    """What sort of row it is: observation, budget_line, risk, action, establishment or profile."""
    id: int
    """The row's lasting id."""
    href: str
    """Where the row itself is."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service."""
    period: str | None
    """The period that it is of; null for an action, which has none."""
    title: str
    """What it is called."""


class SchemeUsed(Wire):
    """The version of a council's scheme that judges the row."""

    model_config = example(**_SCHEME)

    id: int
    """The scheme's lasting id."""
    scheme: str
    """The scheme's slug."""
    version: int
    """Which version of it, counted from 1."""
    name: str
    """The scheme's name."""
    effective_from: DateText
    """The first day that it is in force."""
    effective_to: DateText | None
    """The last day that it is in force; null while it is."""
    href: str
    """Where the scheme is."""


class ClauseTried(Wire):
    """A clause of the scheme, and what came of it on this row."""

    model_config = example(**_CLAUSE)

    position: int
    """Its place in the scheme; clauses are tried in order."""
    code: str
    """The status that follows from it."""
    label: str | None
    """The council's own word for that status."""
    colour: str | None
    """The council's colour for it."""
    points: DecimalText | None
    """What it counts in a rating."""
    condition: str
    """What must hold, in the words of schemes."""
    tried: bool
    """Whether it was tried: not after one that holds."""
    test: str | None
    """What must hold, worked out for this row; null if it was not tried."""
    filled: str | None
    """The same with this row's numbers."""
    held: bool | None
    """Whether it held; null if that is unknown, as something is missing, and if it was not tried."""


class JudgementBand(Wire):
    """A stretch of the number that moves, and the clause that holds on it, all other facts as they are."""

    model_config = example(**_BAND)

    low: str | None
    """Where it begins: a decimal, or a date; null if it has no beginning."""
    low_included: bool
    """Whether its beginning belongs to it."""
    high: str | None
    """Where it ends; null if it has no end."""
    high_included: bool
    """Whether its end belongs to it."""
    position: int | None
    """The place of the clause that holds on it; null if none does."""
    code: str
    """The status on it; not_rated if no clause holds."""
    label: str | None
    """The council's word for that status."""


class Boundary(Wire):
    """What would bring the row under another clause: the nearest value that does."""

    model_config = example(**_AMBER)

    position: int
    """The place of the other clause."""
    code: str
    """The status that it gives."""
    label: str | None
    """The council's word for that status."""
    better: bool | None
    """Whether that status is better than the present one; null if they cannot be compared."""
    value: str | None
    """The value at the boundary: a decimal to twelve places at most, or a date."""
    exact: str | None
    """The value as a fraction in lowest terms; null for a date."""
    included: bool
    """Whether the clause holds at the value itself, or only beyond it."""
    distance: DecimalText
    """The value less the present one, in the unit; of dates, days."""
    numerator: DecimalText | None
    """The nearest numerator that reaches the clause, the denominator as it is; null if none is known."""
    numerator_change: DecimalText | None
    """That numerator less the present one."""
    needs: str
    """The same in words."""


class JudgementOut(Wire):
    """What a scheme, or a rule that gives a status, makes of the row, and what would change it."""

    model_config = example(**_JUDGEMENT)

    against: str
    """What the row is held against: period, year_end, budget, matrix or as_of."""
    code: str
    """The status; not_rated if no clause holds."""
    label: str | None
    """The council's own word for it."""
    colour: str | None
    """The council's colour for it."""
    points: DecimalText | None
    """What it counts in a rating."""
    held: int | None
    """The place of the clause that holds; null if none does."""
    clauses: list[ClauseTried]
    """The clauses in the order in which they are tried."""
    varied: str
    """The number that moves in what follows: outturn, forecast, rating, progress or as_of."""
    unit: str | None
    """The unit of that number."""
    now: str | None
    """That number at present, unrounded, to twelve places at most; null if there is none."""
    bands: list[JudgementBand]
    """The whole line of that number, from the least to the greatest, and the clause that holds where."""
    boundaries: list[Boundary]
    """The nearest way to each other clause that can be reached."""
    next_better: Boundary | None
    """The nearest boundary to a better status."""
    next_worse: Boundary | None
    """The nearest boundary to a worse status."""


class TriedTest(Wire):
    """A test of a rule that was tried on the row."""

    model_config = example(**_TRIAL)

    test: str
    """The test in words."""
    filled: str
    """The same with this row's values."""
    held: bool | None
    """Whether it held; null if that is unknown, as something is missing."""


class StepTaken(Wire):
    """How one derived field comes about."""

    model_config = example(**_STEP)

    field: str
    """The derived field, by its name in the list; or a value on the way to others."""
    rule: str
    """The rule, by its name in /v1/rules."""
    version: str
    """The rule's version: another one whenever the rule says anything else."""
    formula: str
    """The part of the rule that gave the answer, in words."""
    filled: str
    """The same with this row's values; "…" stands where more digits follow."""
    tried: list[TriedTest]
    """The tests of the rule that were tried until one held."""
    exact: str | None
    """The answer before it was rounded, as a fraction in lowest terms; null if it is no number."""
    unrounded: DecimalText | None
    """The same as a decimal, half up to twelve places; what later steps use is the exact one."""
    rounding: str | None
    """How the answer is rounded; null if it is not."""
    answer: str
    """The answer as the list shows it."""
    kind: AnswerKind
    """What the answer is."""


class NotDerived(Wire):
    """A derived field that is null, and why."""

    model_config = example(**_NOT_DERIVED)

    field: str
    """The field, by its name in the list."""
    reason: str
    """Why it is null, in a few words."""
    lacking: list[str]
    """Each thing that keeps it from an answer."""


class FactSource(Wire):
    """Where a fact stands."""

    model_config = example(**_SOURCE)

    kind: str
    """The kind of row that holds it, such as observation, indicator, target, scheme or period."""
    id: str | None
    """The id of that row, as text."""
    field: str | None
    """The field in it."""
    period: str | None
    """The period that it is about, where it is about one."""
    href: str | None
    """Where that row is; null if it has no address of its own."""


class OperandUsed(Wire):
    """A raw fact that the answers rest on."""

    model_config = example(**_OPERAND)

    name: str
    """Its name in the rules."""
    label: str
    """Its name in formulas."""
    value: str | None
    """Its value as text: a decimal, a word, true or false, or a date; null if it is missing."""
    kind: AnswerKind | None
    """What the value is; null if it is missing."""
    source: FactSource
    """Where it stands."""


class Explanation(Wire):
    """Why a row is as it is: every derived figure from the facts as reported, and what would change it."""

    model_config = example(
        subject=_SUBJECT,
        sentence="Red: “% of telephone calls answered within 20 seconds” came to 55.8% (55.802887… before "
        "rounding), about 19.2 points worse than the target of 75.0%. Amber needs 63.75%, which is 22,714 "
        "more calls answered in time. Green needs 75.0%, which is 54,867 more calls answered in time.",
        scheme=_SCHEME,
        judgements=[_JUDGEMENT],
        steps=[_STEP],
        not_derived=[_NOT_DERIVED],
        operands=[_OPERAND],
    )

    subject: ExplainedSubject
    """The row that is explained."""
    sentence: str
    """Why it is as it is, in plain English."""
    scheme: SchemeUsed | None
    """The scheme that judges it; null if none does."""
    judgements: list[JudgementOut]
    """What the scheme makes of it: now, and against the full year where there is an annual target."""
    steps: list[StepTaken]
    """Each derived figure, in the order in which they follow from one another."""
    not_derived: list[NotDerived]
    """The derived fields that are null, and why."""
    operands: list[OperandUsed]
    """The raw facts that the answers rest on."""
