"""The audit: what was done, by whom and why, sealed entry by entry in the transaction that does it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import func, insert, select, text

from app.db.inserting import insert_rows
from app.entities import AuditChange, AuditEntry
from app.queries.visibility import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

FIRST = "0" * 64
"""What the first entry of a chain has for the seal before it."""
_AT_ONCE = 1000
_ENTRY, _CHANGE = table(AuditEntry, "entry"), table(AuditChange, "change")


class Change(NamedTuple):
    """What became of one fact: the columns that differ; nothing before it was made or after it is retired."""

    kind: str
    subject_id: int
    key: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


class Broken(NamedTuple):
    """Where a chain does not hold, and why."""

    chain: str
    number: int
    reason: str


class Chain(NamedTuple):
    """A chain that holds: how many entries it has, and the seal of the last."""

    chain: str
    entries: int
    seal: str


def record(  # noqa: PLR0913 - what an entry says, by name
    session: Session,
    chain: str,
    actor: str,
    act: str,
    reason: str,
    *,
    changes: Sequence[Change] = (),
    revision_id: int | None = None,
    release_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Add an entry to the chain of an organisation, or to the one of none, and give its id; does not commit.

    `actor` is who did it, `act` what in a word, `reason` why as they said it.
    """
    connection = session.connection()
    number, before = _end(connection, chain)
    rows = [_row(change) for change in changes]
    said = {
        "chain": chain,
        "number": number,
        "made_at": datetime.now(UTC),
        "actor": actor,
        "act": act,
        "reason": reason,
        "revision_id": revision_id,
        "release_id": release_id,
        "detail": _json(detail or {}),
        "changes": _digest(rows),
        "seal_before": before,
    }
    entries = AuditEntry.metadata.tables["audit_entry"]
    statement = insert(entries).values({**said, "seal": _seal(said)}).returning(entries.c.id)
    entry: int = connection.execute(statement).scalar_one()
    names = ("kind", "subject_id", "key", "before", "after")
    changed = [(entry, *(row[name] for name in names)) for row in rows]
    insert_rows(connection, AuditEntry.metadata.tables["audit_change"], ("entry_id", *names), changed)
    return entry


def verify(connection: Connection) -> Iterator[Broken | Chain]:
    """Each chain from its start: that it holds, or the first place where it does not.

    An entry that was cut off at the end leaves no trace in what is left: compare the last seal with one
    that was noted down elsewhere.
    """
    chains = connection.scalars(select(_ENTRY.c.chain).distinct().order_by(_ENTRY.c.chain)).all()
    for chain in chains:
        yield _verified(connection, chain)


def _verified(connection: Connection, chain: str) -> Broken | Chain:
    before, number = FIRST, 0
    query = select(_ENTRY).where(_ENTRY.c.chain == chain).order_by(_ENTRY.c.number)
    for number, entry in enumerate(map(dict, connection.execute(query).mappings()), 1):
        if entry["number"] != number:
            return Broken(chain, number, "is missing")
        if entry["seal_before"] != before:
            return Broken(chain, number, "does not follow from the entry before it")
        if entry["changes"] != _digest(_changes(connection, entry["id"])):
            return Broken(chain, number, "has other changes than it was sealed with")
        if entry["seal"] != _seal(entry):
            return Broken(chain, number, "says something else than it was sealed with")
        before = entry["seal"]
    return Chain(chain, number, before)


def _end(connection: Connection, chain: str) -> tuple[int, str]:
    """The number of the next entry, and the seal that it follows from; nobody else adds one meanwhile."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtext('audit'), hashtext(:chain))"), {"chain": chain}
        )
    newest = select(func.max(_ENTRY.c.number)).where(_ENTRY.c.chain == chain).scalar_subquery()
    query = select(_ENTRY.c.number, _ENTRY.c.seal).where(_ENTRY.c.chain == chain, _ENTRY.c.number == newest)
    last = connection.execute(query).one_or_none()
    return (1, FIRST) if last is None else (last.number + 1, last.seal)


def _changes(connection: Connection, entry: int) -> Iterator[Mapping[str, Any]]:
    query = select(_CHANGE).where(_CHANGE.c.entry_id == entry).order_by(_CHANGE.c.subject_id)
    found = connection.execute(query, execution_options={"yield_per": _AT_ONCE})
    yield from map(dict, found.mappings())


def _row(change: Change) -> dict[str, Any]:
    kind, subject, key, before, after = change
    return {
        "kind": kind,
        "subject_id": subject,
        "key": key,
        "before": None if before is None else _json(before),
        "after": None if after is None else _json(after),
    }


def _digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """A digest of changes, in the order of their subjects."""
    digest = hashlib.sha256()
    for row in sorted(rows, key=lambda row: int(row["subject_id"])):
        parts = [row[name] for name in ("subject_id", "kind", "key", "before", "after")]
        digest.update(orjson.dumps(parts, option=orjson.OPT_APPEND_NEWLINE))
    return digest.hexdigest()


def _seal(entry: Mapping[str, Any]) -> str:
    """A digest of all that an entry says but itself, its id and its place in the table."""
    names = ("chain", "number", "actor", "act", "reason", "revision_id", "release_id", "detail")
    made_at: datetime = entry["made_at"]
    instant = made_at.replace(tzinfo=made_at.tzinfo or UTC).astimezone(UTC).isoformat(timespec="microseconds")
    said = [instant, *(entry[name] for name in (*names, "changes", "seal_before"))]
    return hashlib.sha256(orjson.dumps(said)).hexdigest()


def _json(values: Mapping[str, Any]) -> str:
    return orjson.dumps(values, default=_text, option=orjson.OPT_SORT_KEYS).decode()


def _text(value: object) -> str:
    """A decimal as it is written, without the zeros of its column."""
    if isinstance(value, Decimal):
        return format(value.normalize() if value else Decimal(0), "f")
    raise TypeError(type(value).__name__)
