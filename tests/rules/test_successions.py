"""Periods of one kind follow one another without a gap; what follows nothing is said to."""

from datetime import date

import pytest

from app.rules.periods import PeriodKind, parse_period
from app.rules.successions import REGULAR, period_with, succession

FOLLOWING = {
    PeriodKind.month: ("2011-m11", "2012-m02", ["2011-m11", "2011-m12", "2012-m01", "2012-m02"]),
    PeriodKind.quarter: ("2011-12-q3", "2012-13-q1", ["2011-12-q3", "2011-12-q4", "2012-13-q1"]),
    PeriodKind.four_months: ("2011-12-t2", "2012-13-t1", ["2011-12-t2", "2011-12-t3", "2012-13-t1"]),
    PeriodKind.half_year: ("2011-12-h2", "2012-13-h2", ["2011-12-h2", "2012-13-h1", "2012-13-h2"]),
    PeriodKind.financial_year: ("1998-99", "2000-01", ["1998-99", "1999-00", "2000-01"]),
}


def ids(first: str, last: str, since: str | None = None, until: str | None = None) -> list[str] | None:
    days = [None if day is None else date.fromisoformat(day) for day in (since, until)]
    found = succession([parse_period(last), parse_period(first)], *days)
    return None if found is None else [span.id for span in found]


@pytest.mark.parametrize("kind", sorted(REGULAR))
def test_periods_between_two_are_found_over_the_end_of_a_year(kind: PeriodKind) -> None:
    first, last, expected = FOLLOWING[kind]

    assert ids(first, last) == expected


@pytest.mark.parametrize("kind", sorted(REGULAR))
def test_every_day_of_a_year_and_more_falls_in_the_one_period_that_holds_it(kind: PeriodKind) -> None:
    for number in range(date(2011, 3, 1).toordinal(), date(2012, 5, 1).toordinal()):
        day = date.fromordinal(number)
        span = period_with(kind, day)

        assert span.kind is kind
        assert span.start <= day <= span.end


def test_years_to_the_same_day_follow_one_another_and_others_do_not() -> None:
    assert ids("year-to-2009-09-30", "year-to-2011-09-30") == [
        "year-to-2009-09-30",
        "year-to-2010-09-30",
        "year-to-2011-09-30",
    ]
    assert ids("year-to-2011-06-30", "year-to-2011-09-30") is None


@pytest.mark.parametrize("name", ["as-at-2011-09-30", "2011-09-16--2011-09-30"])
def test_nothing_tells_what_is_between_days_or_stretches_of_ones_own_choice(name: str) -> None:
    assert ids(name, name) is None


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2011-04-01", "2012-03-31", ["2011-12-q1", "2011-12-q2", "2011-12-q3", "2011-12-q4"]),
        ("2011-04-01", None, ["2011-12-q1", "2011-12-q2", "2011-12-q3"]),
        (None, "2012-03-30", ["2011-12-q2", "2011-12-q3"]),
        (None, "2012-03-31", ["2011-12-q2", "2011-12-q3", "2011-12-q4"]),
        ("2011-10-01", "2011-12-31", ["2011-12-q3"]),
        ("2015-04-01", "2015-09-30", ["2015-16-q1", "2015-16-q2"]),
        ("2005-04-01", "2005-09-30", ["2005-06-q1", "2005-06-q2"]),
        ("2015-04-01", None, []),
        (None, "2005-09-30", []),
        ("2011-07-02", "2011-09-29", []),
    ],
)
def test_days_asked_for_lengthen_or_shorten_it(
    since: str | None, until: str | None, expected: list[str]
) -> None:
    assert ids("2011-12-q2", "2011-12-q3", since, until) == expected


def test_it_ends_where_the_calendar_of_periods_does() -> None:
    assert ids("1900-01", "1900-01", "1800-01-01", "1900-12-31") == []
    assert ids("1900-01-q1", "1900-01-q2", "1800-01-01") == ["1900-01-q1", "1900-01-q2"]
    assert ids("2199-m11", "2199-m11", None, "2200-03-31") == ["2199-m11", "2199-m12"]
