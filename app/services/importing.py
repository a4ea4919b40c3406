"""Files of rows into drafts: whole or not at all, in one of four ways, or only tried."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from app.errors import Fault, InvalidParameter, NotFound
from app.imports.problems import SHOWN, Problem
from app.services.completing import completed
from app.services.drafting import Draft, SubjectKey, columns, table
from app.services.ownership import check_reads_drafts, editable_among
from app.services.taking import Change, Taking, standing_among, take
from app.services.versions import lock_organisation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.imports.uploads import Upload
    from app.services.permissions import Caller
    from app.services.taking import Mode as Rule
    from app.services.versions import Written


class Mode(StrEnum):
    """What a file may do to what stands."""

    create = "create"
    """State what is new, and nothing that stands."""
    update = "update"
    """State anew what stands, and nothing new."""
    upsert = "upsert"
    """State what is new and what stands."""
    replace_period = "replace_period"
    """State all there is of a period: what stands and is not in the file is retired."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with a file: in which organisation, how, and as of when."""

    organisation: str
    mode: Mode
    reason: str
    as_of: date
    period: str | None = None


class Imported(NamedTuple):
    """What a file did: how many facts are new, differ, are as they were, or ended."""

    added: int
    changed: int
    unchanged: int
    retired: int


def import_rows(session: Session, upload: Upload, wanted: Wanted, who: Caller) -> Imported:
    """Write the rows of a file as drafts of an organisation; does not commit.

    What it has no column for stays as it stands.

    Raises NotFound for an organisation that is not there or not the caller's, ReportRefusedError with
    every problem, and as `take` does.
    """
    known = lock_organisation(session, wanted.organisation)
    check_reads_drafts(session, wanted.organisation, who)
    if known is None:
        raise NotFound("There is no such organisation.")
    taking = Taking(
        wanted.as_of, _rule(wanted, who), periods=() if wanted.period is None else (wanted.period,)
    )
    report = completed(session, wanted.organisation, upload.report, upload.absent)
    written: Written = take(session, wanted.organisation, report, Change(who, wanted.reason), taking)
    return Imported(written.added, written.changed, written.unchanged, written.retired)


def check_mode(mode: Mode, period: str | None) -> None:
    """Raise InvalidParameter where a period is missing, or has nothing to say."""
    if (mode is Mode.replace_period) != (period is not None):
        message = "belongs to mode=replace_period, and only to that"
        raise InvalidParameter(f"period {message}.", [Fault("missing", message, parameter="period")])


def _rule(wanted: Wanted, who: Caller) -> Rule:
    if wanted.mode is Mode.replace_period:
        return partial(_of_period, period=wanted.period or "", who=who)
    return partial(_told_apart, mode=wanted.mode)


def _told_apart(
    session: Session, organisation: str, drafts: Sequence[Draft], mode: Mode
) -> tuple[tuple[()], list[Problem]]:
    """What is new is only created, and what stands only updated, where a file says so."""
    if mode is Mode.upsert:
        return (), []
    own = [draft for draft in drafts if draft.subject.kind != "risk"]
    standing = standing_among(session, organisation, [draft.subject for draft in own])
    if mode is Mode.create:
        reason = "stands already; mode=update or upsert states it anew"
        return (), [_problem(draft, reason) for draft in own if draft.subject in standing]
    reason = "is not there to be updated; mode=create or upsert makes it"
    return (), [_problem(draft, reason) for draft in own if draft.subject not in standing]


def _of_period(
    session: Session, organisation: str, drafts: Sequence[Draft], period: str, who: Caller
) -> tuple[Collection[SubjectKey], list[Problem]]:
    """What stands of the file's kinds in a period, and is not in the file; and rows of other periods.

    Whoever edits some services replaces what is theirs.
    """
    problems = []
    kinds = Counter(draft.subject.kind for draft in drafts if "period_id" in columns(draft.subject.kind))
    for draft in drafts:
        if draft.subject.kind == "risk":
            continue
        if draft.subject.kind not in kinds:
            problems.append(_problem(draft, "is of no period, and a period cannot be replaced with it"))
        elif draft.values["period_id"] != period:
            problems.append(_problem(draft, f"is not of the period that is replaced, {period}"))
    named = {draft.subject for draft in drafts}
    ends = [
        subject
        for kind in kinds
        for subject in _standing_in(session, organisation, kind, period)
        if subject not in named
    ]
    return editable_among(session, who, organisation, ends), problems


def _standing_in(session: Session, organisation: str, kind: str, period: str) -> Iterator[SubjectKey]:
    facts, subject = table(kind).c, table("subject").c
    query = select(subject.key).where(
        facts.organisation_id == organisation,
        facts.period_id == period,
        facts.replaced_in.is_(None),
        subject.id == facts.id,
    )
    yield from (SubjectKey(kind, key) for key in session.scalars(query))


def _problem(draft: Draft, reason: str) -> Problem:
    return Problem(draft.file, draft.row.line, "", draft.subject.key[:SHOWN], reason)
