"""Ids and labels of periods, and the neighbours of each."""

from datetime import date

import pytest

from app.rules.periods import MalformedPeriodError, Span, parse_period

# id, kind, label, start, end, months, months elapsed
PERIODS = """
2011-12 | financial_year | 2011/12 | 2011-04-01 | 2012-03-31 | 12 | 12
1999-00 | financial_year | 1999/00 | 1999-04-01 | 2000-03-31 | 12 | 12
2011-12-q1 | quarter | 2011/12 Q1 | 2011-04-01 | 2011-06-30 | 3 | 3
2011-12-q2 | quarter | 2011/12 Q2 | 2011-07-01 | 2011-09-30 | 3 | 6
2011-12-q4 | quarter | 2011/12 Q4 | 2012-01-01 | 2012-03-31 | 3 | 12
2004-05-t1 | four_months | 2004/05 T1 | 2004-04-01 | 2004-07-31 | 4 | 4
2004-05-t3 | four_months | 2004/05 T3 | 2004-12-01 | 2005-03-31 | 4 | 12
2011-12-h1 | half_year | 2011/12 H1 | 2011-04-01 | 2011-09-30 | 6 | 6
2011-12-h2 | half_year | 2011/12 H2 | 2011-10-01 | 2012-03-31 | 6 | 12
2011-m09 | month | September 2011 | 2011-09-01 | 2011-09-30 | 1 | 6
2012-m01 | month | January 2012 | 2012-01-01 | 2012-01-31 | 1 | 10
2012-m02 | month | February 2012 | 2012-02-01 | 2012-02-29 | 1 | 11
as-at-2011-09-30 | as_at | As at 30 September 2011 | 2011-09-30 | 2011-09-30 | 0 | 6
as-at-2012-02-29 | as_at | As at 29 February 2012 | 2012-02-29 | 2012-02-29 | 0 | 11
year-to-2011-09-30 | rolling_year | Year to 30 September 2011 | 2010-10-01 | 2011-09-30 | 12 | 6
year-to-2013-02-28 | rolling_year | Year to 28 February 2013 | 2012-03-01 | 2013-02-28 | 12 | 11
2011-09-16--2011-09-30 | custom | 16 September 2011 to 30 September 2011 | 2011-09-16 | 2011-09-30 | 1 | 6
2013-09-01--2013-10-31 | custom | 1 September 2013 to 31 October 2013 | 2013-09-01 | 2013-10-31 | 2 | 7
2012-12-31--2013-04-01 | custom | 31 December 2012 to 1 April 2013 | 2012-12-31 | 2013-04-01 | 5 | 1
1900-01 | financial_year | 1900/01 | 1900-04-01 | 1901-03-31 | 12 | 12
1900-01-q1 | quarter | 1900/01 Q1 | 1900-04-01 | 1900-06-30 | 3 | 3
1900-m04 | month | April 1900 | 1900-04-01 | 1900-04-30 | 1 | 1
"""
# id, previous, year earlier, year, last year
NEIGHBOURS = """
2011-12 | 2010-11 | 2010-11 | 2011-12 | 2010-11
1999-00 | 1998-99 | 1998-99 | 1999-00 | 1998-99
2011-12-q1 | 2010-11-q4 | 2010-11-q1 | 2011-12 | 2010-11
2011-12-q2 | 2011-12-q1 | 2010-11-q2 | 2011-12 | 2010-11
2011-12-q4 | 2011-12-q3 | 2010-11-q4 | 2011-12 | 2010-11
2004-05-t1 | 2003-04-t3 | 2003-04-t1 | 2004-05 | 2003-04
2004-05-t3 | 2004-05-t2 | 2003-04-t3 | 2004-05 | 2003-04
2011-12-h1 | 2010-11-h2 | 2010-11-h1 | 2011-12 | 2010-11
2011-12-h2 | 2011-12-h1 | 2010-11-h2 | 2011-12 | 2010-11
2011-m09 | 2011-m08 | 2010-m09 | 2011-12 | 2010-11
2012-m01 | 2011-m12 | 2011-m01 | 2011-12 | 2010-11
2012-m02 | 2012-m01 | 2011-m02 | 2011-12 | 2010-11
as-at-2011-09-30 | - | as-at-2010-09-30 | 2011-12 | 2010-11
as-at-2012-02-29 | - | as-at-2011-02-28 | 2011-12 | 2010-11
year-to-2011-09-30 | year-to-2010-09-30 | year-to-2010-09-30 | 2011-12 | 2010-11
year-to-2013-02-28 | year-to-2012-02-29 | year-to-2012-02-29 | 2012-13 | 2011-12
2011-09-16--2011-09-30 | - | 2010-09-16--2010-09-30 | 2011-12 | 2010-11
2013-09-01--2013-10-31 | - | 2012-09-01--2012-10-31 | 2013-14 | 2012-13
2012-12-31--2013-04-01 | - | 2011-12-31--2012-04-01 | 2013-14 | 2012-13
1900-01 | - | - | 1900-01 | -
1900-01-q1 | - | - | 1900-01 | -
1900-m04 | - | - | 1900-01 | -
"""


