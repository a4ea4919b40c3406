"""The findings of an edition as a list: worked out once, then filtered, sorted and paged in memory.

Not in SQL, as no other list's rows are made: a finding is a printed text read as a number and held
against figures that are derived again with what its inputs hide. A report has some dozens of them, and
they stay what they are until a release changes the edition.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from app.queries.columns import Row, fields
from app.queries.findings.withheld import withhold
from app.queries.listings import After, Filter, Listing, Question
from app.queries.reconciliation import reconcile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.queries.editions import Edition, Reading
    from app.queries.findings.found import Finding
    from app.rules.vocabulary import State

FINDINGS = Listing(
    "findings",
    (
        *fields("id organisation"),
        *fields("release", "number"),
        *fields("service period check kind field place published derived reason state"),
    ),
)
"""The columns that findings may be sorted by, and the filters among them; it has no rows in SQL."""
GROUPS = ("organisation", "service", "period", "kind", "check", "field")
"""The columns that findings may be counted by."""
_found: WeakKeyDictionary[Edition, list[Row]] = WeakKeyDictionary()


def every_finding(reading: Reading) -> list[Row]:
    """All findings in wire form, in the order of their ids; what filters may ask for is known after it."""
    edition = reading.edition
    rows = _found.get(edition)
    if rows is None:
        rows = _rows(reading)
        edition.vocabulary[FINDINGS.name, "field"] = sorted({row["field"] for row in rows})
        _found[edition] = rows
    return rows


def page(reading: Reading, question: Question) -> tuple[list[Row], After | None]:
    """One page, and where the next one starts if anywhere: as any list's, missing values last."""
    rows = [row for row in ordered(reading, question) if _beyond(row, question)]
    items = rows[: question.limit]
    if len(rows) <= question.limit:
        return items, None
    return items, After(items[-1][question.sort], items[-1]["id"])


def total(reading: Reading, question: Question) -> int:
    """How many findings the filters leave, whatever the page."""
    return sum(1 for _ in _kept(reading, question.filters))


def ordered(reading: Reading, question: Question) -> list[Row]:
    """Every finding that the filters leave, in the order asked for, whatever the page."""
    name = question.sort
    rows = [*_kept(reading, question.filters)]
    present = [row for row in rows if row[name] is not None]
    present.sort(key=lambda row: row[name], reverse=question.descending)  # equal ones stay in order of id
    return present + [row for row in rows if row[name] is None]


def counts(reading: Reading, question: Question, groups: tuple[str, ...]) -> list[Row]:
    """How many findings fall in each group, in the order of the groups; missing values last."""
    times = Counter(tuple(row[name] for name in groups) for row in _kept(reading, question.filters))
    blank = dict.fromkeys(GROUPS)
    return [
        {**blank, **dict(zip(groups, values, strict=True)), "count": times[values]}
        for values in sorted(times, key=lambda values: [(value is None, value or "") for value in values])
    ]


def _kept(reading: Reading, filters: tuple[Filter, ...]) -> Iterable[Row]:
    wanted = [(name, frozenset(values)) for name, _, values in filters]
    return (row for row in every_finding(reading) if all(row[name] in values for name, values in wanted))


def _beyond(row: Row, question: Question) -> bool:
    """Whether a finding comes after the last one of the page before."""
    after = question.after
    if after is None:
        return True
    value, row_id = row[question.sort], row["id"]
    if question.sort == "id":
        return bool(row_id < after.id if question.descending else row_id > after.id)
    if value is None or after.value is None:
        return value is None and (after.value is not None or row_id > after.id)
    if value == after.value:
        return bool(row_id > after.id)
    return bool(value < after.value if question.descending else value > after.value)


def _rows(reading: Reading) -> list[Row]:
    found = [
        (finding, document.release)
        for document in reconcile(reading)
        for finding in (*document.findings, *document.remarks)
    ]
    told = withhold(reading, [finding for finding, _ in found])
    rows = [_row(finding, found[place][1], state) for place, finding, state in told]
    return sorted(rows, key=lambda row: str(row["id"]))


def _row(finding: Finding, release: int | None, state: State) -> Row:
    about = finding.subject
    written: dict[str, Any] = {
        "id": f"{finding.organisation}/{finding.check}/{finding.fact}",
        "organisation": finding.organisation,
        "release": release,
        "service": finding.service,
        "period": finding.period,
        "subject": {**about._asdict(), "href": about.href},
        **{name: getattr(finding, name) for name in ("field", "place", "published", "derived")},
        "check": str(finding.check),
        "kind": str(finding.kind),
        "reason": finding.reason,
        "state": str(state),
        "inputs": [each._asdict() for each in finding.inputs],
        "explained_by": [each._asdict() for each in finding.explained_by],
    }
    return written
