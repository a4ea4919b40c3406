"""The series of an indicator as they are asked for and described."""

from decimal import Decimal
from typing import Any

import pytest
from httpx import AsyncClient

from app.db.snapshots import LONG
from tests.queries.lists import rows_of
from tests.routers.problem_documents import check_problem
from tests.routers.serving import serving
from tests.routers.test_lists import follows, statements_counted

Json = dict[str, Any]


async def path_of(client: AsyncClient, organisation: str, key: str) -> str:
    rows = await rows_of(client, "/v1/indicators", [("organisation", organisation)])
    [row] = [row for row in rows if row["indicator_key"] == key]
    return f"/v1/indicators/{row['id']}/series"


async def test_every_series_of_the_demo_is_as_described_and_none_mixes_kinds(client: AsyncClient) -> None:
    described = follows("IndicatorSeries")
    observations = 0

    for row in await rows_of(client, "/v1/indicators"):
        answer = (await client.get(f"/v1/indicators/{row['id']}/series")).json()
        described.validate(answer)
        observations += sum(not p["gap"] for each in answer["series"] for p in each["points"])
        kinds = [(s["service"], s["covers"], s["reported_by"], s["basis"]) for s in answer["series"]]
        assert len(set(kinds)) == len(kinds)

    assert observations == len(await rows_of(client, "/v1/observations"))


async def test_barnets_absence_over_a_year_stands_apart_from_its_quarter(client: AsyncClient) -> None:
    year = (await client.get(await path_of(client, "barnet", "hr-absence-rolling-year"))).json()
    quarter = (await client.get(await path_of(client, "barnet", "hr-absence-quarter"))).json()

    [of_year], [of_quarter] = year["series"], quarter["series"]
    assert (of_year["covers"], of_quarter["covers"]) == ("rolling_year", "quarter")
    assert [p["covers"] for p in of_year["points"]] == ["year-to-2011-09-30"]
    assert [p["covers"] for p in of_quarter["points"]] == [None]


async def test_broxtowes_days_stand_apart_from_its_years(client: AsyncClient) -> None:
    found = (await client.get(await path_of(client, "broxtowe", "FPLocal_03"))).json()["series"]

    days, years = found
    assert (days["covers"], years["covers"]) == ("as_at", "financial_year")
    assert [p["period"] for p in years["points"]] == ["2017-18", "2018-19"]
    [point] = days["points"]
    assert (point["covers"], point["projection"]["basis"]) == ("as-at-2019-08-31", "outturn x 12 / 5 months")


async def test_the_example_is_a_series_of_the_demo(client: AsyncClient) -> None:
    schema = (await client.get("/openapi.json")).json()["components"]["schemas"]["IndicatorSeries"]
    [example] = schema["examples"]

    answer = (await client.get(await path_of(client, "broxtowe", "ITLocal_04"))).json()

    without = {"id", "observation_id", "href"}
    [_, of_quarter], [shown] = answer["series"], example["series"]
    for found, expected in (
        (answer["indicator"], example["indicator"]),
        (of_quarter["points"][0], shown["points"][0]),
    ):
        assert list(found) == list(expected)
        assert {k: v for k, v in found.items() if k not in without} == {
            k: v for k, v in expected.items() if k not in without
        }


async def test_an_explanation_projects_what_the_series_does(client: AsyncClient) -> None:
    projected = []
    for row in await rows_of(client, "/v1/indicators", [("organisation", "broxtowe")]):
        answer = (await client.get(f"/v1/indicators/{row['id']}/series")).json()
        for point in [point for each in answer["series"] for point in each["points"]]:
            explained = (await client.get(f"{point['href']}/explain")).json()
            steps = {step["field"]: step for step in explained["steps"]}
            step = steps.get("year_end_projection")
            assert (step is None) == (point["projection"] is None)
            if step:
                projected.append(row["indicator_key"])
                assert step["exact"] == point["projection"]["exact"]
                assert Decimal(step["answer"]) == Decimal(point["projection"]["value"])
                [months] = [o for o in explained["operands"] if o["name"] == "months_gathered"]
                assert months["value"] == str(point["projection"]["months_elapsed"])
                assert months["source"]["field"] in {"period", "as_of"}
                assert step["filled"].endswith(f"× 12 ÷ {months['value']}")

    assert sorted(projected) == ["BV10", "BV79b(ii)", "BV9", "FPLocal_03", "ITLocal_04"]


@pytest.mark.parametrize(
    ("asked", "parameter", "code"),
    [
        ({"from": "2012-13", "to": "2011-12"}, "to", "empty_range"),
        ({"from": "2012"}, "from", "malformed_period"),
        ({"to": ""}, "to", "malformed_period"),
        ({"service": "nowhere"}, "service", "unknown_value"),
        ({"scheme": "nobody"}, "scheme", "unknown_value"),
        ({"since": "2012-13"}, "since", "unknown_parameter"),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_name(
    client: AsyncClient, asked: dict[str, str], parameter: str, code: str
) -> None:
    answer = await client.get(await path_of(client, "barnet", "3002"), params=asked)

    problem = check_problem(answer, 400, answer.json()["code"])
    [error] = problem["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)


async def test_a_service_that_does_not_report_it_has_no_series_of_it(client: AsyncClient) -> None:
    path = await path_of(client, "barnet", "3002")
    everyone = (await client.get(path)).json()["series"]
    mine = await client.get(path, params={"service": "chief-executives-service"})
    theirs = await client.get(path, params={"service": "ict-and-business-transformation"})

    assert mine.json()["series"] == everyone
    assert everyone
    assert theirs.json()["series"] == []


async def test_an_indicator_that_is_not_there_is_not_found(client: AsyncClient) -> None:
    check_problem(await client.get("/v1/indicators/999999/series"), 404, "not-found")


async def test_series_take_the_same_few_statements_whatever_their_length(
    client: AsyncClient, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The releases in force, the indicator, its observations; the facts of what is projected."""
    monkeypatch.setattr("app.db.snapshots.SHORT", LONG)
    path = await path_of(client, "broxtowe", "ITLocal_04")
    async with serving(database_url, cache_megabytes=0) as uncached:
        await uncached.get(path)  # the clauses of schemes are read once
        with statements_counted() as statements:
            await uncached.get(path)
        with statements_counted() as longer:
            await uncached.get(path, params={"from": "1990-91", "to": "2040-41"})

    assert len(statements) == len(longer) == 4
