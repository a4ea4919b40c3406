"""Rows of files that do without some columns: what stands there stays, checked together with what is new."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from app.imports.problems import SHOWN, Problem
from app.services.records import records
from app.services.sources import SOURCES, report_of
from app.services.taking import ORDINAL, standing_among

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.imports.reports import Report
    from app.imports.rows import Row
    from app.services.drafting import SubjectKey
    from app.services.records import Record


_BESIDE = " (with what stands in the columns that the file has not)"


def completed(
    session: Session, organisation_id: str, report: Report, absent: Mapping[str, frozenset[str]]
) -> Report:
    """A report whose rows say of the columns that their file has not what stands of the same facts.

    A row that does not go with what stands is left as it was, and a problem says why.
    """
    for kind, source in SOURCES.items():
        columns = absent.get(f"{source.rows}.csv")
        if not columns or kind in ORDINAL:
            continue
        rows: tuple[Row, ...] = getattr(report, source.rows)
        standing = _standing(session, organisation_id, kind, rows)
        problems: list[Problem] = []
        whole: list[Row] = []
        for place, row in enumerate(rows):
            record = standing.get(place)
            whole.append(row if record is None else _with(row, record, columns, source.rows, problems))
        stated: dict[str, Any] = {source.rows: tuple(whole)}
        report = replace(report, **stated, problems=(*report.problems, *problems))
    return report


def _standing(session: Session, organisation_id: str, kind: str, rows: tuple[Row, ...]) -> dict[int, Record]:
    """What stands of the fact that each row states, by the place of the row."""
    named: dict[int, SubjectKey] = {}
    for draft in SOURCES[kind].drafts(report_of(kind, [_at(row, place) for place, row in enumerate(rows)])):
        if draft.subject.kind == kind:
            named[draft.row.line] = draft.subject
    ids = standing_among(session, organisation_id, list(named.values()))
    found = records(session, organisation_id, kind, ids.values())
    return {place: found[ids[subject]] for place, subject in named.items() if subject in ids}


def _at(row: Row, place: int) -> Row:
    return row.model_copy(update={"line": place})


def _with(row: Row, record: Record, columns: frozenset[str], file: str, problems: list[Problem]) -> Row:
    """A row with what stands in the columns that it has not."""
    kept = {name: record.said[name] for name in columns if record.said.get(name) is not None}
    if not kept:
        return row
    said = {name: value for name, value in row if value is not None and name not in columns}
    try:
        return type(row).model_validate({**said, **kept})
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            for column, reason in error.get("ctx", {}).get("faults", [("", error["msg"])]):
                value = str(said.get(column, kept.get(column, "")))[:SHOWN]
                problems.append(Problem(f"{file}.csv", row.line, column, value, f"{reason}{_BESIDE}"))
        return row
