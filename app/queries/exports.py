"""All rows of a list or of a dataset, some at a time: as lines of CSV, as objects, as rows of cells."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import ColumnElement, Select, literal_column, select

from app.queries.actions import ACTIONS_LIST
from app.queries.budgets import BUDGET_VARIANCES
from app.queries.columns import Field, Row, fields, written
from app.queries.findings import listing as findings
from app.queries.findings.found import Hidden
from app.queries.lines import as_bytes, line
from app.queries.listings import (
    Filter,
    Listing,
    Question,
    Shape,
    binds,
    conditions,
    fenced,
    order_of,
    rows_of,
)
from app.queries.observations import OBSERVATIONS
from app.queries.organisations import INDICATORS
from app.queries.risks import HEAT_MAP, RISKS, controls_of
from app.queries.scorecards.subjects import SCORECARDS
from app.queries.workforce import WORKFORCE_ESTABLISHMENT, WORKFORCE_METRICS, WORKFORCE_PROFILES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import FromClause

    from app.queries.editions import Edition, Reading

AT_ONCE = 1000
"""How many rows are read and sent together: enough that sending costs little beside reading."""
LISTS: Mapping[str, Listing] = {
    "risk-heat-map": HEAT_MAP,
    **{
        listing.name: listing
        for listing in (
            *(OBSERVATIONS, INDICATORS, BUDGET_VARIANCES, RISKS, ACTIONS_LIST, SCORECARDS),
            *(WORKFORCE_METRICS, WORKFORCE_ESTABLISHMENT, WORKFORCE_PROFILES),
        )
    },
}
"""The list that each dataset has its rows from; findings are no rows of SQL."""
FINDINGS = "findings"
FINDING_FIELDS = (
    *fields("id organisation"),
    *fields("release", "number"),
    *fields("service period subject_kind"),
    *fields("subject_id", "number"),
    *fields("subject href field place published derived check kind reason inputs explained_by"),
)
"""A finding as a row of a table: its subject in columns of its own, and texts for what has several parts."""


def columns_of(dataset: str) -> tuple[Field, ...]:
    """The columns of a dataset as a table, in order; parts that are rows of other lists are left out."""
    return FINDING_FIELDS if dataset == FINDINGS else LISTS[dataset].fields


def rows_of_dataset(
    reading: Reading, dataset: str, organisation: str | None = None
) -> Iterator[list[dict[str, Any]]]:
    """A dataset's rows by id, of all organisations or of one, in wire form and with its columns alone.

    Some rows at a time, of the one state that is read; never held all at once, but for findings.
    """
    if dataset != FINDINGS:
        return rows_of_list(reading, LISTS[dataset], question_of(organisation))
    return _parted([flat_finding(row) for row in findings.ordered(reading, question_of(organisation))])


def objects_of_dataset(
    reading: Reading, dataset: str, organisation: str | None = None
) -> Iterator[Sequence[Row | orjson.Fragment]]:
    """The same rows as the dataset's list has them in JSON, with their parts."""
    question = question_of(organisation)
    if dataset == FINDINGS:
        return _parted(findings.ordered(reading, question))
    listing = LISTS[dataset]
    if reading.edition.copied and listing.copy is not None:
        return _answers(reading, listing, listing.copy, question)
    rows = rows_of_list(reading, listing, question)
    return _with_controls(reading, rows) if listing is RISKS else rows


def lines_of_list(
    reading: Reading, listing: Listing, question: Question, *, bare: bool = False
) -> Iterator[bytes]:
    """Every row that a question leaves, in its order, as lines of CSV that the database prints.

    What `bare` is, `app.queries.lines.line` says.
    """
    statement = _lines(listing, reading.edition, Shape.of(question), bare=bare)
    return map(_joined, _read(reading, statement, question))


def rows_of_list(reading: Reading, listing: Listing, question: Question) -> Iterator[list[Row]]:
    """The same in wire form."""
    statement = _ordered(listing, reading.edition, Shape.of(question)).execution_options(yield_per=AT_ONCE)
    with reading.execute(statement, binds(question)) as found:
        for rows in found.partitions():
            yield written(listing.fields, rows)


def flat_finding(finding: Row) -> Row:
    """A finding with one cell for each column."""
    about = finding["subject"]
    return finding | {
        "subject_kind": about["kind"],
        "subject_id": about["id"],
        "subject": about["key"],
        "href": about["href"],
        "inputs": "; ".join(f"{each['name']} = {each['value']}" for each in finding["inputs"]),
        "explained_by": "; ".join(
            f"{each['input']} in {Hidden(**each).interval}" for each in finding["explained_by"]
        ),
    }


def question_of(organisation: str | None) -> Question:
    """All rows, or those of one organisation."""
    return Question(() if organisation is None else (Filter("organisation", "in", (organisation,)),))


def _answers(
    reading: Reading, listing: Listing, copy: FromClause, question: Question
) -> Iterator[list[orjson.Fragment]]:
    """Copied rows, each as its release left it."""
    shape = Shape.of(question)
    answer: ColumnElement[Any] = literal_column(as_bytes(str(copy.c.answer), reading.edition.dialect))
    order = order_of(copy.c, listing, reading.edition, shape)
    statement = select(answer).select_from(copy).where(*conditions(copy.c, shape)).order_by(*order)
    for answers in _read(reading, statement, question):
        yield [orjson.Fragment(answer) for answer in answers]


def _read(
    reading: Reading, statement: Select[tuple[Any]], question: Question
) -> Iterator[Sequence[str | bytes]]:
    """The only column of what a statement finds, some rows at a time."""
    statement = statement.execution_options(yield_per=AT_ONCE)
    with reading.execute(statement, binds(question)) as found:
        yield from found.scalars().partitions()


def _joined(lines: Iterable[Any]) -> bytes:
    try:
        return b"".join(lines)
    except TypeError:
        return "".join(lines).encode()


@lru_cache(maxsize=64)
def _lines(listing: Listing, edition: Edition, shape: Shape, *, bare: bool) -> Select[tuple[Any]]:
    """Each row as a line; what is derived or sorted is worked out before it is printed."""
    if edition.copied and listing.copy is not None and shape.sort == "id":
        rows = listing.copy.c
        printed: ColumnElement[Any] = line(listing.fields, listing.copy.name, edition.dialect, bare=bare)
        order = order_of(rows, listing, edition, shape)
        return select(printed).select_from(listing.copy).where(*conditions(rows, shape)).order_by(*order)
    ordered = fenced(_ordered(listing, edition, shape)).subquery("w")
    return select(line(listing.fields, ordered.name, edition.dialect, bare=bare)).select_from(ordered)


@lru_cache(maxsize=64)
def _ordered(listing: Listing, edition: Edition, shape: Shape) -> Select[Any]:
    """Every row that is asked for, in the order that is asked for."""
    rows = rows_of(listing, edition, shape).c
    chosen = select(*(rows[field.name] for field in listing.fields)).where(*conditions(rows, shape))
    return chosen.order_by(*order_of(rows, listing, edition, shape))


def _with_controls(reading: Reading, parts: Iterable[list[Row]]) -> Iterator[list[Row]]:
    """Risks with what is done about each."""
    for risks in parts:
        controls = controls_of(reading, [risk["id"] for risk in risks])
        yield [risk | {"controls": controls[risk["id"]]} for risk in risks]


def _parted(rows: list[Row]) -> Iterator[list[Row]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
