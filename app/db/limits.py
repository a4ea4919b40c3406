"""How long a database may take, in seconds, and how PostgreSQL is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from app.settings import Settings

GRACE = 2.0
"""How much longer than its own limit a server may be silent before it is given up."""
NOTICE = {
    "keepalives": 1,
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 4000,
}
"""How TCP finds out that nobody is there any more: 4 seconds after sending, 10 into waiting."""


class Limits(NamedTuple):
    """Zero stands for no limit.

    Of one statement, of waiting for a lock, of doing nothing in the middle of a transaction, of
    connecting, and of waiting until one of the connections is free.
    """

    statement: float = 0
    lock: float = 0
    idle: float = 0
    connect: int = 3
    place: float = 0

    @property
    def silence(self) -> float | None:
        """When a server is given up that was asked and should have answered, if only to say no."""
        return self.statement + GRACE if self.statement else None


UNHURRIED = Limits()
"""For commands, which take as long as they take."""


def limits_of(chosen: Settings) -> Limits:
    """The limits that an operator chose for the service."""
    return Limits(
        chosen.statement_seconds,
        chosen.lock_seconds,
        chosen.idle_seconds,
        chosen.connect_seconds,
        chosen.place_seconds,
    )


def arguments(url: URL, limits: Limits, *options: str) -> dict[str, Any]:
    """What PostgreSQL's client is told beside an address; what the address says itself stands."""
    told = {
        "statement_timeout": limits.statement,
        "lock_timeout": limits.lock,
        "idle_in_transaction_session_timeout": limits.idle,
    }
    said = [f"-c {name}={int(1000 * seconds)}" for name, seconds in told.items() if seconds]
    given = dict(url.query)
    words = [*said, *options, str(given.pop("options", ""))]
    chosen = {"connect_timeout": limits.connect, **NOTICE, "options": " ".join(filter(None, words))}
    return {name: value for name, value in chosen.items() if value and name not in given}
