"""What each report of the demo prints of derived figures, and those that do not come back: all of them."""

import csv
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from app.queries.reconciliation import Document
from tests.queries.reports import BARNET_2011, BARNET_2013, BATH, BROXTOWE, REPORTS, THURROCK


class Row(NamedTuple):
    """A finding, without its place and its reason; one that stands in two places is there twice."""

    subject: str
    field: str
    published: str
    derived: str
    kind: str


FIGURES = {BARNET_2011: 137, BARNET_2013: 106, BATH: 45, BROXTOWE: 50, THURROCK: 68}
"""How many derived figures each prints, counted once a place, every cell of a heat map included."""


def told(document: Document) -> Counter[Row]:
    """A document's findings, each as often as it stands there."""
    return Counter(Row(f.subject, f.field, f.published, f.derived, f.kind) for f in document.findings)


def _findings() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {name: [] for name in REPORTS}
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        for report, *cells in list(csv.reader(file))[1:]:
            found[report].append(Row(*cells))
    return found


FINDINGS = _findings()
