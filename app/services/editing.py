"""Facts one by one: created, replaced, patched and retired, as many as belong together in one change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from sqlalchemy import select

from app.errors import (
    Conflict,
    Fault,
    Forbidden,
    InvalidBody,
    NotFound,
    PreconditionFailed,
)
from app.imports.reports import Report
from app.services.checks import drafts_of
from app.services.drafting import SubjectKey, table
from app.services.ownership import (
    Lines,
    check_may_state,
    is_known_to,
    is_public,
    may_see,
    owners_of,
)
from app.services.records import Record, records
from app.services.references import chunks
from app.services.sources import SOURCES, report_of
from app.services.taking import ORDINAL, Change, Taking, standing_among, take
from app.services.versions import lock_organisation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.imports.rows import Row


Act = Literal["create", "replace", "patch", "retire"]
"""What is done to a fact."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What is done to one fact: to the one with an id, of a version that was read, or to a new one.

    `state` gives what the fact is to say, of what it says, with the organisation that it belongs to, and
    what is wrong with that; what is retired states nothing.
    """

    act: Act
    kind: str
    pointer: str
    id: int | None = None
    version: int | None = None
    state: Callable[[Record | None], tuple[tuple[str, Row] | None, list[Fault]]] | None = None


class Outcome(NamedTuple):
    """What became of a fact: its id, and the revision that made the version it has now, or that ended it."""

    act: Act
    kind: str
    id: int
    version: int
    changed: bool


class _Target(NamedTuple):
    organisation: str
    kind: str


def edit(session: Session, operations: Sequence[Operation], change: Change, today: date) -> list[Outcome]:
    """Do everything that is asked for or, where one thing cannot be done, nothing; does not commit.

    Raises NotFound for a fact that the caller may not see or that does not stand, PreconditionFailed for
    one that has another version by now, InvalidBody with every fault, Conflict where a new fact stands
    already or a retired one is named; else as `take` does.
    """
    targets = _targets(session, operations)
    _check_seen(session, operations, targets, change)
    stated = {n: _state(op, None) for n, op in enumerate(operations) if op.act == "create"}
    organisation = _organisation(operations, targets, stated)
    found = lock_organisation(session, organisation)
    if found is None or not is_known_to(session, change.who, organisation):
        message = "names no organisation"
        raise InvalidBody(
            f"organisation {message}.", [Fault("unknown_value", message, pointer="/organisation")]
        )
    known = _records(session, organisation, operations)
    for number, operation in enumerate(operations):
        if operation.act not in {"create", "retire"}:
            stated[number] = _state(operation, known[operation.id or 0])
    faults = [fault for _, found in stated.values() for fault in found]
    if faults:
        raise _invalid(faults)
    rows = {
        n: row.model_copy(update={"line": n}) for n, (said, _) in stated.items() if said for row in said[1:]
    }
    subjects = _subjects(operations, rows, known)
    check_may_state(session, change.who, organisation, drafts_of(_report(operations, rows), today))
    _check_new(session, organisation, operations, subjects, change)
    ends = [known[op.id or 0].subject for op in operations if op.act == "retire"]
    places = {(_file(op.kind), n): subjects[n] for n, op in enumerate(operations) if n in subjects}
    taking = Taking(today, lambda *_: (ends, ()), places)
    written = take(session, organisation, _report(operations, rows), change, taking)
    ids = {n: written.subjects.get(subject, 0) for n, subject in subjects.items()}
    return _outcomes(session, organisation, operations, ids, known, written.revision_id)


def _targets(session: Session, operations: Sequence[Operation]) -> Mapping[int, _Target]:
    subject, found = table("subject").c, dict[int, _Target]()
    for chunk in chunks({op.id for op in operations if op.id is not None}):
        query = select(subject.id, subject.organisation_id, subject.kind).where(subject.id.in_(chunk))
        found.update((row.id, _Target(row.organisation_id, row.kind)) for row in session.execute(query))
    for operation in operations:
        if operation.id is not None and (
            operation.id not in found or found[operation.id].kind != operation.kind
        ):
            raise _unknown()
    return found


def _state(operation: Operation, record: Record | None) -> tuple[tuple[str, Row] | None, list[Fault]]:
    assert operation.state is not None  # noqa: S101 - only what is retired states nothing
    return operation.state(record)


def _organisation(
    operations: Sequence[Operation],
    targets: Mapping[int, _Target],
    stated: Mapping[int, tuple[tuple[str, Row] | None, list[Fault]]],
) -> str:
    """The one organisation that everything is about."""
    faults = [fault for _, found in stated.values() for fault in found]
    if faults:
        raise _invalid(faults)
    whose = {target.organisation for target in targets.values()}
    whose |= {said[0] for said, _ in stated.values() if said is not None}
    if len(whose) != 1:
        at = f"{operations[0].pointer}/organisation"
        raise InvalidBody(
            "One change is of one organisation.", [Fault("several", "must be one organisation", pointer=at)]
        )
    return whose.pop()


def _check_seen(
    session: Session, operations: Sequence[Operation], targets: Mapping[int, _Target], change: Change
) -> None:
    """Raise NotFound or Forbidden where a fact to be changed is none whose drafts the caller reads."""
    asked = {op.id: op.kind for op in operations if op.id is not None}
    owners = owners_of(session, [(kind, number) for number, kind in asked.items()])
    lines = {name: Lines(session, name) for name in {target.organisation for target in targets.values()}}
    for number, kind in asked.items():
        organisation = targets[number].organisation
        if may_see(change.who, organisation, lines[organisation].of(owners.get(number))):
            continue
        if is_public(session, organisation, kind, number):
            raise Forbidden("This credential does not edit this.")
        raise _unknown()


def _records(session: Session, organisation: str, operations: Sequence[Operation]) -> dict[int, Record]:
    """What the facts say that are changed, if the caller has read what they say."""
    found: dict[int, Record] = {}
    asked = [op for op in operations if op.id is not None]
    for kind in {op.kind for op in asked}:
        ids = [op.id for op in asked if op.kind == kind and op.id is not None]
        found |= records(session, organisation, kind, ids)
    stale: list[Fault] = []
    for operation in asked:
        number = operation.id or 0
        if number not in found:
            raise _unknown()
        if operation.version is not None and operation.version != found[number].version:
            message = f"was changed since: its version is now {found[number].version}"
            stale.append(Fault("stale", message, pointer=operation.pointer))
    if stale:
        raise PreconditionFailed("Somebody has changed this since it was read; read it again.", stale)
    return found


def _subjects(
    operations: Sequence[Operation], rows: Mapping[int, Row], known: Mapping[int, Record]
) -> dict[int, SubjectKey]:
    """Which fact each row states. Raises InvalidBody where that is another than the one it is to change."""
    found: dict[int, SubjectKey] = {}
    faults: list[Fault] = []
    for number, row in rows.items():
        operation = operations[number]
        drafts = SOURCES[operation.kind].drafts(report_of(operation.kind, [row]))
        subject = next(draft.subject for draft in drafts if draft.subject.kind == operation.kind)
        found[number] = subject
        if operation.id is None:
            continue
        found[number] = known[operation.id].subject
        if _name(subject) != _name(found[number]):
            names = ", ".join(SOURCES[operation.kind].named_by)
            message = f"says which fact it is by {names}, which do not change; retire it and create another"
            faults.append(Fault("identity", message, pointer=operation.pointer))
    if faults:
        raise _invalid(faults)
    return found


def _name(subject: SubjectKey) -> str:
    """What names a fact; of one that its place names, whose it is."""
    return subject.key.rpartition("/")[0] if subject.kind in ORDINAL else subject.key


def _check_new(
    session: Session,
    organisation: str,
    operations: Sequence[Operation],
    subjects: dict[int, SubjectKey],
    change: Change,
) -> None:
    """Raise Conflict where what is to be created stands already; what has a place gets the next one."""
    new = [n for n, op in enumerate(operations) if op.act == "create"]
    last: dict[tuple[str, str], int] = {}
    for number in new:
        kind, head = subjects[number].kind, _name(subjects[number])
        if kind in ORDINAL:
            place = last.get((kind, head)) or _last_place(session, organisation, kind, head)
            last[kind, head] = place + 1
            subjects[number] = SubjectKey(kind, f"{head}/{place + 1}")
    standing = standing_among(session, organisation, [subjects[number] for number in new])
    if not standing:
        return
    owners = owners_of(session, [(subject.kind, number) for subject, number in standing.items()])
    lines = Lines(session, organisation)
    faults = []
    for n in (n for n in new if subjects[n] in standing):
        number = standing[subjects[n]]
        seen = may_see(change.who, organisation, lines.of(owners.get(number)))
        told = f", with the id {number}" if seen else ""
        faults.append(Fault("exists", f"stands already{told}", pointer=operations[n].pointer))
    raise Conflict(f"This {operations[new[0]].kind.replace('_', ' ')} {faults[0].message}.", faults)


def _last_place(session: Session, organisation: str, kind: str, head: str) -> int:
    """The last place that any of its kind ever had there: a new fact is none that was retired."""
    subject = table("subject").c
    query = select(subject.key).where(
        subject.organisation_id == organisation,
        subject.kind == kind,
        subject.key.startswith(f"{head}/", autoescape=True),
    )
    return max((int(key.rpartition("/")[2]) for key in session.scalars(query)), default=0)


def _report(operations: Sequence[Operation], rows: Mapping[int, Row]) -> Report:
    files: dict[str, tuple[Row, ...]] = {}
    for number, row in rows.items():
        name = SOURCES[operations[number].kind].rows
        files[name] = (*files.get(name, ()), row)
    return Report(name="", organisation=None, release=None, **files)  # type: ignore[arg-type]  # each file has rows of its own type


def _file(kind: str) -> str:
    return f"{SOURCES[kind].rows}.csv"


def _outcomes(  # noqa: PLR0913, PLR0917 - all that is known of what was done
    session: Session,
    organisation: str,
    operations: Sequence[Operation],
    ids: Mapping[int, int],
    known: Mapping[int, Record],
    revision: int | None,
) -> list[Outcome]:
    now: dict[int, Record] = {}
    for kind in {op.kind for op in operations}:
        numbers = [ids[n] for n, op in enumerate(operations) if op.kind == kind and n in ids]
        now |= records(session, organisation, kind, numbers)
    outcomes = []
    for number, operation in enumerate(operations):
        fact = ids.get(number) or operation.id or 0
        before = known[fact].version if fact in known else None
        version = now[fact].version if fact in now else revision or 0
        outcomes.append(Outcome(operation.act, operation.kind, fact, version, version != before))
    return outcomes


def _invalid(faults: list[Fault]) -> InvalidBody:
    first = faults[0]
    return InvalidBody(f"{first.pointer or 'The body'} {first.message}.", faults)


def _unknown() -> NotFound:
    """The same whether it never was, is retired, or may not be seen."""
    return NotFound("Nothing has this address.")
