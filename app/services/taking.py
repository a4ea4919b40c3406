"""Rows of an organisation into its drafts: all of them or, where one is wrong, none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from app.errors import Conflict, Fault
from app.imports.problems import Problem, ReportRefusedError
from app.services.audit import record
from app.services.checks import drafts_of, periods_of, problems_in
from app.services.drafting import Draft, SubjectKey, columns, table
from app.services.ownership import check_may_edit, check_may_state, hidden_names
from app.services.periods import add_periods
from app.services.references import chunks, subject_ids
from app.services.versions import Written, fact_kinds, lock_organisation, names_subject, write_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.imports.organisations import OrganisationRow
    from app.imports.reports import Report
    from app.services.permissions import Caller


ORDINAL = frozenset({"risk_control", "direction_label"})
"""What has no name of its own but its place among others."""


Mode = Callable[["Session", str, Sequence[Draft]], tuple[Collection[SubjectKey], Sequence[Problem]]]
"""What facts end when others are written, and what is wrong with writing these, in an organisation."""


def beside(_session: Session, _organisation_id: str, _drafts: Sequence[Draft]) -> tuple[tuple[()], tuple[()]]:
    """Nothing ends, and anything may be written."""
    return (), ()


@dataclass(frozen=True, slots=True)
class Taking:
    """How rows are taken: `as_of` is the date of actions that state none.

    `as_subjects` says, by file and line, which fact a row states anew. Of a `whole` report the order of the
    rows is theirs in lists, and `periods` are named beside; `correct` rewrites released schemes.
    """

    as_of: date
    mode: Mode = beside
    as_subjects: Mapping[tuple[str, int], SubjectKey] = field(default_factory=dict)
    periods: Collection[str] = ()
    whole: bool = False
    correct: bool = False


class Change(NamedTuple):
    """Who changes something, and why, as they say it."""

    who: Caller
    reason: str


def take(
    session: Session,
    organisation_id: str,
    report: Report,
    change: Change,
    taking: Taking,
) -> Written:
    """Write rows as drafts, and retire facts; does not commit.

    The organisation is locked. Raises ReportRefusedError with every problem, Forbidden where the caller
    may not change one of them, Conflict where something still names what is retired.
    """
    drafts = list(drafts_of(report, taking.as_of))
    if not taking.whole:
        drafts = list(_placed(session, organisation_id, drafts, taking.as_subjects))
    check_may_state(session, change.who, organisation_id, drafts)
    hidden = hidden_names(session, change.who, organisation_id, drafts)
    retired, misplaced = taking.mode(session, organisation_id, drafts)
    problems = [
        *report.problems,
        *misplaced,
        *problems_in(session, organisation_id, report, drafts, correct=taking.correct, hidden=hidden),
    ]
    if problems:
        raise ReportRefusedError(problems)
    check_may_edit(session, change.who, organisation_id, drafts, retired)
    _check_unnamed(session, organisation_id, drafts, retired)
    add_periods(session, {*taking.periods, *periods_of(drafts)})
    return write_facts(
        session, organisation_id, drafts, change.reason, actor=change.who.name, retired=retired
    )


def add_organisation(session: Session, row: OrganisationRow, change: Change) -> None:
    """Add a council; does not commit. Raises Conflict where there is one of that id."""
    if lock_organisation(session, row.id) is not None:
        raise Conflict(f"There is an organisation {row.id} already.")
    said = row.model_dump(exclude={"line"})
    try:
        session.execute(insert(table("organisation")).values(said))
    except IntegrityError:
        raise Conflict(f"There is an organisation {row.id} already.") from None
    record(session, row.id, change.who.name, "create organisation", change.reason, detail=said)


def standing_among(
    session: Session, organisation_id: str, subjects: Collection[SubjectKey]
) -> dict[SubjectKey, int]:
    """Those of some subjects that have a version now, with their ids."""
    ids = subject_ids(session, organisation_id, subjects)
    found: dict[SubjectKey, int] = {}
    for kind in {subject.kind for subject in ids}:
        facts = table(kind).c
        theirs = {number: subject for subject, number in ids.items() if subject.kind == kind}
        for chunk in chunks(theirs):
            query = select(facts.id).where(facts.id.in_(chunk), facts.replaced_in.is_(None))
            found.update((theirs[number], number) for number in session.scalars(query))
    return found


def _placed(
    session: Session,
    organisation_id: str,
    drafts: Sequence[Draft],
    as_subjects: Mapping[tuple[str, int], SubjectKey],
) -> Iterator[Draft]:
    """Drafts with their places: a fact that stands keeps its own, a new one comes after all of its kind.

    The place of a row within its file says so only where the file is the whole of a report.
    """
    waiting = list(drafts)
    for number, draft in enumerate(waiting):
        subject = as_subjects.get((draft.file, draft.row.line))
        if subject is not None and subject.kind == draft.subject.kind:
            ordinal = {"position": int(subject.key.rpartition("/")[2])} if subject.kind in ORDINAL else {}
            waiting[number] = draft._replace(subject=subject, values={**draft.values, **ordinal})
    placed = [draft for draft in waiting if _is_placed(draft)]
    places = _places(session, organisation_id, placed)
    last = {kind: _last_place(session, organisation_id, kind) for kind in {d.subject.kind for d in placed}}
    for draft in waiting:
        if not _is_placed(draft):
            yield draft
            continue
        place = places.get(draft.subject)
        if place is None:
            last[draft.subject.kind] += 1
            place = last[draft.subject.kind]
        yield draft._replace(values={**draft.values, "position": place})


def _is_placed(draft: Draft) -> bool:
    """Whether a fact has a place that its row does not state, and that does not name it."""
    kind = draft.subject.kind
    if kind in ORDINAL:
        return False
    return "position" in columns(kind) and "position" not in type(draft.row).columns()


def _places(session: Session, organisation_id: str, drafts: Sequence[Draft]) -> dict[SubjectKey, int]:
    """The places of facts that stand, or once stood."""
    ids = subject_ids(session, organisation_id, [draft.subject for draft in drafts])
    found: dict[SubjectKey, int] = {}
    for kind in {subject.kind for subject in ids}:
        facts = table(kind).c
        theirs = {number: subject for subject, number in ids.items() if subject.kind == kind}
        for chunk in chunks(theirs):
            query = select(facts.id, facts.position).where(facts.id.in_(chunk)).order_by(facts.made_in)
            found.update((theirs[number], place) for number, place in session.execute(query))
    return found


def _last_place(session: Session, organisation_id: str, kind: str) -> int:
    facts = table(kind).c
    query = select(func.max(facts.position)).where(facts.organisation_id == organisation_id)
    return session.scalar(query) or 0


def _check_unnamed(
    session: Session, organisation_id: str, drafts: Collection[Draft], retired: Collection[SubjectKey]
) -> None:
    """Raise Conflict where a fact that stays, or comes, names one that is retired."""
    going = subject_ids(session, organisation_id, retired)
    kept = {draft.subject for draft in drafts}
    faults = [*_naming(session, set(going.values()))] if going else []
    gone = set(retired)
    for draft in drafts:
        faults += [
            Fault("still_named", f"{draft.subject.kind} {draft.subject.key} names {name.kind} {name.key}")
            for name in draft.refers.values()
            if name in gone and name not in kept
        ]
    if faults:
        raise Conflict(f"{faults[0].message}; retire that first, or with it.", faults)


def _naming(session: Session, going: set[int]) -> Iterator[Fault]:
    subject = table("subject").c
    for kind in fact_kinds():
        facts = table(kind)
        for column in filter(names_subject, facts.columns):
            for chunk in chunks(going):
                query = select(facts.c.id, subject.key).where(
                    column.in_(chunk), facts.c.replaced_in.is_(None), subject.id == facts.c.id
                )
                for number, key in session.execute(query.limit(len(going) + 100)):
                    if number not in going:
                        yield Fault("still_named", f"{kind.replace('_', ' ')} {key} still names it")
