"""Explanations over HTTP: where they are, what they need, and what they answer to what is unknown."""

from typing import Any

import pytest
from httpx import AsyncClient

from app.schemas.explanations import Explanation
from tests.queries.lists import DOCUMENT, SCHEMAS, rows_of

Json = dict[str, Any]
EXPLAINED = (
    "/v1/observations",
    "/v1/budget-variances",
    "/v1/risks",
    "/v1/actions",
    "/v1/workforce-establishment",
    "/v1/workforce-profiles",
)
_OTHERS = frozenset({"id", "href", "version"})
"""What of an example depends on the order of loading, and on the digest of the rules."""
each = pytest.mark.parametrize("path", EXPLAINED)


@each
async def test_a_row_is_explained_at_its_own_address(client: AsyncClient, path: str) -> None:
    row = (await rows_of(client, path))[0]

    answer = await client.get(f"{path}/{row['id']}/explain")

    assert answer.status_code == 200
    explanation = Explanation.model_validate(answer.json())
    assert explanation.subject.href == f"{path}/{row['id']}"
    assert (await client.get(explanation.subject.href)).json() == row
    assert answer.headers["etag"]
    assert (await client.head(f"{path}/{row['id']}/explain")).status_code == 200


@each
async def test_an_unknown_row_is_the_same_404_as_without_explanation(client: AsyncClient, path: str) -> None:
    plain, explained = [await client.get(f"{path}/999999{end}") for end in ("", "/explain")]

    assert (plain.status_code, explained.status_code) == (404, 404)
    assert {**plain.json(), "instance": None} == {**explained.json(), "instance": None}


@each
async def test_what_is_explained_is_said_where_it_is_kept(client: AsyncClient, path: str) -> None:
    """Every address in an explanation leads somewhere."""
    row = (await rows_of(client, path))[0]
    explanation = (await client.get(f"{path}/{row['id']}/explain")).json()
    found = {operand["source"]["href"] for operand in explanation["operands"]} - {None}
    found |= {explanation["scheme"]["href"]} if explanation["scheme"] else set()

    assert {(await client.get(address)).status_code for address in found} == {200}


@each
async def test_an_unknown_parameter_is_refused(client: AsyncClient, path: str) -> None:
    row = (await rows_of(client, path))[0]

    answer = await client.get(f"{path}/{row['id']}/explain", params={"shceme": "x"})

    assert answer.status_code == 400


async def test_an_observation_is_explained_under_another_council_s_scheme(client: AsyncClient) -> None:
    row = next(row for row in await rows_of(client, "/v1/observations") if row["status"] == "near")
    supposed = {"scheme": "thurrock-pass-fail"}

    explanation = (await client.get(f"/v1/observations/{row['id']}/explain", params=supposed)).json()
    other = (await client.get(f"/v1/observations/{row['id']}", params=supposed)).json()

    assert explanation["scheme"]["scheme"] == other["scheme"] != row["scheme"]
    assert explanation["judgements"][0]["code"] == other["status"]
    assert explanation["judgements"][0]["label"] == other["status_label"]


async def test_another_baseline_is_explained_with_its_source(client: AsyncClient) -> None:
    supposed = {"baseline": "same_period_last_year"}
    for row in await rows_of(client, "/v1/observations"):
        other = (await client.get(f"/v1/observations/{row['id']}", params=supposed)).json()
        explanation = (await client.get(f"/v1/observations/{row['id']}/explain", params=supposed)).json()
        answers = {step["field"]: step["answer"] for step in explanation["steps"]}
        sources = {operand["name"]: operand["source"] for operand in explanation["operands"]}

        assert sources.get("basis", {"kind": "request"})["kind"] == "request"
        assert answers.get("previous") == other["previous"]
        assert answers["direction_of_travel"] == other["direction_of_travel"]
        assert answers["direction_basis"] == other["direction_basis"]


async def test_the_example_is_what_3002_answers(client: AsyncClient) -> None:
    """Part by part; ids count rows in the order in which they were loaded."""
    [row] = [
        row
        for row in await rows_of(client, "/v1/observations")
        if row["indicator_code"] == "3002" and row["period"] == "2011-12-q2"
    ]
    explanation = (await client.get(f"/v1/observations/{row['id']}/explain")).json()
    [example] = SCHEMAS["Explanation"]["examples"]

    for name in ("judgements", "steps", "not_derived", "operands"):
        for part in example[name]:
            assert any(_like(part, found) for found in explanation[name]), (name, part)
    assert _like(example["scheme"], explanation["scheme"])
    assert _like(example["subject"], explanation["subject"])
    assert example["sentence"] == explanation["sentence"]


def _like(part: Any, found: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether an example's part is one that was found, but for ids and for what it leaves out of lists."""
    if isinstance(part, dict) and isinstance(found, dict):
        return all(name in _OTHERS or _like(value, found[name]) for name, value in part.items())
    if isinstance(part, list) and isinstance(found, list):
        return all(any(_like(each, other) for other in found) for each in part)
    return bool(part == found)


def test_every_explanation_is_one_schema() -> None:
    answers = [
        methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        for path, methods in DOCUMENT["paths"].items()
        if path.removesuffix("/{id}/explain") in EXPLAINED and path.endswith("/explain")
    ]

    assert answers == [{"$ref": "#/components/schemas/Explanation"}] * len(EXPLAINED)
