"""The periods that anything is reported for, as far as the reader sees it, and their neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import FromClause, Subquery, and_, exists, literal_column, or_, select, union_all

from app.db.compiler import quoted
from app.entities import (
    BudgetLine,
    Comparator,
    EqualityGroup,
    Establishment,
    HeatMapCell,
    Initiative,
    Intervention,
    Observation,
    Period,
    ProfileCount,
    Project,
    Release,
    Risk,
    RiskAssessment,
    Target,
)
from app.queries.columns import fields
from app.queries.listings import Listing, Question, Shape, rows_of
from app.queries.stated import NOTES, PUBLISHED_FIGURES
from app.queries.visibility import in_force, of_services, releases_in_force, table, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Select
    from sqlmodel import SQLModel

    from app.queries.editions import Edition, Reading

PERIOD_FIELDS = (
    *fields("id kind label"),
    *fields("start end", "date"),
    *fields("months", "number"),
    *fields("previous year_earlier financial_year"),
)
_NEIGHBOURS = ("previous_id", "year_earlier_id", "year_id", "last_year_id")
_SEEN = ("periods", "seen")
"""Under which name an edition keeps those found."""
_STATED: tuple[type[SQLModel], ...] = (
    Target,
    Comparator,
    EqualityGroup,
    BudgetLine,
    Initiative,
    Project,
    Intervention,
    HeatMapCell,
    Establishment,
    ProfileCount,
)
"""What is stated of a service in a period, beside observations."""


def find_periods(reading: Reading) -> None:
    """Find the periods of an edition, once for all questions about them: it takes a look at every fact."""
    vocabulary = reading.edition.vocabulary
    if _SEEN not in vocabulary:
        vocabulary[_SEEN] = list(reading.execute(_with_neighbours(reading.edition)).scalars())


def _rows(edition: Edition) -> Subquery:
    """The periods that were found; one that only drafts name is none that the public knows."""
    p = table(Period, "p")
    seen = ", ".join(map(quoted, edition.vocabulary[_SEEN])) or "NULL"
    return (
        select(
            *(p.c[name] for name in ("id", "kind", "label", "start", "end", "months")),
            p.c.previous_id.label("previous"),
            p.c.year_earlier_id.label("year_earlier"),
            p.c.year_id.label("financial_year"),
        )
        .where(literal_column(f"p.id IN ({seen})"))
        .subquery("r")
    )


def _with_neighbours(edition: Edition) -> Select[Any]:
    p, named = table(Period, "p"), _named(edition)
    near = or_(*(p.c.id == named.c[name] for name in ("id", *_NEIGHBOURS)))
    return select(p.c.id).where(exists().where(near)).order_by(p.c.id)


def _named(edition: Edition) -> FromClause:
    """The periods that facts and releases name, with the ids of their neighbours.

    Observations are asked for one of each period, which an index tells; all else is looked through.
    """
    q, o, v = table(Period, "q"), table(Observation, "o"), releases_in_force()
    observed = exists(select(o.c.id).where(o.c.period_id == q.c.id, in_force(o, v)).correlate(q))
    others = union_all(*_others(edition)).subquery("others")
    statement = select(q.c.id, *(q.c[name] for name in _NEIGHBOURS)).where(
        or_(observed, q.c.id.in_(select(others.c.period)))
    )
    named: FromClause = statement.cte("named").prefix_with("MATERIALIZED")
    return named


def _others(edition: Edition) -> Iterator[Select[Any]]:
    v, o, release = releases_in_force(), table(Observation, "o"), table(Release, "newest")
    for name in ("covers_id", "previous_period_id"):
        yield _distinct(o.c[name]).join(v, in_force(o, v)).where(o.c[name].is_not(None))
    for entity in _STATED:
        fact = table(entity, "fact")
        yield _distinct(fact.c.period_id).join(v, in_force(fact, v))
    a, k = table(RiskAssessment, "a"), table(Risk, "k")
    same = and_(k.c.id == a.c.risk_id, visible(k.c, v.c.revision), of_services(k.c.service_id, v))
    yield _distinct(a.c.period_id).join(v, in_force(a, v)).join(k, same)
    for listing in (NOTES, PUBLISHED_FIGURES):
        yield _distinct(rows_of(listing, edition, Shape.of(Question())).c.period)
    yield _distinct(release.c.period_id).join(v, v.c.release == release.c.id)


def _distinct(period: ColumnElement[Any]) -> Select[Any]:
    return select(period.label("period")).select_from(period.table).distinct()


PERIODS = Listing("periods", PERIOD_FIELDS, _rows)
