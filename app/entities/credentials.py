"""Who may ask for more than the public may: keys, and what each is good for."""

from datetime import datetime

from sqlalchemy import DateTime
from sqlmodel import Field, SQLModel


class ApiKey(SQLModel, table=True):
    """A key as it was given out: its beginning, to find it by, and a digest of the whole.

    The key itself is shown once and stands nowhere.
    """

    __tablename__ = "api_key"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    prefix: str = Field(unique=True)
    digest: str
    made_by: str
    made_at: datetime = Field(sa_type=DateTime(timezone=True))
    expires_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    revoked_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class KeyGrant(SQLModel, table=True):
    """What a key is good for: a role, everywhere, in an organisation, or in a service and those below it."""

    __tablename__ = "key_grant"

    key_id: int = Field(primary_key=True, foreign_key="api_key.id")
    position: int = Field(primary_key=True)
    role: str
    organisation_id: str | None = None
    service: str | None = None
    """The slug of a service."""
