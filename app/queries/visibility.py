"""Which version of a fact is read: the one of its organisation's release in force, or of its drafts."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    String,
    TableValuedAlias,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.entities import Release, Revision

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlmodel import SQLModel

NOW: ColumnElement[Any] = bindparam("now")
DRAFTED: ColumnElement[Any] = bindparam("drafted", type_=String())
"""Whose drafts are read, as a JSON object: each organisation's id with its services' ids, or null for all."""
NO_DRAFTS = "{}"
PLAIN: ColumnElement[bool] = bindparam("plain", type_=Boolean())
"""Whether counts of people are read as facts have them: by what says nothing of them to anybody."""
SECOND: ColumnElement[int] = literal_column("2")
"""A place is held to be before the second: PostgreSQL takes an equality to leave one row of the nation."""


class _Members(FunctionElement[Any]):
    """The members of a JSON object, as rows of key and value."""

    name = "members"
    inherit_cache = True


@compiles(_Members, "sqlite")
def _on_sqlite(members: _Members, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    return f"json_each({compiler.process(members.clauses, **options)})"


@compiles(_Members)
def _on_postgresql(members: _Members, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    return f"json_each_text(CAST({compiler.process(members.clauses, **options)} AS json))"


def seen_at(now: datetime, drafted: str = NO_DRAFTS, *, plain: bool = False) -> dict[str, Any]:
    """The values that decide what is seen: what is in force at a moment, whose drafts, and how counts are."""
    return {"now": now, "drafted": drafted, "plain": plain}


def table(entity: type[SQLModel], alias: str) -> FromClause:
    """An entity's table under a short name, which rules' operands are written with."""
    return entity.__table__.alias(alias)  # type: ignore[attr-defined, no-any-return]  # SQLModel hides it


@cache
def releases_in_force() -> FromClause:
    """Each organisation with its latest release and the revision that is read of it, as `v`, found once.

    That is the revision which the release published or, of an organisation whose drafts are read, the
    newest one. `services` says of which services alone, with a comma before and after each id; `told` is
    the release whose ledger counts of people are read from, if any is.
    """
    cte: FromClause = _read().cte("v").prefix_with("MATERIALIZED")
    return cte


def _read() -> Any:  # noqa: ANN401 - a compound of two selections
    release = table(Release, "release")
    latest_first = (release.c.published_at.desc(), release.c.id.desc())
    place = func.row_number().over(partition_by=release.c.organisation_id, order_by=latest_first)
    placed = (
        select(release.c.organisation_id, release.c.id, release.c.revision_id, place.label("place"))
        .where(release.c.published_at <= NOW)
        .subquery("placed")
    )
    members = _drafted()
    released = select(
        placed.c.organisation_id,
        placed.c.id.label("release"),
        placed.c.revision_id.label("revision"),
        literal_column("CAST(NULL AS VARCHAR)").label("services"),
        case((PLAIN, null()), else_=placed.c.id).label("told"),
    ).where(placed.c.place < SECOND, placed.c.organisation_id.not_in(select(members.c.key)))
    return released.union_all(_drafts())


def _drafts() -> Any:  # noqa: ANN401 - a selection
    members, revision, release = _drafted(), table(Revision, "made"), table(Release, "published")
    newest = (
        select(func.max(revision.c.id)).where(revision.c.organisation_id == members.c.key).scalar_subquery()
    )
    public = (
        select(release.c.id)
        .where(release.c.organisation_id == members.c.key, release.c.published_at <= NOW)
        .order_by(release.c.published_at.desc(), release.c.id.desc())
        .limit(literal_column("1"))
        .scalar_subquery()
    )
    return select(members.c.key, public, newest, members.c.value, literal_column("CAST(NULL AS INTEGER)"))


def _drafted() -> TableValuedAlias:
    return _Members(DRAFTED).table_valued("key", "value", name="drafted")


def in_force(fact: FromClause, released: FromClause) -> ColumnElement[bool]:
    """Whether a version of a fact is the one that is read of its organisation."""
    return and_(
        released.c.organisation_id == fact.c.organisation_id,
        visible(fact.c, released.c.revision),
        *(of_services(fact.c.service_id, released) for _ in range("service_id" in fact.c)),
    )


def drafted(organisation: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether all drafts of an organisation are read."""
    members = _drafted()
    return organisation.in_(select(members.c.key).where(members.c.value.is_(None)))


def of_services(service: ColumnElement[int], released: FromClause) -> ColumnElement[bool]:
    """Whether what a service reports is read, where only some services' drafts are."""
    named = literal(",").concat(cast(service, String())).concat(",")
    return or_(released.c.services.is_(None), released.c.services.contains(named))


def visible(fact: Any, revision: ColumnElement[int]) -> ColumnElement[bool]:  # noqa: ANN401 - columns by name
    """Whether a version of a fact is the one that a revision holds."""
    return and_(fact.made_in <= revision, or_(fact.replaced_in.is_(None), fact.replaced_in > revision))
