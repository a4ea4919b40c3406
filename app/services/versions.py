"""The one way facts change: a revision that adds versions and closes those that it replaces."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.orm import Session

from app.db.inserting import insert_rows, next_ids
from app.services.audit import Change, record
from app.services.drafting import Draft, SubjectKey, columns, table
from app.services.references import chunks, subject_ids

Values = dict[str, Any]
COMMAND = "command"
"""Who acts where an operator gives a command on the machine itself."""


class Written(NamedTuple):
    """What a write did, and to which subjects. Where nothing differs there is no revision."""

    revision_id: int | None
    added: int
    changed: int
    unchanged: int
    retired: int
    subjects: Mapping[SubjectKey, int]


class _Version(NamedTuple):
    """A fact's new version beside the one that stands; without values it is retired."""

    subject: SubjectKey
    id: int
    values: Values | None
    before: Values | None

    @property
    def change(self) -> Change:
        """What the audit says of it: of a fact that stood, the columns that differ."""
        before, after = self.before, self.values
        if before is not None and after is not None:
            differing = [name for name in after if after[name] != before[name]]
            before = {name: before[name] for name in differing}
            after = {name: after[name] for name in differing}
        return Change(self.subject.kind, self.id, self.subject.key, before, after)


def lock_organisation(session: Session, organisation_id: str) -> RowMapping | None:
    """An organisation's row, so that its revisions are made one after another; None if new.

    PostgreSQL locks the row; SQLite has one writer anyway.
    """
    organisations = table("organisation")
    query = select(organisations).where(organisations.c.id == organisation_id).with_for_update()
    return session.execute(query).mappings().one_or_none()


def version_of(connection: Connection, kind: str, subject_id: int) -> int | None:
    """The revision that made what stands of a fact; of a risk in a period, the later one of the two."""
    facts = table(kind).c
    query = select(facts.made_in).where(facts.id == subject_id, facts.replaced_in.is_(None))
    version: int | None = connection.scalar(query)
    if kind == "risk_assessment" and version is not None:
        risks = table("risk").c
        query = select(risks.made_in).where(
            facts.id == subject_id,
            facts.replaced_in.is_(None),
            risks.id == facts.risk_id,
            risks.replaced_in.is_(None),
        )
        version = max(version, connection.scalar(query) or 0)
    return version


def write_facts(  # noqa: PLR0913 - a change's own parts, by name
    session: Session,
    organisation_id: str,
    drafts: Sequence[Draft],
    reason: str,
    *,
    actor: str = COMMAND,
    retired: Collection[SubjectKey] = (),
) -> Written:
    """Write what is new or differs, and end what is retired, as one revision; all else stays as it is.

    The organisation is known and the drafts refer to subjects that are known or among them. The
    periods that they name are there. The audit says what changed. Does not commit.
    """
    lock_organisation(session, organisation_id)
    known, new = _all_ids(session, organisation_id, drafts)
    ending = subject_ids(session, organisation_id, retired)
    versions = [*_versions(session, drafts, known, new), *_ended(session, ending)]
    subjects = {draft.subject: known[draft.subject] for draft in drafts}
    if not versions:
        return Written(None, 0, 0, len(drafts), 0, subjects)
    revision = make_revision(session, organisation_id, reason, actor)
    _write(session, versions, {"made_in": revision, "organisation_id": organisation_id})
    changes = [version.change for version in versions]
    record(session, organisation_id, actor, "change", reason, changes=changes, revision_id=revision)
    gone = sum(version.values is None for version in versions)
    added = sum(version.before is None for version in versions)
    changed = len(versions) - added - gone
    return Written(revision, added, changed, len(drafts) - added - changed, gone, subjects)


def fact_kinds() -> list[str]:
    """Every kind of fact, by the name of its table."""
    return [name for name, each in table("subject").metadata.tables.items() if "replaced_in" in each.c]


def names_subject(column: Any) -> bool:  # noqa: ANN401 - a column of a table
    """Whether a column names another fact by its id."""
    return column.name != "id" and any(key.target_fullname == "subject.id" for key in column.foreign_keys)


def _all_ids(
    session: Session, organisation_id: str, drafts: Sequence[Draft]
) -> tuple[dict[SubjectKey, int], set[int]]:
    """The subjects of the drafts and of what they refer to, and which of them are new with the drafts."""
    own = dict.fromkeys(draft.subject for draft in drafts)
    others = dict.fromkeys(name for draft in drafts for name in draft.refers.values())
    known = subject_ids(session, organisation_id, own | others)
    new = [name for name in own if name not in known]
    added: set[int] = set()
    if new:
        connection, subject = session.connection(), table("subject")
        ids = next_ids(connection, subject, len(new))
        rows = [(number, organisation_id, *name) for number, name in zip(ids, new, strict=True)]
        insert_rows(connection, subject, ("id", "organisation_id", "kind", "key"), rows)
        known.update(zip(new, ids, strict=True))
        added.update(ids)
    return known, added


def _versions(
    session: Session, drafts: Iterable[Draft], ids: Mapping[SubjectKey, int], new: Container[int]
) -> Iterator[_Version]:
    """The drafts that say something else than what stands."""
    kinds: dict[str, dict[int, tuple[SubjectKey, Values]]] = defaultdict(dict)
    for draft in drafts:
        refers = {column: ids[name] for column, name in draft.refers.items()}
        kinds[draft.subject.kind][ids[draft.subject]] = (draft.subject, {**draft.values, **refers})
    for kind, rows in kinds.items():
        standing = _standing(session, kind, (number for number in rows if number not in new))
        for number, (subject, values) in rows.items():
            before = standing.get(number)
            if before != values:
                yield _Version(subject, number, values, before)


def _ended(session: Session, ids: Mapping[SubjectKey, int]) -> Iterator[_Version]:
    """What stands of subjects that are retired."""
    kinds: dict[str, dict[int, SubjectKey]] = defaultdict(dict)
    for subject, number in ids.items():
        kinds[subject.kind][number] = subject
    for kind, subjects in kinds.items():
        for number, before in _standing(session, kind, subjects).items():
            yield _Version(subjects[number], number, None, before)


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


def make_revision(session: Session, organisation_id: str, reason: str, actor: str) -> int:
    """A new revision of an organisation's facts, by its number."""
    made = {
        "organisation_id": organisation_id,
        "made_at": datetime.now(UTC),
        "made_by": actor,
        "reason": reason,
    }
    revisions = table("revision")
    statement = insert(revisions).values(made).returning(revisions.c.id)
    number: int = session.execute(statement).scalar_one()
    return number


def _write(session: Session, versions: Iterable[_Version], stamp: Mapping[str, Any]) -> None:
    kinds: dict[str, list[_Version]] = defaultdict(list)
    for version in versions:
        kinds[version.subject.kind].append(version)
    for kind, theirs in kinds.items():
        facts = table(kind)
        for chunk in chunks(version.id for version in theirs if version.before is not None):
            close = update(facts).where(facts.c.id.in_(chunk), facts.c.replaced_in.is_(None))
            session.execute(close.values(replaced_in=stamp["made_in"]))
        stamped = tuple(stamp.values())
        said = [(*map(v.values.get, columns(kind)), *stamped, v.id) for v in theirs if v.values]
        names = (*columns(kind), *stamp, "id")
        insert_rows(session.connection(), facts, names, said)