def cells_of(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


NAMES = [name for name, *_ in cells_of(PERIODS)]


@pytest.mark.parametrize("cells", cells_of(PERIODS), ids=NAMES)
def test_a_period_knows_its_kind_and_its_days(cells: list[str]) -> None:
    name, kind, label, start, end, months, elapsed = cells

    span = parse_period(name)

    assert span[:3] == (name, kind, label)
    assert (span.start, span.end) == (date.fromisoformat(start), date.fromisoformat(end))
    assert (span.months, span.months_elapsed) == (int(months), int(elapsed))


@pytest.mark.parametrize("cells", cells_of(NEIGHBOURS), ids=NAMES)
def test_a_period_knows_its_neighbours(cells: list[str]) -> None:
    name, *neighbours = cells

    assert parse_period(name)[7:] == tuple(None if other == "-" else other for other in neighbours)


@pytest.mark.parametrize("name", NAMES)
def test_every_label_and_every_neighbour_reads_back(name: str) -> None:
    span = parse_period(name)

    assert parse_period(span.label) == span
    for neighbour in span[7:]:
        assert neighbour is None or parse_period(neighbour).id == neighbour


@pytest.mark.parametrize(
    "text",
    ["2011/12 Q2", "Q2 2011/12", "Qtr 2 2011/12", "Qtr2 2011/12", "2011/12 Qtr2", "2011/12 Qtr 2"],
)
def test_a_quarter_is_read_as_councils_write_it(text: str) -> None:
    assert parse_period(text).id == "2011-12-q2"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2011",
        "2011-13",
        "2011/13",
        "2011-11",
        "2011-2012",
        "11-12",
        "2011-12-q0",
        "2011-12-q5",
        "2011-12-Q2",
        "2011-12 Q2",
        "2011/12 q2",
        "2011/12-q2",
        "2011-12-t4",
        "2011-12-h3",
        "2011-12-09",
        "2011-m00",
        "2011-m13",
        "2011-m9",
        "as-at-2011-09-31",
        "as-at-2011-9-30",
        "As at 30 Sept 2011",
        "year-to-2011-02-29",
        "2011-09-30--2011-09-16",
        "2011-09-16--2011-09-31",
        "2011-09-16-2011-09-30",
        "Q2",
        "Qtr 5 2011/12",
        " 2011-12",
        "2011-12\n",
        "\N{FULLWIDTH DIGIT TWO}011-12",
        "0999-00",
        "3011-12",
    ],
)
def test_anything_else_is_malformed_and_the_message_says_what_to_write(text: str) -> None:
    with pytest.raises(MalformedPeriodError) as refused:
        parse_period(text)

    assert repr(text) in str(refused.value)
    assert "2011-12-q2" in str(refused.value)


def test_a_long_text_is_cut_short_in_the_message() -> None:
    with pytest.raises(MalformedPeriodError) as refused:
        parse_period("9" * 10_000)

    assert len(str(refused.value)) < 400


def test_quarters_tile_the_year() -> None:
    quarters = [parse_period(f"2011-12-q{number}") for number in range(1, 5)]

    year: Span = parse_period("2011-12")

    assert [quarter.end.toordinal() + 1 for quarter in quarters[:-1]] == [
        quarter.start.toordinal() for quarter in quarters[1:]
    ]
    assert (quarters[0].start, quarters[-1].end) == (year.start, year.end)
    assert [quarter.previous_id for quarter in quarters[1:]] == [quarter.id for quarter in quarters[:-1]]
