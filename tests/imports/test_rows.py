"""What each file takes and refuses, one cell changed at a time."""

from decimal import Decimal
from pathlib import Path

import pytest

from app.imports.indicators import ObservationRow
from app.imports.reports import Report, read_report
from app.rules.vocabulary import State
from tests.imports.examples import EXAMPLE, Cells, columns_of, write_report

VALUE = {"numerator": "", "denominator": ""}
"""An observation that gives a value instead of its numerator and denominator."""


def read_with(tmp_path: Path, file: str, **cells: str) -> Report:
    return read_report(write_report(tmp_path / "report", **{file: cells}))


def test_the_example_is_taken_as_it_stands(tmp_path: Path) -> None:
    report = read_report(write_report(tmp_path / "report"))

    assert (report.problems, report.notices, report.warnings) == ((), (), ())
    for name in EXAMPLE.keys() - {"organisation", "release"}:
        assert len(getattr(report, name)) == 1
        assert getattr(report, name)[0].line == 2


@pytest.mark.parametrize("file", EXAMPLE)
def test_each_file_has_the_columns_of_the_format(tmp_path: Path, file: str) -> None:
    row = getattr(read_report(write_report(tmp_path)), file)

    model = type(row[0] if isinstance(row, tuple) else row)

    assert model.columns() == columns_of(file)


