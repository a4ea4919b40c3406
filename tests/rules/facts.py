"""Rows of operands made up by Hypothesis: missing, wide, zero, on boundaries and on rounding ties."""

import os
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.rules import vocabulary as words
from tests.rules.readers import WIDEST, Row

T = TypeVar("T")

EXAMPLES = int(os.environ.get("OUTTURN_TEST_EXAMPLES", "400"))
"""Rows a family; 400 are the same in every run, any other number are new ones."""
SUITE_EXAMPLES = 400

PERCENTS = [Fraction(p) for p in ("0", "0.01", "2.5", "5", "12.5", "15", "60", "90", "99.5", "100")]
UNITS = [Fraction(u) for u in ("0", "0.25", "2", "2.5")]
NUDGES = [Fraction(0)] * 4 + [Fraction(s, 10**p) for s in (-1, 1) for p in (0, 4, 12)]
EDGES = [
    sign * Fraction(2 * (2**63 + ulp) - half, 2 * 10**places)
    for places in (1, 4, 6)
    for ulp in (-1, 0, 1)
    for half in (0, 1)
    for sign in (-1, 1)
]
"""Answers that just fit a 64-bit whole number of so many places, and that just do not."""
TOPS = [0, 1, 10**14 - 1, 2**31, 2**62 - 1, 2**62, 2**62 + 1, WIDEST - 1, WIDEST]
BOTTOMS = [1, 2, 3, 7, 12, 10**4, 10**12 - 1, 2**31, 2**32, 2**62, WIDEST]


def drawn(rows: st.SearchStrategy[Row]) -> list[Row]:
    """As many rows as the suite wants."""
    found: list[Row] = []

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=EXAMPLES <= SUITE_EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(rows)
    def collect(row: Row) -> None:
        found.append(row)

    collect()
    return found


def units(bound: int, places: int, least: int | None = None) -> st.SearchStrategy[Fraction]:
    """Decimals of so many places, smaller than a bound of units."""
    low, high = (1 - bound if least is None else least), bound - 1
    chosen = st.one_of(
        st.sampled_from([n for n in (0, 1, -1, 5, -5, low, low + 1, high - 1, high) if n >= low]),
        st.integers(max(low, -3 * 10**places), 3 * 10**places),
        st.integers(low, high),
    )
    return chosen.map(lambda n: Fraction(n, 10**places))


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """Missing, one time in eight or so."""
    return st.sampled_from([True] + [False] * 7).flatmap(lambda m: st.none() if m else strategy)


MEASURES, QUANTITIES, BASES = units(10**14, 4), units(10**12, 2), units(10**12, 2, least=0)
PROGRESS, MONEY = units(10**7, 2), units(10**16, 2)
COUNTS = units(10**9, 0, least=0) | units(26, 0, least=0)
MONTHS = st.sampled_from([Fraction(m) for m in (0, 1, 3, 4, 6, 9, 12, 13, 24, 1200)])
DECIMALS = st.sampled_from([Fraction(n) for n in range(7)])
RATIOS = st.one_of(
    MEASURES,
    st.fractions(min_value=-200, max_value=200, max_denominator=1000),
    st.builds(Fraction, units(2 * 10**9, 2), units(10**6, 2, least=1)),
    st.builds(
        lambda sign, top, bottom: Fraction(sign * top, bottom),
        st.sampled_from([-1, 1]),
        st.sampled_from(TOPS),
        st.sampled_from(BOTTOMS),
    ),
).filter(lambda ratio: abs(ratio.numerator) <= WIDEST and ratio.denominator <= WIDEST)


def fits(ratio: Fraction) -> bool:
    """Whether a staged number has room in the whole numbers of SQLite."""
    return abs(ratio.numerator) <= WIDEST and ratio.denominator <= WIDEST


def word(kinds: type[StrEnum]) -> st.SearchStrategy[str]:
    return st.sampled_from([str(kind) for kind in kinds])


@st.composite
def ties(draw: st.DrawFn, about: Fraction, other: Fraction | None) -> Fraction:
    """A number on a boundary of another, or on a rounding tie of their ratio, or nearly."""
    sign = draw(st.sampled_from([-1, 1]))
    odd = Fraction(2 * draw(st.integers(0, 3000)) + 1, 2)
    percent, unit = draw(st.sampled_from(PERCENTS)), draw(st.sampled_from(UNITS))
    beside = about if other is None else other
    choices = [
        about + sign * abs(about) * percent / 100,
        about * percent / 100,
        about / percent * 100 if percent else about,
        about + sign * unit,
        about + sign * odd * about / 1000,
        beside,
        2 * about - beside,
        beside + (about - beside) * percent / 100,
        beside + sign * odd * beside / 1000,
        odd * sign / 10 ** draw(st.integers(0, 6)),
        about - sign * 2**63,
        draw(st.sampled_from(EDGES)),
        about + draw(st.sampled_from(EDGES)),
    ]
    number = draw(st.sampled_from(choices)) + draw(st.sampled_from(NUDGES))
    return number if fits(number) else about


