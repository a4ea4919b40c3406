"""From what a fact is called to the subject that it is."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.imports.problems import SHOWN, Problem
from app.services.drafting import Draft, SubjectKey, table

T = TypeVar("T")
_AT_ONCE = 1000
"""How many keys one query looks up."""


def subject_ids(session: Session, organisation_id: str, keys: Iterable[SubjectKey]) -> dict[SubjectKey, int]:
    """The ids of those subjects that an organisation has, with or without a version in force."""
    return dict(_found(session, organisation_id, keys, standing=False))


def unknown_references(
    session: Session, organisation_id: str, drafts: Sequence[Draft], hidden: Collection[SubjectKey] = ()
) -> Iterator[Problem]:
    """What drafts refer to that is neither among them nor stands in the database, or is hidden there."""
    own = {draft.subject for draft in drafts}
    wanted = {name for draft in drafts for name in draft.refers.values()} - own
    known = own | {name for name, _ in _found(session, organisation_id, wanted, standing=True)}
    known.difference_update(hidden)
    for draft in drafts:
        for column, name in draft.refers.items():
            if name not in known:
                yield _problem(draft, column.removesuffix("_id"), name)


def chunks(items: Iterable[T], size: int = _AT_ONCE) -> Iterator[list[T]]:
    """The items in lists short enough for one query."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def _found(
    session: Session, organisation_id: str, names: Iterable[SubjectKey], *, standing: bool
) -> Iterator[tuple[SubjectKey, int]]:
    for kind, keys in _by_kind(names).items():
        for chunk in chunks(keys):
            for row in session.execute(_lookup(organisation_id, kind, chunk, standing)):
                yield SubjectKey(kind, row.key), row.id


def _lookup(
    organisation_id: str,
    kind: str,
    keys: Sequence[str],
    standing: bool,  # noqa: FBT001 - passed by name
) -> Select[tuple[str, int]]:
    subject = table("subject").c
    query = select(subject.key, subject.id).where(
        subject.organisation_id == organisation_id, subject.kind == kind, subject.key.in_(keys)
    )
    if standing:
        fact = table(kind).c
        query = query.where(fact.id == subject.id, fact.replaced_in.is_(None))
    return query


def _by_kind(names: Iterable[SubjectKey]) -> Mapping[str, list[str]]:
    kinds: dict[str, list[str]] = defaultdict(list)
    for name in names:
        kinds[name.kind].append(name.key)
    return kinds


def _problem(draft: Draft, column: str, name: SubjectKey) -> Problem:
    value = str(getattr(draft.row, column))[:SHOWN]
    reason = f"names no {name.kind.replace('_', ' ')} of this report or an earlier one"
    return Problem(draft.file, draft.row.line, column, value, reason)
