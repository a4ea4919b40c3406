"""What is known of the people who came and went between two tables."""

import pytest

from app.services.disclosure import Policy, Step, Sum, Tables, UnsafeError, steps_between
from app.services.disclosure.protecting import protect

SUMS = (Sum("base", ("women", "men")), Sum("base", ("young", "old")))
BEFORE = Tables({"base": 100, "women": 60, "men": 40, "young": 30, "old": 70}, SUMS)


def test_one_who_left_is_known_to_have_been_of_one_group_in_each_dimension() -> None:
    after = Tables({"base": 99, "women": 59, "men": 40, "young": 30, "old": 69}, SUMS)

    assert steps_between(BEFORE, after) == (Step("base", -1, ("women", "men", "young", "old")),)


def test_where_somebody_was_replaced_nothing_is_known_of_that_dimension() -> None:
    after = Tables({"base": 99, "women": 59, "men": 40, "young": 32, "old": 67}, SUMS)

    assert steps_between(BEFORE, after) == (Step("base", -1, ("women", "men")),)


def test_where_somebody_was_replaced_in_every_dimension_nothing_is_known() -> None:
    after = Tables({"base": 99, "women": 61, "men": 38, "young": 32, "old": 67}, SUMS)

    assert steps_between(BEFORE, after) == ()


def test_services_below_are_followed_and_each_named_base_has_its_own_step() -> None:
    sums = (Sum("all", ("one", "two")), Sum("one", ("a", "b")))
    before = Tables({"all": 50, "one": 30, "two": 20, "a": 20, "b": 10}, sums)
    after = Tables({"all": 51, "one": 31, "two": 20, "a": 20, "b": 11}, sums)

    assert steps_between(before, after, ["all", "one"], since=0) == (
        Step("all", 1, ("one", "two", "a", "b"), since=0),
        Step("one", 1, ("a", "b"), since=0),
    )


def test_a_group_that_is_new_has_no_step() -> None:
    after = Tables(
        {"base": 101, "women": 60, "men": 40, "other": 1}, (Sum("base", ("women", "men", "other")),)
    )

    assert steps_between(BEFORE, after) == (Step("base", 1, ("women", "men")),)


def test_a_base_that_is_new_has_no_step() -> None:
    assert steps_between(BEFORE, Tables({"another": 5})) == ()


def test_a_sum_or_step_of_cells_without_counts_is_refused() -> None:
    with pytest.raises(ValueError, match="no counts for"):
        Tables({"base": 1, "women": 1}, (Sum("base", ("women", "men")),))
    with pytest.raises(ValueError, match="no counts for"):
        Tables({"base": 1}, steps=(Step("men", 1),))


def test_a_step_from_a_release_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no release -1 comes before"):
        protect(Tables({"base": 1}, steps=(Step("base", 1),)), Policy())


def test_the_cells_that_are_unsafe_are_named() -> None:
    error = UnsafeError([(0, "women"), (1, "women")])

    assert error.cells == ((0, "women"), (1, "women"))
    assert str(error) == "2 cells can be worked back: ((0, 'women'), (1, 'women'))"