REFUSED = [
    # cells of figures
    ("observations", "value", "Green", "is a word where a number is expected"),
    ("observations", "value", "7:27", "is a clock time; write minutes and seconds as seconds"),
    ("observations", "value", "10000000000", "is too wide: 10000000000 is the limit"),
    ("observations", "value", "Jul 2005", "names no day; a day is required, as 2005-07-31"),
    ("observations", "value", "55.8", "stands beside its numerator and denominator, which give it"),
    ("observations", "numerator", "10000000000", "is too wide: 10000000000 is the limit"),
    ("observations", "numerator", "15948.005", "has more than 2 decimal places"),
    ("observations", "numerator", "90%", "has a %, which this column does not take"),
    ("observations", "denominator", "-220", "is below zero"),
    ("observations", "denominator", "", "stands without a denominator"),
    ("observations", "numerator", "", "stands without a numerator"),
    ("observations", "state", "awaited", "is awaited, and there is a figure"),
    ("observations", "state", "suppressed", "is suppressed, and there is a figure"),
    ("observations", "state", "late", "is not one of 'reported', 'awaited', 'not_supplied',"),
    ("observations", "state", "", "is empty"),
    ("observations", "basis", "guess", "is not one of 'actual' or 'estimated_full_year'"),
    ("observations", "as_of", "Jul 2005", "names no day; a day is required, as 2005-07-31"),
    ("observations", "as_of", "2011-09-31", "is a date that does not exist"),
    ("observations", "provisional", "true", "is neither yes nor no nor empty"),
    ("observations", "period", "2011-12-q5", "'2011-12-q5' is not a period; write 2011-12,"),
    ("observations", "covers", "2011-13", "'2011-13' is not a period; write 2011-12,"),
    ("observations", "previous_period", "2011-12-q1", "stands without a previous_value"),
    ("indicators", "decimals", "5", "is outside 0 to 4"),
    ("indicators", "decimals", "-1", "is below zero"),
    ("indicators", "decimals", "1.5", "has more than 0 decimal places"),
    ("indicators", "unit", "euro", "is not one of 'percent', 'number', 'days',"),
    ("indicators", "polarity", "Higher", "is not one of 'higher_is_better',"),
    ("indicators", "code", "3002.0", "looks like a code that a spreadsheet has turned into"),
    ("indicators", "code", "1.00E+02", "looks like a code that a spreadsheet has turned into"),
    ("indicators", "code", "02-Sep", "looks like a code that a spreadsheet has turned into"),
    ("indicators", "code", "2011-09-02 00:00:00", "looks like a code that a spreadsheet has turned into"),
    ("indicators", "key", "a/b", "has a slash, which parts keys from one another"),
    ("indicators", "title", "", "is empty"),
    ("targets", "kind", "hope", "is not one of 'value', 'limit', 'range',"),
    ("targets", "kind", "none", "stands with a target of kind none, which has none"),
    ("targets", "kind", "range", "belongs to a target of kind range, and to no other"),
    ("targets", "value", "", "is empty, and a target of kind value needs one"),
    ("targets", "value", "<10", "is not a number"),
    ("targets", "range_percent", "5", "belongs to a target of kind range, and to no other"),
    ("targets", "amber_percent", "-5", "is below zero"),
    ("targets", "amber_percent", "100000", "is too wide: 100000 is the limit"),
    ("targets", "amber_strict", "yes", "stands without an amber_limit"),
    ("comparators", "kind", "friend", "is not one of 'neighbour', 'national',"),
    ("equalities", "value", "", "is empty"),
    ("equalities", "responses", "1.5", "has more than 0 decimal places"),
    ("equalities", "previous_significant", "maybe", "is neither yes nor no nor empty"),
    # money
    ("budget_lines", "money_unit", "£000", "is not one of 'pounds' or 'thousand_pounds'"),
    ("budget_lines", "money_unit", "", "is empty"),
    ("budget_lines", "forecast", "8,861K", "is ambiguous: the column is in thousands and the figure"),
    ("budget_lines", "forecast", "100000000", "is too wide: 100000000000 is the limit in pounds"),
    ("budget_lines", "forecast", "1.123456", "has more than 5 decimal places"),
    ("budget_lines", "revised_budget", "0.12345K", "is ambiguous: the column is in thousands"),
    ("budget_lines", "approved_budget", "5", "does not belong to a revenue line"),
    ("budget_lines", "kind", "other", "is not one of 'revenue' or 'capital'"),
    # schemes
    ("scheme_clauses", "condition", "close to target", "is outside the vocabulary of conditions"),
    ("scheme_clauses", "code", "amber", "is not one of exceeded, met, near, missed, no_data,"),
    ("scheme_clauses", "colour", "pink", "is not one of 'green', 'amber', 'red', 'grey' or 'blue'"),
    ("schemes", "variance_convention", "relative", "is not one of 'unsigned_relative',"),
    ("schemes", "effective_to", "2010-04-01", "is before effective_from"),
    ("direction_labels", "code", "up", "is not one of 'improved',"),
    # risks
    ("risks", "impact", "6", "is not a level from 1 to 5"),
    ("risks", "probability", "0", "is not a level from 1 to 5"),
    ("risks", "target_impact", "7", "is not a level from 1 to 5"),
    ("risks", "target_impact", "", "and target_probability are given together or not at all"),
    ("risks", "treatment", "ignore", "is not one of 'treat', 'tolerate',"),
    ("risk_controls", "percent_complete", "101", "is outside 0 to 100"),
    ("risk_controls", "status", "late", "is not one of 'approved', 'in_progress' or 'completed'"),
    ("risk_matrices", "low", "0", "is outside 1 to 25"),
    ("risk_matrices", "high", "7", "is outside low to 25"),
    ("risk_matrices", "kind", "colour", "is not one of 'impact', 'probability' or 'band'"),
    ("heat_map", "count", "three", "is a word where a number is expected"),
    # people
    ("workforce_profiles", "count", "-1", "is below zero"),
    ("disclosure_policies", "counts", "risks", "is not one of 'workforce-profiles', 'workforce-"),
    ("disclosure_policies", "threshold", "0", "is outside 1 to 100"),
    ("disclosure_policies", "threshold", "101", "is outside 1 to 100"),
    ("disclosure_policies", "threshold", "9.5", "has more than 0 decimal places"),
    ("disclosure_policies", "rounding", "0", "is outside 1 to threshold"),
    ("disclosure_policies", "rounding", "11", "is outside 1 to threshold"),
    ("disclosure_policies", "rounding", "", "is empty"),
    ("workforce_establishment", "permanent", "182.595", "has more than 2 decimal places"),
    # actions and the rest
    ("actions", "progress", "110", "is outside 0 to 100"),
    ("actions", "progress", "-1", "is outside 0 to 100"),
    ("actions", "due_date", "31-Apr-2020", "is a date that does not exist"),
    ("actions", "start_date", "2012-04-01", "is before start_date"),
    ("actions", "cancelled", "x", "is neither yes nor no nor empty"),
    ("notes", "note_kind", "gossip", "is not one of 'achievement',"),
    ("notes", "kind", "risk", "is not one of 'service' or 'indicator'"),
    ("interventions", "level", "", "is empty"),
    ("organisation", "id", "Any Shire", "is not small letters and digits joined by hyphens"),
    ("organisation", "area_code", "E0900000", "is not a GSS area code, as E09000003"),
    ("release", "as_of", "", "is empty"),
    ("services", "name", "—", "has no letter or digit to name it by"),
    ("services", "parent", "front-office", "is the service itself"),
    ("services", "kind", "team", "is not one of 'directorate',"),
    ("published", "kind", "weather", "is not one of 'observation',"),
    ("published", "field", "variation", "is no field of kind observation"),
    ("published", "role", "guess", "is not one of 'derived' or 'input'"),
    ("published", "reason", "It is odd", "and finding_kind are given together or not at all"),
    ("published", "printed", "", "is empty"),
]
ELSEWHERE = {
    ("observations", "denominator", ""): "numerator",
    ("observations", "numerator", ""): "denominator",
    ("observations", "previous_period", "2011-12-q1"): "previous_period",
    ("targets", "kind", "none"): "value",
    ("targets", "kind", "range"): "range_percent",
    ("actions", "start_date", "2012-04-01"): "due_date",
}
"""Where the fault is told of another column than the one that was changed."""


