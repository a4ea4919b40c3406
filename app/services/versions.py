"""The one way facts change: a revision that adds versions and closes those that it replaces."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.orm import Session

from app.services.drafting import Draft, SubjectKey, columns, table
from app.services.references import chunks, subject_ids

Values = dict[str, Any]


class Written(NamedTuple):
    """What a write did. Where nothing differs there is no revision."""

    revision_id: int | None
    added: int
    changed: int
    unchanged: int


class _Change(NamedTuple):
    kind: str
    id: int
    values: Values
    replaces: bool


def lock_organisation(session: Session, organisation_id: str) -> RowMapping | None:
    """An organisation's row, so that its revisions are made one after another; None if new.

    PostgreSQL locks the row; SQLite has one writer anyway.
    """
    organisations = table("organisation")
    query = select(organisations).where(organisations.c.id == organisation_id).with_for_update()
    return session.execute(query).mappings().one_or_none()


def write_facts(session: Session, organisation_id: str, drafts: Sequence[Draft], reason: str) -> Written:
    """Write what is new or differs, as one revision; what a draft does not name stays as it is.

    The organisation is known and the drafts refer to subjects that are known or among them. The
    periods that they name are there. Does not commit.
    """
    lock_organisation(session, organisation_id)
    changes = _changes(session, drafts, _all_ids(session, organisation_id, drafts))
    if not changes:
        return Written(None, 0, 0, len(drafts))
    revision = _make_revision(session, organisation_id, reason)
    _write(session, changes, {"made_in": revision, "organisation_id": organisation_id})
    changed = sum(change.replaces for change in changes)
    return Written(revision, len(changes) - changed, changed, len(drafts) - len(changes))


def _all_ids(session: Session, organisation_id: str, drafts: Sequence[Draft]) -> Mapping[SubjectKey, int]:
    """The subjects of the drafts and of what they refer to; a new one for each new draft."""
    own = dict.fromkeys(draft.subject for draft in drafts)
    others = dict.fromkeys(name for draft in drafts for name in draft.refers.values())
    known = subject_ids(session, organisation_id, own | others)
    new = [
        {"organisation_id": organisation_id, "kind": name.kind, "key": name.key}
        for name in own
        if name not in known
    ]
    if new:
        subject = table("subject")
        statement = insert(subject).returning(subject.c.kind, subject.c.key, subject.c.id)
        for kind, key, number in session.execute(statement, new):
            known[SubjectKey(kind, key)] = number
    return known


def _changes(session: Session, drafts: Iterable[Draft], ids: Mapping[SubjectKey, int]) -> list[_Change]:
    kinds: dict[str, dict[int, Values]] = defaultdict(dict)
    for draft in drafts:
        refers = {column: ids[name] for column, name in draft.refers.items()}
        kinds[draft.subject.kind][ids[draft.subject]] = {**draft.values, **refers}
    changes = []
    for kind, rows in kinds.items():
        standing = _standing(session, kind, rows)
        changes += [
            _Change(kind, number, values, number in standing)
            for number, values in rows.items()
            if standing.get(number) != values
        ]
    return changes


def _standing(session: Session, kind: str, ids: Iterable[int]) -> dict[int, Values]:
    """The versions in force now of those subjects that have one."""
    facts = table(kind)
    wanted = [facts.c[name] for name in columns(kind)]
    found: dict[int, Values] = {}
    for chunk in chunks(ids):
        query = select(facts.c.id, *wanted).where(facts.c.id.in_(chunk), facts.c.replaced_in.is_(None))
        for row in session.execute(query).mappings():
            found[row["id"]] = {name: row[name] for name in columns(kind)}
    return found


def _make_revision(session: Session, organisation_id: str, reason: str) -> int:
    made = {
        "organisation_id": organisation_id,
        "made_at": datetime.now(UTC),
        "reason": reason,
    }
    revisions = table("revision")
    statement = insert(revisions).values(made).returning(revisions.c.id)
    number: int = session.execute(statement).scalar_one()
    return number


def _write(session: Session, changes: Iterable[_Change], stamp: Mapping[str, Any]) -> None:
    kinds: dict[str, list[_Change]] = defaultdict(list)
    for change in changes:
        kinds[change.kind].append(change)
    for kind, theirs in kinds.items():
        facts = table(kind)
        for chunk in chunks(change.id for change in theirs if change.replaces):
            close = update(facts).where(facts.c.id.in_(chunk), facts.c.replaced_in.is_(None))
            session.execute(close.values(replaced_in=stamp["made_in"]))
        rows = [{**change.values, **stamp, "id": change.id} for change in theirs]
        session.execute(insert(facts), rows)
