"""Rank and quartile among councils that report the same: ties, polarity, and what cannot be compared."""

from fractions import Fraction
from pathlib import Path

import pytest
from httpx import AsyncClient

from app.db.migrations import migrate
from app.queries import peers
from app.queries.listings import MOST_ROWS
from app.queries.observations import OBSERVATIONS
from app.rules.comparisons import standing
from tests.queries.lists import Json, rows_of
from tests.queries.reading import reading
from tests.queries.reading import rows_of as listed
from tests.queries.reports import BARNET_2011, BATH, add, change, copied, load
from tests.routers.problem_documents import check_problem

OBSERVED = {"indicator": "156", "period": "2004-05"}
PAYBILL = {"indicator": "hr-paybill-variance"}
BARNET = "2011-12-q2"


def council(folder: Path, name: str, report: str = BATH) -> Path:
    """Another council's report, the same in every word."""
    made = copied(report, folder / name)
    (made / "organisation.csv").write_text(
        f"id,name,area_code\n{name},{name},E{len(name):08}\n", encoding="utf-8"
    )
    return made


def valued(folder: Path, name: str, value: str) -> Path:
    made = council(folder, name)
    change(made, "observations.csv", OBSERVED, value=value)
    return made


def defined(folder: Path, name: str, **cells: str) -> Path:
    """A council with the best value of all, of an indicator that is another."""
    made = valued(folder, name, "99")
    change(made, "indicators.csv", {"key": "156"}, **cells)
    return made


def silent(folder: Path, name: str) -> Path:
    made = council(folder, name)
    change(made, "observations.csv", OBSERVED, value="", state="awaited", estimated="")
    return made


def twice(folder: Path, name: str) -> Path:
    """A council with two figures under one code."""
    made = valued(folder, name, "98")
    add(made, "indicators.csv", {"key": "156"}, key="156b")
    add(made, "observations.csv", OBSERVED, indicator="156b", value="97")
    return made


def spending(folder: Path, name: str, value: str, budget: str | None) -> Path:
    """A council like Barnet, with another paybill and perhaps another budget for it."""
    made = council(folder, name, BARNET_2011)
    change(made, "observations.csv", PAYBILL, value=value)
    if budget is None:
        change(made, "targets.csv", PAYBILL, kind="none", value="", range_percent="")
    else:
        change(made, "targets.csv", PAYBILL, value=budget)
    return made


def made_up(folder: Path) -> list[Path]:
    """Councils that report what Bath or Barnet do."""
    return [
        valued(folder, "alpha", "40"),
        valued(folder, "beta", "40"),
        valued(folder, "gamma", "30"),
        valued(folder, "delta", "10"),
        silent(folder, "epsilon"),
        defined(folder, "zeta", unit="number"),
        defined(folder, "eta", polarity="lower_is_better"),
        twice(folder, "theta"),
        copied(BATH, folder / "bath"),
        copied(BARNET_2011, folder / "barnet"),
        spending(folder, "near", "2000500", "2000000"),
        spending(folder, "under", "1900000", "2000000"),
        spending(folder, "unplanned", "1900000", None),
    ]


Nation = dict[tuple[str, str, str], Json]


