"""Identity, versions and publication: one mechanism for drafts, history, as-of reads and changes."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import DateTime, Index, UniqueConstraint, text
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

BEYOND_IDS = 2**31
"""No id is as large, nor the number of a revision."""


class Subject(SQLModel, table=True):
    """The lasting identity of a fact, whatever its versions say: what an id in the API stands for."""

    __table_args__ = (UniqueConstraint("organisation_id", "kind", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    kind: str
    key: str


class Revision(SQLModel, table=True):
    """One change to an organisation's facts, made whole."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id", index=True)
    made_at: datetime = Field(sa_type=DateTime(timezone=True))
    made_by: str = ""
    reason: str


class Release(SQLModel, table=True):
    """An organisation's facts as of a revision, made public; of a service, only what is new of its period."""

    __table_args__ = (Index("ix_release_organisation_id_published_at", "organisation_id", "published_at"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    revision_id: int = Field(foreign_key="revision.id")
    published_at: datetime = Field(sa_type=DateTime(timezone=True))
    period_id: str | None = Field(default=None, foreign_key="period.id")
    as_of: date | None = None
    note: str
    service_id: int | None = None
    made_by: str = ""
    approved_by: str | None = None
    corrects_id: int | None = None
    """The release that it puts right."""


class Proposal(SQLModel, table=True):
    """A release that somebody else has to approve: the facts of a revision, as they were then."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id", index=True)
    revision_id: int = Field(foreign_key="revision.id")
    service_id: int | None = Field(default=None, foreign_key="subject.id")
    period_id: str | None = Field(default=None, foreign_key="period.id")
    as_of: date | None = None
    note: str
    publish_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    corrects_id: int | None = Field(default=None, foreign_key="release.id")
    made_by: str
    made_at: datetime = Field(sa_type=DateTime(timezone=True))
    ended_by: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    release_id: int | None = Field(default=None, foreign_key="release.id")
    """What came of it; none where it was withdrawn."""


class Fact(SQLModel):
    """What every versioned row has: whose it is, the revision that made it, the one that replaced it.

    A subject has one version that is not replaced, at most. `read_by` names the columns that its
    kind is looked up by, an index each.
    """

    read_by: ClassVar[tuple[tuple[str, ...], ...]] = ()

    id: int = Field(primary_key=True, foreign_key="subject.id")
    made_in: int = Field(primary_key=True, foreign_key="revision.id")
    replaced_in: int | None = Field(default=None, foreign_key="revision.id")
    organisation_id: str = Field(foreign_key="organisation.id")

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805 - it is asked of the class
        name = cls.__tablename__
        standing = text("replaced_in IS NULL")
        looked_up = (("organisation_id", "replaced_in"), *cls.read_by)
        return (
            Index(
                f"ix_{name}_standing",
                "id",
                unique=True,
                sqlite_where=standing,
                postgresql_where=standing,
            ),
            *(Index(f"ix_{name}_{'_'.join(columns)}", *columns) for columns in looked_up),
        )
