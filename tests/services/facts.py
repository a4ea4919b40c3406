"""Questions that the tests ask of the tables directly."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from app.services.drafting import table

KINDS = [name for name, facts in SQLModel.metadata.tables.items() if "made_in" in facts.columns]
"""Every table of facts."""


def versions(session: Session) -> int:
    """How many versions of facts there are, replaced ones too."""
    return sum(session.scalar(select(func.count()).select_from(table(kind))) or 0 for kind in KINDS)


def count(session: Session, name: str) -> int:
    """How many rows a table has."""
    return session.scalar(select(func.count()).select_from(table(name))) or 0


def standing(session: Session, kind: str, key: str) -> dict[str, Any]:
    """The version in force of the fact with this key."""
    rows = history(session, kind, key)
    return next(row for row in rows if row["replaced_in"] is None)


def history(session: Session, kind: str, key: str) -> list[dict[str, Any]]:
    """Every version of the fact with this key, oldest first."""
    facts, subjects = table(kind), table("subject")
    query = (
        select(facts)
        .join(subjects, subjects.c.id == facts.c.id)
        .where(subjects.c.kind == kind, subjects.c.key == key)
        .order_by(facts.c.made_in)
    )
    return [dict(row) for row in session.execute(query).mappings()]


def subject_of(session: Session, number: int) -> tuple[str, str]:
    """What kind of fact an id is of, and its key."""
    subjects = table("subject")
    row = session.execute(select(subjects).where(subjects.c.id == number)).one()
    return row.kind, row.key
