"""Requests that are remembered: answers to be given again, and files that are being taken in."""

from datetime import date, datetime

from sqlalchemy import DateTime, LargeBinary
from sqlmodel import Field, SQLModel


class KeptAnswer(SQLModel, table=True):
    """What a request with an Idempotency-Key was answered, written with what it did."""

    __tablename__ = "kept_answer"

    caller: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    digest: str
    """Of the method, the address and the body."""
    status: int
    headers: str
    """As JSON."""
    body: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = Field(sa_type=DateTime(timezone=True))


class ImportJob(SQLModel, table=True):
    """A file that was handed in, what is to be done with it, and how far that has come."""

    __tablename__ = "import_job"

    id: str = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    kind: str | None = None
    mode: str
    period_id: str | None = None
    dry_run: bool
    reason: str
    file_name: str
    media_type: str
    as_of: date
    made_by: str
    grants: str
    """What its maker may do, as JSON: a list of grants as they are written."""
    made_at: datetime = Field(sa_type=DateTime(timezone=True))
    state: str
    """waiting, running, taken, refused or failed."""
    rows: int
    rows_done: int
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    answer: str | None = None
    """What there is to say of it in the end, as JSON."""
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    """What the file was parsed into, until it is done with."""
