"""Comparators of the five reports: who is better, by how much, and how late the figure is."""

from fractions import Fraction
from pathlib import Path

import pytest
from httpx import AsyncClient

from app.db.migrations import migrate
from app.queries.comparators import COMPARATORS
from app.queries.observations import observation_facts
from app.rules import comparisons, indicators, surveys
from app.rules.periods import MalformedPeriodError, parse_period
from tests.queries.lists import Json, rows_of
from tests.queries.reading import reading
from tests.queries.reading import rows_of as listed
from tests.queries.reports import BARNET_2011, change, copied, load

PATH = "/v1/comparators"
ALL_REPORTS = 26
"""How many comparators the five reports state."""


async def only(client: AsyncClient, key: str, name: str) -> Json:
    [row] = [r for r in await rows_of(client, PATH, [("indicator_key", key)]) if r["name"] == name]
    return row


def shown(row: Json, *names: str) -> tuple[object, ...]:
    return tuple(row[name] for name in names)


async def test_every_comparator_of_the_reports_has_an_address(client: AsyncClient) -> None:
    rows = await rows_of(client, PATH)

    assert len(rows) == ALL_REPORTS
    for row in rows:
        assert (await client.get(f"{PATH}/{row['id']}")).json() == row


@pytest.mark.parametrize(
    ("key", "name", "difference", "standing"),
    [
        ("3002", "Cumbria", "-30.6571", "worse"),
        ("3002", "Dacorum", "10.7929", "better"),
        ("hr-absence-quarter", "CIPFA", "-0.4360", "better"),
        ("hr-bme-employees", "Council average", "-1.4275", "below"),
    ],
)
async def test_an_outturn_stands_beside_another_by_polarity(
    client: AsyncClient, key: str, name: str, difference: str, standing: str
) -> None:
    row = await only(client, key, name)

    assert shown(row, "difference", "standing", "standing_reason") == (difference, standing, None)


async def test_what_is_suppressed_stands_beside_nothing(client: AsyncClient) -> None:
    row = await only(client, "hr-top-earners-female", "CIPFA")

    assert shown(row, "outturn", "difference", "standing_reason") == (None, None, "no_outturn")


async def test_minutes_are_not_held_against_seconds(client: AsyncClient) -> None:
    row = await only(client, "3003", "Harrow")

    assert shown(row, "unit", "comparator_unit", "value") == ("minutes", "seconds", "603.0000")
    assert shown(row, "difference", "standing", "standing_reason") == (None, None, "units_differ")


async def test_what_is_not_reported_yet_has_no_standing_and_a_lag(client: AsyncClient) -> None:
    row = await only(client, "157", "Best 25% of all English Councils")

    assert shown(row, "outturn", "standing", "standing_reason") == (None, None, "no_outturn")
    assert shown(row, "comparator_period_id", "lag_months") == ("2002-03", 24)


@pytest.mark.parametrize(
    ("key", "name", "period", "lag"),
    [
        ("3002", "Cumbria", "2011-12-q1", 3),
        ("hr-bme-employees", "Black and Minority Ethnic local population", "2011-m06", 3),
        ("5001", "National", "2013-m04", 6),  # its fieldwork went on into October
        ("hr-absence-quarter", "CIPFA", None, None),
        ("hr-absence-quarter", "Council average", None, None),
    ],
)
async def test_the_lag_is_told_where_the_period_can_be_read(
    client: AsyncClient, key: str, name: str, period: str | None, lag: int | None
) -> None:
    row = await only(client, key, name)

    assert shown(row, "comparator_period_id", "lag_months") == (period, lag)


async def test_a_survey_differs_from_the_national_figure_by_more_than_chance(client: AsyncClient) -> None:
    row = await only(client, "5001", "National")

    assert shown(row, "value", "outturn", "standing", "significant") == ("82.0000", "86.6", "better", True)


async def test_only_surveys_have_a_significance(client: AsyncClient) -> None:
    rows = await rows_of(client, PATH)

    assert {row["indicator_key"] for row in rows if row["significant"] is not None} == {"3004", "5001"}


def test_the_plain_reader_finds_the_same(demo_url: str) -> None:
    with reading(demo_url) as here:
        rows, observed = listed(here, COMPARATORS), observation_facts(here)

    for row in rows:
        raw = observed[row["observation_id"]]
        outturn = indicators.outturn.of(**{o.name: raw[o.name] for o in indicators.outturn.operands})
        facts = {"outturn": outturn, "target": raw["target"], "polarity": raw["polarity"]}
        same = {"value": Fraction(row["value"]), "same_unit": row["unit"] == row["comparator_unit"]}
        other = comparisons.comparable.of(**same)
        sample = {name: raw[name] for name in ("numerator", "denominator", "sample")}
        difference = comparisons.comparator_difference.of(outturn=outturn, other=other)

        assert comparisons.standing.of(other=other, **facts) == row["standing"]
        assert comparisons.standing_reason.of(**same, **facts) == row["standing_reason"]
        assert surveys.significant.of(other=other, **sample) == row["significant"]
        assert difference == (row["difference"] and Fraction(row["difference"]))


def test_a_period_is_read_as_any_period_is(demo_url: str) -> None:
    with reading(demo_url) as here:
        rows = listed(here, COMPARATORS)

    for row in rows:
        try:
            own = parse_period(row["comparator_period"] or "").id
        except MalformedPeriodError:
            own = None
        assert row["comparator_period_id"] == own


CUMBRIA, PAYBILL = {"name": "Cumbria"}, {"indicator": "hr-paybill-variance"}


@pytest.fixture
def crooked(database_url: str, tmp_path: Path) -> dict[tuple[str, str], Json]:
    """A report whose comparators are later, in pounds, beside nothing, or without a figure."""
    migrate(database_url)
    report, file = copied(BARNET_2011, tmp_path), "comparators.csv"
    change(report, file, CUMBRIA, comparator_period="2011/12 Q4")
    change(report, file, {"name": "Dacorum"}, value="")
    change(report, file, PAYBILL, value="2250000", unit="pounds")
    change(report, file, {"name": "Winchester"}, period="2010-11-q2", unit="minutes")
    covers = {"indicator": "3004"}
    change(report, "observations.csv", covers, covers="2011-12-q1")
    load(database_url, report)
    with reading(database_url) as here:
        return {(row["indicator_key"], row["name"]): row for row in listed(here, COMPARATORS)}


def test_a_later_figure_has_a_negative_lag(crooked: dict[tuple[str, str], Json]) -> None:
    assert crooked["3002", "Cumbria"]["lag_months"] == -6


def test_what_an_observation_covers_is_what_a_figure_lags_behind(
    crooked: dict[tuple[str, str], Json],
) -> None:
    assert crooked["3004", "Richmond Upon Thames"]["lag_months"] == 0


def test_a_name_without_a_figure_has_no_standing(crooked: dict[tuple[str, str], Json]) -> None:
    row = crooked["3002", "Dacorum"]

    assert shown(row, "value", "difference", "standing", "standing_reason") == (None, None, None, "no_value")


def test_the_closer_to_its_target_is_better(crooked: dict[tuple[str, str], Json]) -> None:
    row = crooked["hr-paybill-variance", "Council average"]

    assert shown(row, "outturn", "difference", "standing") == ("2032632", "-217368.0000", "worse")


def test_a_comparator_of_a_period_without_an_observation_stands_alone(
    crooked: dict[tuple[str, str], Json],
) -> None:
    row = crooked["3003", "Winchester"]

    assert shown(row, "observation_id", "outturn", "standing_reason") == (None, None, "no_outturn")
    assert row["lag_months"] == -9
