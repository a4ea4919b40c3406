"""Rows of the other families: budgets, workforce, risks, actions and summaries, made up likewise."""

from fractions import Fraction

from hypothesis import strategies as st

from app.rules import vocabulary as words
from tests.rules.facts import (
    BASES,
    COUNTS,
    DAYS,
    MEASURES,
    MONEY,
    PERCENTS,
    PROGRESS,
    QUANTITIES,
    RATIOS,
    WIDE,
    day_pairs,
    maybe,
    ties,
    units,
    word,
)
from tests.rules.readers import Row


@st.composite
def budgets(draw: st.DrawFn) -> Row:
    """A budget line or a total: some percentages lie on a half of their last place."""
    whole = draw(maybe(MONEY | units(10**9, 0)))
    half = Fraction(2 * draw(st.integers(-2000, 2000)) + 1, 2)
    part = (whole or Fraction(0)) * half / draw(st.sampled_from([100, 1000]))
    fitting = abs(part) < 10**14 and (part * 100).denominator == 1
    forecast = draw(maybe(st.just(whole + part if whole and fitting else Fraction(5)) | MONEY))
    return {
        "kind": draw(word(words.BudgetKind)),
        "stated_revised": draw(maybe(st.just(whole) | MONEY)),
        "approved": draw(maybe(st.just(whole) | MONEY)),
        "additions": draw(maybe(MONEY)),
        "slippage": draw(maybe(st.just(part if fitting else Fraction(-3)) | MONEY)),
        "forecast": forecast if forecast is None or abs(forecast) < 10**14 else whole,
    }


POSTS = ("permanent", "fixed_term", "vacant")
PEOPLE = ("occupied_permanent", "occupied_fixed_term", "occupied_agency")


@st.composite
def workforce(draw: st.DrawFn) -> Row:
    """Posts and people, and a head count over a base: some shares lie on a half."""
    base = draw(maybe(BASES | st.integers(0, 10**5).map(lambda n: Fraction(20000 * n))))
    tie = (base or Fraction(0)) * Fraction(2 * draw(st.integers(0, 9999)) + 1, 20000)
    counted = tie if (tie * 100).denominator == 1 and tie < 10**10 else Fraction(7)
    posts = {name: draw(maybe(QUANTITIES)) for name in (*POSTS, *PEOPLE)}
    return {**posts, "headcount": draw(maybe(st.just(counted) | QUANTITIES)), "base": base}


@st.composite
def risks(draw: st.DrawFn) -> Row:
    """Impact and probability, the rating now and before, and the date set for the target."""
    target_date, as_of = draw(day_pairs())
    now = draw(maybe(COUNTS))
    return {
        "impact": draw(maybe(COUNTS)),
        "probability": draw(maybe(COUNTS)),
        "now": now,
        "rating": now,
        "before": draw(maybe(st.just(now) | COUNTS)),
        "target_date": target_date,
        "as_of": as_of,
        "treatment": draw(word(words.Treatment)),
    }


@st.composite
def actions(draw: st.DrawFn) -> Row:
    """Progress and due dates."""
    due_date, as_of = draw(day_pairs())
    return {
        "start_date": draw(maybe(st.just(due_date) | DAYS)),
        "due_date": due_date,
        "as_of": as_of,
        "progress": draw(maybe(st.sampled_from(PERCENTS) | PROGRESS)),
        "threshold": draw(st.sampled_from(PERCENTS) | PROGRESS),
        "cancelled": draw(maybe(st.sampled_from([False, False, True]))),
    }


@st.composite
def summaries(draw: st.DrawFn) -> Row:
    """Counts of statuses, and a group's answer beside everyone's."""
    whole = draw(COUNTS | st.integers(0, 1000).map(lambda n: Fraction(200 * n)))
    tie = whole * Fraction(2 * draw(st.integers(0, 99)) + 1, 200)
    overall = draw(MEASURES | units(101, 0, least=0))
    near = overall + Fraction(2 * draw(st.integers(-100, 100)) + 1, 20)
    close = near if abs(near) < 10**10 else overall
    return {
        "part": draw(maybe(st.just(tie if tie.denominator == 1 else Fraction(1)) | COUNTS)),
        "whole": draw(maybe(st.just(whole))),
        "overall": draw(maybe(st.just(overall))),
        "value": draw(maybe(st.just(close) | MEASURES)),
        "responses": draw(maybe(st.integers(0, 2000).map(Fraction) | COUNTS)),
    }


FLAGS = st.sampled_from([True, True, True, False])


@st.composite
def comparisons(draw: st.DrawFn) -> Row:
    """An outturn, another figure, and what both are measured by; a rank among some; a group's answer."""
    other, target = draw(RATIOS), draw(maybe(RATIOS))
    count = draw(st.integers(0, 30).map(Fraction) | COUNTS)
    overall = draw(st.sampled_from(PERCENTS))
    return {
        "outturn": draw(maybe(ties(other, target) | st.just(other) | RATIOS)),
        "other": draw(maybe(st.just(other))),
        "target": target,
        "polarity": draw(word(words.Polarity)),
        "value": draw(maybe(MEASURES | units(101, 0, least=0))),
        **{name: draw(maybe(FLAGS)) for name in ("same_unit", "same_polarity", "alone")},
        "period_month": draw(maybe(COUNTS)),
        "comparator_month": draw(maybe(COUNTS)),
        "rank": draw(maybe(st.integers(1, 31).map(Fraction) | COUNTS)),
        "count": draw(maybe(st.just(count))),
        "responses": draw(maybe(st.integers(0, 2000).map(Fraction) | COUNTS)),
        "overall": draw(maybe(st.just(overall))),
        "unit": draw(word(words.Unit)),
    }


BESIDE: Row = {
    "value": Fraction(84),
    "same_unit": True,
    "same_polarity": True,
    "alone": True,
    "period_month": Fraction(24141),
    "comparator_month": Fraction(24138),
    "rank": Fraction(1),
    "count": Fraction(4),
    "responses": Fraction(221),
    "overall": Fraction(90),
    "unit": "percent",
}
WIDE_BESIDE: list[Row] = [
    {**BESIDE, **{name: row[name] for name in ("outturn", "target", "polarity")}, "other": row["previous"]}
    for row in WIDE
]
"""Figures so far apart that their differences are just what a 64-bit whole number keeps, or just not."""
