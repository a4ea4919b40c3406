"""Risk registers with rating and band, and the heat map counted from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    FromClause,
    String,
    Subquery,
    and_,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from app.db.compiler import compile_rule, quoted
from app.entities import (
    HeatMapCell,
    Period,
    Risk,
    RiskAssessment,
    RiskControl,
    RiskMatrixLevel,
    Service,
)
from app.queries.columns import chosen, derived, fields, units, written
from app.queries.listings import Listing, Shape, binds, conditions, rows_of
from app.queries.visibility import in_force, of_services, releases_in_force, table, visible
from app.rules import risks as rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select

    from app.queries.columns import Row
    from app.queries.editions import Edition, Reading
    from app.queries.listings import Question

RISK_FIELDS = (
    *fields("id", "number"),
    *fields("organisation service period code title category"),
    *fields("impact probability rating", "number"),
    *fields("band"),
    *fields("target_impact target_probability target_rating", "number"),
    *fields("target_band movement treatment"),
    *fields("target_date", "date"),
    *fields("priority board_timing"),
    *fields("overdue", "flag"),
    *fields("as_of", "date"),
)
CELL_FIELDS = (
    *fields("id organisation service period"),
    *fields("impact", "number"),
    *fields("impact_label"),
    *fields("probability", "number"),
    *fields("probability_label"),
    *fields("rating", "number"),
    *fields("band"),
    *fields("registered published", "number"),
)
CONTROL_FIELDS = (
    *fields("description status"),
    *fields("percent_complete", "units", 2),
)


def risk_rows(edition: Edition) -> Subquery:
    """Every assessment of every risk in force, with its derived columns."""
    f = _assessed()
    dialect = edition.dialect
    now = {"impact": "f.impact", "probability": "f.probability"}
    aim = {"impact": "f.target_impact", "probability": "f.target_probability"}
    ratings = {"now": "f.rating", "before": "f.rating_before"}
    dates = {"target_date": "f.target_date", "as_of": "f.as_of", "treatment": "f.treatment"}
    answers: dict[str, ColumnElement[Any]] = {
        "rating": derived("rating", rules.rating, now, dialect),
        "target_rating": derived("target_rating", rules.rating, aim, dialect),
        "band": _band("band", "f.rating", edition),
        "target_band": _band("target_band", "f.target_rating", edition),
        "movement": derived("movement", rules.movement, ratings, dialect),
        "overdue": derived("overdue", rules.overdue, dates, dialect),
    }
    return select(*chosen(RISK_FIELDS, f, answers)).subquery("r")


def _assessed() -> Subquery:
    v = releases_in_force()
    a, before, k, s, p = (
        table(RiskAssessment, "a"),
        table(RiskAssessment, "before"),
        table(Risk, "k"),
        table(Service, "s"),
        table(Period, "p"),
    )
    plain = ("treatment", "target_date", "priority", "board_timing")
    return (
        select(
            a.c.id,
            a.c.organisation_id.label("organisation"),
            s.c.slug.label("service"),
            a.c.period_id.label("period"),
            *(k.c[name] for name in ("code", "title", "category", "matrix")),
            *(a.c[name] for name in ("impact", "probability")),
            *(a.c[name] for name in ("target_impact", "target_probability", *plain)),
            p.c.end.label("as_of"),
            (a.c.impact * a.c.probability).label("rating"),
            (a.c.target_impact * a.c.target_probability).label("target_rating"),
            (before.c.impact * before.c.probability).label("rating_before"),
        )
        .join(v, in_force(a, v))
        .join(k, and_(k.c.id == a.c.risk_id, visible(k.c, v.c.revision), of_services(k.c.service_id, v)))
        .join(s, and_(s.c.id == k.c.service_id, visible(s.c, v.c.revision)))
        .join(p, p.c.id == a.c.period_id)
        .outerjoin(
            before,
            and_(
                before.c.risk_id == a.c.risk_id,
                before.c.period_id == p.c.previous_id,
                visible(before.c, v.c.revision),
            ),
        )
        .subquery("f")
    )


def _band(label: str, rating: str, edition: Edition) -> ColumnElement[Any]:
    """The band of a rating on its organisation's matrix."""
    whens = " ".join(
        f"WHEN f.organisation = {quoted(owner)} AND f.matrix = {quoted(matrix)} THEN "
        + compile_rule(rules.band(bands), {"rating": rating}, edition.dialect)
        for (owner, matrix), bands in edition.matrices.items()
    )
    return literal_column(f"(CASE {whens} END)" if whens else "NULL").label(label)


