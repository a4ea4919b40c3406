"""Moments as they come back from a database, and as they are written out."""

from datetime import UTC, datetime


def in_utc(moment: datetime) -> datetime:
    """A moment with its zone; SQLite forgets that it is in UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def instant_text(moment: datetime) -> str:
    """A moment as RFC 3339 writes it, in UTC to the microsecond."""
    return in_utc(moment).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
