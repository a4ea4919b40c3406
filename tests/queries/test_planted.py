"""A wrong printed figure becomes a finding where it stands, changes nothing else, and can be put right."""

from collections import Counter
from pathlib import Path

import pytest

from app.db.migrations import migrate
from app.queries.reconciliation import Document
from tests.queries.findings import FIGURES, FINDINGS, Row, told
from tests.queries.reading import documents_of
from tests.queries.reports import (
    BARNET_2011,
    BARNET_2013,
    BATH,
    BROXTOWE,
    REPORTS,
    THURROCK,
    Cells,
    change,
    copied,
    load,
)

PLANTED: dict[str, tuple[Cells, str, Row]] = {
    BARNET_2011: (
        {"subject": "3002", "field": "outturn", "place": "performance table"},
        "56.8%",
        Row(
            "published_figure",
            "3002/chief-executives-service/2011-12-q2",
            "outturn",
            "56.8%",
            "55.80",
            "published_error",
        ),
    ),
    BARNET_2013: (
        {"kind": "budget_total", "subject": "capital", "field": "variation"},
        "(13,747)",
        Row(
            "totals",
            "commissioning-group",
            "budget_total:capital:variation",
            "(13,747)",
            "13747",
            "published_error",
        ),
    ),
    BATH: (
        {"subject": "gender/Female", "field": "share"},
        "84",
        Row("published_figure", "gender/Female/customers/2004-05", "share", "84", "82.9", "published_error"),
    ),
    BROXTOWE: (
        {"subject": "BV8", "field": "status"},
        "Red",
        Row("published_figure", "BV8/resources/2019-20-q1", "status", "Red", "Green", "published_error"),
    ),
    THURROCK: (
        {"subject": "cust-waiting-time", "field": "direction_of_travel"},
        "Worse",
        Row(
            "published_figure",
            "cust-waiting-time/customer-services/2016-17-q1",
            "direction_of_travel",
            "Worse",
            "improved",
            "published_error",
        ),
    ),
}
"""For each report: the figure that is made wrong, what it then prints, and what is found of it."""


@pytest.fixture(scope="module")
def reports(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The five reports with a wrong figure each, loaded."""
    migrate(database_url)
    reports = {name: copied(name, tmp_path_factory.mktemp("report")) for name in REPORTS}
    for name, (where, printed, _) in PLANTED.items():
        change(reports[name], "published.csv", where, printed=printed)
        load(database_url, reports[name])
    return reports


@pytest.fixture(scope="module")
def documents(database_url: str, reports: dict[str, Path]) -> dict[str, Document]:
    """Their reconciliation."""
    return dict(zip(reports, documents_of(database_url), strict=True))


@pytest.mark.parametrize("name", REPORTS)
def test_a_wrong_figure_is_found_and_nothing_else_changes(documents: dict[str, Document], name: str) -> None:
    _, _, planted = PLANTED[name]

    assert told(documents[name]) == Counter([*FINDINGS[name], planted])
    assert documents[name].figures == FIGURES[name]
    assert documents[name].equal == FIGURES[name] - len(FINDINGS[name]) - 1


def test_an_unpublished_correction_is_not_counted(
    database_url: str, reports: dict[str, Path], documents: dict[str, Document]
) -> None:
    where, _, _ = PLANTED[BARNET_2011]
    change(reports[BARNET_2011], "published.csv", where, printed="55.8%")
    change(reports[BARNET_2011], "observations.csv", {"indicator": "3014"}, value="4")

    load(database_url, reports[BARNET_2011], publish=False)

    assert documents_of(database_url) == [*documents.values()]


def test_a_published_correction_is_counted_with_its_release(
    database_url: str, reports: dict[str, Path], documents: dict[str, Document]
) -> None:
    """The draft before is published with it, as a release is of all that a revision holds."""
    change(reports[BARNET_2011], "observations.csv", {"indicator": "3014"}, value="3")
    change(reports[BARNET_2011], "release.csv", {"period": "2011-12-q2"}, note="Quarter 2, corrected")

    load(database_url, reports[BARNET_2011])
    corrected = documents_of(database_url)

    *others, latest = sorted(corrected, key=lambda document: document.release or 0)
    first = next(document for document in others if document.release == documents[BARNET_2011].release)
    assert (latest.organisation, latest.figures, latest.equal, latest.findings) == ("barnet", 1, 1, ())
    assert told(first) == Counter(FINDINGS[BARNET_2011])
    assert first.figures == FIGURES[BARNET_2011] - 1
    assert [told(document) for document in others if document is not first] == [
        told(documents[name]) for name in REPORTS if name != BARNET_2011
    ]
