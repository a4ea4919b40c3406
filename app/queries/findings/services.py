"""Whose facts are: the service of anything that a figure may be about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select, union_all

from app.entities import (
    Action,
    BudgetLine,
    EqualityGroup,
    Establishment,
    Observation,
    ProfileCount,
    Risk,
    RiskAssessment,
    Service,
)
from app.queries.visibility import in_force, releases_in_force, table, visible

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlmodel import SQLModel

    from app.queries.editions import Reading

_AT_ONCE = 500
_KINDS: tuple[type[SQLModel], ...] = (
    Action,
    BudgetLine,
    EqualityGroup,
    Establishment,
    Observation,
    ProfileCount,
)


def services_of(reading: Reading, subjects: Collection[int]) -> dict[int, str]:
    """The slug of the service of each of some facts in force; a service is its own."""
    v, s = releases_in_force(), table(Service, "s")
    risk, assessment = table(Risk, "risk"), table(RiskAssessment, "assessment")
    facts = [table(kind, f"f{number}") for number, kind in enumerate(_KINDS)]
    owned = union_all(
        *(select(f.c.id, f.c.service_id, v.c.revision).join(v, in_force(f, v)) for f in facts),
        select(assessment.c.id, risk.c.service_id, v.c.revision)
        .join(v, in_force(assessment, v))
        .join(risk, and_(risk.c.id == assessment.c.risk_id, visible(risk.c, v.c.revision))),
        select(s.c.id, s.c.id, v.c.revision).join(v, in_force(s, v)),
    ).subquery("owned")
    named = table(Service, "named")
    statement = select(owned.c.id, named.c.slug).join(
        named, and_(named.c.id == owned.c.service_id, visible(named.c, owned.c.revision))
    )
    wanted, found = sorted(subjects), dict[int, str]()
    for start in range(0, len(wanted), _AT_ONCE):
        some = statement.where(owned.c.id.in_(wanted[start : start + _AT_ONCE]))
        found |= {row.id: row.slug for row in reading.execute(some)}
    return found
