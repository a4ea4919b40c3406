"""Where cumulative measures are heading by the end of the year, and what their schemes would say of that."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.queries.columns import decimal_text
from app.queries.explanations.judgements import clauses_held
from app.queries.explanations.observations import FACTS
from app.queries.explanations.parts import facts_of
from app.queries.listings import Filter
from app.queries.scorecards.rows import every_row
from app.rules import indicators
from app.rules.coverage import months_gathered
from app.rules.judging import DIRECTION_TARGET, judge_measure
from app.rules.projections import YEAR, year_end_projection
from app.rules.tracing import derive
from app.rules.vocabulary import Baseline, Nature, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.rules.evaluation import Answer

_TOLERANCES = ("range_percent", "amber_limit", "amber_strict", "amber_percent")
_EARLIER = frozenset({"previous", "year_earlier"})
_WHOLE = 100
_UNJUDGED = {"status": None, "status_label": None, "status_colour": None}


def projections_of(reading: Reading, latest: Iterable[Row]) -> dict[int, Row]:
    """By id of an observation what it projects, of those that do.

    Only what has happened is projected, and only for the year that its report is of.
    """
    months = {
        row["id"]: months_gathered(row["period"], row["covers"], row["as_of"], row["basis"])
        for row in latest
        if row["nature"] == Nature.cumulative
    }
    wanted = {row_id: gone for row_id, gone in months.items() if gone is not None and gone < YEAR}
    if not wanted:
        return {}
    rows = every_row(reading, FACTS, (Filter("id", "in", tuple(wanted)),))
    return {row["id"]: _projected(reading, row, wanted[row["id"]]) for row in rows}


def _projected(reading: Reading, row: Row, months: int) -> Row:
    facts = derive(indicators.STEPS, facts_of(row, FACTS.fields) | {"basis": row["basis_rule"]})
    value = year_end_projection.read({**facts, "months_elapsed": Fraction(months)})
    assert isinstance(value, Fraction)  # noqa: S101 - there is an outturn, and a part of a year gone
    return {
        "stated_as": "projection",
        "value": _shown(value, row["decimals"]),
        "exact": str(value),
        "basis": f"outturn x {YEAR} / {months} {'month' if months == 1 else 'months'}",
        "months_elapsed": months,
        "beyond_whole": row["unit"] == Unit.percent and value > _WHOLE,
        "year": row["year"],
        "against": row["annual_target"],
        **_judged(reading, row, facts, value),
    }


def _shown(value: Fraction, decimals: int) -> str | None:
    """As an outturn is shown, to the measure's own decimals."""
    shown = indicators.outturn_rounded.of(outturn=value, decimals=decimals)
    return decimal_text(int(shown * 10**4), 4, decimals) if isinstance(shown, Fraction) else None


def _judged(reading: Reading, row: Row, facts: dict[str, Answer], value: Fraction) -> Row:
    """What the row's scheme says of a projection held against the year's target, or why it says nothing."""
    if row["year_target_kind"] is None:
        return {**_UNJUDGED, "reason": "no annual target"}
    if row["scheme_id"] is None:
        return {**_UNJUDGED, "reason": "no scheme judges this measure in this period"}
    clauses = clauses_held(reading, row["scheme_id"])
    judgement = judge_measure(clauses, _at_year_end(facts, value))
    part = _EARLIER if facts["direction_basis"] != Baseline.last_year else _EARLIER - {"previous"}
    if judgement.used & part:
        return {**_UNJUDGED, "reason": "the scheme asks for an earlier figure, which is not of a full year"}
    if judgement.held is None:
        return {**_UNJUDGED, "reason": "no clause of the scheme holds"}
    clause = clauses[judgement.held]
    return {
        "status": clause.code,
        "status_label": clause.label,
        "status_colour": clause.colour,
        "reason": None,
    }


def _at_year_end(facts: dict[str, Answer], value: Fraction) -> dict[str, Answer]:
    """The facts of a row as if it had reached its projection, held against the year's target."""
    year: dict[str, Any] = {name: facts[f"year_{name}"] for name in ("target", "target_kind", *_TOLERANCES)}
    counted = dict.fromkeys(("numerator", "denominator"))
    return {**facts, **year, **counted, "outturn": value, DIRECTION_TARGET.name: facts["year_target"]}
