"""Every setting of a deployment, read once from OUTTURN_ environment variables."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_DATABASE_URL = r"^(sqlite|postgresql)(\+\w+)?://"
TRUSTED_URL = r"^(https://[^\s/?#@]+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)(/[^\s#]*)?$"
"""Where keys may be fetched from: a place such that nobody on the way can change what is said."""
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""What a token may be signed with. None has a secret that this service would know, too."""


def _listed(value: object) -> object:
    """A variable's words, separated by commas."""
    return [word.strip() for word in value.split(",")] if isinstance(value, str) else value


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

    statement_seconds: float = Field(default=30, ge=0, le=3600)
    """How long PostgreSQL may work on one statement of a request; 0 for as long as it takes."""

    lock_seconds: float = Field(default=5, ge=0, le=3600)
    """How long a request may wait for a lock on PostgreSQL; 0 for as long as it takes."""

    idle_seconds: float = Field(default=60, ge=0, le=3600)
    """How long a transaction on PostgreSQL may do nothing before it is ended; 0 for as long as it likes."""

    connect_seconds: int = Field(default=3, ge=2, le=60)
    """How long connecting to PostgreSQL may take."""

    place_seconds: float = Field(default=5, ge=0, le=3600)
    """How long a request may wait until a connection to PostgreSQL is free; 0 for as long as it takes."""

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

    publisher: str = Field(default="Outturn", min_length=1)
    """Who publishes what spans councils, as catalogues name them."""

    contact_name: str = Field(default="Open data", min_length=1)
    """Whom to ask about what is published, as catalogues name them; no person."""

    contact_email: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9_.+-]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+$"
    )
    """Where to ask; unset, catalogues give no address."""

    files_folder: Path | None = None
    """Where files of releases are kept, of which none is missed; unset, beside an SQLite database, or among
    the temporary files."""

    files_megabytes: int = Field(default=4096, ge=0, le=2**20)
    """How much room these files may take; 0 to keep none, and make each for whoever asks."""

    second_approver: bool = False
    """Whether every release must be proposed by one publisher and approved by another."""

    chores: bool = True
    """Whether the processes of `outturn serve` copy releases and take in long files; of several, any may."""

    webhooks: bool = True
    """Whether the processes of `outturn serve` tell webhooks; of several on one database, any may."""

    webhook_private: bool = False
    """Whether webhooks may be told by http, and in private networks: for inside, and for trying them out."""

    oidc_issuer: str | None = Field(default=None, pattern=TRUSTED_URL)
    """Whose tokens are accepted, as their `iss` has it; unset, there are keys only."""

    oidc_audience: str | None = Field(default=None, min_length=1)
    """What a token's `aud` must name: this service, as the issuer knows it."""

    oidc_algorithms: Annotated[tuple[Algorithm, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=("RS256", "ES256"), min_length=1
    )
    """What a token may be signed with, separated by commas; never a shared secret, never nothing."""

    oidc_jwks_url: str | None = Field(default=None, pattern=TRUSTED_URL)
    """Where the issuer's keys are; unset, where its discovery document says."""

    oidc_claim: str = Field(default="outturn", min_length=1)
    """The claim that lists what a caller may do, as `editor:barnet`; other texts in it give nothing."""

    @property
    def base_url(self) -> str:
        """What links begin with that must be whole: the public address or, unset, where it listens.

        Never what a request says of itself: answers are kept, and go to others.
        """
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @model_validator(mode="after")
    def _names_its_audience(self) -> Self:
        if self.oidc_issuer is not None and self.oidc_audience is None:
            message = "OUTTURN_OIDC_ISSUER needs OUTTURN_OIDC_AUDIENCE: a token for others is not for us"
            raise ValueError(message)
        return self


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
