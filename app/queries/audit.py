"""What was done, by whom and why, as the audit has it; for those who administer what it was done to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import func, select

from app.entities import AuditChange, AuditEntry
from app.queries.columns import chosen, fields
from app.queries.listings import Listing
from app.queries.releases import instant
from app.queries.visibility import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, FromClause, Select, Subquery

    from app.queries.columns import Field, Row
    from app.queries.editions import Edition, Reading

ENTRY_FIELDS = (
    *fields("id number", "number"),
    *fields("organisation made_at actor act reason"),
    *fields("revision release changes", "number"),
    *fields("seal_before seal"),
)
CHANGE_FIELDS = (*fields("id entry", "number"), *fields("kind key before after"))


def details_of(reading: Reading, entry: int) -> Mapping[str, Any]:
    """What else an entry says."""
    e = table(AuditEntry, "e").c
    said: str = reading.execute(select(e.detail).where(e.id == entry)).scalar_one()
    found: Mapping[str, Any] = orjson.loads(said)
    return found


def has_seal(connection: Connection, chain: str, seal: str) -> bool:
    """Whether an entry of a chain is sealed so; if not, the chain's end is gone, or another."""
    e = table(AuditEntry, "e").c
    found = connection.execute(select(e.id).where(e.chain == chain, e.seal == seal).limit(1)).first()
    return found is not None


def read_change(row: Row) -> Row:
    """A change with what the fact said before and says after, column by column."""
    said = {name: row[name] and orjson.loads(row[name]) for name in ("before", "after")}
    return {name: said.get(name, row[name]) for name in row if name != "entry"}


def _gather(edition: Edition) -> Select[Any]:
    return _entries(table(AuditEntry, "e"), edition)


def _gather_by_subject(edition: Edition) -> Select[Any]:
    """Entries, each as often as it changed a fact, with the fact's id."""
    e, c = table(AuditEntry, "e"), table(AuditChange, "c")
    return _entries(e, edition).join(c, c.c.entry_id == e.c.id).add_columns(c.c.subject_id.label("subject"))


def _entries(e: FromClause, edition: Edition) -> Select[Any]:
    return select(
        *(e.c[name] for name in ("id", "number", "actor", "act", "reason", "seal_before", "seal")),
        e.c.chain.label("organisation"),
        instant(e.c.made_at, edition.dialect).label("made_at"),
        e.c.revision_id.label("revision"),
        e.c.release_id.label("release"),
    ).select_from(e)


def _derive(fields: tuple[Field, ...], _: Edition, g: Subquery) -> Subquery:
    """Entries with how many facts each changed."""
    c = table(AuditChange, "c")
    count = select(func.count()).where(c.c.entry_id == g.c.id).scalar_subquery()
    return select(*chosen(fields, g, {"changes": count.label("changes")})).subquery("r")


def _changes(_: Edition) -> Subquery:
    c = table(AuditChange, "c")
    plain = (c.c[name] for name in ("kind", "key", "before", "after"))
    return select(c.c.subject_id.label("id"), c.c.entry_id.label("entry"), *plain).subquery("r")


_BY_SUBJECT = (*ENTRY_FIELDS, *fields("subject", "number"))
ENTRIES = Listing("audit", ENTRY_FIELDS, gather=_gather, derive=partial(_derive, ENTRY_FIELDS))
ENTRIES_BY_SUBJECT = Listing(
    "audit-by-subject", _BY_SUBJECT, gather=_gather_by_subject, derive=partial(_derive, _BY_SUBJECT)
)
"""The same with each fact that an entry changed: filtered by one, each entry once."""
CHANGES = Listing("audit-changes", CHANGE_FIELDS, _changes)
