"""The OpenAPI document: valid, whole, and of one mind about refusals."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pytest
from fastapi import FastAPI, Query
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel, ConfigDict

from app.main import TAGS, create_app
from app.routers.description import describe
from app.settings import Settings
from tests.queries.lists import DOCUMENT

NEEDED: list[dict[str, list[str]]] = [{"bearer": []}]
MORE = {"/v1/batches": {"412"}}
"""What a body may name a version in is refused as a header is."""
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_document_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()

    assert DOCUMENT["openapi"].startswith("3.1.")
    assert DOCUMENT["info"]["license"] == {"name": "Open Government Licence v3.0", "url": LICENCE}


def test_an_operation_is_named_once_as_its_function_is() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]

    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalpha() for name in names)


def test_an_operation_has_one_tag_and_every_tag_is_described() -> None:
    used = {tuple(operation["tags"]) for _, _, operation in operations()}

    assert used == {(tag["name"],) for tag in TAGS}
    assert all(tag["description"] for tag in TAGS)


def refusals_of(path: str, method: str, operation: dict[str, Any]) -> set[str]:
    """What an operation must be described to refuse with, by what there is about it."""
    parameters = {parameter["name"] for parameter in operation.get("parameters", ())}
    security = operation.get("security")
    refusals = {"400", "406", "503"} | ({"404"} if "{" in path else set())
    refusals |= {"413", "415", "422"} if "requestBody" in operation else set()
    refusals |= {"422"} if "Idempotency-Key" in parameters else set()
    refusals |= {"412", "428"} if "If-Match" in parameters else set()
    refusals |= {"401"} if security else set()
    refusals |= {"403"} if security == NEEDED or "view" in parameters else set()
    refusals |= {"409"} if security == NEEDED and method != "get" else set()
    refusals |= {"416"} if "206" in operation["responses"] else set()
    return refusals


def test_an_operation_answers_in_one_type_and_refuses_in_problems() -> None:
    for path, method, operation in operations():
        responses = operation["responses"]
        answers = {status for status in responses if status.startswith("2")}
        refusals = set(responses) - answers
        assert answers <= {"200", "201", "202", "204", "206"}, (method, path)
        assert refusals - MORE.get(path, set()) == refusals_of(path, method, operation), (method, path)
        assert all(len(responses[status].get("content", "_")) == 1 for status in answers), (method, path)
        assert ("ETag" in responses.get("200", {}).get("headers", {})) == (method == "get")
        for status in refusals:
            name = responses[status]["$ref"].rpartition("/")[2]
            assert list(DOCUMENT["components"]["responses"][name]["content"]) == ["application/problem+json"]


def test_whatever_is_referred_to_is_described() -> None:
    named = re.findall(r"'#/components/(\w+)/([\w.-]+)'", str(DOCUMENT))

    assert named
    assert all(name in DOCUMENT["components"][part] for part, name in named)


def test_a_change_needs_a_version_and_no_parameter_is_null() -> None:
    parameters = [part for _, _, operation in operations() for part in operation.get("parameters", ())]

    assert {part["required"] for part in parameters if part["name"] == "If-Match"} == {True}
    assert {part["required"] for part in parameters if part["name"] == "Idempotency-Key"} == {False}
    assert "null" not in str([part["schema"] for part in parameters])


def test_errors_of_fastapi_are_not_described() -> None:
    assert "ValidationError" not in str(DOCUMENT)


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_an_example_is_what_its_schema_says(name: str) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    described = DOCUMENT["components"]["schemas"][name]

    assert described.get("examples") or "properties" not in described
    for example in described.get("examples", ()):
        validator.validate(example)


def test_a_list_is_written_as_a_repeated_name() -> None:
    parameters = [part for _, _, operation in operations() for part in operation.get("parameters", ())]
    lists = [part for part in parameters if part["schema"].get("type") == "array"]

    assert lists
    assert all((part["style"], part["explode"]) == ("form", True) for part in lists)


def test_a_public_address_is_the_server() -> None:
    app = create_app(Settings(public_url="https://performance.example.gov.uk"))

    assert app.openapi()["servers"][0]["url"] == "https://performance.example.gov.uk"


def test_a_route_that_comes_later_is_described_as_well() -> None:
    app = create_app(Settings())
    first = app.openapi()

    @app.get("/later")
    async def get_later(wanted: Annotated[list[str] | None, Query()] = None) -> None:
        """Come later."""

    assert first is not app.openapi()
    assert app.openapi() is app.openapi()
    assert "400" in app.openapi()["paths"]["/later"]["get"]["responses"]


class Part(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"size": None, "note": "of wood"}]})

    size: int | None
    note: str


class Whole(BaseModel):
    parts: list[Part]
    spare: Part | None
    kind: Literal["table", "chair"]
    made: Literal["here"]


def test_an_example_keeps_its_nulls_and_a_whole_has_its_parts() -> None:
    app = FastAPI()

    @app.get("/wholes")
    async def get_whole() -> Whole:
        raise NotImplementedError  # described, never called

    schemas = describe(app)["components"]["schemas"]

    part = {"size": None, "note": "of wood"}
    whole = {"parts": [part], "spare": part, "kind": "table", "made": "here"}
    assert schemas["Part"]["examples"] == [part]
    assert schemas["Whole"]["examples"] == [whole]


def test_an_answer_without_a_body_has_no_tag() -> None:
    app = FastAPI()

    @app.delete("/wholes", status_code=204)
    async def delete_whole() -> None:
        raise NotImplementedError  # described, never called

    responses = describe(app)["paths"]["/wholes"]["delete"]["responses"]

    assert set(responses) == {"204", "400", "406", "503"}
    assert "headers" not in responses["204"]
