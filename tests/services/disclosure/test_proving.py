"""The proof of what is withheld, and what happens where there is none."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from app.services.disclosure import Policy, Published, Sum, Tables, UnsafeError, choosing, protecting
from app.services.disclosure.knowledge import Knowledge, Release, gather_knowledge
from app.services.disclosure.protecting import protect
from app.services.disclosure.proving import intervals, prove
from app.services.disclosure.solving import Flags, Row, extreme, gather_rows
from app.services.disclosure.worlds import Worlds

TODAY = Policy(lasting=False)
TABLES = Tables({"base": 41, "few": 1, "many": 40}, (Sum("base", ("few", "many")),))


def knowledge_of(tables: Tables, policy: Policy) -> Knowledge:
    (knowledge,) = gather_knowledge([Release(tables, policy)])
    return knowledge


def only_small_withheld(knowledge: Knowledge, _hints: object = ()) -> Flags:
    return knowledge.withheld


def test_a_count_that_is_bounded_too_closely_is_found_out() -> None:
    unprotected = Published(TABLES, TODAY, {"base": 40, "few": None, "many": 40})

    assert intervals([unprotected]) == {(0, "few"): (Decimal(0), Decimal(4))}


def test_what_is_not_proved_is_not_published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protecting, "choose_withheld", only_small_withheld)

    with pytest.raises(UnsafeError) as refused:
        protect(TABLES, TODAY)

    assert refused.value.cells == ((0, "few"),)


def test_what_an_earlier_release_lets_be_worked_back_is_told_of_too() -> None:
    unprotected = Published(TABLES, TODAY, {"base": 40, "few": None, "many": 40})
    now = Tables({"few": 1}, steps=())

    published = protect(now, TODAY, [unprotected])

    assert intervals([unprotected, published]).keys() == {(1, "few")}


def test_where_time_runs_out_everything_is_withheld_that_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "_ROUNDS", 0)

    assert set(protect(TABLES, TODAY).values.values()) == {None}


def test_counts_are_whole_to_an_attacker() -> None:
    """Twice `one` is `few` and 7, so in fractions it is open from 3.5 to 8.5, and in whole numbers by 4."""
    counts = {"one": 8, "two": 12, "both": 20, "few": 9, "told": 11}
    more = {"rest": 40, "with one": 48, "with two": 52}
    pairs = [("both", ("one", "two")), ("both", ("few", "told"))]
    pairs += [("with one", ("one", "rest")), ("with two", ("two", "rest"))]
    tables = Tables(counts | more, tuple(Sum(*pair) for pair in pairs))
    policy = Policy(threshold=11, rounding=1, lasting=False)
    knowledge = knowledge_of(tables, policy)
    told = {"told", "with one", "with two"}

    worlds, closed = prove(knowledge, np.array([key not in told for key in tables.counts]))
    ends = [extreme(knowledge.rows, worlds.bounds, 0, way).world[0] for way in (-1, 1)]
    published = protect(tables, policy)

    assert ends == pytest.approx([3.5, 8.5])
    assert (worlds.low[0], worlds.high[0]) == (4, 8)
    assert 0 in {one.place for one in closed}
    assert all(high - low > policy.width for low, high in published.intervals.values())


def test_a_world_that_is_none_is_not_taken_in() -> None:
    knowledge = knowledge_of(TABLES, TODAY)
    worlds = Worlds(knowledge, knowledge.withheld)

    assert not worlds.add(None)
    assert not worlds.add(np.array([41, 2, 40]))
    assert not worlds.add(np.array([50, 1, 49]))
    assert worlds.add(np.array([42.0000001, 2, 40]))


def test_a_solver_that_finds_no_answer_stops_publication() -> None:
    rows = gather_rows([Row(((0, 1), (1, -1)), 0, 0)], 2)

    with pytest.raises(ArithmeticError):
        extreme(rows, (np.array([0, 5]), np.array([1, 6])), 0, 1)
