"""Where a cumulative measure is heading, worked by hand."""

from app.rules import projections as rules
from app.rules.cases.tables import numbers
from app.rules.vocabulary import Calculation, Nature

GIVEN, AVERAGE, DIFFERENCE = Calculation.given, Calculation.average, Calculation.difference
CUMULATIVE = Nature.cumulative

YEAR_END_PROJECTION = numbers(
    rules.year_end_projection,
    ("half the year gone", "60", None, None, GIVEN, CUMULATIVE, "6", "120"),
    ("a third is kept exactly", "100", None, None, GIVEN, CUMULATIVE, "9", "400/3"),
    ("one month gone", "7.5", None, None, GIVEN, CUMULATIVE, "1", "90"),
    ("eleven months gone", "1", None, None, GIVEN, CUMULATIVE, "11", "12/11"),
    ("from numerator and denominator, unrounded", None, "10", "3", AVERAGE, CUMULATIVE, "6", "20/3"),
    ("a loss so far", None, "2", "5", DIFFERENCE, CUMULATIVE, "3", "-12"),
    ("nothing so far", "0", None, None, GIVEN, CUMULATIVE, "6", "0"),
    ("the year is over", "60", None, None, GIVEN, CUMULATIVE, "12", None),
    ("more than a year", "60", None, None, GIVEN, CUMULATIVE, "13", None),
    ("nothing of the year gone", "60", None, None, GIVEN, CUMULATIVE, "0", None),
    ("unknown how much is gone", "60", None, None, GIVEN, CUMULATIVE, None, None),
    ("no outturn", None, None, None, GIVEN, CUMULATIVE, "6", None),
    ("over nothing", None, "10", "0", AVERAGE, CUMULATIVE, "6", None),
    ("a flow is its own period's alone", "60", None, None, GIVEN, Nature.flow, "6", None),
    ("a stock does not gather", "60", None, None, GIVEN, Nature.stock, "6", None),
    ("nor does a ratio", "60", None, None, GIVEN, Nature.ratio, "6", None),
    ("nor an average", "60", None, None, GIVEN, Nature.average, "6", None),
    ("a rolling year is a year", "60", None, None, GIVEN, Nature.rolling_year, "6", None),
)

TABLES = (YEAR_END_PROJECTION,)
