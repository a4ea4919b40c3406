"""Cells that print a day."""

import re
from datetime import date

import pytest

from app.imports.dates import is_dated, read_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2011-09-30", date(2011, 9, 30)),
        ("30-Sept-2021", date(2021, 9, 30)),
        ("30-Sep-2019", date(2019, 9, 30)),
        ("28-February-2020", date(2020, 2, 28)),
        ("3 July 2019", date(2019, 7, 3)),
    ],
)
def test_a_day_is_read_where_the_month_is_plain(text: str, day: date) -> None:
    read, notes = read_day(text)

    assert read == day
    assert notes == ([] if text == day.isoformat() else [f"is read as {day}"])
    assert is_dated(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31-Apr-2020", "is a date that does not exist"),
        ("2020-04-31", "is a date that does not exist"),
        ("0000-01-01", "is a date that does not exist"),
        ("Jul 2005", "names no day; a day is required, as 2005-07-31"),
        ("Sep-04", "names no day; a day is required, as 2005-07-31"),
        ("03/04/2019", "could be read as two different days; write it as 2005-07-31"),
        ("3.4.2019", "could be read as two different days; write it as 2005-07-31"),
        ("30-Ma-2019", "is not a date; write it as 2005-07-31"),
        ("30-Foo-2019", "has no month in it: Foo"),
        ("30-Septem-19", "is not a date; write it as 2005-07-31"),
        ("20190930", "is not a date; write it as 2005-07-31"),
        ("2019-9-30", "is not a date; write it as 2005-07-31"),
        ("soon", "is not a date; write it as 2005-07-31"),
    ],
)
def test_anything_else_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        read_day(text)


@pytest.mark.parametrize("text", ["75", "9.3", "159488/285806", "-0.16", "Green"])
def test_a_number_is_not_taken_for_a_day(text: str) -> None:
    assert not is_dated(text)
