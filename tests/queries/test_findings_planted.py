"""What contradicts something is found from the raw facts, whatever else the report says of it."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from app.db.migrations import migrate
from app.queries.actions import ACTIONS_LIST
from app.queries.findings.found import Check, Finding
from app.queries.findings.lists import every_row
from app.queries.reconciliation import Document
from app.rules.vocabulary import FindingKind
from tests.databases import fresh_sqlite
from tests.queries.findings import FINDINGS, REMARKS, Row, rows
from tests.queries.reading import documents_of, reading
from tests.queries.reports import (
    BARNET_2011,
    BARNET_2013,
    BATH,
    BROXTOWE,
    THURROCK,
    Cells,
    change,
    copied,
    load,
    rewrite,
)

Reads = Callable[..., list[Finding]]


@pytest.fixture
def findings_of(tmp_path: Path) -> Reads:
    """Load a copy of a report after changing it, and read what is found of it."""

    def found(name: str, *changes: Callable[[Path], None]) -> list[Finding]:
        report = copied(name, tmp_path)
        for changed in changes:
            changed(report)
        with fresh_sqlite() as url:
            migrate(url)
            load(url, report)
            [document] = documents_of(url)
        return [*document.findings, *document.remarks]

    return found


def cells(file: str, where: Cells, **changed: str) -> Callable[[Path], None]:
    """A change of some cells of one row."""
    return lambda report: change(report, file, where, **changed)


def beside(name: str, found: list[Finding]) -> tuple[list[Row], list[Row]]:
    """What a changed report has that the report of the demo has not, and the reverse."""
    now, before = Counter(rows(found)), Counter([*FINDINGS[name], *REMARKS[name]])
    return sorted((now - before).elements()), sorted((before - now).elements())


def of_check(found: list[Finding], check: Check) -> dict[str, Finding]:
    return {f"{finding.subject.key} {finding.field}": finding for finding in found if finding.check == check}


def test_nothing_that_a_check_finds_is_typed_in(findings_of: Reads) -> None:
    checks = set(Check) - {Check.published_figure, Check.heat_map}
    typed = lambda row: row | {"finding_kind": "", "reason": ""}  # noqa: E731 - the change is its name

    for name in (BROXTOWE, THURROCK):
        found = findings_of(name, lambda report: rewrite(report, "published.csv", typed))

        expected = [row for row in (*FINDINGS[name], *REMARKS[name]) if row.check in checks]
        assert sorted(rows(f for f in found if f.check in checks)) == sorted(expected)
        assert all(finding.reason for finding in found)


@pytest.mark.parametrize(
    ("code", "changed", "reason"),
    [
        ("FP1922_01", {"progress": "90"}, "Completed at 90%"),
        (
            "FP1922_02",
            {"due_date": "2019-09-10", "due_text": "10-Sep-2019"},
            "Overdue with a due date still to come: 2019-09-10, after 2019-09-10",
        ),
        ("FP1922_02", {"due_date": "", "due_text": "TBC"}, "Overdue without a due date"),
    ],
)
def test_a_status_that_dates_or_progress_rule_out_is_found(
    findings_of: Reads, code: str, changed: Cells, reason: str
) -> None:
    found = findings_of(BROXTOWE, cells("actions.csv", {"code": code}, **changed))

    [came], gone = beside(BROXTOWE, found)
    assert (came.check, came.subject, came.kind) == ("status_dates", code, "suspicious")
    assert gone == []
    assert of_check(found, Check.status_dates)[f"{code} status"].reason == reason


def test_a_status_that_the_scheme_does_not_have_is_said_to_be_none(findings_of: Reads) -> None:
    found = findings_of(BROXTOWE, cells("actions.csv", {"code": "FP1922_04"}, progress="90"))

    reason = of_check(found, Check.status_dates)["FP1922_04 status"].reason
    assert reason == "Complete at 90%; Complete is no status of the scheme"


def test_a_status_that_dates_bear_out_is_no_finding(findings_of: Reads) -> None:
    found = findings_of(
        BROXTOWE,
        cells("actions.csv", {"code": "DEM1922_01"}, due_date="2019-02-28", due_text="28-February-2019"),
        cells("actions.csv", {"code": "IT1920_17"}, progress="0"),
    )

    came, gone = beside(BROXTOWE, found)
    assert came == []
    assert {row.subject for row in gone} == {"DEM1922_01", "IT1920_17"}


def test_a_due_date_in_words_is_no_impossible_day(findings_of: Reads) -> None:
    found = findings_of(BROXTOWE, cells("actions.csv", {"code": "IT1920_02"}, due_text="Ongoing"))

    assert "IT1920_02 due_date" not in of_check(found, Check.status_dates)
    assert of_check(found, Check.status_dates)["IT1920_02 status"].reason == "Overdue without a due date"


def test_a_colour_without_a_target_is_found_and_one_with_both_is_not(findings_of: Reads) -> None:
    found = findings_of(
        BROXTOWE,
        cells("targets.csv", {"indicator": "BV8"}, kind="none", value=""),
        cells(
            "observations.csv",
            {"indicator": "ITLocal_02", "period": "2019-20-q1"},
            value="100",
            state="reported",
        ),
    )

    came, gone = beside(BROXTOWE, found)
    assert [(row.check, row.subject.partition("/")[0], row.published) for row in came] == [
        ("colour_without_data", "BV8", "Green")
    ]
    assert [(row.check, row.subject.partition("/")[0]) for row in gone] == [
        ("colour_without_data", "ITLocal_02")
    ]


def test_a_miss_is_found_once_nothing_is_said_of_it(findings_of: Reads) -> None:
    def silenced(report: Path) -> None:
        change(
            report,
            "notes.csv",
            {"subject": "imp-agency-fte", "note_kind": "commentary"},
            note_kind="scope",
        )

    came, gone = beside(THURROCK, findings_of(THURROCK, silenced))

    assert [(row.check, row.subject.partition("/")[0]) for row in came] == [
        ("miss_without_commentary", "imp-agency-fte")
    ]
    assert gone == []


def test_a_report_that_comments_on_no_measure_says_nothing_by_silence(findings_of: Reads) -> None:
    scope = {"note_kind": "scope"}

    found = findings_of(THURROCK, lambda report: rewrite(report, "notes.csv", lambda row: row | scope))

    assert of_check(found, Check.miss_without_commentary) == {}


@pytest.mark.parametrize(
    ("subject", "printed", "derived", "reason"),
    [
        ("hr-fte", "Higher", "fell", "1653 against 1659 fell, by the baseline last year (2015-16)"),
        (
            "cust-face-to-face-visits",
            "Same",
            "rose",
            "24634 against 21354 rose, by the baseline share of last year (2015-16)",
        ),
    ],
)
def test_a_direction_is_held_against_its_baseline(
    findings_of: Reads, subject: str, printed: str, derived: str, reason: str
) -> None:
    where = {"subject": subject, "field": "direction_of_travel"}

    found = findings_of(THURROCK, cells("published.csv", where, printed=printed))

    [came], gone = beside(THURROCK, found)
    assert (came.check, came.published, came.derived) == ("direction_baseline", printed, derived)
    assert gone == []
    assert reason in {finding.reason for finding in found}


def test_a_word_that_nothing_contradicts_is_another_than_the_rule_gives(findings_of: Reads) -> None:
    where = {"kind": "risk", "subject": "ST0072", "field": "band"}

    [came], gone = beside(BARNET_2013, findings_of(BARNET_2013, cells("published.csv", where, printed="Low")))

    assert (came.check, came.kind, came.derived) == ("published_figure", "published_error", "High")
    assert gone == []


def test_nothing_printed_of_nothing_derived_agrees(findings_of: Reads) -> None:
    where = {"subject": "hr-bme-employees", "field": "direction_variance"}

    came, gone = beside(BARNET_2011, findings_of(BARNET_2011, cells("published.csv", where, printed="N/A")))

    assert came == []
    assert [row.subject.partition("/")[0] for row in gone] == ["hr-bme-employees"]


def test_a_long_list_is_read_page_by_page(demo_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with reading(demo_url) as here:
        whole = every_row(here.by_rules(), ACTIONS_LIST)
        monkeypatch.setattr("app.queries.findings.lists.MOST_ROWS", 7)

        assert every_row(here.by_rules(), ACTIONS_LIST) == whole
    assert len(whole) > 7


def test_last_years_whole_is_named_where_only_it_gives_the_direction(findings_of: Reads) -> None:
    found = of_check(findings_of(THURROCK), Check.direction_baseline)

    starters = found[
        "hr-new-starters/human-resources-organisational-development/2016-17-q1 direction_of_travel"
    ]
    assert starters.reason == (
        "107 against 64 rose, by the baseline share of last year (2015-16); "
        "lower fits only 256, the figure of the whole earlier period"
    )


def test_an_actual_figure_among_estimates_is_found(findings_of: Reads) -> None:
    where = {"indicator": "177", "period": "2004-05"}

    found = findings_of(BATH, cells("observations.csv", where, basis="actual", estimated=""))

    [came], gone = beside(BATH, found)
    assert (came.check, came.subject, came.field, came.published) == (
        "mixed_basis",
        "177/customers/2004-05",
        "basis",
        "actual",
    )
    assert gone == []


def test_a_target_of_the_year_among_those_of_quarters_is_found(findings_of: Reads) -> None:
    found = findings_of(
        THURROCK, cells("targets.csv", {"indicator": "info-complaints-upheld"}, period="2016-17")
    )

    came, _ = beside(THURROCK, found)
    assert ("mixed_basis", "target", "2016-17") in {(row.check, row.field, row.published) for row in came}


def test_a_base_that_is_the_sum_is_no_finding(findings_of: Reads) -> None:
    def summed(row: Cells) -> Cells:
        return row | {"base": "156"} if row["dimension"] == "age" else row

    found = findings_of(BATH, lambda report: rewrite(report, "workforce_profiles.csv", summed))

    assert list(of_check(found, Check.profile_base)) == ["customers/2004-05/ethnic origin base"]


def test_a_heat_map_counts_again_what_the_register_comes_to(findings_of: Reads) -> None:
    where = {"impact": "5", "probability": "4"}

    found = findings_of(BARNET_2013, cells("heat_map.csv", where, count="0"))

    came, gone = beside(BARNET_2013, found)
    assert came == []
    assert [row.subject for row in gone] == ["commissioning-group Catastrophic x Likely"]


def test_every_contradiction_names_what_contradicts(demo_documents: list[Document]) -> None:
    for document in demo_documents:
        for finding in (*document.findings, *document.remarks):
            if finding.check not in {Check.published_figure, Check.totals}:
                assert finding.inputs, finding
                assert len(finding.reason) > len("disagree"), finding


def test_one_fact_is_found_once(demo_documents: list[Document]) -> None:
    for document in demo_documents:
        found = [*document.findings, *document.remarks]
        facts = Counter((f.subject, f.field, f.place, f.published, f.fact) for f in found)
        assert set(facts.values()) == {1}


def test_hidden_digits_are_told_of_every_figure_that_they_explain_and_of_no_other(
    demo_documents: list[Document],
) -> None:
    for document in demo_documents:
        for finding in document.findings:
            assert bool(finding.explained_by) == (finding.kind == FindingKind.input_rounding), finding


@pytest.fixture(scope="module")
def demo_documents(demo_url: str) -> list[Document]:
    """The reconciliation of the five reports."""
    return documents_of(demo_url)


def test_a_cell_that_counts_more_than_the_register_is_found(findings_of: Reads) -> None:
    found = findings_of(BARNET_2013, cells("heat_map.csv", {"impact": "5", "probability": "3"}, count="3"))

    [came], gone = beside(BARNET_2013, found)
    cell = of_check(found, Check.heat_map)["commissioning-group Catastrophic x Possible heat_map"]
    assert (came.published, came.derived, came.kind) == ("3", "2", "inconsistent")
    assert gone == []
    assert ("risks", "ST0081, ST0070") in cell.inputs


def test_a_database_without_reports_has_no_findings(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    migrate(url)

    assert documents_of(url) == []
