"""The rules and the conditions of schemes as anyone may read them; no database is asked."""

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient
from jsonschema import Draft202012Validator

from app.rules.catalogue import ENTRIES, TERMS, Entry
from app.rules.escalation import escalation_condition
from app.rules.schemes import condition
from app.rules.tracing import Rule
from tests.queries.lists import DOCUMENT, SCHEMAS, Json
from tests.routers.problem_documents import check_problem
from tests.routers.serving import serving

NOWHERE = "sqlite:////nowhere/at/all.db"


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[AsyncClient]:
    """Speak to the application; there is no database."""
    async with serving(NOWHERE) as client:
        yield client


def valid(name: str, value: object) -> bool:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    return Draft202012Validator(schema).is_valid(value)


async def test_every_rule_is_listed_as_it_is_described(client: AsyncClient) -> None:
    listed = await client.get("/v1/rules")

    assert valid("RuleList", listed.json())
    assert [item["id"] for item in listed.json()["items"]] == list(ENTRIES)
    assert listed.headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())
async def test_a_rule_has_all_that_there_is_to_say_of_it(client: AsyncClient, entry: Entry) -> None:
    found = (await client.get(f"/v1/rules/{entry.id}")).json()

    rule: Rule = entry.rule
    said = (found["id"], found["version"], found["meaning"], found["source"])
    assert said == (f"{found['domain']}.{found['name']}", rule.version, rule.meaning, rule.source)
    assert [operand["name"] for operand in found["operands"]] == [operand.name for operand in rule.operands]
    assert len(found["cases"]) == len(entry.cases)
    assert found["formula"]


async def test_a_rule_s_operands_tell_their_bounds_their_units_and_their_words(client: AsyncClient) -> None:
    found = (await client.get("/v1/rules/indicators.outturn")).json()

    by_name = {operand["name"]: operand for operand in found["operands"]}
    told = ("unit", "words", "places", "least", "greatest")
    assert [[by_name[name][what] for what in told] for name in ("value", "denominator", "calculation")] == [
        ["the unit of the measure", None, 4, "-10000000000.0000", "10000000000.0000"],
        ["what the measure counts", None, 2, "0", "10000000000.00"],
        ["a word", ["given", "share", "average", "growth", "difference"], None, None, None],
    ]


async def test_the_example_of_a_rule_is_that_rule(client: AsyncClient) -> None:
    [example] = SCHEMAS["RuleOut"]["examples"]

    assert (await client.get(f"/v1/rules/{example['id']}")).json() == example


async def test_every_form_of_condition_is_listed_with_an_example(client: AsyncClient) -> None:
    listed = (await client.get("/v1/rules/conditions")).json()

    assert valid("ConditionList", listed)
    assert [item["form"] for item in listed["items"]] == [term.form for term in TERMS]
    read = {"measures": condition, "actions": condition, "scorecards": escalation_condition}
    assert all(read[item["applies_to"]](item["example"]) for item in listed["items"])
    assert SCHEMAS["ConditionOut"]["examples"][0] in listed["items"]


@pytest.mark.parametrize(
    "rule", ["overdue", "indicators.none", "indicators.outturn.more", "Indicators.outturn"]
)
async def test_a_rule_that_is_none_is_not_found(client: AsyncClient, rule: str) -> None:
    check_problem(await client.get(f"/v1/rules/{rule}"), 404, "not-found")


async def test_a_rule_answers_without_a_database_and_a_stored_scheme_does_not(client: AsyncClient) -> None:
    rows = [{"outturn": "2", "previous": "1"}]

    ruled = await client.post(
        "/v1/rules/evaluate", json={"rule": "indicators.direction_variance", "rows": rows}
    )
    stored = await client.post("/v1/rules/evaluate", json={"scheme": {"id": 1}, "rows": rows})

    assert ruled.json()["items"][0]["answer"] == "100.0"
    check_problem(stored, 503, "unavailable")


@pytest.mark.parametrize("example", SCHEMAS["EvaluationIn"]["examples"][1:])
async def test_an_example_of_a_question_is_answered(client: AsyncClient, example: Json) -> None:
    answer = await client.post("/v1/rules/evaluate", json=example)

    assert answer.status_code == 200, answer.text
    name = {"rule": "RuleEvaluation", "actions": "ActionEvaluation"}[answer.json()["kind"]]
    assert valid(name, answer.json())
