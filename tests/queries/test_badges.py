"""The badge of a survey measure: what `met` and `significant_against_target` say together, in one word."""

from pathlib import Path

import pytest
from httpx import AsyncClient

from app.db.migrations import migrate
from app.queries.observations import OBSERVATIONS, observation_facts
from app.rules.evaluation import evaluate
from app.rules.indicators import baseline, outturn, target_met
from tests.queries.lists import Json, rows_of
from tests.queries.reading import reading
from tests.queries.reading import rows_of as listed
from tests.queries.reports import BARNET_2013, change, copied, load

KEY = [("indicator_key", "5001")]


async def test_barnet_clearly_misses_its_target_of_satisfied_residents(client: AsyncClient) -> None:
    [row] = await rows_of(client, "/v1/observations", KEY)

    assert (row["target"], row["interval_high"]) == ("90.0000", "88.2")
    assert row["significance_badge"] == "missed_clearly"


async def test_only_samples_with_a_target_have_a_badge(client: AsyncClient) -> None:
    rows = await rows_of(client, "/v1/observations")

    assert {row["indicator_key"] for row in rows if row["significance_badge"]} == {"3004", "5001"}


def test_a_badge_follows_from_met_and_significance(demo_url: str) -> None:
    with reading(demo_url) as here:
        rows, facts = listed(here, OBSERVATIONS), observation_facts(here)
    badges = {True: {True: "met_clearly", False: "missed_clearly"}, None: {}}

    for row in rows:
        raw = dict(facts[row["id"]])
        raw["outturn"] = evaluate(outturn.tree, raw)
        raw["previous"] = evaluate(baseline.tree, raw)
        clear, met = row["significant_against_target"], evaluate(target_met.tree, raw)
        expected = "within_sampling_error" if clear is False else badges[clear].get(bool(met))

        assert row["significance_badge"] == expected, row["indicator_key"]


def observed(url: str, folder: Path, **target: str) -> Json:
    """Barnet's satisfaction with the local area, had its target been another."""
    migrate(url)
    report = copied(BARNET_2013, folder)
    change(report, "targets.csv", {"indicator": "5001"}, **target)
    load(url, report)
    with reading(url) as here:
        [row] = [row for row in listed(here, OBSERVATIONS) if row["indicator_key"] == "5001"]
        return row


@pytest.mark.parametrize(
    ("target", "badge"),
    [
        ({"value": "84"}, "met_clearly"),
        ({"value": "86.6"}, "within_sampling_error"),
        ({"value": "88.1"}, "within_sampling_error"),
        ({"value": "88.3"}, "missed_clearly"),
        ({"kind": "limit", "value": "84"}, "met_clearly"),
        ({"kind": "range", "value": "90", "range_percent": "5"}, None),
        ({"kind": "none", "value": ""}, None),
    ],
    ids=str,
)
def test_the_badge_of_another_target(
    database_url: str, tmp_path: Path, target: dict[str, str], badge: str | None
) -> None:
    assert observed(database_url, tmp_path, **target)["significance_badge"] == badge
