"""What if: the raw facts of every stored row, given in a request, come to the answers that lists give."""

from fractions import Fraction
from typing import Any

import pytest
from httpx import AsyncClient, Response
from jsonschema import Draft202012Validator

from app.queries import listings
from app.queries.evaluations.measures import raw_operands
from app.queries.explanations.observations import FACTS
from app.queries.listings import MOST_ROWS, Question
from app.rules.catalogue import ENTRIES, Entry
from app.rules.evaluation import half_up
from app.rules.indicators import STEPS
from app.rules.wording import decimal
from tests.queries.lists import DOCUMENT, SCHEMAS, Json, rows_of
from tests.queries.reading import reading

ASK = "/v1/rules/evaluate"
SENSELESS = {("broxtowe", "LALocal_07", "missed")}
"""A zero target that is missed, under a scheme whose next clause asks for a percentage of it."""
UNJUDGED = {"clauses": [{"condition": "otherwise", "code": "met", "label": "Anything"}]}
OF_SCHEMES = {"status", "status_label", "status_colour", "status_points"} | {
    "status_year_end",
    "direction_label",
}
OF_ITSELF = {"position", "explanation"}
"""What an answer has that no list shows."""
ACTION_OPERANDS = ("progress", "start_date", "due_date", "as_of", "cancelled")


@pytest.fixture(scope="module")
def facts(demo_url: str) -> dict[int, Json]:
    """The raw facts of every observation, by its id."""
    with reading(demo_url) as reader:
        rows: Any = listings.page(reader, FACTS, Question(limit=MOST_ROWS))[0]
    return {row["id"]: row for row in rows}


async def ask(client: AsyncClient, **body: Any) -> Response:  # noqa: ANN401 - any JSON value
    return await client.post(ASK, json=body)


def operands(row: Json) -> Json:
    """An observation's raw facts as a request states them."""
    named = {**row, "basis": row["basis_rule"]}
    return {o.name: named[o.name] for o in raw_operands() if named[o.name] is not None} | {
        "unit": row["unit"]
    }


async def test_an_observation_s_raw_facts_come_to_what_the_list_shows(
    client: AsyncClient, facts: dict[int, Json]
) -> None:
    listed = {row["id"]: row for row in await rows_of(client, "/v1/observations")}
    names = SCHEMAS["MeasureAnswer"]["properties"].keys() - OF_ITSELF
    refused = set()

    for row_id, row in facts.items():
        judged = row["scheme_id"] is not None
        scheme = {"id": row["scheme_id"]} if judged else UNJUDGED
        answer = await ask(client, scheme=scheme, rows=[operands(row)])
        expected = listed[row_id]
        if answer.status_code == 422:
            refused.add((expected["organisation"], expected["indicator_key"], expected["status"]))
            continue
        [found] = answer.json()["items"]
        compared = names if judged else names - OF_SCHEMES
        assert {name: found[name] for name in compared} == {name: expected[name] for name in compared}

    assert facts.keys() == listed.keys()
    assert refused == SENSELESS


async def test_an_action_s_raw_facts_come_to_what_the_list_shows(client: AsyncClient) -> None:
    listed = await rows_of(client, "/v1/actions")
    [scheme] = [s for s in await rows_of(client, "/v1/schemes") if s["measure_set"] == "actions"]
    rows = [{name: row[name] for name in ACTION_OPERANDS} for row in listed]

    answer = await ask(client, scheme={"id": scheme["id"]}, rows=rows)

    names = ("status", "status_label", "status_colour")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["kind"], found["scheme"], found["name"]) == ("actions", scheme["id"], scheme["name"])
    assert [[row[n] for n in names] for row in found["items"]] == [[row[n] for n in names] for row in listed]
    assert {row["position"] for row in found["items"]} >= {2, 3, 5, 6}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())
async def test_a_rule_answers_its_worked_cases(client: AsyncClient, entry: Entry) -> None:
    names = [operand.name for operand in entry.rule.operands]
    rows = [dict(zip(names, case.operands, strict=True)) for case in entry.cases]

    answer = await ask(client, rule=entry.id, rows=rows)

    assert answer.status_code == 200, answer.text
    found = [item["answer"] for item in answer.json()["items"]]
    expected = [case.answer for case in entry.cases]
    if entry.answers == "number":
        assert [_close(text) for text in found] == [_close(cell) for cell in expected]
    else:
        assert found == expected


def _close(cell: Any) -> str | None:  # noqa: ANN401 - a cell or an answer
    """A number to twelve places, as an unrounded answer is shown."""
    return None if cell is None else decimal(half_up(Fraction(cell), 12), 12)


def test_every_derived_field_that_the_list_shows_is_answered() -> None:
    answered = SCHEMAS["MeasureAnswer"]["properties"].keys()
    derived = {step.field for step in STEPS} & SCHEMAS["ObservationOut"]["properties"].keys()

    assert derived <= answered
    assert answered - OF_ITSELF <= SCHEMAS["ObservationOut"]["properties"].keys()


async def test_the_example_of_a_question_is_answered_as_described(client: AsyncClient) -> None:
    schemes = await rows_of(client, "/v1/schemes")
    [plan] = [s["id"] for s in schemes if s["scheme"] == "barnet-corporate-plan"]
    example = SCHEMAS["EvaluationIn"]["examples"][0] | {"scheme": {"id": plan}}

    found = (await ask(client, **example)).json()
    explained = (await ask(client, **example, explain=True)).json()

    assert found["items"] == SCHEMAS["MeasureAnswer"]["examples"]
    for answer in (found, explained):
        assert check_schema("MeasureEvaluation", answer) == []
    assert explained["items"][0] | {"explanation": None} == found["items"][0]
    assert [trial["held"] for trial in explained["items"][0]["explanation"]["trials"]][-1]


def check_schema(name: str, value: Json) -> list[str]:
    """What is wrong with an answer by its description."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]
