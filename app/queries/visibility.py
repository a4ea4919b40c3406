"""Which version of a fact is read: the one that the organisation's release in force holds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, func, literal_column, or_, select

from app.entities import Release

if TYPE_CHECKING:
    from sqlmodel import SQLModel

NOW: ColumnElement[Any] = bindparam("now")
SECOND: ColumnElement[int] = literal_column("2")
"""A place is held to be before the second: PostgreSQL takes an equality to leave one row of the nation."""


def table(entity: type[SQLModel], alias: str) -> FromClause:
    """An entity's table under a short name, which rules' operands are written with."""
    return entity.__table__.alias(alias)  # type: ignore[attr-defined, no-any-return]  # SQLModel hides it


@cache
def releases_in_force() -> FromClause:
    """Each organisation with its latest release and the revision that it published, as `v`, found once."""
    release = table(Release, "release")
    latest_first = (release.c.published_at.desc(), release.c.id.desc())
    place = func.row_number().over(partition_by=release.c.organisation_id, order_by=latest_first)
    placed = (
        select(release.c.organisation_id, release.c.id, release.c.revision_id, place.label("place"))
        .where(release.c.published_at <= NOW)
        .subquery("placed")
    )
    return (
        select(
            placed.c.organisation_id,
            placed.c.id.label("release"),
            placed.c.revision_id.label("revision"),
        )
        .where(placed.c.place < SECOND)
        .cte("v")
        .prefix_with("MATERIALIZED")
    )


def in_force(fact: FromClause, released: FromClause) -> ColumnElement[bool]:
    """Whether a version of a fact belongs to its organisation's release in force."""
    return and_(
        released.c.organisation_id == fact.c.organisation_id,
        visible(fact.c, released.c.revision),
    )


def visible(fact: Any, revision: ColumnElement[int]) -> ColumnElement[bool]:  # noqa: ANN401 - columns by name
    """Whether a version of a fact is the one that a revision holds."""
    return and_(fact.made_in <= revision, or_(fact.replaced_in.is_(None), fact.replaced_in > revision))
