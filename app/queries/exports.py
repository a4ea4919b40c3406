"""All rows of a list or of a dataset, some at a time: as lines of CSV, as objects, as rows of cells."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, select

from app.queries.actions import ACTIONS_LIST
from app.queries.budgets import BUDGET_VARIANCES
from app.queries.columns import Field, Row, fields, written
from app.queries.findings import listing as findings
from app.queries.findings.found import Hidden
from app.queries.lines import as_bytes, joined, line
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

    from app.db.compiler import Dialect
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
    *fields("subject href field place published derived check kind reason state inputs explained_by"),
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
) -> Iterator[list[Row] | bytes]:
    """The same rows as the dataset's list has them in JSON, with their parts.

    Those that releases left as JSON come as lines of it.
    """
    question = question_of(organisation)
    if dataset == FINDINGS:
        return _parted(findings.ordered(reading, question))
    listing = LISTS[dataset]
    if reading.edition.copied and listing.copy is not None:
        return _by_id(reading, listing.copy, f"{listing.copy.c.answer} || '\n'", question)
    rows = rows_of_list(reading, listing, question)
    return _with_controls(reading, rows) if listing is RISKS else rows


def lines_of_list(
    reading: Reading, listing: Listing, question: Question, *, bare: bool = False
) -> Iterator[bytes]:
    """Every row that a question leaves, in its order, as lines of CSV that the database prints.

    What `bare` is, `app.queries.lines.line` says.
    """
    edition = reading.edition
    if edition.copied and listing.copy is not None and _is_by_id(question):
        if listing.lines is not None and not bare:
            return _by_id(reading, listing.lines, str(listing.lines.c.line), question)
        printed = line(listing.fields, listing.copy.name, edition.dialect, bare=bare)
        return _by_id(reading, listing.copy, printed, question)
    return _sorted_lines(reading, listing, question, bare=bare)


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


def _is_by_id(question: Question) -> bool:
    """Whether all rows are asked for, or one organisation's, by id: an index has them as they go out."""
    whose = [(asked.column, len(asked.values)) for asked in question.filters]
    return question.sort == "id" and not question.descending and whose in ([], [("organisation", 1)])


def _by_id(reading: Reading, copy: FromClause, text: str, question: Question) -> Iterator[bytes]:
    """A text of every copied row; those that go out together are joined by the database.

    A row is no step of this program's then: others have their turn while a part is made.
    """
    statement = _part(copy, text, Shape.of(question), reading.edition.dialect, AT_ONCE)
    asked, last = binds(question), 0
    while True:
        last, part = reading.execute(statement, {**asked, "last": last}).one()
        if last is None:
            return
        yield part if isinstance(part, bytes) else part.encode()


def print_copies(listing: Listing, ids: Sequence[int], dialect: Dialect) -> Select[tuple[int, str, str]]:
    """Some copied rows by id, each with whose it is and its line, as `lines` has them."""
    assert listing.copy is not None  # noqa: S101 - said of every list that is copied
    copy = listing.copy.c
    printed: ColumnElement[str] = literal_column(line(listing.fields, listing.copy.name, dialect))
    return select(copy.id, copy.organisation, printed).where(copy.id.in_(ids))


@lru_cache(maxsize=64)
def _part(copy: FromClause, text: str, shape: Shape, dialect: Dialect, many: int) -> Select[Any]:
    """So many rows' texts after an id, as one, and the last one's id."""
    texts: ColumnElement[Any] = literal_column(text).label("text")
    beyond = copy.c.id > bindparam("last")
    rows = select(copy.c.id, texts).where(beyond, *conditions(copy.c, shape)).order_by(copy.c.id)
    part = rows.limit(literal_column(str(many))).subquery("part")
    return select(func.max(part.c.id), joined("part.text", "part.id", dialect)).select_from(part)


def _sorted_lines(reading: Reading, listing: Listing, question: Question, *, bare: bool) -> Iterator[bytes]:
    """Lines in any order, row by row; what is derived or sorted is worked out before it is printed."""
    statement = _lines(listing, reading.edition, Shape.of(question), bare=bare)
    with reading.execute(statement.execution_options(yield_per=AT_ONCE), binds(question)) as found:
        for lines in found.scalars().partitions():
            yield b"".join(lines) if isinstance(lines[0], bytes) else "".join(lines).encode()


@lru_cache(maxsize=64)
def _lines(listing: Listing, edition: Edition, shape: Shape, *, bare: bool) -> Select[tuple[Any]]:
    if edition.copied and listing.copy is not None and listing.lines is not None and not bare:
        copy, lines = listing.copy, listing.lines
        copied = select(as_bytes(str(lines.c.line), edition.dialect)).join(copy, copy.c.id == lines.c.id)
        found = copied.select_from(lines).where(*conditions(copy.c, shape))
        return found.order_by(*order_of(copy.c, listing, edition, shape))
    ordered = fenced(_ordered(listing, edition, shape)).subquery("w")
    printed = line(listing.fields, ordered.name, edition.dialect, bare=bare)
    return select(as_bytes(printed, edition.dialect)).select_from(ordered)


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
