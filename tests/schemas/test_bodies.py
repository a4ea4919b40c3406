"""Bodies that state facts: what is taken, as which row, and every fault with its place."""

from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic.json_schema import models_json_schema

from app.errors import Fault
from app.imports.budgets import BudgetLineRow
from app.imports.indicators import ObservationRow
from app.imports.problems import Problem
from app.main import create_app
from app.schemas.writes import RESOURCES, Resource
from app.schemas.writes.patches import merged
from app.schemas.writes.reading import refused_at, rows_of
from app.settings import Settings

BODIES = [(model, "validation") for each in RESOURCES.values() for model in (each.model, each.patch)]
SCHEMAS: dict[str, Any] = models_json_schema(BODIES, ref_template="#/$defs/{model}")[1]["$defs"]  # type: ignore[arg-type]  # a list of pairs of literals
OBSERVATIONS = RESOURCES["observations"]
EXAMPLES = {path: SCHEMAS[each.model.__name__]["examples"][0] for path, each in RESOURCES.items()}

every_resource = pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)


def faults_in(path: str, **changes: object) -> list[tuple[str | None, str]]:
    """Where the example of a resource is at fault once it is changed, and with which code."""
    body = {name: value for name, value in (EXAMPLES[path] | changes).items() if value is not ...}
    _, faults = rows_of(RESOURCES[path], {"": body})
    return [(fault.pointer, fault.code) for fault in faults]


def takes(schema: dict[str, Any], value: object) -> bool:
    return Draft202012Validator({**schema, "$defs": SCHEMAS}).is_valid(value)


@every_resource
def test_the_example_of_a_body_is_taken_as_described(resource: Resource) -> None:
    example = EXAMPLES[resource.path]

    statements, faults = rows_of(resource, {"": example})

    assert faults == []
    assert [type(statement.row) for statement in statements] == [resource.row]
    assert takes(SCHEMAS[resource.model.__name__], example)
    assert not takes(SCHEMAS[resource.model.__name__], {**example, "more": 1})


@every_resource
def test_a_body_has_a_word_on_each_column_that_a_file_has(resource: Resource) -> None:
    schema = SCHEMAS[resource.model.__name__]

    assert set(schema["properties"]) == {"organisation", *resource.row.columns()}
    assert all(part["description"] for part in schema["properties"].values())


@every_resource
def test_a_patch_asks_for_nothing_and_supposes_nothing(resource: Resource) -> None:
    body, patch = (SCHEMAS[model.__name__] for model in (resource.model, resource.patch))

    assert resource.patch is resource.patch
    assert {"required", "additionalProperties"} & set(patch) == {"additionalProperties"}
    assert list(patch["properties"]) == list(body["properties"])
    assert not any("default" in part for part in patch["properties"].values())
    assert all(takes(patch, example) and example for example in [{}, *patch["examples"]][1:])
    for name in body["properties"]:
        assert takes(patch, {name: None}) != (name in body["required"])


def test_a_vocabulary_is_described_as_it_is_elsewhere() -> None:
    described = create_app(Settings()).openapi()["components"]["schemas"]
    shared = [name for name in SCHEMAS if "enum" in SCHEMAS[name] and name in described]

    assert len(shared) > 10
    assert all(SCHEMAS[name] == described[name] for name in shared)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"numerator": True}, "not_a_decimal"),
        ({"numerator": "1e3"}, "not_a_decimal"),
        ({"numerator": " 1"}, "not_a_decimal"),
        ({"numerator": "1,000"}, "not_a_decimal"),
        ({"numerator": "١٢"}, "not_a_decimal"),
        ({"numerator": 1.5}, "not_a_decimal"),
        ({"numerator": [1]}, "not_a_decimal"),
        ({"numerator": "0.001"}, "too_precise"),
        ({"numerator": Decimal("1E-400")}, "too_wide"),
        ({"numerator": Decimal("1E+999999999")}, "too_wide"),
        ({"numerator": 10**10}, "too_wide"),
        ({"numerator": -1}, "invalid_value"),
        ({"as_of": "30 September 2011"}, "not_a_date"),
        ({"as_of": "2011-09-31"}, "not_a_date"),
        ({"as_of": 0}, "not_a_date"),
        ({"provisional": "yes"}, "not_a_truth"),
        ({"provisional": 1}, "not_a_truth"),
        ({"provisional": None}, "not_a_truth"),
        ({"state": "Reported"}, "unknown_value"),
        ({"state": ...}, "missing"),
        ({"period": "Q2"}, "malformed_period"),
        ({"service": 1}, "not_a_text"),
        ({"service": None}, "not_a_text"),
        ({"service": ""}, "wrong_length"),
        ({"service": "x" * 201}, "wrong_length"),
        ({"service": "\N{EURO SIGN}" * 134}, "wrong_length"),
        ({"service": "two\nlines"}, "malformed"),
        ({"footnote": "ends in a blank "}, "malformed"),
        ({"footnote": "not\xa0broken"}, "malformed"),
        ({"footnote": "a null \0"}, "malformed"),
        ({"footnote": "half \ud83d"}, "not_a_text"),
        ({"line": 1}, "unknown"),
        ({"previous_value": "2011-02-30"}, "not_a_date"),
        ({"previous_value": "soon"}, "not_a_decimal"),
    ],
    ids=str,
)
def test_nothing_is_coerced(changes: dict[str, Any], code: str) -> None:
    [name] = changes

    assert faults_in("observations", **changes) == [(f"/{name}", code)]


