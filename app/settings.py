"""Every setting of a deployment, read once from OUTTURN_ environment variables."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

_DATABASE_URL = r"^(sqlite|postgresql)(\+\w+)?://"


class Settings(BaseSettings):
    """What an operator may choose; an empty variable counts as one left unset."""

    model_config = SettingsConfigDict(
        env_prefix="OUTTURN_",
        env_ignore_empty=True,
        frozen=True,
        hide_input_in_errors=True,  # a database URL may carry a password
        use_attribute_docstrings=True,
    )

    database_url: str = Field(default="sqlite:///var/outturn.db", pattern=_DATABASE_URL, repr=False)
    """Where facts are written and, without a replica, read: a SQLite or PostgreSQL URL."""

    replica_url: str | None = Field(default=None, pattern=_DATABASE_URL, repr=False)
    """A hot standby that answers the reads; unset, the database itself answers them."""

    host: str = "127.0.0.1"
    """The address that `outturn serve` listens on."""

    port: int = Field(default=8123, ge=1, le=65535)
    """The port that `outturn serve` listens on."""

    log_level: Literal["critical", "error", "warning", "info", "debug"] = "info"
    """The least serious message that is logged."""

    read_model: bool = True
    """Whether lists may be read from the copies of releases; if not, all is derived on read."""

    cache_megabytes: int = Field(default=32, ge=0, le=4096)
    """How much memory each process keeps answers in; 0 for none."""

    workers: int = Field(default=1, ge=1, le=64)
    """How many processes `outturn serve` answers with."""

    migrate_on_start: bool = False
    """Whether `outturn serve` brings the database up to date before it listens."""

    public_url: str | None = Field(default=None, pattern=r"^https?://\S+[^\s/]$")
    """The address the public sees, without a closing slash; unset, each request's own."""


@cache
def settings() -> Settings:
    """Return the settings of this process, the same object at every call.

    Raises:
        pydantic.ValidationError: a variable holds what its setting cannot be.
    """
    return Settings()


def migrations_folder() -> Path:
    """Return the folder of Alembic's migrations: inside a wheel, beside the package in a checkout.

    In a wheel it cannot be a folder of its own, as it would overwrite the library `alembic`.
    """
    package = Path(__file__).parent
    shipped = package / "alembic"
    return shipped if shipped.is_dir() else package.parent / "alembic"
