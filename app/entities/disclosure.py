"""Small counts of people: how a council keeps them from being told, and what each release tells."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from app.entities.revisions import Fact


class DisclosurePolicy(Fact, table=True):
    """From how many people on a council tells the counts of one list, and to which multiple it rounds."""

    __tablename__ = "disclosure_policy"

    counts: str
    """The list whose counts it is about."""
    threshold: int
    rounding: int


class PublishedCell(SQLModel, table=True):
    """What a release tells of one count, for good: a number of persons or posts, or nothing.

    A count that stands in no row here is not told either.
    """

    __tablename__ = "published_cell"

    release_id: int = Field(primary_key=True, foreign_key="release.id")
    subject_id: int = Field(primary_key=True, foreign_key="subject.id")
    field: str = Field(primary_key=True)
    """The column of the fact."""
    value: int | None = Field(default=None, sa_type=BigInteger)