@pytest.fixture(scope="module")
def nation(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Nation:
    """The peers of every observation, by organisation, indicator and period."""
    migrate(database_url)
    for report in made_up(tmp_path_factory.mktemp("nation")):
        load(database_url, report)
    with reading(database_url) as here:
        rows = listed(here, OBSERVATIONS)
        found = {row["id"]: peers.peers_of(here, row["id"]) for row in rows}
        for row in rows[::7]:
            assert peers.peers_of(here.by_rules(), row["id"]) == found[row["id"]]
    assert len(rows) < MOST_ROWS
    return {(r["organisation"], r["indicator_key"], r["period"]): found[r["id"]] or {} for r in rows}


BATHS = ("bath-and-north-east-somerset", "156", "2004-05")


def test_councils_that_report_the_same_are_ranked(nation: Nation) -> None:
    ranked = [
        (peer["organisation"], peer["rank"], peer["quartile"])
        for peer in nation[BATHS]["organisations"]
        if peer["reason"] is None
    ]

    assert ranked == [
        ("alpha", 1, 1),
        ("beta", 1, 1),
        ("gamma", 3, 3),
        ("bath-and-north-east-somerset", 4, 4),
        ("delta", 5, 4),
    ]


def test_a_council_sees_where_it_stands(nation: Nation) -> None:
    place = nation[BATHS]["among_organisations"]

    assert place == {
        "count": 5,
        "rank": 4,
        "rank_reason": None,
        "quartile": 4,
        "best": "40.000000",
        "best_quartile": "40.000000",
        "median": "30.000000",
        "mean": "29.000000",
        "standing_against_median": "worse",
        "standing_against_mean": "worse",
    }


def test_what_cannot_be_compared_is_listed_with_its_reason(nation: Nation) -> None:
    reasons = {
        (peer["organisation"], peer["reason"])
        for peer in nation[BATHS]["organisations"]
        if peer["reason"] is not None
    }

    assert reasons == {
        ("epsilon", "no_outturn"),
        ("zeta", "units_differ"),
        ("eta", "polarity_differs"),
        ("theta", "several_services"),
    }
    assert all(p["rank"] is None is p["quartile"] for p in nation[BATHS]["organisations"] if p["reason"])


def test_one_of_two_figures_speaks_for_its_council_when_it_is_asked_about(nation: Nation) -> None:
    place = nation["theta", "156b", "2004-05"]["among_organisations"]

    assert (place["count"], place["rank"]) == (6, 1)


def test_without_an_outturn_there_is_no_rank_among_the_others(nation: Nation) -> None:
    place = nation["epsilon", "156", "2004-05"]["among_organisations"]

    assert (place["count"], place["rank"], place["rank_reason"]) == (5, None, "no_outturn")
    assert (place["median"], place["standing_against_median"]) == ("30.000000", None)


def test_a_code_names_the_same_indicator_and_else_a_key(nation: Nation) -> None:
    matched = {(key, found["matched_by"]) for (_, key, _), found in nation.items()}

    assert ("156", "code") in matched
    assert ("hr-paybill-variance", "key") in matched


def test_the_closest_to_its_own_target_is_the_best(nation: Nation) -> None:
    found = nation["barnet", "hr-paybill-variance", BARNET]
    ranked = [(peer["organisation"], peer["rank"], peer["reason"]) for peer in found["organisations"]]

    assert ranked == [
        ("near", 1, None),
        ("under", 2, None),
        ("barnet", 3, None),
        ("unplanned", None, "no_target"),
    ]
    assert (found["among_organisations"]["count"], found["among_organisations"]["quartile"]) == (3, None)


def test_where_neither_is_good_there_is_no_rank(nation: Nation) -> None:
    found = nation["barnet", "hr-bme-employees", BARNET]
    place = found["among_organisations"]

    assert (place["count"], place["rank"], place["rank_reason"]) == (4, None, "contextual")
    assert (place["best"], place["best_quartile"], place["quartile"]) == (None, None, None)
    assert (place["standing_against_mean"], place["standing_against_median"]) == ("same", "same")
    assert {peer["rank"] for peer in found["organisations"]} == {None}


def test_a_rank_is_one_more_than_there_are_better_ones(nation: Nation) -> None:
    """The window function of the database against the rule for two figures, wherever targets are alike."""
    tried = 0
    for found in nation.values():
        compared = [peer for peer in found["organisations"] if peer["reason"] is None]
        polarity = found["polarity"]
        for peer in compared if polarity in {"higher_is_better", "lower_is_better"} else ():
            own = Fraction(peer["outturn_unrounded"])
            others = (Fraction(other["outturn_unrounded"]) for other in compared)
            stands = [standing.of(outturn=own, other=o, target=None, polarity=polarity) for o in others]
            tried += 1

            assert peer["rank"] == 1 + stands.count("worse"), (found["indicator_key"], peer)
    assert tried > len(nation)


def test_neighbours_that_a_report_names_are_ranked_with_it(nation: Nation) -> None:
    found = nation["barnet", "3002", BARNET]

    assert found["among_neighbours"] == {
        "count": 4,
        "rank": 3,
        "rank_reason": None,
        "quartile": 3,
        "best": "86.460000",
        "best_quartile": "86.460000",
        "median": "64.401444",
        "mean": "65.068222",
        "standing_against_median": "worse",
        "standing_against_mean": "worse",
    }
    assert [(c["name"], c["lag_months"]) for c in found["comparators"]] == [
        ("Cumbria", 3),
        ("Dacorum", 3),
        ("Richmond Upon Thames", 3),
    ]


def test_averages_and_figures_in_another_unit_are_no_neighbours(nation: Nation) -> None:
    for key in ("hr-absence-quarter", "3003"):
        found = nation["barnet", key, BARNET]

        assert found["among_neighbours"] is None
        assert len(found["comparators"]) == 2


def test_the_comparators_are_those_of_the_council_that_states_them(nation: Nation) -> None:
    found = nation["near", "3002", BARNET]

    assert {c["organisation"] for c in found["comparators"]} == {"near"}
    assert {c["observation_id"] for c in found["comparators"]} == {found["id"]}


async def test_peers_have_an_address(client: AsyncClient) -> None:
    for row in (await rows_of(client, "/v1/observations"))[::10]:
        answer = await client.get(f"/v1/observations/{row['id']}/peers")

        found = answer.json()
        assert answer.status_code == 200
        assert found["outturn"] == row["outturn"]
        assert row["id"] in {peer["id"] for peer in found["organisations"]}


async def test_peers_of_nothing_are_not_found(client: AsyncClient) -> None:
    check_problem(await client.get("/v1/observations/999999999/peers"), 404, "not-found")
