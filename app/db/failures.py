"""What a database's failure means: that it is not well now, or that the question was wrong."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_UNWELL = ("08", "53", "55", "57", "58", "XX")
"""PostgreSQL's classes: connection, resources, state, intervention, system, damage."""
_ELSEWHERE = {"25006", "25P03", "25P04"}
"""It turned out to be a standby; it ended a transaction that took too long."""
_SERIALIZATION, _DEADLOCK = "40001", "40P01"
_NO_SUCH_TABLE = "42P01"
"""PostgreSQL's; SQLite calls it an OperationalError."""


def is_unwell(error: DBAPIError) -> bool:
    """Whether the database could not answer what another time it might."""
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return True
    if (getattr(error.orig, "sqlite_errorcode", 0) & 0xFF) in _DAMAGED:
        return True
    state = _state(error)
    return state.startswith(_UNWELL) or state in _ELSEWHERE


def is_unmigrated(error: DBAPIError) -> bool:
    """Whether a table was not there."""
    return _state(error) == _NO_SUCH_TABLE


def is_worth_repeating(error: DBAPIError) -> bool:
    """Whether a question that changes nothing may be put again at once.

    Its connection had ended before or during it, but not by silence; or a standby took it back to keep up.
    """
    ended = error.connection_invalidated and not getattr(error.orig, "silent", False)
    return ended or _state(error) == _SERIALIZATION


def was_taken_back(error: DBAPIError) -> bool:
    """Whether a change was taken back whole because of another that was made at the same time."""
    return _state(error) in {_SERIALIZATION, _DEADLOCK}


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""