@st.composite
def observations(draw: st.DrawFn) -> Row:
    """Outturn, target and baseline as earlier rules leave them, unrounded."""
    target, previous = draw(RATIOS), draw(maybe(RATIOS))
    outturn = draw(maybe(ties(target, previous) | RATIOS))
    limit = draw(maybe(MEASURES | ties(outturn or target, target).filter(_is_measure)))
    basis = draw(maybe(word(words.Baseline)))
    return {
        "outturn": outturn,
        "target": draw(maybe(st.just(target))),
        "previous": previous,
        "year_earlier": draw(maybe(st.just(previous) | ties(outturn or target, previous))),
        "dead_band_percent": draw(maybe(st.sampled_from(PERCENTS))),
        "dead_band_units": draw(maybe(st.sampled_from(PERCENTS))),
        "earlier": previous,
        "stated_previous": draw(maybe(MEASURES)),
        "stated_period": draw(maybe(st.just("2011-12-q1"))),
        "basis": basis,
        "polarity": draw(word(words.Polarity)),
        "target_kind": draw(maybe(word(words.TargetKind))),
        "convention": draw(maybe(word(words.Convention))),
        "range_percent": draw(maybe(st.sampled_from(PERCENTS) | PROGRESS)),
        "decimals": draw(maybe(DECIMALS)),
        "state": draw(word(words.State)),
        "data_only": draw(maybe(st.sampled_from([False, False, False, True]))),
        "amber_limit": limit,
        "amber_strict": draw(maybe(st.booleans())),
        "amber_percent": draw(st.none() | st.sampled_from(PERCENTS) | PROGRESS),
    }


def _is_measure(number: Fraction) -> bool:
    return abs(number) < 10**10 and (number * 10**4).denominator == 1


HALF = Fraction(2**62)
MIDDLING = {
    "outturn": Fraction(80),
    "target": Fraction(100),
    "previous": Fraction(60),
    "year_earlier": Fraction(60),
    "dead_band_percent": Fraction(5),
    "dead_band_units": None,
    "earlier": Fraction(60),
    "stated_previous": None,
    "stated_period": None,
    "basis": "previous_period",
    "polarity": "closest_to_target",
    "target_kind": "range",
    "convention": "unsigned_relative",
    "range_percent": Fraction(5),
    "decimals": Fraction(1),
    "state": "reported",
    "data_only": False,
    "amber_limit": None,
    "amber_strict": False,
    "amber_percent": Fraction(5),
}
WIDE: list[Row] = [
    MIDDLING | {"outturn": outturn, "target": target, "previous": target}
    for outturn in (-HALF, -HALF - 1, 1 - HALF, HALF, Fraction(WIDEST), Fraction(-WIDEST, 2))
    for target in (HALF, HALF + 1, -HALF, Fraction(-WIDEST), Fraction(1, WIDEST), Fraction(3, 7))
]
"""Gaps that are just -2^63, which is a whole number without a magnitude, and their neighbours."""


@st.composite
def surveys(draw: st.DrawFn) -> Row:
    """Answers over people asked, and another percentage; some on the very end of an interval."""
    asked = draw(maybe(units(10**4, 2, least=0) | st.integers(0, 3000).map(Fraction) | BASES))
    part = draw(st.integers(0, 100))
    answers = draw(st.just(Fraction(int((asked or 5) * part), 100)) | QUANTITIES)
    answers = draw(st.sampled_from([answers, answers, Fraction(0), asked or answers]))
    ends = [Fraction(0), Fraction(100)]
    if asked:
        end = 100 * asked / (asked + Fraction("3.8416"))
        ends += [end, 100 - end]
    other = draw(st.sampled_from(ends) | RATIOS) + draw(st.sampled_from(NUDGES))
    return {
        "numerator": draw(maybe(st.just(answers))),
        "denominator": asked,
        "sample": draw(maybe(st.sampled_from([True, True, True, False]))),
        "other": draw(maybe(st.just(other if fits(other) else Fraction(50)))),
        "target": draw(maybe(st.just(other if fits(other) else Fraction(50)))),
        "target_kind": draw(maybe(st.just("value") | word(words.TargetKind))),
        "met": draw(maybe(st.booleans())),
    }


@st.composite
def stages(draw: st.DrawFn) -> Row:
    """Raw facts of an observation, its targets and an earlier period."""
    earlier = draw(maybe(RATIOS))
    twelfths = draw(st.integers(0, 4)), 2 * draw(st.integers(-3000, 3000)) + 1
    tie = Fraction(12 * twelfths[1], 2 * 10 ** twelfths[0])
    return {
        "value": draw(maybe(MEASURES)),
        "numerator": draw(maybe(QUANTITIES)),
        "denominator": draw(maybe(BASES)),
        "calculation": draw(word(words.Calculation)),
        "period_target": draw(maybe(MEASURES) | st.none()),
        "annual_target": draw(maybe(MEASURES)),
        "nature": draw(word(words.Nature)),
        "months": draw(maybe(MONTHS)),
        "months_elapsed": draw(maybe(MONTHS)),
        "stated_previous": draw(maybe(MEASURES) | st.none()),
        "earlier": draw(st.sampled_from([earlier, earlier, tie, tie / 3])),
        "basis": draw(maybe(st.just("share_of_last_year") | word(words.Baseline))),
        "decimals": draw(maybe(DECIMALS)),
    }


DAYS = st.dates() | st.dates(date(2019, 8, 1), date(2019, 12, 1))


@st.composite
def day_pairs(draw: st.DrawFn) -> tuple[date | None, date]:
    """A due date, and the date that it is looked at from: often close to it."""
    as_of = draw(DAYS)
    days = draw(st.sampled_from([-31, -30, -29, -1, 0, 1]))
    close = as_of - timedelta(days) if date(1, 3, 1) < as_of < date(9999, 10, 1) else as_of
    return draw(maybe(st.just(close) | DAYS)), as_of
