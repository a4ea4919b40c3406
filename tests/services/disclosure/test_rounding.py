"""What a policy withholds, rounds, and says of a count by the number that it tells."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest

from app.services.disclosure import Policy
from app.services.disclosure.rounding import Span

TODAY = Policy(lasting=False)
POSTS = Policy(places=2, lasting=False)


@pytest.mark.parametrize(
    ("count", "number"), [(0, 0), (2, 0), (3, 5), (12, 10), (13, 15), (17, 15), (18, 20), (1002, 1000)]
)
def test_counts_are_rounded_to_the_nearest_multiple_of_five(count: int, number: int) -> None:
    assert TODAY.rounded(count) == number


@pytest.mark.parametrize(("figure", "number"), [("12.49", 10), ("12.5", 15), ("17.49", 15), ("17.50", 20)])
def test_posts_are_rounded_half_up_and_exactly(figure: str, number: int) -> None:
    assert POSTS.rounded(POSTS.units(Decimal(figure))) == number


def test_counts_of_one_to_nine_are_small_and_nobody_is_nobody() -> None:
    assert TODAY.small == Span(1, 9)
    assert POSTS.small == Span(1, 999)


def test_a_lasting_policy_withholds_all_counts_that_round_as_a_small_one_may() -> None:
    assert Policy().small == Span(0, 12)
    assert Policy(places=2).small == Span(0, 1249)
    assert Policy(threshold=8).small == Span(0, 7)


@pytest.mark.parametrize(("number", "span"), [(0, (0, 0)), (10, (10, 12)), (15, (13, 17)), (100, (98, 102))])
def test_a_number_tells_its_rounding_and_that_the_count_is_not_small(
    number: int, span: tuple[int, int]
) -> None:
    assert TODAY.told(number) == span


def test_what_a_number_tells_is_just_what_rounds_to_it() -> None:
    for policy in (TODAY, Policy(), POSTS, Policy(rounding=1), Policy(threshold=7, rounding=10, width=3)):
        for count in range(policy.small.high + 1, 3000):
            assert policy.told(policy.rounded(count)).holds(count)
            assert policy.rounded(policy.told(policy.rounded(count)).high) == policy.rounded(count)


@pytest.mark.parametrize("number", [5, 12, -5])
def test_a_number_that_is_never_published_tells_nothing(number: int) -> None:
    with pytest.raises(ValueError, match="is not published"):
        TODAY.told(number)


@pytest.mark.parametrize(
    "settings", [{"threshold": 0}, {"rounding": 0}, {"width": -1}, {"places": -1}, {"threshold": 5}]
)
def test_a_policy_under_which_nothing_is_safe_is_refused(settings: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"no policy|lie within"):
        Policy(**settings, lasting=False)


def test_a_policy_that_keeps_counts_of_persons_keeps_those_of_posts() -> None:
    kept = []
    for threshold, rounding in ((t, r) for t in range(1, 21) for r in range(1, t + 1)):
        with suppress(ValueError):
            kept.append(Policy(threshold, rounding))

    assert len(kept) == 198
    assert all(replace(policy, places=2).small.high >= policy.small.high * 100 for policy in kept)


@pytest.mark.parametrize("figure", [-1, Decimal("0.5"), Decimal("-0.01")])
def test_what_is_no_count_is_refused(figure: Decimal | int) -> None:
    with pytest.raises(ValueError, match="is no count"):
        TODAY.units(figure)


def test_units_are_told_as_the_figures_they_were() -> None:
    assert POSTS.figure(POSTS.units(Decimal("182.59"))) == Decimal("182.59")
