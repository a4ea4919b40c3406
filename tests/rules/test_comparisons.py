"""Figures of many: their middle, their mean, and what it takes to be among the best quarter."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.comparisons import best_quartile, mean, median, merit, quartile

FIGURES = st.lists(st.fractions(-50, 50, max_denominator=6), max_size=25)


def fractions(*texts: str) -> list[Fraction]:
    return [Fraction(text) for text in texts]


@pytest.mark.parametrize(
    ("values", "expected"),
    [((), None), (("3",), "3"), (("1", "2"), "1.5"), (("1", "1", "2"), "4/3"), (("-1", "1"), "0")],
)
def test_the_mean_is_exact(values: tuple[str, ...], expected: str | None) -> None:
    assert mean(fractions(*values)) == (None if expected is None else Fraction(expected))


@pytest.mark.parametrize(
    ("values", "expected"),
    [((), None), (("3",), "3"), (("9", "1"), "5"), (("9", "1", "2"), "2"), (("1/3", "0", "5", "1"), "2/3")],
)
def test_the_median_is_the_middle_whatever_the_order(values: tuple[str, ...], expected: str | None) -> None:
    assert median(fractions(*values)) == (None if expected is None else Fraction(expected))


@pytest.mark.parametrize(
    ("values", "expected"),
    [(("9", "8", "7"), None), (("9", "8", "7", "6"), "9"), (tuple("98765432"), "8")],
)
def test_the_best_quartile_ends_with_its_least_good_value(
    values: tuple[str, ...], expected: str | None
) -> None:
    assert best_quartile(fractions(*values)) == (None if expected is None else Fraction(expected))


@given(FIGURES, st.sampled_from(["higher_is_better", "lower_is_better"]))
def test_whoever_reaches_the_best_quartile_is_in_it_and_nobody_else(
    values: list[Fraction], polarity: str
) -> None:
    goodness = {v: merit.of(outturn=v, target=None, polarity=polarity) for v in values}
    best_first = sorted(values, key=lambda v: v if polarity == "higher_is_better" else -v, reverse=True)
    least = best_quartile(best_first)

    for value in values:
        rank = 1 + sum(goodness[other] > goodness[value] for other in values)  # type: ignore[operator]  # numbers
        placed = quartile.of(rank=rank, count=len(values))

        if least is None:
            assert placed is None
        else:
            assert (placed == 1) == (goodness[value] >= goodness[least])  # type: ignore[operator]  # numbers
