"""Which service a fact belongs to, and whether a caller may change what belongs to it."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import Forbidden, NotFound
from app.queries.visibility import releases_in_force, seen_at, visible
from app.services.drafting import Draft, SubjectKey, table
from app.services.permissions import Caller, Role
from app.services.references import chunks, subject_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session

OWNERS = ("service_id", "risk_id", "subject_id")
"""The columns by which a fact belongs to a service, if at all: itself, or what it names does."""


def services_below(session: Session, service_id: int) -> set[int]:
    """A service and those below it as they stand, by their ids."""
    services = table("service").c
    query = select(services.id, services.parent_id).where(services.replaced_in.is_(None))
    parents = {row.id: row.parent_id for row in session.execute(query)}
    found = {service_id}
    while below := {number for number, parent in parents.items() if parent in found} - found:
        found |= below
    return found


def owners_of(session: Session, facts: Iterable[tuple[str, int]]) -> dict[int, int]:
    """The service that each fact belongs to by its newest version, by their ids; facts by kind and id."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for kind, number in facts:
        kinds[kind].append(number)
    owners: dict[int, int] = {}
    for kind, numbers in kinds.items():
        owners |= _owners(session, kind, numbers)
    return owners


def _owners(session: Session, kind: str, numbers: list[int]) -> dict[int, int]:
    if kind == "service":
        return dict(zip(numbers, numbers, strict=True))
    column = next((name for name in OWNERS if name in table(kind).c), None)
    if column is None:
        return {}
    named = _named_by(session, kind, column, numbers)
    if column == "service_id":
        return named
    theirs = owners_of(session, _with_kinds(session, named.values()))
    return {number: theirs[name] for number, name in named.items() if name in theirs}


def _named_by(session: Session, kind: str, column: str, numbers: Iterable[int]) -> dict[int, int]:
    """What the newest version of each fact has in a column."""
    facts, found = table(kind).c, dict[int, int]()
    for chunk in chunks(numbers):
        query = select(facts.id, facts[column]).where(facts.id.in_(chunk)).order_by(facts.made_in)
        found.update((number, name) for number, name in session.execute(query))
    return found


def _with_kinds(session: Session, numbers: Iterable[int]) -> Iterator[tuple[str, int]]:
    subject = table("subject").c
    for chunk in chunks(sorted(set(numbers))):
        query = select(subject.kind, subject.id).where(subject.id.in_(chunk))
        yield from ((kind, number) for kind, number in session.execute(query))


class Lines:
    """The services of an organisation as they stand: each with those above it."""

    def __init__(self, session: Session, organisation_id: str) -> None:
        """Read them once."""
        services = table("service").c
        query = select(services.id, services.slug, services.parent_id).where(
            services.organisation_id == organisation_id, services.replaced_in.is_(None)
        )
        self._rows = {row.id: row for row in session.execute(query)}
        self._ids = {row.slug: row.id for row in self._rows.values()}

    def of(self, service_id: int | None) -> tuple[str, ...]:
        """The slugs of a service and of all above it; none where it does not stand."""
        found: list[str] = []
        while service_id in self._rows and self._rows[service_id].slug not in found:
            row = self._rows[service_id]
            found.append(row.slug)
            service_id = row.parent_id
        return tuple(found)

    def named(self, slug: str) -> tuple[str, ...]:
        """The same for a service by its slug, which may be new."""
        return self.of(self._ids.get(slug)) or (slug,)


def check_may_state(
    session: Session, who: Caller, organisation_id: str, drafts: Iterable[Draft], lines: Lines | None = None
) -> None:
    """Raise Forbidden where drafts say that they belong to a service which is not the caller's to edit."""
    if who.may(Role.editor, organisation_id):
        return
    lines = lines or Lines(session, organisation_id)
    for name in {_service_of(draft) for draft in drafts} - {None}:
        if not who.may(Role.editor, organisation_id, lines.named(name or "")):
            raise Forbidden(f"This credential does not edit what belongs to {name}.")


