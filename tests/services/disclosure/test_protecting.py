"""What is told of tables of counts, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from app.services.disclosure import (
    Interval,
    Key,
    Policy,
    Published,
    Step,
    Sum,
    Tables,
    UnsafeError,
    steps_between,
)
from app.services.disclosure.knowledge import Release, gather_knowledge
from app.services.disclosure.protecting import protect
from app.services.disclosure.proving import intervals, prove
from tests.services.disclosure.instances import make_instance

TODAY = Policy(lasting=False)
BATH = {
    "base": 158,
    "Female": 131,
    "Male": 27,
    "Under 20": 5,
    "21-30": 18,
    "31-40": 33,
    "41-50": 47,
    "51-60": 49,
    "61-70": 3,
    "71+": 1,
    "Yes": 1,
    "No": 153,
    "Not": 4,
}
AGES = ("Under 20", "21-30", "31-40", "41-50", "51-60", "61-70", "71+")
BATH_SUMS = (Sum("base", ("Female", "Male")), Sum("base", AGES), Sum("base", ("Yes", "No", "Not")))


def withheld(published: Published) -> set[Key]:
    return {key for key, value in published.values.items() if value is None}


def test_small_counts_are_withheld_and_the_others_rounded() -> None:
    published = protect(Tables({"none": 0, "one": 1, "nine": 9, "ten": 10, "many": 1234}), TODAY)

    assert published.values == {"none": 0, "one": None, "nine": None, "ten": 10, "many": 1235}
    assert published.intervals == {
        "one": Interval(Decimal(0), Decimal(9)),
        "nine": Interval(Decimal(0), Decimal(9)),
    }


def test_a_lasting_policy_tells_no_number_that_says_more_than_its_rounding() -> None:
    published = protect(Tables({"none": 0, "ten": 10, "twelve": 12, "thirteen": 13}), Policy())

    assert published.values == {"none": None, "ten": None, "twelve": None, "thirteen": 15}


def test_a_second_group_is_withheld_where_the_first_could_be_worked_back() -> None:
    tables = Tables({"base": 41, "one": 1, "none": 0, "many": 40}, (Sum("base", ("one", "none", "many")),))

    published = protect(tables, TODAY)

    assert published.values == {"base": 40, "one": None, "none": 0, "many": None}


def test_what_tells_least_is_withheld_beside_a_small_count() -> None:
    counts = {"base": 300, "few": 4, "some": 16, "more": 80, "most": 200}

    published = protect(Tables(counts, (Sum("base", ("few", "some", "more", "most")),)), Policy())

    assert withheld(published) == {"few", "some"}


def test_the_profile_of_bath_is_told_but_for_its_small_groups() -> None:
    published = protect(Tables(BATH, BATH_SUMS), Policy())

    assert withheld(published) == {"Under 20", "61-70", "71+", "Yes", "Not"}
    assert all(high - low > 4 for low, high in published.intervals.values())


def test_rows_that_exceed_their_base_are_no_sum_and_no_row_exceeds_it() -> None:
    over = Tables({"base": 20, "one": 12, "two": 15}, (Sum("base", ("one", "two")),))
    odd = Tables({"base": 5, "one": 20}, (Sum("base", ("one",)),))

    assert withheld(protect(over, TODAY)) == set()
    assert withheld(protect(odd, TODAY)) == {"base"}


def test_rows_that_fall_short_of_their_base_are_known_not_to_exceed_it() -> None:
    """The base is 42 at most and the large group at least 38, so the small one would be 4 at most."""
    short = Tables({"base": 40, "small": 1, "large": 38}, (Sum("base", ("small", "large")),))

    published = protect(short, TODAY)

    assert withheld(published) > {"small"}


def test_posts_are_counted_in_hundredths() -> None:
    counts = {"all": Decimal("235.20"), "permanent": Decimal("182.59"), "fixed": Decimal("46.19")}
    counts["agency"] = Decimal("6.42")

    published = protect(
        Tables(counts, (Sum("all", ("permanent", "fixed", "agency")),)), Policy(places=2, lasting=False)
    )

    assert published.values == {"all": 235, "permanent": 185, "fixed": 45, "agency": None}
    low, high = published.intervals["agency"]
    assert high - low > 4
    assert low == low.quantize(Decimal("0.01"))


ONE = (Sum("base", ("a", "b", "c")),)


def released(counts: Sequence[dict[str, int]], policy: Policy) -> list[Published]:
    """Releases of one base and its groups, each linked to the one before."""
    releases: list[Published] = []
    for now in counts:
        tables = Tables(now, ONE)
        if releases:
            tables = replace(tables, steps=steps_between(releases[-1].tables, tables))
        releases.append(protect(tables, policy, releases))
    return releases


def test_who_left_a_group_of_ten_cannot_be_hidden_if_ten_was_told() -> None:
    ten, nine = ({"base": 90 + count, "a": count, "b": 40, "c": 50} for count in (10, 9))

    with pytest.raises(UnsafeError) as refused:
        released([ten, nine], TODAY)

    assert (1, "a") in refused.value.cells


def test_who_left_a_group_of_ten_is_hidden_by_a_policy_that_lasts() -> None:
    ten, nine = ({"base": 90 + count, "a": count, "b": 40, "c": 50} for count in (10, 9))

    releases = released([ten, nine], Policy())

    assert all("a" in withheld(release) for release in releases)
    assert intervals(releases)[1, "a"].high > 9


def test_what_was_withheld_stays_so_while_it_could_be_worked_back() -> None:
    counts = [{"base": 100 + more, "a": 12 + more, "b": 38, "c": 50} for more in range(3)]

    releases = released(counts, Policy())

    assert all("a" in withheld(release) for release in releases)


def test_what_is_published_again_is_published_alike() -> None:
    first, second, third = released([{"base": 100, "a": 7, "b": 43, "c": 50}] * 3, Policy())

    assert first.values == second.values == third.values


def test_a_group_grown_beyond_knowing_is_told() -> None:
    before = protect(Tables({"base": 97, "a": 7, "b": 40, "c": 50}, ONE), Policy())
    after = Tables({"base": 140, "a": 40, "b": 45, "c": 55}, ONE)

    published = protect(replace(after, steps=steps_between(before.tables, after)), Policy(), [before])

    assert withheld(published) == set()


def test_a_step_may_lead_from_any_earlier_release() -> None:
    march = protect(Tables({"a": 9}), TODAY)
    june = protect(Tables({"a": 30}), TODAY, [march])
    revised = Tables({"a": 12}, steps=(Step("a", 3, since=0),))

    assert withheld(protect(revised, TODAY, [march, june])) == {"a"}


def test_an_earlier_release_that_is_not_what_its_policy_publishes_is_refused() -> None:
    told = Published(Tables({"a": 9}), TODAY, {"a": 10})
    wrong = Published(Tables({"a": 29}), TODAY, {"a": 25})
    posts = Published(Tables({"a": 29}), Policy(places=2), {"a": 30})

    for earlier in (told, wrong):
        with pytest.raises(ValueError, match="is not published by its policy"):
            protect(Tables({"a": 30}), TODAY, [earlier])
    with pytest.raises(ValueError, match="different places"):
        protect(Tables({"a": 30}), TODAY, [posts])


def test_a_step_that_is_not_true_is_refused() -> None:
    earlier = protect(Tables({"a": 9}), TODAY)

    with pytest.raises(ValueError, match="does not fit the true counts"):
        protect(Tables({"a": 9}, steps=(Step("a", 1),)), TODAY, [earlier])


def test_percentages_of_published_numbers_add_nothing() -> None:
    """In every world of the proof the same is published, so all that is computed of it is the same."""
    instance = make_instance("nested", 3)
    published = protect(instance.releases[0], instance.policy)
    (knowledge,) = gather_knowledge([Release(published.tables, published.policy, published.values)])

    worlds, closed = prove(knowledge, knowledge.withheld)

    assert not closed
    assert len(worlds.found) > 2
    for world in worlds.found:
        counts = dict(zip((key for _, key in knowledge.cells), map(int, world), strict=True))
        assert percentages(
            Published(
                replace(published.tables, counts=counts),
                published.policy,
                {
                    key: None if value is None else published.policy.rounded(counts[key])
                    for key, value in published.values.items()
                },
            )
        ) == percentages(published)


def percentages(published: Published) -> list[Decimal | None]:
    """Each part's share of its total, of published numbers only."""
    values = published.values
    pairs = [(values[part], values[total]) for total, parts in published.tables.sums for part in parts]
    return [None if part is None or not total else Decimal(100 * part) / total for part, total in pairs]
