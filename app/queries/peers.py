"""An observation among the organisations that report the same indicator for the same period."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, case, func, or_, select

from app.queries.columns import Field, Row, chosen, decimal_text, derived, fields, written
from app.queries.comparators import COMPARATORS
from app.queries.listings import (
    MOST_ROWS,
    Filter,
    Question,
    Shape,
    binds,
    conditions,
    fenced,
    page,
    rows_of,
)
from app.queries.observations import OBSERVATIONS
from app.rules import comparisons as rules
from app.rules.indicators import outturn_unrounded
from app.rules.vocabulary import NoStanding, Polarity, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement

    from app.db.compiler import Column as Place
    from app.queries.editions import Edition, Reading

_OWN = (
    *fields("id", "number"),
    *fields("organisation service period indicator_key indicator_code title unit polarity"),
    *fields("decimals", "number"),
    Field("outturn", "measure", 4),
    *fields("outturn_unrounded", "units", 6),
    *fields("target", "units", 4),
    *fields("indicator_id", "number"),
)
_PEER = (
    *fields("id", "number"),
    *fields("organisation service title unit basis"),
    *fields("decimals", "number"),
    Field("outturn", "measure", 4),
    *fields("outturn_unrounded", "units", 6),
    *fields("rank quartile", "number"),
    *fields("reason"),
    *fields("merit", "units", 6),
)
_NEIGHBOUR = "neighbour"
_PLACES: dict[str, Place] = {
    "outturn": ("CAST(g.outturn_unrounded AS NUMERIC)", "CAST(1000000 AS NUMERIC)"),
    "target": ("CAST(g.target AS NUMERIC)", "CAST(10000 AS NUMERIC)"),
    **{name: f"g.{name}" for name in ("polarity", "same_unit", "same_polarity", "alone")},
}


class _Figure(NamedTuple):
    """A value that is compared, and what it is ranked by."""

    value: Fraction
    merit: Fraction | None


def peers_of(reading: Reading, row_id: int) -> Row | None:
    """An observation's place among organisations and among the neighbours that its report names.

    The same indicator has the same code: councils that report one national or regional measure print
    its code, and each has its own name for it. Without a code it is the one that has the same key and
    no code either. None where no release in force holds the observation.
    """
    own = _own(reading, row_id)
    if own is None:
        return None
    peers = _peers(reading, own)
    stated = _stated(reading, own)
    return {
        **{name: value for name, value in own.items() if name not in {"indicator_id", "decimals"}},
        "matched_by": "key" if own["indicator_code"] is None else "code",
        "among_organisations": _among_organisations(own, peers),
        "organisations": [{k: v for k, v in p.items() if k not in {"merit", "decimals"}} for p in peers],
        "among_neighbours": _among_neighbours(own, stated),
        "comparators": stated,
    }


def _own(reading: Reading, row_id: int) -> Row | None:
    question = Question((Filter("id", "in", (row_id,)),))
    rows = rows_of(OBSERVATIONS, reading.edition, Shape.of(question)).c
    statement = select(*(rows[field.name] for field in _OWN))
    statement = statement.where(*conditions(rows, Shape.of(question)))
    found = written(_OWN, reading.execute(statement, binds(question)).all())
    return found[0] if found else None


def _peers(reading: Reading, own: Row) -> list[Row]:
    """What each organisation reports, the best first, in one statement."""
    name = "indicator_key" if own["indicator_code"] is None else "indicator_code"
    question = Question((Filter(name, "in", (own[name],)), Filter("period", "in", (own["period"],))))
    statement = _ranked(reading.edition, Shape.of(question), name == "indicator_key")
    values = {f"own_{key}": own[key] for key in ("id", "unit", "polarity")}
    return written(_PEER, reading.execute(statement, {**binds(question), **values}).all())


@lru_cache(maxsize=64)
def _ranked(edition: Edition, shape: Shape, uncoded: bool) -> Select[Any]:  # noqa: FBT001 - a part of its key
    rows = rows_of(OBSERVATIONS, edition, shape).c
    reported = func.count(rows.outturn_unrounded).over(partition_by=rows.organisation)
    names = ("id", "organisation", "service", "title", "unit", "polarity", "basis", "decimals")
    facts = select(
        *(rows[name] for name in (*names, "outturn", "outturn_unrounded", "target")),
        (rows.unit == bindparam("own_unit")).label("same_unit"),
        (rows.polarity == bindparam("own_polarity")).label("same_polarity"),
        or_(rows.id == bindparam("own_id"), reported == 1).label("alone"),
    ).where(*conditions(rows, shape))
    g = fenced(facts.where(rows.indicator_code.is_(None)) if uncoded else facts).subquery("g")
    judged = (
        derived("reason", rules.peer_reason, _PLACES, edition.dialect),
        derived("merit", rules.merit, _PLACES, edition.dialect),
    )
    k = fenced(select(g, *judged)).subquery("k")
    placed: ColumnElement[bool] = and_(k.c.reason.is_(None), k.c.merit.is_not(None))
    rank = func.rank().over(partition_by=placed, order_by=k.c.merit.desc())
    m = fenced(
        select(
            k,
            case((placed, rank)).label("rank"),
            case((placed, func.count().over(partition_by=placed))).label("ranked"),
        )
    ).subquery("m")
    places: dict[str, Place] = {"rank": "m.rank", "count": "m.ranked"}
    answers = {"quartile": derived("quartile", rules.quartile, places, edition.dialect)}
    order = (m.c.reason.is_not(None), m.c.rank.is_(None), m.c.rank, m.c.organisation, m.c.id)
    return select(*chosen(_PEER, m, answers)).order_by(*order)


def _stated(reading: Reading, own: Row) -> list[Row]:
    """All that its report states beside it."""
    wanted = {
        "indicator_id": own["indicator_id"],
        "period": own["period"],
        "observation_id": own["id"],
    }
    filters = tuple(Filter(name, "in", (value,)) for name, value in wanted.items())
    return page(reading, COMPARATORS, Question(filters, limit=MOST_ROWS))[0]


def _among_organisations(own: Row, peers: Sequence[Row]) -> Row:
    [mine] = [peer for peer in peers if peer["id"] == own["id"]]
    compared = [
        _Figure(Fraction(p["outturn_unrounded"]), None if p["merit"] is None else Fraction(p["merit"]))
        for p in peers
        if p["reason"] is None
    ]
    reason = mine["reason"] or _unranked(own)
    return _place(own, compared, {"rank": mine["rank"], "rank_reason": reason, "quartile": mine["quartile"]})


def _among_neighbours(own: Row, stated: Iterable[Row]) -> Row | None:
    """As one more of them: its rank is one more than there are that it stands worse than."""
    beside = [c for c in stated if c["kind"] == _NEIGHBOUR and c["standing"] is not None]
    if not beside:
        return None
    figures = [_figure(own, text) for text in (own["outturn_unrounded"], *(c["value"] for c in beside))]
    reason = _unranked(own)
    rank = None if reason else 1 + sum(c["standing"] == Standing.worse for c in beside)
    quartile = _whole(rules.quartile.of(rank=rank, count=len(figures)))
    return _place(own, figures, {"rank": rank, "rank_reason": reason, "quartile": quartile})


def _unranked(own: Row) -> NoStanding | None:
    return NoStanding.contextual if own["polarity"] == Polarity.contextual else None


def _figure(own: Row, text: str) -> _Figure:
    value = Fraction(text)
    facts = {"target": _number(own["target"]), "polarity": own["polarity"]}
    merit = rules.merit.of(outturn=value, **facts)
    return _Figure(value, merit if isinstance(merit, Fraction) else None)


def _place(own: Row, compared: Sequence[_Figure], rank: Mapping[str, Any]) -> Row:
    """What all those figures say together, and where this one is among them."""
    values = [figure.value for figure in compared]
    placed = sorted((f for f in compared if f.merit is not None), key=_goodness, reverse=True)
    best_first = [figure.value for figure in placed]
    middle, average = rules.median(values), rules.mean(values)
    return {
        "count": len(compared),
        **rank,
        "best": _text(best_first[0] if best_first else None),
        "best_quartile": _text(rules.best_quartile(best_first)),
        "median": _text(middle),
        "mean": _text(average),
        "standing_against_median": _standing(own, middle),
        "standing_against_mean": _standing(own, average),
    }


def _goodness(figure: _Figure) -> Fraction:
    return figure.merit or Fraction()


def _standing(own: Row, other: Fraction | None) -> Any:  # noqa: ANN401 - a word, or nothing
    outturn, target = _number(own["outturn_unrounded"]), _number(own["target"])
    return rules.standing.of(outturn=outturn, other=other, target=target, polarity=own["polarity"])


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _whole(answer: Any) -> int | None:  # noqa: ANN401 - any answer of a rule
    return int(answer) if isinstance(answer, Fraction) else None


def _text(value: Fraction | None) -> str | None:
    """A value to six places, half up, as text."""
    shown = outturn_unrounded.of(outturn=value)
    return decimal_text(int(shown * 10**6), 6) if isinstance(shown, Fraction) else None
