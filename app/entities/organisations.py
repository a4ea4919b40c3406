"""Who reports, and for when."""

from datetime import date

from sqlmodel import Field, SQLModel

from app.entities.revisions import Fact


class Organisation(SQLModel, table=True):
    """A council. Its id and GSS area code name it; they are not facts that a report may change."""

    id: str = Field(primary_key=True)
    name: str
    area_code: str


class Period(SQLModel, table=True):
    """A stretch of the calendar; its neighbours are named, whether or not anything is reported there."""

    id: str = Field(primary_key=True)
    kind: str
    label: str
    start: date
    end: date
    months: int
    months_elapsed: int
    previous_id: str | None = None
    year_earlier_id: str | None = None
    year_id: str | None = None
    last_year_id: str | None = None


class Service(Fact, table=True):
    """A unit of an organisation that reports; services form a tree."""

    slug: str
    name: str
    parent_id: int | None = Field(default=None, foreign_key="subject.id")
    kind: str
    lead: str | None = None
    position: int