def cell_rows(edition: Edition) -> Subquery:
    """Each cell of each heat map: the risks that the register counts there, and the count in print."""
    f = _cells()
    v = releases_in_force()
    impact, probability = table(RiskMatrixLevel, "impact"), table(RiskMatrixLevel, "probability")
    rating = derived(
        "rating",
        rules.rating,
        {"impact": "f.impact", "probability": "f.probability"},
        edition.dialect,
    )
    row_id: ColumnElement[Any] = f.c.organisation
    for part in (f.c.service, f.c.period, f.c.impact, f.c.probability):
        row_id = row_id + "/" + cast(part, String)
    answers: dict[str, ColumnElement[Any]] = {
        "id": row_id.label("id"),
        "rating": rating,
        "band": _band("band", "(f.impact * f.probability)", edition),
        "impact_label": impact.c.label.label("impact_label"),
        "probability_label": probability.c.label.label("probability_label"),
    }
    return (
        select(*chosen(CELL_FIELDS, f, answers))
        .select_from(f)
        .join(v, v.c.organisation_id == f.c.organisation)
        .outerjoin(impact, _level(impact, "impact", f, v))
        .outerjoin(probability, _level(probability, "probability", f, v))
        .subquery("r")
    )


def _level(level: FromClause, axis: str, f: Subquery, v: FromClause) -> ColumnElement[bool]:
    return and_(
        level.c.matrix == f.c.matrix,
        level.c.kind == axis,
        level.c.low == f.c[axis],
        in_force(level, v),
    )


def _cells() -> Subquery:
    """Register and print side by side, keyed by impact and probability and never by axis."""
    v, cell, s = releases_in_force(), table(HeatMapCell, "cell"), table(Service, "s")
    printed = (
        select(
            cell.c.organisation_id.label("organisation"),
            s.c.slug.label("service"),
            cell.c.period_id.label("period"),
            cell.c.matrix,
            cell.c.impact,
            cell.c.probability,
            literal_column("0").label("registered"),
            cell.c.count.label("published"),
        )
        .join(v, in_force(cell, v))
        .join(s, and_(s.c.id == cell.c.service_id, visible(s.c, v.c.revision)))
    )
    a = _assessed()
    keys = ("organisation", "service", "period", "matrix", "impact", "probability")
    register = select(*(a.c[name] for name in keys), literal_column("1").label("registered"), null())
    both = union_all(printed, register).subquery("both")
    return (
        select(
            *(both.c[name] for name in keys),
            func.sum(both.c.registered).label("registered"),
            func.sum(both.c.published).label("published"),
        )
        .group_by(*(both.c[name] for name in keys))
        .subquery("f")
    )


def controls_of(reading: Reading, assessment_ids: Sequence[int]) -> dict[int, list[Row]]:
    """The control actions of some assessed risks, in order, in one statement."""
    statement = _controls(reading.edition).where(literal_column("a.id").in_(assessment_ids))
    found = reading.execute(statement).all()
    controls: dict[int, list[Row]] = {row_id: [] for row_id in assessment_ids}
    for (row_id, *_), item in zip(found, written(CONTROL_FIELDS, [row[1:] for row in found]), strict=True):
        controls[row_id].append(item)
    return controls


def _controls(edition: Edition) -> Select[Any]:
    v, a, control = (
        releases_in_force(),
        table(RiskAssessment, "a"),
        table(RiskControl, "control"),
    )
    return (
        select(
            a.c.id,
            control.c.description,
            control.c.status,
            units("percent_complete", control.c.percent_complete, 2, edition.dialect),
        )
        .join(v, in_force(a, v))
        .join(control, and_(control.c.risk_id == a.c.risk_id, visible(control.c, v.c.revision)))
        .order_by(a.c.id, control.c.position)
    )


def cell_totals(reading: Reading, question: Question) -> dict[str, int | None]:
    """The risks that all cells of a question count, in the register and in print."""
    shape = Shape.of(question)
    rows = rows_of(HEAT_MAP, reading.edition, shape)
    statement = select(func.coalesce(func.sum(rows.c.registered), 0), func.sum(rows.c.published)).where(
        *conditions(rows.c, shape)
    )
    registered, published = reading.execute(statement, binds(question)).one()
    return {
        "registered": int(registered),
        "published": None if published is None else int(published),
    }


RISKS = Listing("risks", RISK_FIELDS, risk_rows)
HEAT_MAP = Listing("risks/heat-map", CELL_FIELDS, cell_rows)
