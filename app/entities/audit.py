"""Who changed what, when and why: entries that are only ever added to, each sealed with the one before."""

from datetime import datetime

from sqlalchemy import DateTime, UniqueConstraint
from sqlmodel import Field, SQLModel


class AuditEntry(SQLModel, table=True):
    """One thing that was done, in the chain of its organisation; what concerns none has a chain of its own.

    `seal` is a digest of everything the entry says, of its changes, and of the seal before it.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("chain", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    chain: str
    """The organisation's id, or an empty text."""
    number: int
    """Its place in the chain, from 1."""
    made_at: datetime = Field(sa_type=DateTime(timezone=True))
    actor: str
    act: str
    reason: str
    revision_id: int | None = Field(default=None, index=True)
    release_id: int | None = None
    detail: str
    """What else there is to say, as JSON."""
    changes: str
    """A digest of the entry's changes."""
    seal_before: str
    seal: str


class AuditChange(SQLModel, table=True):
    """What an entry did to one subject: the columns that differ, before and after, as JSON."""

    __tablename__ = "audit_change"

    entry_id: int = Field(primary_key=True, foreign_key="audit_entry.id")
    subject_id: int = Field(primary_key=True, index=True)
    kind: str
    key: str
    before: str | None = None
    after: str | None = None
