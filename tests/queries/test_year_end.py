"""Each of the two statuses is judged by the tolerance of its own target."""

from pathlib import Path

import pytest

from app.db.migrations import migrate
from app.queries.observations import OBSERVATIONS
from tests.imports.examples import write_report
from tests.queries.reading import reading, rows_of
from tests.queries.reports import load

WHERE = {"indicator": "3002", "service": "front-office"}
CLAUSE = {"scheme": "anyshire-plan", "label": "-"}
TOLERANCES = {
    "amber-percent": (
        {"value": "60", "amber_percent": "5"},
        {"value": "58", "amber_percent": "1"},
        ("missed", "missed"),
    ),
    "amber-limit": (
        {"value": "60", "amber_limit": "57"},
        {"value": "75", "amber_limit": "50"},
        ("missed", "near"),
    ),
    "amber-limit-of-the-period-alone": (
        {"value": "60", "amber_limit": "50"},
        {"value": "75"},
        ("near", "missed"),
    ),
    "range": (
        {"kind": "range", "value": "60", "range_percent": "1"},
        {"kind": "range", "value": "60", "range_percent": "10"},
        ("missed", "met"),
    ),
}
"""The outturn is 55.8; the quarter's target, the year's, and the status against each."""


@pytest.mark.parametrize("name", TOLERANCES)
def test_each_target_has_a_tolerance_of_its_own(database_url: str, tmp_path: Path, name: str) -> None:
    """The year's target is not judged by the quarter's amber limits or range, nor the other way."""
    migrate(database_url)
    quarter, year, statuses = TOLERANCES[name]
    clauses = [
        CLAUSE | {"position": str(position), "condition": condition, "code": code}
        for position, (condition, code) in enumerate(
            (("met", "met"), ("within amber limit", "near"), ("otherwise", "missed")), 1
        )
    ]
    itself = {"id": name, "name": name, "area_code": "E09000001"}
    first, *others = clauses
    report = write_report(
        tmp_path,
        {
            "scheme_clauses": others,
            "targets": [WHERE | {"kind": "value", "period": "2011-12"} | year],
        },
        organisation=itself,
        scheme_clauses=first | {"colour": "", "points": ""},
        direction_labels={"scheme": "anyshire-plan"},
        targets=WHERE | {"period": "2011-12-q2", "kind": "value"} | quarter,
    )
    load(database_url, report)
    with reading(database_url) as here:
        [row] = [row for row in rows_of(here, OBSERVATIONS) if row["organisation"] == name]
    assert (row["status"], row["status_year_end"]) == statuses
