"""Rows that stand in no file as facts to write: each keeps its place in its list, or comes last."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.imports.problems import SHOWN, Problem
from app.services.drafting import columns, table
from app.services.references import chunks, subject_ids
from app.services.sources import SOURCES, report_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.imports.rows import Row
    from app.services.drafting import Draft, SubjectKey
    from app.services.records import Record

_WITHIN = {"direction_label": ("scheme_id", "code"), "risk_control": ("risk_id",)}
"""Kinds whose place ends their natural key, and the columns within which it counts."""
_LONGEST = 2000
"""Bytes of a natural key that an index of PostgreSQL takes, with the organisation's id beside it."""


def drafts_of(
    session: Session, organisation_id: str, kind: str, rows: Sequence[Row], standing: Mapping[int, Record]
) -> list[Draft]:
    """The facts that rows of one kind state; `standing` has the record that a row's line replaces.

    A place that a file gives by its order is the one that the fact has, or the next that is free. An
    assessment comes with its risk, once where several say the same of it.
    """
    kinds: dict[str, list[Draft]] = defaultdict(list)
    for draft in SOURCES[kind].drafts(report_of(kind, rows)):
        kinds[draft.subject.kind].append(draft)
    found: list[Draft] = []
    for name, drafts in kinds.items():
        if name in _WITHIN:
            found += _placed_within(session, organisation_id, drafts, standing)
        elif "position" in columns(name) and "position" not in SOURCES[kind].row.columns():
            found += _placed(session, organisation_id, drafts)
        else:
            found += drafts
    return [*_once(found, kind)]


def renamed_facts(drafts: Iterable[Draft], standing: Mapping[int, Record]) -> Iterator[Problem]:
    """Columns that would make another fact of the one that their row replaces."""
    for draft in drafts:
        before = standing.get(draft.row.line)
        if before is None or before.subject.kind != draft.subject.kind or before.subject == draft.subject:
            continue
        for column in SOURCES[draft.subject.kind].named_by:
            value = getattr(draft.row, column)
            if value != before.said[column]:
                reason = "may not change, for it names the fact; retire this one and state another"
                yield Problem(draft.file, draft.row.line, column, str(value)[:SHOWN], reason)


def long_keys(drafts: Iterable[Draft]) -> Iterator[Problem]:
    """Facts whose natural key is too long to be kept."""
    for draft in drafts:
        if len(draft.subject.key.encode()) > _LONGEST:
            reason = f"is named by more than {_LONGEST} bytes in all"
            yield Problem(draft.file, draft.row.line, "", draft.subject.key[:SHOWN], reason)


def _once(drafts: Iterable[Draft], kind: str) -> Iterator[Draft]:
    """The drafts without those of another kind, that come with several rows, said again alike."""
    first: dict[SubjectKey, Draft] = {}
    for draft in drafts:
        earlier = first.setdefault(draft.subject, draft)
        again = earlier is not draft and draft.subject.kind != kind
        if not again or (draft.values, draft.refers) != (earlier.values, earlier.refers):
            yield draft


def _placed(session: Session, organisation_id: str, drafts: Sequence[Draft]) -> Iterator[Draft]:
    kind = drafts[0].subject.kind
    facts, subject = table(kind).c, table("subject").c
    ours = (facts.organisation_id == organisation_id, facts.replaced_in.is_(None))
    known: dict[str, int] = {}
    for chunk in chunks(draft.subject.key for draft in drafts):
        query = select(subject.key, facts.position).where(
            *ours, subject.id == facts.id, subject.kind == kind, subject.key.in_(chunk)
        )
        known.update((key, position) for key, position in session.execute(query))
    free = count((session.scalar(select(func.max(facts.position)).where(*ours)) or 0) + 1)
    for draft in drafts:
        if draft.subject.key not in known:
            known[draft.subject.key] = next(free)
        yield replace(draft, values={**draft.values, "position": known[draft.subject.key]})


def _placed_within(
    session: Session, organisation_id: str, drafts: Sequence[Draft], standing: Mapping[int, Record]
) -> Iterator[Draft]:
    last: dict[str, int] = {}
    for draft in drafts:
        within, before = draft.subject.key.rpartition("/")[0], standing.get(draft.row.line)
        if before is not None:
            position = int(before.subject.key.rpartition("/")[2])
        else:
            position = (last.get(within) or _last_within(session, organisation_id, draft)) + 1
            last[within] = position
        subject = draft.subject._replace(key=f"{within}/{position}")
        yield replace(draft, subject=subject, values={**draft.values, "position": position})


def _last_within(session: Session, organisation_id: str, draft: Draft) -> int:
    """The last place that any version ever had there, so that no new fact is one that was retired."""
    facts = table(draft.subject.kind).c
    parents = subject_ids(session, organisation_id, draft.refers.values())
    where = [
        facts[column]
        == (parents.get(draft.refers[column]) if column in draft.refers else draft.values[column])
        for column in _WITHIN[draft.subject.kind]
    ]
    return session.scalar(select(func.max(facts.position)).where(*where)) or 0
