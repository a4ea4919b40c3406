"""Actions with their status on the date of their report; initiatives and projects as councils state them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import FromClause, Subquery, and_, func, literal_column, or_, select

from app.db.compiler import compile_rule
from app.entities import (
    Action,
    Initiative,
    Project,
    PublishedFigure,
    Scheme,
    SchemeClause,
    Service,
)
from app.queries.columns import Field, chosen, fields, units
from app.queries.listings import Listing
from app.queries.observation_facts import is_supposed, scheme_revision
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.rules.schemes import ACTIONS, action_tree
from app.rules.vocabulary import Status

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from app.queries.editions import Edition

ACTION_FIELDS = (
    *fields("id", "number"),
    *fields("organisation service section code title description"),
    *fields("progress", "units", 2),
    *fields("start_date due_date", "date"),
    *fields("due_text"),
    *fields("as_of", "date"),
    *fields("cancelled", "flag"),
    *fields("scheme status status_label status_colour published_status comment"),
)
INITIATIVE_FIELDS = (
    *fields("id", "number"),
    *fields("organisation service period priority objective title milestone"),
    *fields("status comment next_milestone"),
)
PROJECT_FIELDS = (
    *fields("id", "number"),
    *fields("organisation service period title status direction comment"),
)


_JUDGED = ("progress", "start_date", "due_date", "as_of", "cancelled")


def action_rows(edition: Edition) -> Subquery:
    """Every action in force, with the status that its organisation's scheme gives it."""
    v = releases_in_force()
    a, s, sc, clause, printed = (
        table(Action, "a"),
        table(Service, "s"),
        table(Scheme, "sc"),
        table(SchemeClause, "clause"),
        table(PublishedFigure, "printed"),
    )
    revision = v.c.revision
    published = (
        select(printed.c.printed)
        .where(
            printed.c.subject_id == a.c.id,
            printed.c.field == "status",
            visible(printed.c, revision),
        )
        .order_by(printed.c.position)
        .limit(1)
        .scalar_subquery()
    )
    columns: dict[str, ColumnElement[Any]] = {
        "organisation": a.c.organisation_id.label("organisation"),
        "service": s.c.slug.label("service"),
        "progress": units("progress", a.c.progress, 2, edition.dialect),
        "scheme": sc.c.slug.label("scheme"),
        "status": func.coalesce(clause.c.code, Status.not_rated.value).label("status"),
        "status_label": clause.c.label.label("status_label"),
        "status_colour": clause.c.colour.label("status_colour"),
        "published_status": published.label("published_status"),
    }
    return (
        select(*chosen(ACTION_FIELDS, a, columns))
        .select_from(a)
        .join(v, in_force(a, v))
        .join(s, and_(s.c.id == a.c.service_id, visible(s.c, revision)))
        .outerjoin(sc, _judges(edition, sc, a, revision))
        .outerjoin(
            clause,
            and_(
                clause.c.scheme_id == sc.c.id,
                clause.c.position == _position(edition),
                visible(clause.c, scheme_revision(edition, revision)),
            ),
        )
        .subquery("r")
    )


def _judges(
    edition: Edition, sc: FromClause, a: FromClause, revision: ColumnElement[int]
) -> ColumnElement[bool]:
    """Whether a scheme is the one that judges an action."""
    supposed = edition.premises.scheme
    if supposed is not None:
        return is_supposed(supposed, sc)
    return and_(
        sc.c.organisation_id == a.c.organisation_id,
        sc.c.measure_set == ACTIONS,
        sc.c.effective_from <= a.c.as_of,
        or_(sc.c.effective_to.is_(None), sc.c.effective_to >= a.c.as_of),
        visible(sc.c, revision),
    )


def _position(edition: Edition) -> ColumnElement[Any]:
    """The position of the clause that holds for an action."""
    places = {name: f"a.{name}" for name in _JUDGED}
    whens = " ".join(
        f"WHEN sc.id IN ({', '.join(map(str, ids))}) THEN "
        + compile_rule(action_tree(conditions), places, edition.dialect)
        for conditions, ids in edition.action_schemes.items()
    )
    return literal_column(f"(CASE {whens} END)" if whens else "NULL")


def _stated(fact: FromClause, columns_of: tuple[Field, ...]) -> Subquery:
    v, s = releases_in_force(), table(Service, "s")
    columns: dict[str, ColumnElement[Any]] = {
        "organisation": fact.c.organisation_id.label("organisation"),
        "service": s.c.slug.label("service"),
        "period": fact.c.period_id.label("period"),
    }
    return (
        select(*chosen(columns_of, fact, columns))
        .join(v, in_force(fact, v))
        .join(s, and_(s.c.id == fact.c.service_id, visible(s.c, v.c.revision)))
        .subquery("r")
    )


def _initiatives(_: Edition) -> Subquery:
    return _stated(table(Initiative, "f"), INITIATIVE_FIELDS)


def _projects(_: Edition) -> Subquery:
    return _stated(table(Project, "f"), PROJECT_FIELDS)


ACTIONS_LIST = Listing("actions", ACTION_FIELDS, action_rows)
INITIATIVES = Listing("initiatives", INITIATIVE_FIELDS, _initiatives)
PROJECTS = Listing("projects", PROJECT_FIELDS, _projects)
