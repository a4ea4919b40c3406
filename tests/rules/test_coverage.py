"""What a figure is of, and how much of its year it has gathered."""

import pytest

from app.rules.coverage import covered, months_gathered
from app.rules.periods import parse_period

MONTHS = {
    "2011-m04": 1,
    "2011-m12": 9,
    "2012-m03": 12,
    "2011-12-q1": 3,
    "2011-12-q4": 12,
    "2011-12-t2": 8,
    "2011-12-h1": 6,
    "2011-12": 12,
    "as-at-2011-09-30": 6,
    "as-at-2012-02-29": 11,
    "as-at-2012-02-28": None,
    "as-at-2011-09-29": None,
    "2011-04-01--2011-10-31": 7,
    "2011-04-01--2011-10-30": None,
    "2011-05-01--2011-10-31": None,
    "2010-04-01--2011-10-31": None,
    "1900-01-01--1900-01-31": None,
    "year-to-2011-09-30": None,
    "year-to-2012-03-31": None,
}


@pytest.mark.parametrize("name", MONTHS)
def test_only_whole_months_from_april_on_are_a_part_of_a_year(name: str) -> None:
    year = parse_period(name).year_id or "1900-01"

    assert months_gathered(year, name, None, "actual") == MONTHS[name]


@pytest.mark.parametrize(
    ("period", "covers", "as_of", "basis", "expected"),
    [
        ("2011-12-q2", None, None, "actual", 6),
        ("2011-12-q2", None, "2011-09-30", "actual", 6),
        ("2011-12-q2", None, "2011-10-31", "actual", 7),
        ("2011-12-q2", None, "2011-10-30", "actual", None),
        ("2011-12-q2", "2011-12-q1", "2011-09-30", "actual", 3),
        ("2011-12-q2", "2010-11-q4", None, "actual", None),
        ("2011-12-q2", None, None, "estimated_full_year", None),
    ],
)
def test_a_figure_gathers_months_of_its_reports_own_year(
    period: str, covers: str | None, as_of: str | None, basis: str, expected: int | None
) -> None:
    assert months_gathered(period, covers, as_of, basis) == expected


@pytest.mark.parametrize(
    ("covers", "as_of", "basis", "expected"),
    [
        (None, None, "actual", "2011-12-q2"),
        (None, "2011-09-30", "actual", "2011-12-q2"),
        (None, "2011-09-29", "actual", "as-at-2011-09-29"),
        (None, "2011-09-29", "estimated_full_year", "2011-12-q2"),
        ("year-to-2011-09-30", "2011-09-29", "actual", "year-to-2011-09-30"),
    ],
)
def test_a_figure_is_of_what_is_stated_or_of_its_own_day(
    covers: str | None, as_of: str | None, basis: str, expected: str
) -> None:
    assert covered("2011-12-q2", covers, as_of, basis).id == expected
