"""A judgement in wire form: the clauses as tried, the bands, and what would reach the other clauses."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, select

from app.entities import Scheme, SchemeClause
from app.queries.columns import units
from app.queries.explanations.parts import day_text, tried, written
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.rules.judging import Clause
from app.rules.wording import decimal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Select

    from app.db.compiler import Dialect
    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.rules.boundaries import Band
    from app.rules.evaluation import Answer
    from app.rules.judging import Judgement, Reach

_CLAUSES = "schemes/clauses"
"""What clauses are kept under beside the words of an edition."""
_UNTRIED = {"test": None, "filled": None, "held": None}


class About(NamedTuple):
    """What a judgement is against, which number moves and in which unit, and how to say what is needed."""

    against: str
    varied: str
    unit: str | None
    needs: Callable[[Reach], str]
    days: bool = False


def judged(about: About, judgement: Judgement, clauses: Sequence[Clause], facts: Mapping[str, Answer]) -> Row:
    """The clauses of a scheme as they were tried, the one that holds, and what would reach the others."""
    better, worse = judgement.nearest(better=True), judgement.nearest(better=False)
    reaches = {reach.place: _reach(about, reach, judgement, clauses, facts) for reach in judgement.reaches}
    held = None if judgement.held is None else clauses[judgement.held]
    return {
        "against": about.against,
        **_named(held),
        "held": None if judgement.held is None else judgement.held + 1,
        "clauses": [
            {
                "position": place + 1,
                **_named(clause),
                "condition": clause.condition,
                "tried": trial is not None,
                **(_UNTRIED if trial is None else tried(trial)),
            }
            for place, (clause, trial) in enumerate(zip(clauses, judgement.trials, strict=True))
        ],
        "varied": about.varied,
        "unit": about.unit,
        "now": written(judgement.now, day=about.days)["value"],
        "bands": list(_bands(about, judgement, clauses)),
        "boundaries": list(reaches.values()),
        "next_better": None if better is None else reaches.get(better.place),
        "next_worse": None if worse is None else reaches.get(worse.place),
    }


def _named(clause: Clause | None) -> Row:
    """What follows from a clause; not rated where none holds."""
    if clause is None:
        return {"code": "not_rated", "label": None, "colour": None, "points": None}
    return {
        "code": clause.code,
        "label": clause.label,
        "colour": clause.colour,
        "points": None if clause.points is None else _points(clause.points),
    }


def _points(points: Fraction) -> str:
    """Points to two places, as lists write them."""
    whole, _, rest = decimal(points, 2).partition(".")
    return f"{whole}.{rest.ljust(2, '0')}"


def _reach(
    about: About, reach: Reach, judgement: Judgement, clauses: Sequence[Clause], facts: Mapping[str, Answer]
) -> Row:
    clause, count = clauses[reach.place], judgement.counts.get(reach.place)
    now = facts.get("numerator")
    change = count - now if count is not None and isinstance(now, Fraction) else None
    return {
        "position": reach.place + 1,
        "code": clause.code,
        "label": clause.label,
        "better": reach.better,
        "value": written(reach.value, day=about.days)["value"],
        "exact": None if about.days else str(reach.value),
        "included": reach.included,
        "distance": written(reach.distance)["value"],
        "numerator": None if count is None else written(count)["value"],
        "numerator_change": None if change is None else written(change)["value"],
        "needs": about.needs(reach),
    }


def _bands(about: About, judgement: Judgement, clauses: Sequence[Clause]) -> Iterator[Row]:
    for band in judgement.bands:
        clause = None if band.answer is None else clauses[int(band.answer)]
        low, high = _ends(band, days=about.days)
        yield {
            "low": low,
            "low_included": band.low_included or (about.days and low is not None),
            "high": high,
            "high_included": band.high_included or (about.days and high is not None),
            "position": None if band.answer is None else int(band.answer) + 1,
            "code": "not_rated" if clause is None else clause.code,
            "label": None if clause is None else clause.label,
        }


def _ends(band: Band, *, days: bool) -> tuple[str | None, str | None]:
    """Where a band begins and ends; of days, the first and the last."""
    if not days:
        return tuple(None if end is None else written(end)["value"] for end in (band.low, band.high))  # type: ignore[return-value]  # two ends
    low, high = whole_days(band)
    return (None if low is None else day_text(low), None if high is None else day_text(high))


def whole_days(band: Band) -> tuple[Fraction | None, Fraction | None]:
    """The first and the last whole day of a band."""
    low, high = band.low, band.high
    if low is not None:
        low = Fraction(math.ceil(low) + (0 if band.low_included or low.denominator > 1 else 1))
    if high is not None:
        high = Fraction(math.floor(high) - (0 if band.high_included or high.denominator > 1 else 1))
    return low, high


def scheme_used(
    row_id: int, slug: str, version: int, name: str, effective_from: object, effective_to: object
) -> Row:
    """The version of a scheme that judges a row."""
    return {
        "id": row_id,
        "scheme": slug,
        "version": version,
        "name": name,
        "effective_from": str(effective_from),
        "effective_to": None if effective_to is None else str(effective_to),
        "href": f"/v1/schemes/{row_id}",
    }


def clauses_held(reading: Reading, scheme_id: int | None) -> list[Clause]:
    """The clauses of a scheme in force, in order, read once an edition; none without a scheme."""
    if scheme_id is None:
        return []
    kept = reading.edition.vocabulary
    found = kept.get((_CLAUSES, str(scheme_id)))
    if found is None:
        found = kept[_CLAUSES, str(scheme_id)] = list(_read(reading, scheme_id))
    return found


def _read(reading: Reading, scheme_id: int) -> Iterator[Clause]:
    statement = _statement(reading.edition.dialect)
    for condition, code, label, colour, points in reading.execute(statement, {"scheme_id": scheme_id}):
        yield Clause(condition, code, label, colour, None if points is None else Fraction(points, 100))


@lru_cache(maxsize=8)
def _statement(dialect: Dialect) -> Select[Any]:
    v, scheme, clause = releases_in_force(), table(Scheme, "sc"), table(SchemeClause, "clause")
    asked: Any = bindparam("scheme_id")
    return (
        select(
            *(clause.c[name] for name in ("condition", "code", "label", "colour")),
            units("points", clause.c.points, 2, dialect),
        )
        .select_from(scheme)
        .join(v, in_force(scheme, v))
        .join(clause, and_(clause.c.scheme_id == scheme.c.id, visible(clause.c, v.c.revision)))
        .where(scheme.c.id == asked)
        .order_by(clause.c.position)
    )
