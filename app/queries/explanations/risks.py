"""Why a risk stands in its band, how it moved, and whether it is late."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, select

from app.entities import Period, Risk, RiskAssessment
from app.queries import listings
from app.queries.columns import fields
from app.queries.explanations.judgements import About, judged
from app.queries.explanations.parts import Steps, facts_of, not_derived, own_sources, subject_of
from app.queries.risks import RISKS
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.rules import risks as rules
from app.rules.judging import Words
from app.rules.line_sentences import risk_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import RowMapping, Select

    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.queries.explanations.parts import Source
    from app.rules.evaluation import Answer
    from app.rules.judging import Reach

_AXES = ("impact", "probability")
_RAW = (
    *fields("impact probability target_impact target_probability", "number"),
    *fields("treatment"),
    *fields("target_date as_of", "date"),
)
_STEPS = Steps(rules.STEPS, RISKS)


def explain_risk(reading: Reading, row_id: int) -> Row | None:
    """A risk's explanation, as it stood in one period; None where no release in force holds it."""
    row: Any = listings.one(reading, RISKS, row_id)
    if row is None:
        return None
    more = reading.execute(_MORE, {"row_id": row_id}).mappings().one()
    before = {f"{axis}_before": more[f"{axis}_before"] for axis in _AXES}
    derived = _STEPS.derive({**facts_of(row, _RAW), **facts_of(before, fields(" ".join(before), "number"))})
    facts = derived.facts
    bands = reading.edition.matrices.get((row["organisation"], more["matrix"]), ())
    words = _words(bands)
    now = words.judge(facts)
    told = derived.told(now.used)
    judgements = [judged(_about("matrix", words), now, words.clauses, facts)]
    if facts["target_rating"] is not None:
        aim = {**facts, "rating": facts["target_rating"]}
        judgements.append(judged(_about("matrix_target", words), words.judge(aim), words.clauses, aim))
    return {
        "subject": subject_of("risk", row, "risks", row["title"]),
        "sentence": risk_sentence(row["title"], facts, bands, now),
        "scheme": None,
        "judgements": judgements,
        "steps": told.steps,
        "not_derived": [*told.not_derived, *_unbanded(row, facts)],
        "operands": _STEPS.operands(told, _sources(row, more)),
    }


@lru_cache(maxsize=64)
def _words(bands: tuple[rules.Band, ...]) -> Words:
    """The bands of a matrix as clauses; a lower band is better."""
    conditions = [f"rating {band.low} to {band.high}" for band in bands]
    return Words(rules.band(bands), "rating", conditions, {band.label: -band.low for band in bands})


def _about(against: str, words: Words) -> About:
    def needs(reach: Reach) -> str:
        return f"{words.clauses[reach.place].label} needs a rating of {reach.value}"

    return About(against, "rating", None, needs)


def _unbanded(row: Row, facts: Mapping[str, Answer]) -> Iterator[Row]:
    for name in ("", "target_"):
        if row[f"{name}band"] is None:
            rated = facts[f"{name}rating"] is not None
            reason = (
                "no band of the matrix holds the rating" if rated else f"no {name.replace('_', ' ')}rating"
            )
            yield not_derived(f"{name}band", [reason])


def _sources(row: Row, more: RowMapping) -> dict[str, Source]:
    own = {column.name: column.name for column in _RAW if column.name != "as_of"}
    sources = own_sources("risk", row, "risks", own)
    period = {"id": row["period"], "period": row["period"]}
    sources |= own_sources("period", period, "periods", {"as_of": "end"})
    if more["before_id"] is not None:
        before = {"id": more["before_id"], "period": more["before_period"]}
        sources |= own_sources("risk", before, "risks", {f"{axis}_before": axis for axis in _AXES})
    return sources


def _more() -> Select[Any]:
    """What the list of risks does not show: the matrix, and the assessment in the period before."""
    v, a, k, p = releases_in_force(), table(RiskAssessment, "a"), table(Risk, "k"), table(Period, "p")
    before = table(RiskAssessment, "before")
    asked: Any = bindparam("row_id")
    same = and_(before.c.risk_id == a.c.risk_id, before.c.period_id == p.c.previous_id)
    return (
        select(
            k.c.matrix,
            before.c.id.label("before_id"),
            before.c.period_id.label("before_period"),
            *(before.c[axis].label(f"{axis}_before") for axis in _AXES),
        )
        .select_from(a)
        .join(v, in_force(a, v))
        .join(k, and_(k.c.id == a.c.risk_id, visible(k.c, v.c.revision)))
        .join(p, p.c.id == a.c.period_id)
        .outerjoin(before, and_(same, visible(before.c, v.c.revision)))
        .where(a.c.id == asked)
    )


_MORE = _more()
