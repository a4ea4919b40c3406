"""Datasets: what is published as data, whole, of everybody, of one council and of one release."""

import orjson
import pytest
from httpx import AsyncClient

from app.feeds.datasets import DATASETS, NAMED
from app.schemas.columns import table_of
from app.services.forms import FORMS
from tests.queries.lists import DOCUMENT, page_of, rows_of
from tests.routers.problem_documents import check_problem
from tests.routers.test_lists import follows

SOME = ("risks", "workforce-profiles", "findings")


async def test_every_dataset_is_listed_with_its_files(client: AsyncClient) -> None:
    answer = await client.get("/v1/datasets")

    follows("DatasetList").validate(answer.json())
    listed = answer.json()["items"]
    assert [row["id"] for row in listed] == [dataset.name for dataset in DATASETS]
    for row in listed:
        offered = [form.name for form in FORMS if form.is_offered(table_of(row["id"]))]
        assert [file["format"] for file in row["formats"]] == offered
        assert {"csv", "jsonl"} <= set(offered)
        assert row["path"] in DOCUMENT["paths"]


@pytest.mark.parametrize("name", SOME)
async def test_every_file_that_is_listed_is_there(client: AsyncClient, name: str) -> None:
    listed = (await client.get("/v1/datasets")).json()["items"]
    [row] = [row for row in listed if row["id"] == name]
    for file in row["formats"]:
        answer = await client.head(file["href"])

        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == file["media_type"]
        assert {"etag", "last-modified"} <= set(answer.headers)


@pytest.mark.parametrize("name", SOME)
async def test_lines_of_json_are_the_rows_of_the_list(client: AsyncClient, name: str) -> None:
    items = await rows_of(client, NAMED[name].path)

    answer = await client.get(f"/v1/datasets/{name}.jsonl")

    assert answer.content.endswith(b"}\n")
    assert [orjson.loads(line) for line in answer.content.splitlines()] == items


@pytest.mark.parametrize("name", SOME)
async def test_a_file_of_csv_is_the_list_as_csv(client: AsyncClient, name: str) -> None:
    path = NAMED[name].path
    for owner in ("barnet", "bath-and-north-east-somerset"):
        listed = await client.get(f"{path}.csv", params={"organisation": owner})

        answer = await client.get(f"/v1/organisations/{owner}/datasets/{name}.csv")

        assert answer.content == listed.content
        assert answer.headers["content-type"] == listed.headers["content-type"]
    whole = await client.get(f"/v1/datasets/{name}.csv")
    assert whole.content == (await client.get(f"{path}.csv")).content


async def test_a_councils_latest_release_has_the_councils_rows(client: AsyncClient) -> None:
    [council] = [row for row in await rows_of(client, "/v1/organisations") if row["id"] == "thurrock"]
    address = "datasets/observations.jsonl"

    latest = await client.get(f"/v1/organisations/thurrock/{address}")
    released = await client.get(f"/v1/releases/{council['release']}/{address}")

    assert released.content == latest.content
    assert (
        len(latest.content.splitlines())
        == (
            await page_of(
                client, "/v1/observations", [("organisation", "thurrock"), ("include_total", "true")]
            )
        )["total"]
    )


@pytest.mark.parametrize("form", [form.name for form in FORMS])
@pytest.mark.parametrize(
    "path",
    [
        "/v1/datasets/nothing",
        "/v1/organisations/nowhere/datasets/risks",
        "/v1/organisations/barnet/datasets/nothing",
        "/v1/releases/999/datasets/risks",
        "/v1/releases/x/datasets/risks",
    ],
)
async def test_what_is_not_published_has_no_file(client: AsyncClient, path: str, form: str) -> None:
    check_problem(await client.get(f"{path}.{form}"), 404, "not-found")


async def test_a_file_has_what_is_public_and_nothing_else_is_asked(client: AsyncClient) -> None:
    for asked in ("view=draft", "as_of=2026-01-01", "organisation=barnet"):
        check_problem(await client.get(f"/v1/datasets/risks.csv?{asked}"), 400, "unknown-parameter")
