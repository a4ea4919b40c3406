"""What each report of the demo prints of derived figures, and all that does not come back or disagrees."""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from app.queries.findings.found import Finding
from app.queries.reconciliation import Document
from tests.queries.reports import BARNET_2011, BARNET_2013, BATH, BROXTOWE, REPORTS, THURROCK


class Row(NamedTuple):
    """A finding, without its place and its reason; one that stands in two places is there twice."""

    check: str
    subject: str
    field: str
    published: str
    derived: str
    kind: str


FIGURES = {BARNET_2011: 137, BARNET_2013: 106, BATH: 45, BROXTOWE: 50, THURROCK: 68}
"""How many derived figures each prints, counted once a place, every cell of a heat map included."""


def told(document: Document) -> Counter[Row]:
    """A document's derived figures that do not come back, each as often as it stands there."""
    return Counter(rows(document.findings))


def remarked(document: Document) -> Counter[Row]:
    """A document's facts that contradict one another."""
    return Counter(rows(document.remarks))


def rows(findings: Iterable[Finding]) -> list[Row]:
    """Findings as the table has them; what is missing is empty."""
    return [
        Row(f.check, f.subject.key, f.field, f.published or "", f.derived or "", f.kind) for f in findings
    ]


def _table(counted: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {name: [] for name in REPORTS}
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        for report, *cells, counts in list(csv.reader(file))[1:]:
            if counts == counted:
                found[report].append(Row(*cells))
    return found


FINDINGS, REMARKS = _table("yes"), _table("no")
"""Derived figures that do not come back, and what else contradicts something, by report."""
