"""What is to go says so in the contract, and with every answer; on a small application, as nothing is yet."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Query
from httpx import AsyncClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel, Field

from app.errors import NotFound
from app.routers.deprecations import Deprecation
from app.routers.description import describe
from tests.queries.lists import DOCUMENT
from tests.routers.problem_documents import check_problem
from tests.routers.serving import speaking_to, under_contract

GUIDE = "https://example.org/rows"
ROUTE = Deprecation(since=date(2026, 12, 1), sunset=date(2027, 6, 1), guide=GUIDE)
PARAMETER = Deprecation(since=date(2027, 1, 1), sunset=date(2027, 3, 1))
IN_A_MODEL = Deprecation(since=date(2026, 11, 1), sunset=date(2028, 1, 1), guide=GUIDE)
OF_ROUTE = ("@1796083200", "Tue, 01 Jun 2027 00:00:00 GMT")
OF_PARAMETER = ("@1798761600", "Mon, 01 Mar 2027 00:00:00 GMT")
OF_IN_A_MODEL = ("@1793491200", "Sat, 01 Jan 2028 00:00:00 GMT")
NEITHER = (None, None)


class Asked(BaseModel):
    unit: Annotated[str | None, Field(json_schema_extra=IN_A_MODEL.of_parameter)] = None
    period: str | None = None


def small() -> FastAPI:
    app = FastAPI()

    @app.get("/old/{row}", **ROUTE.of_route(description="Rows."))
    async def get_old_row(
        row: int, service: Annotated[str | None, Query(json_schema_extra=PARAMETER.of_parameter)] = None
    ) -> list[str | None]:
        if row == 404:
            raise NotFound("No row has this id.")
        if row == 500:
            raise RuntimeError
        return [service]

    @app.put("/old/{row}")
    async def replace_old_row(row: int) -> int:
        return row

    @app.get("/rows")
    async def list_rows(asked: Annotated[Asked, Query()]) -> list[str | None]:
        return [asked.unit, asked.period]

    return app


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return describe(small())


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[AsyncClient]:
    async with speaking_to(under_contract(small())) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/old/1", 200, OF_ROUTE),
        ("HEAD", "/old/1", 200, OF_ROUTE),
        ("GET", "/old/404", 404, OF_ROUTE),
        ("GET", "/old/500", 500, OF_ROUTE),
        ("GET", "/old/1?unknown=1", 400, OF_ROUTE),
        ("GET", "/old/1?service=a&service=b", 400, (OF_ROUTE[0], OF_PARAMETER[1])),
        ("GET", "/old/1?service=a", 200, (OF_ROUTE[0], OF_PARAMETER[1])),
        ("GET", "/rows?unit=a", 200, OF_IN_A_MODEL),
        ("GET", "/rows?unit=", 200, OF_IN_A_MODEL),
        ("GET", "/rows?%75nit=a", 200, OF_IN_A_MODEL),
        ("GET", "/rows", 200, NEITHER),
        ("GET", "/rows?period=unit", 200, NEITHER),
        ("PUT", "/old/1", 200, NEITHER),
        ("OPTIONS", "/old/1", 204, NEITHER),
    ],
)
async def test_every_answer_of_what_is_to_go_says_so(
    client: AsyncClient, method: str, path: str, status: int, said: tuple[str | None, str | None]
) -> None:
    answer = await client.request(method, path)

    assert answer.status_code == status
    assert (answer.headers.get("deprecation"), answer.headers.get("sunset")) == said


async def test_a_refusal_of_a_form_says_so_and_is_a_problem(client: AsyncClient) -> None:
    answer = await client.get("/old/1", headers={"Accept": "text/html"})

    check_problem(answer, 406, "not-acceptable")
    assert answer.headers["deprecation"] == OF_ROUTE[0]


async def test_an_answer_that_did_not_change_says_so(client: AsyncClient) -> None:
    answer = await client.get("/old/1")

    again = await client.get("/old/1", headers={"If-None-Match": answer.headers["etag"]})

    assert again.status_code == 304
    assert (again.headers["deprecation"], again.headers["sunset"]) == OF_ROUTE


async def test_a_guide_is_linked_to_once(client: AsyncClient) -> None:
    old, rows = await client.get("/old/1?service=a"), await client.get("/rows?unit=a")

    assert old.links["deprecation"]["url"] == GUIDE
    assert rows.headers.get_list("link") == [f'<{GUIDE}>; rel="deprecation"; type="text/html"']


def test_the_contract_says_what_is_to_go_and_when(document: dict[str, Any]) -> None:
    old, rows = document["paths"]["/old/{row}"]["get"], document["paths"]["/rows"]["get"]
    _, service = old["parameters"]
    unit, period = rows["parameters"]

    assert old["deprecated"]
    assert old["description"] == "Rows."
    assert old["x-deprecation"] == {"since": "2026-12-01", "sunset": "2027-06-01", "guide": GUIDE}
    assert service["x-deprecation"] == {"since": "2027-01-01", "sunset": "2027-03-01"}
    assert service["deprecated"]
    assert unit["deprecated"]
    assert "deprecated" not in unit["schema"]
    assert "deprecated" not in period
    OpenAPIV31SpecValidator(document).validate()


def test_the_contract_says_which_headers_come_with_it(document: dict[str, Any]) -> None:
    references = {name: {"$ref": f"#/components/headers/{name}"} for name in ("Deprecation", "Sunset")}

    for path, method in (("/old/{row}", "get"), ("/rows", "get")):
        responses = document["paths"][path][method]["responses"]
        assert references.items() <= responses["200"]["headers"].items()
        for status in responses.keys() - {"200"}:
            shared = document["components"]["responses"][responses[status]["$ref"].rpartition("/")[2]]
            assert references.items() <= shared["headers"].items()
    assert "Deprecation" not in document["paths"]["/old/{row}"]["put"]["responses"]["200"].get("headers", {})


def test_the_contract_has_no_such_headers_while_nothing_is_to_go() -> None:
    marked = "x-deprecation" in str(DOCUMENT)

    assert ("Deprecation" in DOCUMENT["components"]["headers"]) == marked


def test_nothing_goes_before_it_is_deprecated() -> None:
    with pytest.raises(ValueError, match="comes before"):
        Deprecation(since=date(2027, 1, 2), sunset=date(2027, 1, 1))
