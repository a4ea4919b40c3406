"""The lint of a stored scheme, as it is asked for."""

from httpx import AsyncClient

from tests.queries.lists import rows_of
from tests.routers.problem_documents import check_problem


async def test_every_scheme_of_the_demo_tells_what_is_wrong_with_it(client: AsyncClient) -> None:
    found = {}
    for scheme in await rows_of(client, "/v1/schemes"):
        answer = await client.get(f"/v1/schemes/{scheme['id']}/lint")
        assert answer.status_code == 200
        found[scheme["scheme"]] = [
            (item["kind"], item["position"], item["refused"]) for item in answer.json()["items"]
        ]

    sound = {"barnet-management", "barnet-equalities", "broxtowe-actions", "thurrock-pass-fail"}
    assert {name for name, items in found.items() if not items} == sound
    assert found["barnet-corporate-plan"] == [("zero_target", 5, False)]
    assert found["barnet-hr"] == [("senseless", 4, False)]


async def test_an_example_names_facts_that_the_clause_can_be_tried_on(client: AsyncClient) -> None:
    [scheme] = await rows_of(client, "/v1/schemes", [("scheme", "bath-rag")])

    [item] = (await client.get(f"/v1/schemes/{scheme['id']}/lint")).json()["items"]

    facts = {fact["name"]: fact["value"] for fact in item["example"]}
    assert item["condition"] == "within 5% of target"
    assert (facts["target"], facts["outturn"]) == ("0", "-0.01")


async def test_an_unknown_scheme_has_no_lint(client: AsyncClient) -> None:
    check_problem(await client.get("/v1/schemes/999999/lint"), 404, "not-found")
