"""Which service a fact belongs to, and whether a caller may change what belongs to it."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import Forbidden, NotFound
from app.services.drafting import Draft, SubjectKey, table
from app.services.permissions import Caller, Role
from app.services.references import chunks, subject_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

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


def check_may_edit(
    session: Session,
    who: Caller,
    organisation_id: str,
    drafts: Collection[Draft],
    retired: Collection[SubjectKey] = (),
) -> None:
    """Raise Forbidden where facts to be written, or those that they replace, are not the caller's to edit."""
    if who.may(Role.editor, organisation_id):
        return
    lines = Lines(session, organisation_id)
    standing = subject_ids(session, organisation_id, [*(draft.subject for draft in drafts), *retired])
    owners = owners_of(session, [(subject.kind, number) for subject, number in standing.items()])
    named = {_service_of(draft) for draft in drafts}
    touched = {lines.named(name) if name else () for name in named}
    touched |= {lines.of(owners.get(number)) for number in standing.values()}
    for services in touched:
        if not who.may(Role.editor, organisation_id, services):
            whose = services[0] if services else "the whole organisation"
            raise Forbidden(f"This credential does not edit what belongs to {whose}.")


def _service_of(draft: Draft) -> str | None:
    """The slug of the service that a draft says it belongs to."""
    if draft.subject.kind == "service":
        return draft.subject.key
    named = next((draft.refers[column] for column in OWNERS if column in draft.refers), None)
    if named is not None and named.kind == "service":
        return named.key
    return getattr(draft.row, "service", None)


def check_reads_drafts(session: Session, organisation_id: str, who: Caller) -> None:
    """Raise Forbidden for who reads no drafts of an organisation that is public, NotFound where it is not."""
    readable = who.reads(organisation_id)
    if readable is None or readable:
        return
    releases = table("release").c
    theirs = select(releases.id).where(
        releases.organisation_id == organisation_id, releases.published_at <= datetime.now(UTC)
    )
    if session.scalar(theirs.limit(1)) is None:
        raise NotFound("There is no such organisation.")
    raise Forbidden("This credential does not edit there.")


def may_see(who: Caller, organisation_id: str, services: Collection[str]) -> bool:
    """Whether a caller may read the drafts of a service, given with those above it."""
    return who.may(Role.reader, organisation_id, services)
