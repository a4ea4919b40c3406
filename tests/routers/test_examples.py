"""Each example of the OpenAPI document that names a row of the demo is that row, but for its ids."""

import os
from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient
from typer.testing import CliRunner

from app.cli import app as outturn
from app.settings import settings
from tests.queries.lists import LISTS, SCHEMAS, Json, ListRoute, rows_of
from tests.routers.serving import serving

NATURAL_KEYS = {
    "OrganisationOut": ("id",),
    "ServiceOut": ("organisation", "service"),
    "PeriodOut": ("id",),
    "SchemeOut": ("organisation", "scheme"),
    "IndicatorOut": ("organisation", "indicator_key"),
    "ObservationOut": ("organisation", "indicator_key", "period"),
    "BudgetVarianceOut": ("organisation", "period", "description"),
    "BudgetTotalOut": ("id",),
    "ComparatorOut": ("organisation", "indicator_key", "name"),
    "EqualityOut": ("organisation", "indicator_key", "group"),
    "RiskOut": ("organisation", "period", "code"),
    "HeatMapCell": ("id",),
    "EstablishmentOut": ("organisation", "service", "period"),
    "ProfileOut": ("organisation", "dimension", "category"),
    "ActionOut": ("organisation", "code"),
    "InitiativeOut": ("organisation", "title"),
    "ProjectOut": ("organisation", "title"),
    "FindingOut": ("id",),
    "ScorecardLink": ("id",),
    "DigestLink": ("id",),
    "TargetOut": ("organisation", "indicator_key", "period"),
    "IndicatorIntervention": ("organisation", "indicator_key", "period"),
    "RiskControlOut": ("organisation", "risk_code", "position"),
    "RiskMatrixLevelOut": ("organisation", "matrix", "kind", "code"),
    "DisclosurePolicyOut": ("organisation", "counts"),
    "PrintedCellOut": ("organisation", "service", "period", "impact", "probability"),
    "SubjectNote": ("organisation", "subject_kind", "subject", "period", "kind", "position"),
    "PublishedFigureOut": ("organisation", "subject_kind", "subject", "period", "field", "place"),
    "SchemeClauseOut": ("organisation", "scheme", "version", "position"),
    "DirectionLabelOut": ("organisation", "scheme", "version", "code", "position"),
    "ReleaseOut": ("organisation", "note"),
}
STATED_BY_NONE = {"DisclosurePolicyOut"}
"""What no report of the demo states."""
NUMBERED = ("id", "indicator_id", "observation_id", "risk_id", "scheme_id", "subject_id", "release")
"""What counts rows in the order in which they were loaded; a text id is a natural key."""
OF_THE_MOMENT = ("published_at", "findings")
"""What tells when the rows were loaded."""

every_example = pytest.mark.parametrize(
    "route",
    {r.item: r for r in reversed(LISTS.values()) if r.item not in STATED_BY_NONE}.values(),
    ids=lambda route: route.item,
)


@pytest.fixture(scope="module")
async def published(database_url: str) -> AsyncIterator[AsyncClient]:
    """Speak to the application on the demo as `outturn load` publishes it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("OUTTURN_DATABASE_URL", database_url)
        for command in (["migrate"], ["load", "--demo"]):
            settings.cache_clear()
            done = CliRunner().invoke(outturn, command, env=dict(os.environ))
            assert done.exit_code == 0, done.output
    settings.cache_clear()
    async with serving(database_url) as client:
        yield client


def unnumbered(row: Json) -> Json:
    told = {name: value for name, value in row.items() if name not in OF_THE_MOMENT}
    return {name: value for name, value in told.items() if name not in NUMBERED or isinstance(value, str)}


async def row_like(client: AsyncClient, route: ListRoute, example: Json) -> Json:
    """The row that has an example's natural key."""
    key = {name: example[name] for name in NATURAL_KEYS[route.item]}
    [row] = [row for row in await rows_of(client, route.path) if key.items() <= row.items()]
    return row


def test_every_item_of_a_list_has_an_example_and_a_natural_key() -> None:
    items = {route.item for route in LISTS.values()}

    assert set(NATURAL_KEYS) == items
    assert all(len(SCHEMAS[name]["examples"]) == 1 for name in items)


@every_example
async def test_an_example_is_the_row_that_it_names(published: AsyncClient, route: ListRoute) -> None:
    [example] = SCHEMAS[route.item]["examples"]

    row = await row_like(published, route, example)

    assert unnumbered(example) == unnumbered(row)
    assert list(example) == list(SCHEMAS[route.item]["properties"])


@pytest.mark.parametrize(
    ("part", "path", "column"),
    [
        ("ClauseOut", "/v1/schemes", "clauses"),
        ("DirectionWord", "/v1/schemes", "directions"),
        ("ControlOut", "/v1/risks", "controls"),
    ],
)
async def test_an_example_of_a_part_is_one_of_some_row(
    published: AsyncClient, part: str, path: str, column: str
) -> None:
    [example] = SCHEMAS[part]["examples"]

    rows = await rows_of(published, path)

    assert example in [each for row in rows for each in row[column]]


async def test_the_example_of_a_count_is_a_count(published: AsyncClient) -> None:
    [example] = SCHEMAS["SummaryRow"]["examples"]

    answer = await published.get(
        "/v1/observations/summary", params={"group_by": "organisation,period,status"}
    )

    assert example in answer.json()["items"]


async def test_the_examples_of_parameters_find_something(published: AsyncClient) -> None:
    for route in LISTS.values():
        for name, schema in route.parameters.items():
            for example in schema.get("items", schema).get("examples", ()) if name != "cursor" else ():
                answer = await published.get(route.path, params={name: example})

                assert answer.status_code == 200, (route.path, name)
