"""The contract against the last released one: what breaks somebody is noted in the changelog."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.compatibility.contracts import Break, breaks
from tests.compatibility.examples import CONTRACT, GONE, a_reference, changed, some_json
from tests.compatibility.notes import unnoted
from tests.compatibility.schemas import Json

ROOT = Path(__file__).parents[1]
LIST = "paths /v1/rows get"
REPLACE = "paths /v1/rows/{id} put"
IN = "components schemas RowIn"
OUT = "components schemas RowOut"
STATUS = "components schemas Status enum"
A_PARAMETER = {"name": "unit", "in": "query", "schema": {"type": "string"}}

BREAKING: list[tuple[str, object, str, str]] = [
    # What is there
    ("paths /v1/rows", GONE, "list_rows", "GET /v1/rows is gone"),
    (REPLACE, GONE, "replace_row", "PUT /v1/rows/{id} is gone"),
    (f"{LIST} operationId", "rows", "list_rows", "is now called rows"),
    (f"{LIST} tags", ["other"], "list_rows", "has another tag, which clients find it under"),
    (f"{LIST} security", [{"bearer": []}], "list_rows", "needs another credential"),
    (f"{REPLACE} security", [{"bearer": []}], "replace_row", "needs another credential"),
    ("webhooks row.told", GONE, "row.told", "is no longer told"),
    ("components schemas Spare", GONE, "Spare", "is gone"),
    # Parameters
    (f"{LIST} parameters 2", GONE, "list_rows", "query parameter period is gone"),
    (f"{LIST} parameters 2 in", "header", "list_rows", "query parameter period is gone"),
    (f"{LIST} parameters 2 required", True, "list_rows", "query parameter period is required now"),
    (
        f"{LIST} parameters +",
        {**A_PARAMETER, "required": True},
        "list_rows",
        "query parameter unit is required now",
    ),
    (f"{LIST} parameters 1 explode", False, "list_rows", "query parameter status is written in another way"),
    (f"{REPLACE} parameters 1 required", True, "replace_row", "header parameter If-Match is required now"),
    # What is sent
    (f"{LIST} parameters 0 schema minimum", 2, "list_rows", "query parameter limit has another minimum: 2"),
    (f"{LIST} parameters 0 schema maximum", 99, "list_rows", "query parameter limit has another maximum: 99"),
    (f"{LIST} parameters 0 schema default", 50, "list_rows", "query parameter limit has another default"),
    (f"{LIST} parameters 0 schema default", GONE, "list_rows", "query parameter limit has another default"),
    (
        f"{LIST} parameters 0 schema multipleOf",
        5,
        "list_rows",
        "query parameter limit has another multipleOf: 5",
    ),
    (
        f"{LIST} parameters 1 schema maxItems",
        9,
        "list_rows",
        "query parameter status has another maxItems: 9",
    ),
    (
        f"{LIST} parameters 1 schema minItems",
        1,
        "list_rows",
        "query parameter status has another minItems: 1",
    ),
    (
        f"{LIST} parameters 1 schema uniqueItems",
        True,
        "list_rows",
        "query parameter status has another uniqueItems: True",
    ),
    (
        f"{LIST} parameters 2 schema type",
        "integer",
        "list_rows",
        "query parameter period no longer takes string",
    ),
    (
        f"{LIST} parameters 2 schema pattern",
        "^2",
        "list_rows",
        "query parameter period has another pattern: '^2'",
    ),
    (
        f"{LIST} parameters 2 schema format",
        "date",
        "list_rows",
        "query parameter period has another format: 'date'",
    ),
    (
        f"{LIST} parameters 2 schema enum",
        ["a"],
        "list_rows",
        "query parameter period has another enum: ['a']",
    ),
    (f"{STATUS} 1", GONE, "Status", "Status no longer takes 'missed'"),
    (f"{REPLACE} requestBody", GONE, "replace_row", "body is gone"),
    (f"{REPLACE} requestBody required", True, "replace_row", "body is required now"),
    (f"{LIST} requestBody", {"required": True, "content": {}}, "list_rows", "body is required now"),
    (f"{REPLACE} requestBody content text/csv", GONE, "replace_row", "body is no longer text/csv"),
    (f"{IN} required +", "value", "RowIn", "RowIn.value is required now"),
    (f"{IN} properties tags", GONE, "RowIn", "RowIn.tags is gone"),
    (f"{IN} properties title minLength", 2, "RowIn", "RowIn.title has another minLength: 2"),
    (f"{IN} properties title maxLength", 9, "RowIn", "RowIn.title has another maxLength: 9"),
    (f"{IN} properties value anyOf 2", GONE, "RowIn", "RowIn.value no longer takes null"),
    (f"{IN} properties value anyOf 1 type", "integer", "RowIn", "RowIn.value no longer takes number"),
    (f"{IN} properties tags items type", "integer", "RowIn", "RowIn.tags[] no longer takes string"),
    (
        f"{IN} properties labels additionalProperties maxLength",
        9,
        "RowIn",
        "RowIn.labels.* has another maxLength: 9",
    ),
    (
        f"{IN} properties labels properties",
        {"x": {"type": "integer"}},
        "RowIn",
        "RowIn.labels.x no longer takes string",
    ),
    (f"{IN} properties loose additionalProperties", False, "RowIn", "RowIn.loose takes no other fields"),
    (
        f"{IN} properties loose propertyNames",
        {"maxLength": 9},
        "RowIn",
        "RowIn.loose has another propertyNames: {'maxLength': 9}",
    ),
    (f"{IN} properties parts items", {"type": "string"}, "RowIn", "RowIn.parts[] no longer takes RowIn"),
    # What is answered
    (f"{LIST} responses 400", GONE, "list_rows", "no longer answers 400"),
    (f"{REPLACE} responses 202", {"description": "Later."}, "replace_row", "may now answer 202"),
    (f"{LIST} responses 200 headers ETag", GONE, "list_rows", "200 header ETag is gone"),
    ("components headers ETag schema type", "integer", "list_rows", "200 header ETag may now be integer"),
    (f"{LIST} responses 200 content text/csv", GONE, "list_rows", "200 is no longer text/csv"),
    (f"{LIST} responses 200 content", some_json("RowOut"), "list_rows", "200.items is gone"),
    (
        "components responses MalformedRequest content",
        some_json("Problem"),
        "MalformedRequest",
        "MalformedRequest is no longer application/problem+json",
    ),
    ("components schemas Problem properties code", GONE, "Problem", "Problem.code is gone"),
    ("components schemas RowPage properties items", GONE, "RowPage", "RowPage.items is gone"),
    ("components schemas Told properties first", GONE, "Told", "Told.first is gone"),
    (f"{OUT} properties note", GONE, "RowOut", "RowOut.note is gone"),
    (f"{OUT} properties id type", "number", "RowOut", "RowOut.id may now be number"),
    (f"{OUT} properties id type", ["integer", "null"], "RowOut", "RowOut.id may now be null"),
    (f"{OUT} properties id", {}, "RowOut", "RowOut.id may now be any value"),
    (f"{OUT} properties value anyOf +", {"type": "boolean"}, "RowOut", "RowOut.value may now be boolean"),
    (f"{OUT} properties title format", GONE, "RowOut", "RowOut.title has another format: 'uri'"),
    (f"{OUT} properties title pattern", "^g", "RowOut", "RowOut.title has another pattern: '^h'"),
    (f"{OUT} properties kind enum +", "new", "RowOut", "RowOut.kind may now be 'new'"),
    (f"{OUT} properties kind enum", GONE, "RowOut", "RowOut.kind has another enum: ['plain', 'other']"),
    (f"{OUT} properties share maximum", 200, "RowOut", "RowOut.share has another maximum: 100"),
    (f"{OUT} properties share minimum", GONE, "RowOut", "RowOut.share has another minimum: 0"),
    (f"{OUT} required", ["id", "title", "kind"], "RowOut", "RowOut.value may be missing now"),
]
"""A change, and the break that must be told of it, among those that follow from it."""

COMPATIBLE: list[tuple[str, object]] = [
    ("info version", "1.1.0"),
    ("paths /v1/more", {"get": {"operationId": "more", "responses": {}}}),
    ("paths /v1/rows post", {"operationId": "create_row", "responses": {}}),
    ("webhooks row.gone", {"post": {}}),
    ("components schemas More", {"type": "object"}),
    (f"{LIST} summary", "Rows."),
    (f"{LIST} deprecated", True),
    (f"{LIST} parameters +", A_PARAMETER),
    (f"{LIST} parameters 0 schema minimum", 0),
    (f"{LIST} parameters 0 schema maximum", GONE),
    (f"{LIST} parameters 0 schema type", "number"),
    (f"{LIST} parameters 0 schema description", "How many."),
    (f"{LIST} parameters 1 schema maxItems", 200),
    (f"{LIST} parameters 1 schema items", {"type": "string"}),
    (f"{LIST} parameters 2 schema default", "2011-12"),
    (f"{LIST} parameters 2 schema type", ["string", "null"]),
    (f"{LIST} parameters 2 schema x-deprecation", {"since": "2026-12-01"}),
    (f"{LIST} security", [{}]),
    (f"{LIST} requestBody", {"required": False, "content": {}}),
    (f"{LIST} responses 409", a_reference("responses", "MalformedRequest")),
    (f"{LIST} responses 200 headers Link", {"schema": {"type": "string"}}),
    (f"{LIST} responses 200 content application/xml", {"schema": {"type": "string"}}),
    (f"{REPLACE} parameters 0 required", False),
    (f"{REPLACE} parameters 1 name", "if-match"),
    (f"{REPLACE} requestBody content application/xml", {"schema": {"type": "string"}}),
    (f"{IN} required", []),
    (f"{IN} additionalProperties", True),
    (f"{IN} properties more", {"type": "string"}),
    (f"{IN} properties title maxLength", 400),
    (f"{IN} properties value anyOf +", {"type": "boolean"}),
    (f"{IN} properties status", {"type": "string"}),
    (f"{IN} properties status", {"anyOf": [a_reference("schemas", "Status"), {"type": "null"}]}),
    (f"{OUT} additionalProperties", True),
    (f"{OUT} properties more", {"type": "string"}),
    (f"{OUT} required +", "note"),
    (f"{OUT} properties note maxLength", 9),
    (f"{OUT} properties value", {"type": "string"}),
    (f"{OUT} properties kind enum 1", GONE),
    (f"{OUT} properties kind", {"const": "plain"}),
    (f"{OUT} properties note enum", ["a", "b"]),
    (f"{OUT} properties share type", "integer"),
]


def read(name: str) -> Json:
    document: Json = json.loads((ROOT / "openapi" / name).read_text())
    return document


def numbered(cases: Iterable[str]) -> list[str]:
    return [f"{number} {case}" for number, case in enumerate(cases)]


def version(document: Json) -> list[int]:
    return [int(part) for part in document["info"]["version"].split(".")]


def test_whatever_breaks_the_released_contract_is_noted() -> None:
    released, current = read("released.json"), read("outturn.json")

    untold = unnoted(
        breaks(released, current), (ROOT / "CHANGELOG.md").read_text(), released["info"]["version"]
    )

    assert untold == [], 'Name each in backquotes under "### Changed" or "### Removed" of CHANGELOG.md.'


def test_no_contract_is_released_before_its_version() -> None:
    assert version(read("released.json")) <= version(read("outturn.json"))


@pytest.mark.parametrize(
    ("place", "value", "subject", "what"), BREAKING, ids=numbered(case[3] for case in BREAKING)
)
def test_a_break_is_told(place: str, value: object, subject: str, what: str) -> None:
    assert Break(subject, what) in breaks(CONTRACT, changed(CONTRACT, place, value))


@pytest.mark.parametrize(("place", "value"), COMPATIBLE, ids=numbered(case[0] for case in COMPATIBLE))
def test_what_breaks_nobody_is_not_told(place: str, value: object) -> None:
    assert breaks(CONTRACT, changed(CONTRACT, place, value)) == []


@pytest.mark.parametrize("name", ["RowIn", "RowOut", "Status"])
def test_a_schema_of_another_name_breaks_only_those_who_knew_it_by_its_name(name: str) -> None:
    renamed = json.loads(json.dumps(CONTRACT).replace(f'/{name}"', f'/New{name}"'))
    renamed["components"]["schemas"][f"New{name}"] = renamed["components"]["schemas"].pop(name)

    assert breaks(CONTRACT, renamed) == [Break(name, "is gone")]


def test_a_choice_is_the_same_with_a_name_and_without() -> None:
    choice = CONTRACT["components"]["schemas"]["RowIn"]["properties"]["value"]
    named = changed(CONTRACT, "components schemas Value", choice)
    named = changed(named, f"{IN} properties value", a_reference("schemas", "Value") | {"default": None})

    assert breaks(CONTRACT, named) == []
    assert breaks(named, changed(named, "components schemas Value anyOf 2", GONE)) == [
        Break("RowIn", "RowIn.value no longer takes null")
    ]


def test_nothing_breaks_where_nothing_changed() -> None:
    current = read("outturn.json")

    assert breaks(CONTRACT, CONTRACT) == []
    assert breaks(current, current) == []


@pytest.mark.parametrize(
    ("place", "subject"),
    [
        ("paths /v1/observations/{id}/explain", "explain_observation_status"),
        ("components schemas ObservationOut properties status", "ObservationOut"),
        ("components schemas Status enum 0", "Status"),
        ("components responses NotFound content", "NotFound"),
        ("webhooks release.published", "release.published"),
    ],
)
def test_breaks_of_the_whole_contract_are_told(place: str, subject: str) -> None:
    current = read("outturn.json")

    assert {each.subject for each in breaks(current, changed(current, place, GONE))} == {subject}


CHANGELOG = """\
# Changelog

## [Unreleased]

### Added

- `added` is new.

### Changed

- `changed` takes no
  `query parameter unit` any more.

## [1.1.0] - 2027-01-01

### Removed

- `removed`.

## [1.0.0] - 2026-12-01

### Changed

- `long_ago`.
"""


@pytest.mark.parametrize(
    ("subject", "what", "told"),
    [
        ("changed", "is gone", True),
        ("removed", "is gone", True),
        ("added", "is gone", False),
        ("long_ago", "is gone", False),
        ("another", "is gone", False),
        ("another", "query parameter unit is gone", True),
        ("another", "query parameter units is gone", False),
        ("another", "header parameter unit is gone", False),
    ],
)
def test_a_note_names_what_broke_since_the_release(subject: str, what: str, *, told: bool) -> None:
    broken = [Break(subject, what)]

    assert unnoted(broken, CHANGELOG, "1.0.0") == ([] if told else broken)