@pytest.mark.parametrize(
    ("path", "changes", "code"),
    [
        ("indicators", {"decimals": 5}, "out_of_range"),
        ("indicators", {"decimals": Decimal("1.0")}, "not_a_whole_number"),
        ("indicators", {"code": "1-Jan-2011"}, "invalid_value"),
        ("indicators", {"key": "a/b"}, "invalid_value"),
        ("risks", {"impact": 6}, "out_of_range"),
        ("risks", {"impact": True}, "not_a_whole_number"),
        ("disclosure-policies", {"counts": "risks"}, "unknown_value"),
        ("disclosure-policies", {"threshold": 101}, "out_of_range"),
        ("disclosure-policies", {"rounding": 11}, "inconsistent"),
        ("actions", {"progress": 101}, "invalid_value"),
        ("actions", {"as_of": None}, "not_a_date"),
        ("scheme-clauses", {"code": "green"}, "unknown_value"),
        ("scheme-clauses", {"colour": "mauve"}, "unknown_value"),
        ("scheme-clauses", {"condition": "perhaps"}, "inconsistent"),
        ("schemes", {"id": "plan@1"}, "invalid_value"),
        ("published-figures", {"role": "guess"}, "unknown_value"),
        ("published-figures", {"reason": None}, "inconsistent"),
        ("targets", {"value": None}, "inconsistent"),
        ("budget-variances", {"additions": 1}, "inconsistent"),
        ("budget-variances", {"forecast": "0.001"}, "too_precise"),
        ("budget-variances", {"forecast": 10**11}, "too_wide"),
    ],
    ids=str,
)
def test_what_holds_for_a_file_holds_for_a_body(path: str, changes: dict[str, Any], code: str) -> None:
    [name] = changes

    assert faults_in(path, **changes) == [(f"/{name}", code)]


def test_every_fault_of_every_body_is_told() -> None:
    good = EXAMPLES["observations"]
    bodies = [{**good, "as_of": 1, "value": "x"}, good, [], {**good, "denominator": None, "x/y": 1}]

    statements, faults = rows_of(OBSERVATIONS, {f"/{place}": body for place, body in enumerate(bodies)})

    assert [(statement.organisation, statement.row.line) for statement in statements] == [("barnet", 1)]
    assert [(fault.pointer, fault.code) for fault in faults] == [
        ("/0/value", "not_a_decimal"),
        ("/0/as_of", "not_a_date"),
        ("/2", "not_an_object"),
        ("/3/x~1y", "unknown"),
    ]


def test_cells_that_disagree_are_told_each_at_its_own_place() -> None:
    body = {**EXAMPLES["observations"], "denominator": None}

    _, faults = rows_of(OBSERVATIONS, {"/7": body})

    assert faults == [
        Fault("inconsistent", "stands without a denominator", pointer="/7/numerator"),
        Fault("inconsistent", "is reported, and there is no figure", pointer="/7/state"),
    ]


def test_what_the_checks_of_a_report_refuse_is_told_at_the_place_of_its_body() -> None:
    problems = [
        Problem("observations.csv", 1, "indicator", "x", "is unknown"),
        Problem("", 0, "", "", "twice"),
    ]

    assert refused_at(problems, ["/0", "/1"]) == [
        Fault("invalid_value", "is unknown", pointer="/1/indicator"),
        Fault("invalid_value", "twice", pointer="/0"),
    ]


def test_numbers_and_their_texts_are_the_same() -> None:
    body = EXAMPLES["observations"] | {
        "period": "2011/12 Q2",
        "numerator": Decimal("159488.0"),
        "denominator": 285806,
    }

    [[statement], _] = rows_of(OBSERVATIONS, {"": body})
    [[example], _] = rows_of(OBSERVATIONS, {"": EXAMPLES["observations"]})

    assert statement == example
    assert isinstance(statement.row, ObservationRow)
    assert (statement.row.numerator, statement.row.period) == (Decimal(159488), "2011-12-q2")


@pytest.mark.parametrize("unit", ["pounds", "thousand_pounds"])
def test_an_amount_is_in_pounds_whatever_the_document_prints(unit: str) -> None:
    body = EXAMPLES["budget-variances"] | {"money_unit": unit, "forecast": "99999999999.99"}

    [[statement], faults] = rows_of(RESOURCES["budget-variances"], {"": body})

    assert faults == []
    assert isinstance(statement.row, BudgetLineRow)
    assert statement.row.pounds("forecast") == Decimal("99999999999.99")
    assert statement.row.pounds("revised_budget") == 5738000


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        ({"footnote": None}, []),
        ({"basis": None}, []),
        ({"numerator": "1"}, []),
        ({}, []),
        ({"state": None}, [("/state", "missing")]),
        ({"nothing": None}, [("/nothing", "unknown")]),
        ({"numerator": None}, [("/denominator", "inconsistent"), ("/state", "inconsistent")]),
        (None, [("", "not_an_object")]),
        ([], [("", "not_an_object")]),
    ],
    ids=str,
)
def test_a_patch_is_judged_by_what_it_makes(patch: object, code: list[tuple[str, str]]) -> None:
    said = EXAMPLES["observations"] | {"footnote": "Provisional"}

    _, faults = rows_of(OBSERVATIONS, {"": merged(said, OBSERVATIONS.model, patch)})

    assert [(fault.pointer, fault.code) for fault in faults] == code
