"""Keys: given out once, found by their beginning, held against a digest, and over when they are revoked.

A key has 256 random bits, so a fast digest is enough: there is nothing to guess that a slow one would
protect, as it does a password.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, insert, or_, select
from sqlalchemy.orm import Session

from app.entities import ApiKey
from app.services.audit import record
from app.services.drafting import table
from app.services.permissions import Caller, Grant, Role

MARK = "outturn_"
"""What every key begins with, so that it is known for one wherever it turns up."""
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_BYTES = 32
_FORM = re.compile(rf"{MARK}([a-z2-7]{{8}})_[A-Za-z0-9_-]{{43}}", re.ASCII)
_NO_DIGEST = hashlib.sha256(b"").hexdigest()
"""What a key is held against that is none, so that it takes as long; it is no key's digest."""

_LONDON = ZoneInfo("Europe/London")
_KEYS = table("api_key").c
_GRANTS = table("key_grant").c
_KEY_THAT_COUNTS = select(_KEYS.id, _KEYS.digest).where(
    _KEYS.prefix == bindparam("prefix"),
    _KEYS.revoked_at.is_(None),
    or_(_KEYS.expires_at.is_(None), _KEYS.expires_at > bindparam("now")),
)
_GRANTS_OF_KEY = (
    select(_GRANTS.role, _GRANTS.organisation_id, _GRANTS.service)
    .where(_GRANTS.key_id == bindparam("key"))
    .order_by(_GRANTS.position)
)


class UnknownKeyError(LookupError):
    """No key has this prefix."""


def make_key(  # noqa: PLR0913 - what a key is, by name
    session: Session,
    name: str,
    grants: Sequence[Grant],
    made_by: str,
    expires_at: datetime | None = None,
    *,
    reason: str = "",
) -> tuple[ApiKey, str]:
    """A new key, and its text, which stands nowhere else and cannot be told again; does not commit.

    The audit says what was given out, by whom and why, in the chain of no organisation.
    """
    prefix = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    text = f"{MARK}{prefix}_{secrets.token_urlsafe(_BYTES)}"
    key = ApiKey(
        name=name,
        prefix=prefix,
        digest=_digest(text),
        made_by=made_by,
        made_at=datetime.now(UTC),
        expires_at=None if expires_at is None else expires_at.astimezone(UTC),
    )
    session.add(key)
    session.flush()
    rows = [
        {
            "key_id": key.id,
            "position": position,
            "role": grant.role.value,
            "organisation_id": grant.organisation,
            "service": grant.service,
        }
        for position, grant in enumerate(grants)
    ]
    if rows:
        session.execute(insert(table("key_grant")), rows)
    said = {"name": name, "grants": [*map(str, grants)], "expires_at": key.expires_at}
    record(session, "", made_by, "make_key", reason, detail={"key": prefix, **said})
    return key, text


def revoke_key(session: Session, prefix: str, revoked_by: str, *, reason: str = "") -> ApiKey:
    """End a key now, and say so in the audit; one that was ended stays as it is. Does not commit.

    Raises UnknownKeyError.
    """
    key = session.scalars(select(ApiKey).where(_KEYS.prefix == prefix).with_for_update()).one_or_none()
    if key is None:
        message = f"no key has the prefix {prefix}"
        raise UnknownKeyError(message)
    if key.revoked_at is None:
        key.revoked_at = datetime.now(UTC)
        session.flush()
        record(session, "", revoked_by, "revoke_key", reason, detail={"key": prefix, "name": key.name})
    return key


def keys(session: Session) -> list[tuple[ApiKey, tuple[Grant, ...]]]:
    """Every key there ever was, in the order of their making, with what each is good for."""
    found = session.scalars(select(ApiKey).order_by(_KEYS.id))
    return [(key, _grants(session.connection(), key.id)) for key in found]


def standing(key: ApiKey, now: datetime) -> str:
    """Whether a key counts, in words, with the day in London until which it does or did."""
    revoked, expires = _instant(key.revoked_at), _instant(key.expires_at)
    if revoked is not None:
        return f"revoked {revoked.astimezone(_LONDON).date()}"
    if expires is None:
        return "counts"
    last = (expires - timedelta(microseconds=1)).astimezone(_LONDON).date()
    return f"counts until {last}" if now < expires else f"counted until {last}"


def end_of(day: date) -> datetime:
    """The moment at which a day is over in London: a key that is given for a day counts on all of it."""
    return datetime.combine(day + timedelta(days=1), time(), _LONDON).astimezone(UTC)


def unknown_places(session: Session, grants: Sequence[Grant]) -> list[Grant]:
    """Those of some grants whose organisation or service is not there, yet or by a slip of the pen."""
    services = table("service").c
    query = select(services.organisation_id, services.slug).where(services.replaced_in.is_(None))
    known = {(organisation, slug) for organisation, slug in session.execute(query)}
    known |= {(name, None) for name in session.scalars(select(table("organisation").c.id))}
    return [grant for grant in grants if grant.organisation and grant[1:] not in known]


def caller_of_key(connection: Connection, text: str, now: datetime) -> Caller | None:
    """Whoever shows a key; None where it is no key, or is one no longer. Nothing here is remembered."""
    found = _FORM.fullmatch(text)
    prefix = "" if found is None else found[1]
    key = connection.execute(_KEY_THAT_COUNTS, {"prefix": prefix, "now": now.astimezone(UTC)}).one_or_none()
    if not hmac.compare_digest(_digest(text), _NO_DIGEST if key is None else key.digest) or key is None:
        return None
    return Caller(f"key:{prefix}", _grants(connection, key.id))


def _grants(connection: Connection, key_id: int | None) -> tuple[Grant, ...]:
    rows = connection.execute(_GRANTS_OF_KEY, {"key": key_id})
    return tuple(Grant(Role(role), organisation, service) for role, organisation, service in rows)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _instant(value: datetime | None) -> datetime | None:
    """A moment as the database has it; SQLite forgets that it is UTC."""
    return None if value is None else value.replace(tzinfo=value.tzinfo or UTC)
