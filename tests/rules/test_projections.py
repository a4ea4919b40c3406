"""How much of its year a cumulative figure has gathered, by what it really covers."""

import pytest

from app.rules.periods import parse_period
from app.rules.projections import whole_months_since_april

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
    assert whole_months_since_april(parse_period(name)) == MONTHS[name]