@pytest.mark.parametrize(("file", "column", "value", "reason"), REFUSED)
def test_a_cell_is_refused_with_its_row_and_reason(
    tmp_path: Path, file: str, column: str, value: str, reason: str
) -> None:
    report = read_with(tmp_path, file, **{column: value})

    where = ELSEWHERE.get((file, column, value), column)
    told = [problem for problem in report.problems if problem.column == where]
    assert [(problem.file, problem.row) for problem in told] == [(f"{file}.csv", 2)]
    assert told[0].reason.startswith(reason)


def test_every_problem_of_a_row_is_told(tmp_path: Path) -> None:
    report = read_with(tmp_path, "observations", numerator="many", state="late", as_of="soon")

    assert [problem.column for problem in report.problems] == ["numerator", "state", "as_of"]
    assert [problem.value for problem in report.problems] == ["many", "late", "soon"]


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        ({"value": "84,617"}, Decimal(84617)),
        ({"value": "8,861K"}, Decimal(8861000)),
        ({"value": "(43)"}, Decimal(-43)),
        ({"value": "90%"}, Decimal(90)),
        ({"value": "9.3*"}, Decimal("9.3")),
        ({"value": " 9.3\xa0"}, Decimal("9.3")),
        ({"value": "<b>9.3</b>"}, Decimal("9.3")),
        ({"value": "-", "state": "awaited"}, None),
    ],
)
def test_a_value_is_normalised_with_a_notice(tmp_path: Path, cells: Cells, value: Decimal | None) -> None:
    report = read_with(tmp_path, "observations", **VALUE, **cells)

    assert report.problems == ()
    assert report.observations[0].value == value
    assert {(notice.file, notice.row, notice.column) for notice in report.notices} == {
        ("observations.csv", 2, "value")
    }


def test_both_figures_in_the_numerator_cell_are_parted(tmp_path: Path) -> None:
    report = read_with(tmp_path, "observations", numerator="159488/285,806", denominator="")

    assert report.problems == ()
    observation = report.observations[0]
    assert (observation.numerator, observation.denominator) == (Decimal(159488), Decimal(285806))
    assert "is read as numerator/denominator" in [notice.reason for notice in report.notices]


