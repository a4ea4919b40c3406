"""What is kept with a warning, and figures against the unit of their indicator."""

from pathlib import Path

import pytest

from app.imports.reports import Report, read_report
from app.imports.units import Meaning, misfits
from tests.imports.examples import EXAMPLE, Cells, write_report

VALUE = {"numerator": "", "denominator": ""}


def read_changed(tmp_path: Path, **files: Cells) -> Report:
    report = read_report(write_report(tmp_path / "report", **files))
    assert report.problems == ()
    return report


def told(report: Report, unit: str, polarity: str = "higher_is_better") -> list[tuple[str, str, str]]:
    """Where the example's figures do not fit an indicator of this unit."""
    found = misfits(report, {"3002": Meaning(unit, polarity)})
    return [(problem.file, problem.column, problem.reason) for problem in found]


def test_a_day_belongs_to_an_indicator_of_days(tmp_path: Path) -> None:
    report = read_changed(
        tmp_path, observations={**VALUE, "value": "2005-07-31"}, targets={"value": "31-Jul-2005"}
    )

    assert told(report, "date") == []
    reason = "does not fit the unit of its indicator, number"
    assert told(report, "number") == [
        ("observations.csv", "value", reason),
        ("targets.csv", "value", reason),
    ]


def test_a_number_does_not_fit_an_indicator_of_days(tmp_path: Path) -> None:
    report = read_changed(tmp_path, targets={"value": "75", "amber_limit": "70"})

    reason = "does not fit the unit of its indicator, date"
    assert told(report, "date") == [
        ("targets.csv", "value", reason),
        ("targets.csv", "amber_limit", reason),
    ]


def test_yes_is_one_and_no_is_zero(tmp_path: Path) -> None:
    report = read_changed(
        tmp_path, observations={**VALUE, "value": "1", "previous_value": "0"}, targets={"value": "2"}
    )

    assert told(report, "yes_no") == [("targets.csv", "value", "is neither 1 for yes nor 0 for no")]


def test_a_percent_sign_belongs_to_percent(tmp_path: Path) -> None:
    report = read_changed(tmp_path, targets={"value": "75%"})

    assert told(report, "percent") == []
    assert told(report, "days") == [
        ("targets.csv", "value", "has a percent sign, and the unit of its indicator is days")
    ]


@pytest.mark.parametrize(
    ("value", "target", "polarity", "refused"),
    [
        ("0.97", "75", "higher_is_better", True),
        ("0.97%", "75", "higher_is_better", False),
        ("0.97", "3", "higher_is_better", False),
        ("0.97", "75", "lower_is_better", False),
        ("1", "75", "higher_is_better", False),
        ("0", "75", "higher_is_better", False),
        ("97", "75", "higher_is_better", False),
    ],
)
def test_a_spreadsheet_percentage_is_refused_where_points_are_meant(
    tmp_path: Path, value: str, target: str, polarity: str, *, refused: bool
) -> None:
    report = read_changed(tmp_path, observations={**VALUE, "value": value}, targets={"value": target})

    reasons = [reason for *_, reason in told(report, "percent", polarity)]

    assert bool(reasons) is refused
    assert all(reason.startswith("is a share where points are expected") for reason in reasons)


def test_figures_of_an_unknown_indicator_are_passed_over(tmp_path: Path) -> None:
    report = read_changed(tmp_path, targets={"indicator": "other"})

    assert told(report, "percent") == []
    assert list(misfits(report, {})) == []


def test_annual_and_profiled_targets_in_one_column_are_kept_with_a_warning(tmp_path: Path) -> None:
    annual = {**EXAMPLE["targets"], "period": "2011-12"}
    others = [{**EXAMPLE["targets"], "indicator": name} for name in ("a", "b")]

    report = read_report(write_report(tmp_path, {"targets": [*others, annual]}))

    assert len(report.targets) == 4
    assert [(w.file, w.row, w.column, w.value) for w in report.warnings] == [
        ("targets.csv", 5, "period", "2011-12")
    ]


def test_a_code_that_stands_twice_is_kept_with_a_warning(tmp_path: Path) -> None:
    again = {**EXAMPLE["actions"], "key": "IT1-again"}

    report = read_report(write_report(tmp_path, {"actions": [again]}))

    assert [(w.row, w.column, w.value) for w in report.warnings] == [(2, "code", "IT1"), (3, "code", "IT1")]
    assert len(report.actions) == 2


def test_a_due_date_that_does_not_exist_is_kept_as_printed(tmp_path: Path) -> None:
    report = read_changed(tmp_path, actions={"due_date": "", "due_text": "31-Apr-2020"})

    assert [(w.column, w.value) for w in report.warnings] == [("due_text", "31-Apr-2020")]
    assert report.actions[0].due_date is None


def test_rows_that_do_not_sum_to_their_base_are_kept_with_a_warning(tmp_path: Path) -> None:
    report = read_changed(tmp_path, workforce_profiles={"base": "158"})

    assert [(w.file, w.value, w.reason) for w in report.warnings] == [
        ("workforce_profiles.csv", "158", "is the base, and the rows of gender sum to 131")
    ]


@pytest.mark.parametrize(
    ("printed", "cells", "reason"),
    [
        ("Overdue", {}, "is printed of IT1, whose due date 2012-03-31 is still to come"),
        ("Overdue", {"due_date": "2011-06-30"}, None),
        ("Overdue", {"as_of": "2012-04-30"}, None),
        ("Not Started", {}, "is printed of IT1, which stands at 50%"),
        ("Not Started", {"progress": "0"}, None),
        ("Completed", {}, "is printed of IT1, which stands at 50%"),
        ("Complete", {"progress": "100"}, None),
        ("In Progress", {}, None),
    ],
)
def test_a_status_that_dates_or_progress_rule_out_is_kept_with_a_warning(
    tmp_path: Path, printed: str, cells: Cells, reason: str | None
) -> None:
    status = {"kind": "action", "subject": "IT1", "field": "status", "printed": printed}

    report = read_changed(tmp_path, published=status, actions=cells)

    assert [(w.file, w.value, w.reason) for w in report.warnings] == (
        [("published.csv", printed, reason)] if reason else []
    )


@pytest.mark.parametrize(
    ("cells", "lacks"),
    [
        ({"observations": {**VALUE, "state": "awaited"}}, "no figure"),
        ({"targets": {"kind": "none", "value": ""}}, "no target"),
        ({"targets": {"kind": "none", "value": "", "period": "2011-12"}}, None),
        ({}, None),
    ],
)
def test_a_colour_without_data_or_target_is_kept_with_a_warning(
    tmp_path: Path, cells: dict[str, Cells], lacks: str | None
) -> None:
    report = read_changed(tmp_path, **cells, published={"field": "status", "printed": "Green"})

    reasons = [f"is printed where there is {lacks}"] if lacks else []
    assert [warning.reason for warning in report.warnings] == reasons