def check_may_edit(
    session: Session,
    who: Caller,
    organisation_id: str,
    drafts: Collection[Draft],
    retired: Collection[SubjectKey] = (),
) -> None:
    """Raise Forbidden where facts to be written, or those that they replace, are not the caller's to edit.

    What belongs to them is not named: it may be a draft that they do not read.
    """
    if who.may(Role.editor, organisation_id):
        return
    lines = Lines(session, organisation_id)
    check_may_state(session, who, organisation_id, drafts, lines)
    own = {draft.subject: draft for draft in drafts}
    above = {name for draft in drafts if (name := _above(draft)) is not None}
    standing = subject_ids(session, organisation_id, {*own, *above, *retired})
    owners = owners_of(session, [(subject.kind, number) for subject, number in standing.items()])
    touched = {_line(draft, own, lines, standing, owners) for draft in drafts}
    written = {standing[subject] for subject in {*own, *retired} if subject in standing}
    touched |= {lines.of(owners.get(number)) for number in written}
    if not all(who.may(Role.editor, organisation_id, services) for services in touched):
        raise Forbidden("This credential does not edit all that this changes.")


def editable_among(
    session: Session, who: Caller, organisation_id: str, subjects: Collection[SubjectKey]
) -> list[SubjectKey]:
    """Those of some facts that are the caller's to edit."""
    if who.may(Role.editor, organisation_id):
        return list(subjects)
    ids, lines = subject_ids(session, organisation_id, subjects), Lines(session, organisation_id)
    owners = owners_of(session, [(subject.kind, number) for subject, number in ids.items()])
    return [
        subject
        for subject, number in ids.items()
        if who.may(Role.editor, organisation_id, lines.of(owners.get(number)))
    ]


def _line(
    draft: Draft,
    own: Mapping[SubjectKey, Draft],
    lines: Lines,
    standing: Mapping[SubjectKey, int],
    owners: Mapping[int, int],
) -> tuple[str, ...]:
    """The services that a draft says it belongs to, itself or by what it names."""
    name, service = _above(draft), _service_of(draft)
    if name is None or name.kind == "service":
        return lines.named(service) if service else ()
    if name in own:
        return _line(own[name], own, lines, standing, owners)
    return lines.of(owners.get(standing.get(name, 0)))


def _above(draft: Draft) -> SubjectKey | None:
    """What a draft names that says whose it is."""
    return next((draft.refers[column] for column in OWNERS if column in draft.refers), None)


def _service_of(draft: Draft) -> str | None:
    """The slug of the service that a draft says it belongs to."""
    if draft.subject.kind == "service":
        return draft.subject.key
    named = _above(draft)
    if named is not None and named.kind == "service":
        return named.key
    return getattr(draft.row, "service", None)


def hidden_names(
    session: Session, who: Caller, organisation_id: str, drafts: Collection[Draft]
) -> set[SubjectKey]:
    """What drafts name that is neither public nor a draft which the caller reads: unknown to them."""
    if who.may(Role.reader, organisation_id):
        return set()
    named = {name for draft in drafts for name in draft.refers.values()}
    known = subject_ids(session, organisation_id, named - {draft.subject for draft in drafts})
    owners = owners_of(session, [(name.kind, number) for name, number in known.items()])
    lines = Lines(session, organisation_id)
    return {
        name
        for name, number in known.items()
        if number in owners
        and not may_see(who, organisation_id, lines.of(owners[number]))
        and not is_public(session, organisation_id, name.kind, number)
    }


def is_public(session: Session, organisation_id: str, kind: str, subject_id: int) -> bool:
    """Whether a fact is in the release in force of its organisation."""
    v, fact = releases_in_force(), table(kind)
    query = select(fact.c.id).join(v, visible(fact.c, v.c.revision))
    query = query.where(fact.c.id == subject_id, v.c.organisation_id == organisation_id)
    return session.execute(query, seen_at(datetime.now(UTC))).first() is not None


def is_known_to(session: Session, who: Caller, organisation_id: str) -> bool:
    """Whether an organisation has a release in force, or drafts that the caller reads."""
    readable = who.reads(organisation_id)
    if readable is None or readable:
        return True
    releases = table("release").c
    theirs = select(releases.id).where(
        releases.organisation_id == organisation_id, releases.published_at <= datetime.now(UTC)
    )
    return session.scalar(theirs.limit(1)) is not None


def check_reads_drafts(session: Session, organisation_id: str, who: Caller) -> None:
    """Raise Forbidden for who reads no drafts of an organisation that is public, NotFound where it is not."""
    readable = who.reads(organisation_id)
    if readable is None or readable:
        return
    if not is_known_to(session, who, organisation_id):
        raise NotFound("There is no such organisation.")
    raise Forbidden("This credential does not edit there.")


def may_see(who: Caller, organisation_id: str, services: Collection[str]) -> bool:
    """Whether a caller may read the drafts of a service, given with those above it."""
    return who.may(Role.reader, organisation_id, services)