def test_a_zero_denominator_is_taken(tmp_path: Path) -> None:
    report = read_with(tmp_path, "observations", numerator="0", denominator="0")

    assert report.problems == ()
    assert report.observations[0].denominator == 0


def test_a_dash_is_nil_in_a_table_of_money(tmp_path: Path) -> None:
    report = read_with(tmp_path, "budget_lines", forecast="-", revised_budget="(43)")

    assert report.problems == ()
    assert report.budget_lines[0].forecast == 0
    assert report.budget_lines[0].pounds("revised_budget") == -43_000


@pytest.mark.parametrize("period", ["Qtr1 2011/12", "2011/12 Q1", "2011/12 Qtr 1"])
def test_a_label_of_a_period_is_read_as_its_id(tmp_path: Path, period: str) -> None:
    report = read_with(tmp_path, "observations", period=period)

    assert report.problems == ()
    assert report.observations[0].period == "2011-12-q1"
    assert [notice.reason for notice in report.notices] == ["is read as 2011-12-q1"]


def test_a_code_of_digits_stays_text(tmp_path: Path) -> None:
    report = read_with(tmp_path, "indicators", code="007")

    assert report.indicators[0].code == "007"


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2 points", "@home", "=HYPERLINK(1)"])
def test_a_cell_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    report = read_with(tmp_path, "notes", text=text)

    assert (report.problems, report.notices) == ((), ())
    assert report.notes[0].text == text


def test_pence_are_the_last_place_of_money(tmp_path: Path) -> None:
    report = read_with(tmp_path, "budget_lines", money_unit="pounds", forecast="831.125")

    assert [problem.reason for problem in report.problems] == ["has more than 2 decimal places in pounds"]


def test_a_level_is_one_number(tmp_path: Path) -> None:
    report = read_with(tmp_path, "risk_matrices", kind="impact", low="1", high="2")

    assert [problem.column for problem in report.problems] == ["high"]


def test_an_amber_limit_and_an_amber_percent_exclude_one_another(tmp_path: Path) -> None:
    report = read_with(tmp_path, "targets", amber_limit="70", amber_percent="5")

    assert [problem.column for problem in report.problems] == ["amber_percent"]


def test_a_row_can_be_made_of_values(tmp_path: Path) -> None:
    read = read_report(write_report(tmp_path)).observations[0]

    made = ObservationRow(
        line=2,
        indicator="3002",
        service="front-office",
        period="2011/12 Q2",
        numerator=Decimal(159488),
        denominator=Decimal(285806),
        state=State.reported,
    )
    parted = ObservationRow.model_validate(
        {**EXAMPLE["observations"], "line": 2, "numerator": "159,488/285806", "denominator": None}
    )

    assert made == parted == read


def test_a_band_without_a_code_is_called_by_its_label(tmp_path: Path) -> None:
    report = read_report(write_report(tmp_path))

    assert report.risk_matrices[0].slug == "medium-high"


@pytest.mark.parametrize(
    ("kind", "subject", "field", "column"),
    [
        ("scorecard", "front-office", "rating:hr", None),
        ("scorecard", "front-office", "status_count:NOT KNOWN", None),
        ("scorecard", "front-office", "rating:", "field"),
        ("scorecard", "front-office", "outturn", "field"),
        ("budget_total", "revenue", "forecast", None),
        ("budget_total", "front-office", "forecast", "subject"),
        ("workforce_profile", "gender/Female", "share", None),
        ("workforce_profile", "gender", "share", "subject"),
        ("equality", "3002/35 to 44", "variation", None),
        ("equality", "3002", "variation", "subject"),
    ],
)
def test_a_printed_figure_has_a_field_of_its_kind(
    tmp_path: Path, kind: str, subject: str, field: str, column: str | None
) -> None:
    report = read_with(tmp_path, "published", kind=kind, subject=subject, field=field)

    assert [problem.column for problem in report.problems] == ([column] if column else [])
