"""The rows that a scorecard is made of, as the lists give them, and what else reports say beside them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import and_, literal, or_, select

from app.entities import Indicator, Intervention, Note, Observation
from app.queries import listings
from app.queries.actions import ACTIONS_LIST, INITIATIVES, PROJECTS
from app.queries.budgets import BUDGET_TOTALS, BUDGET_VARIANCES
from app.queries.editions import Premises
from app.queries.listings import MOST_ROWS, Filter, Listing, Question
from app.queries.observations import OBSERVATIONS
from app.queries.risks import HEAT_MAP, RISKS
from app.queries.scorecards.subjects import reported_periods
from app.queries.visibility import table, visible
from app.queries.workforce import WORKFORCE_ESTABLISHMENT, WORKFORCE_PROFILES
from app.rules.scorecards import period_reported_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, FromClause, Select

    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.queries.scorecards.subjects import Subject


class Rows(NamedTuple):
    """All that is reported of one service and period; measures in the order of the report."""

    measures: list[Row]
    totals: list[Row]
    lines: list[Row]
    risks: list[Row]
    cells: list[Row]
    establishment: list[Row]
    profiles: list[Row]
    actions: list[Row]
    initiatives: list[Row]
    projects: list[Row]
    notes: list[Row]
    interventions: list[Row]

    @property
    def reported(self) -> bool:
        """Whether there is anything to show for the period."""
        return any(self)


def rows_of(reading: Reading, subject: Subject) -> Rows:
    """Read each list once, however many rows there are."""

    def of_period(listing: Listing) -> list[Row]:
        return every_row(reading, listing, (*_theirs(subject), Filter("period", "in", (subject.period,))))

    return Rows(
        measures=measures_of(reading, subject),
        totals=of_period(BUDGET_TOTALS),
        lines=of_period(BUDGET_VARIANCES),
        risks=of_period(RISKS),
        cells=of_period(HEAT_MAP),
        establishment=of_period(WORKFORCE_ESTABLISHMENT),
        profiles=of_period(WORKFORCE_PROFILES),
        actions=_actions(reading, subject),
        initiatives=of_period(INITIATIVES),
        projects=of_period(PROJECTS),
        notes=_found(reading, _notes(subject)),
        interventions=_found(reading, _interventions(subject)),
    )


def measures_of(reading: Reading, subject: Subject, measure_set: str | None = None) -> list[Row]:
    """Observations of a service and period, or those of one measure set, in the order of the report."""
    filters = [*_theirs(subject), Filter("period", "in", (subject.period,))]
    if measure_set is not None:
        filters.append(Filter("measure_set", "in", (measure_set,)))
    rows = every_row(reading, OBSERVATIONS, tuple(filters))
    if not rows:
        return rows
    positions = {row["id"]: row["position"] for row in _found(reading, _positions(subject, rows))}
    return sorted(rows, key=lambda row: (positions[row["indicator_id"]], row["id"]))


def _theirs(subject: Subject) -> tuple[Filter, ...]:
    return (
        Filter("organisation", "in", (subject.organisation,)),
        Filter("service", "in", (subject.service,)),
    )


def every_row(reading: Reading, listing: Listing, filters: tuple[Filter, ...]) -> list[Row]:
    """Every row that filters leave; copied rows are read back from their JSON."""
    question, rows = Question(filters, limit=MOST_ROWS), []
    while True:
        page, after = listings.page(reading, listing, question)
        rows.extend(page)
        if after is None:
            break
        question = Question(filters, after=after, limit=MOST_ROWS)
    if reading.edition.copied and listing.copy is not None:
        copied: list[Row] = orjson.loads(orjson.dumps(rows))
        return copied
    return rows


def _actions(reading: Reading, subject: Subject) -> list[Row]:
    """Actions of the service whose date stands under the period; judged as their council does.

    A scheme that a question supposes judges measures, and no actions.
    """
    own = reading if reading.edition.premises == Premises() else reading.supposing(Premises())
    rows = every_row(own, ACTIONS_LIST, _theirs(subject))
    if not rows:
        return rows
    periods = reported_periods(reading, subject)
    return [
        row for row in rows if period_reported_on(date.fromisoformat(row["as_of"]), periods) == subject.period
    ]


def _found(reading: Reading, statement: Select[Any]) -> list[Row]:
    return [dict(row) for row in reading.execute(statement).mappings()]


def _stands(fact: FromClause, subject: Subject) -> ColumnElement[bool]:
    return visible(fact.c, literal(subject.revision))


def _of_period(fact: FromClause, subject: Subject) -> ColumnElement[bool]:
    return and_(
        fact.c.organisation_id == subject.organisation,
        fact.c.service_id == subject.service_id,
        fact.c.period_id == subject.period,
        _stands(fact, subject),
    )


def _positions(subject: Subject, rows: Sequence[Row]) -> Select[Any]:
    """The places of the measures of some rows in their report."""
    i = table(Indicator, "i")
    ids = sorted({row["indicator_id"] for row in rows})
    return select(i.c.id, i.c.position).where(i.c.id.in_(ids), _stands(i, subject))


def _notes(subject: Subject) -> Select[Any]:
    """What is said of the service, and then of its measures in the order of the report."""
    n, i, o = table(Note, "n"), table(Indicator, "i"), table(Observation, "o")
    return (
        select(
            n.c.kind,
            n.c.position,
            n.c.text,
            i.c.id.label("indicator_id"),
            i.c.title,
            o.c.id.label("observation_id"),
        )
        .select_from(n)
        .outerjoin(o, and_(o.c.indicator_id == n.c.subject_id, _of_period(o, subject)))
        .outerjoin(i, and_(i.c.id == o.c.indicator_id, _stands(i, subject)))
        .where(
            n.c.organisation_id == subject.organisation,
            n.c.period_id == subject.period,
            _stands(n, subject),
            or_(n.c.subject_id == subject.service_id, o.c.id.is_not(None)),
        )
        .order_by(i.c.position.is_not(None), i.c.position, n.c.position, n.c.id)
    )


def _interventions(subject: Subject) -> Select[Any]:
    """How far the council says that it steps in over each measure, and why."""
    t, i, o = table(Intervention, "t"), table(Indicator, "i"), table(Observation, "o")
    return (
        select(t.c.level, t.c.reason, i.c.id.label("indicator_id"), i.c.title, o.c.id.label("observation_id"))
        .select_from(t)
        .join(i, and_(i.c.id == t.c.indicator_id, _stands(i, subject)))
        .outerjoin(o, and_(o.c.indicator_id == i.c.id, _of_period(o, subject)))
        .where(_of_period(t, subject))
        .order_by(i.c.position, t.c.id)
    )
