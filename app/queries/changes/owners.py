"""Which service a fact belongs to, as statements look for it: its own, or that of what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, bindparam, cast, literal_column, or_, select

from app.entities import (
    Action,
    BudgetLine,
    EqualityGroup,
    Establishment,
    Indicator,
    Observation,
    ProfileCount,
    Risk,
    RiskAssessment,
)
from app.queries.visibility import table, visible

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlmodel import SQLModel

    from app.queries.changes.kinds import Kind

_OWNERS = frozenset({"service_id", "risk_id", "subject_id"})
"""The columns by which a fact belongs to a service: itself, or what it names does."""
_SPOKEN_OF: tuple[type[SQLModel], ...] = (
    Observation,
    BudgetLine,
    Establishment,
    ProfileCount,
    EqualityGroup,
    Action,
    Indicator,
)
"""What notes and printed figures may be about, and names its service itself."""


def is_owned(kind: Kind) -> bool:
    """Whether facts of a kind belong to services."""
    return kind.name == "service" or any(name in kind.table.c for name in _OWNERS)


def of_services(kind: Kind, listed: str, at: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a fact belongs to one of the services whose ids are listed under a name, as of a revision."""
    columns = kind.table.c
    if kind.name == "service":
        return among(listed, columns.id)
    if "service_id" in columns:
        return among(listed, columns.service_id)
    if "risk_id" in columns:
        return _named(Risk, columns.risk_id, listed, at)
    about = (_named(entity, columns.subject_id, listed, at) for entity in _SPOKEN_OF)
    return or_(among(listed, columns.subject_id), *about, _assessed(columns.subject_id, listed, at))


def among(listed: str, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a column has one of the values that are listed under a name, with a comma around each."""
    comma: ColumnElement[str] = literal_column("','", String())
    values: ColumnElement[str] = bindparam(listed, type_=String())
    return values.contains(comma.concat(cast(column, String())).concat(comma))


def _named(
    entity: type[SQLModel], name: ColumnElement[int], listed: str, at: ColumnElement[int]
) -> ColumnElement[bool]:
    other = table(entity, f"n_{entity.__tablename__}")
    theirs = and_(other.c.id == name, visible(other.c, at), among(listed, other.c.service_id))
    return select(other.c.id).where(theirs).exists()


def _assessed(name: ColumnElement[int], listed: str, at: ColumnElement[int]) -> ColumnElement[bool]:
    a, k = table(RiskAssessment, "n_assessment"), table(Risk, "n_assessed")
    theirs = and_(k.c.id == a.c.risk_id, visible(k.c, at), among(listed, k.c.service_id))
    return select(a.c.id).where(a.c.id == name, visible(a.c, at), theirs).exists()
