"""Risks, workforce and actions, from their sections of the domain."""

# ruff: noqa: PLR0913, PLR0917 - a rule names every operand it weighs, and so does its oracle

from datetime import date
from fractions import Fraction

from tests.rules.oracle.arithmetic import Number, half_away, needs, percent_of


@needs("impact", "probability")
def rating(impact: Fraction, probability: Fraction) -> Number:
    """Impact x probability."""
    return impact * probability


@needs("now")
def movement(now: Fraction, before: Number) -> str:
    """Movement between periods."""
    if before is None:
        return "new"
    return "up" if now > before else "down" if now < before else "unchanged"


def risk_overdue(target_date: date | None, as_of: date, treatment: str) -> bool:
    """Past its target date, and not terminated."""
    return target_date is not None and target_date < as_of and treatment != "terminate"


@needs("permanent", "fixed_term", "vacant")
def establishment_total(permanent: Fraction, fixed_term: Fraction, vacant: Fraction) -> Number:
    """Permanent + fixed term + vacant."""
    return half_away(permanent + fixed_term + vacant, 2, 2)


@needs("occupied_permanent", "occupied_fixed_term", "occupied_agency")
def occupancy_total(
    occupied_permanent: Fraction, occupied_fixed_term: Fraction, occupied_agency: Fraction
) -> Number:
    """Permanent + fixed term + agency/interim."""
    return half_away(occupied_permanent + occupied_fixed_term + occupied_agency, 2, 2)


def occupancy_variance(
    permanent: Number,
    fixed_term: Number,
    vacant: Number,
    occupied_permanent: Number,
    occupied_fixed_term: Number,
    occupied_agency: Number,
) -> Number:
    """Occupancy - establishment."""
    filled = occupancy_total(occupied_permanent, occupied_fixed_term, occupied_agency)
    posts = establishment_total(permanent, fixed_term, vacant)
    return None if filled is None or posts is None else half_away(filled - posts, 2, 2)


def share(headcount: Number, base: Number) -> Number:
    """A count over a stated base."""
    return half_away(percent_of(headcount, base), 2, 2)


def action_overdue(due_date: date | None, as_of: date) -> bool:
    """Due before the as-of date."""
    return due_date is not None and due_date < as_of


def progress_at_least(progress: Number, threshold: Fraction) -> bool:
    """Whether so much is done."""
    return progress is not None and progress >= threshold
