"""The lists of the service as its OpenAPI document describes them, and how their rows are asked for."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from httpx import AsyncClient

from app.main import create_app
from app.settings import Settings

Json = dict[str, Any]
Params = Sequence[tuple[str, str]]

DOCUMENT: Json = create_app(Settings()).openapi()
SCHEMAS: Json = DOCUMENT["components"]["schemas"]
PAGING = ("limit", "cursor", "include_total", "sort")
PREMISES = ("scheme", "baseline", "view", "as_of")
"""What rows are judged by, compared with and read from, and not which; schemes are filtered by scheme."""


class ListRoute(NamedTuple):
    """A list: its path, the names of its page's and items' schemas, its parameters by name."""

    path: str
    page: str
    item: str
    parameters: dict[str, Json]

    @property
    def filters(self) -> dict[str, Json]:
        """The parameters that leave rows out."""
        return {
            name: schema
            for name, schema in self.parameters.items()
            if name not in PAGING and not (name in PREMISES and schema.get("type") != "array")
        }

    @property
    def columns(self) -> dict[str, Json]:
        """What each row of the list has."""
        columns: dict[str, Json] = SCHEMAS[self.item]["properties"]
        return columns

    @property
    def sorts(self) -> list[str]:
        """Every column that the list may be sorted by."""
        [kind] = choices(self.parameters["sort"])
        return [name for name in kind["enum"] if not name.startswith("-")]


def _named(schema: Mapping[str, Any]) -> str:
    name: str = schema.get("$ref", "").rpartition("/")[2]
    return name


def is_public(operation: Mapping[str, Any]) -> bool:
    """Whether an operation answers anybody."""
    return {} in operation.get("security", [{}])


def _lists() -> dict[str, ListRoute]:
    lists = {}
    for path, methods in DOCUMENT["paths"].items():
        if "{" in path or not is_public(methods.get("get", {})):
            continue  # a list of one row's own, or of one caller's: tested where that is
        forms = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        page = _named(forms.get("application/json", {}).get("schema", {}))
        if "next_cursor" in SCHEMAS.get(page, {}).get("properties", ()):
            parameters = {part["name"]: part["schema"] for part in methods["get"]["parameters"]}
            if "sort" not in parameters:
                continue  # what came one after another, in that order alone: tested where it is
            item = _named(SCHEMAS[page]["properties"]["items"]["items"])
            lists[path] = ListRoute(path, page, item, parameters)
    return lists


LISTS = _lists()
every_list = pytest.mark.parametrize("route", LISTS.values(), ids=LISTS.keys())


async def page_of(client: AsyncClient, path: str, params: Params = ()) -> Json:
    """A page of a list, which must be answered."""
    answer = await client.get(path, params=[*params])
    assert answer.status_code == 200, answer.text
    page: Json = answer.json()
    return page


async def rows_of(client: AsyncClient, path: str, params: Params = ()) -> list[Json]:
    """Every row of a list that fits one page."""
    page = await page_of(client, path, [("limit", "1000"), *params])
    assert page["next_cursor"] is None
    rows: list[Json] = page["items"]
    return rows


async def paged(client: AsyncClient, path: str, params: Params = (), limit: int = 3) -> list[Json]:
    """Every row of a list, gathered from short pages."""
    rows: list[Json] = []
    cursor: list[tuple[str, str]] = []
    while True:
        page = await page_of(client, path, [("limit", str(limit)), *params, *cursor])
        rows += page["items"]
        if page["next_cursor"] is None:
            return rows
        assert len(page["items"]) == limit
        cursor = [("cursor", page["next_cursor"])]


def choices(schema: Mapping[str, Any]) -> list[Json]:
    """What a value may be, references followed, null left out."""
    found = schema.get("anyOf", [schema])
    plain = [SCHEMAS[_named(each)] if "$ref" in each else each for each in found]
    return [each for each in plain if each.get("type") != "null"]


def is_nullable(schema: Mapping[str, Any]) -> bool:
    """Whether a column may be missing."""
    return {"type": "null"} in schema.get("anyOf", ())


def comparable(schema: Mapping[str, Any], value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """A value of a column as it compares: decimals as numbers, texts by code point."""
    if value is not None and choices(schema)[0].get("format") == "decimal":
        return Decimal(value)
    return value
