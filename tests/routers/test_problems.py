"""Whatever goes wrong is told in one shape, in words that say what is allowed."""

import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from fastapi import FastAPI, HTTPException, Path, Query
from httpx import Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.types import ASGIApp

from app import errors
from app.db.migrations import migrate
from app.errors import Fault, InvalidCursor, OutturnError, RefusedImport, Unavailable
from tests.routers.problem_documents import check_problem
from tests.routers.serving import serving, speaking_to, under_contract

JARGON = ("input", "Input", "type=", "pydantic", "parsing", "instance", "regex")


class Colour(StrEnum):
    RED = "red"
    AMBER = "amber"


def check_odd(value: int) -> int:
    if value % 2 == 0:
        raise ValueError("must be odd")
    return value


def check_known(value: str) -> str:
    if value != "barnet":
        code, message = "unknown_council", "must be {council}"
        raise PydanticCustomError(code, message, {"council": "barnet"})
    return value


class Filters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    need: str
    colour: Colour | None = None
    size: Literal["small", "large"] = "small"
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    share: Annotated[Decimal, Field(gt=0, lt=1)] = Decimal("0.5")
    ratio: float = 0.5
    flag: bool = False
    day: date = date(2011, 9, 30)
    at: datetime = datetime(2011, 9, 30)  # noqa: DTZ001 - never read
    odd: Annotated[int, AfterValidator(check_odd)] = 1
    council: Annotated[str, AfterValidator(check_known)] = "barnet"
    code: Annotated[str, Field(min_length=2, max_length=4)] = "ab"
    slug: Annotated[str, Field(pattern="^[a-z]+$")] = "a"
    name: Annotated[list[str], Field(max_length=2)] = []


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amount: int


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str
    lines: list[Line] = []


def make_app() -> ASGIApp:
    app = FastAPI()

    @app.get("/filtered")
    async def filtered(query: Annotated[Filters, Query()]) -> None:
        """Take a query model."""

    @app.get("/loose")
    async def loose(
        limit: Annotated[int, Query(ge=1)], tag: Annotated[list[int] | None, Query()] = None
    ) -> None:
        """Take parameters one by one."""

    @app.get("/rows/{row}")
    async def row(row: Annotated[int, Path(ge=1)]) -> None:
        """Take a number in the path."""

    @app.post("/entries")
    async def entries(entry: Entry) -> None:
        """Take a body."""

    return under_contract(app)


async def refused(path: str, **params: Any) -> Response:  # noqa: ANN401 - whatever a query may hold
    async with speaking_to(make_app()) as client:
        return await client.get(path, params=params)


async def failing_with(error: Exception, path: str = "/fails") -> Response:
    """What an application answers whose route raises an error."""
    app = FastAPI()

    @app.get("/fails")
    async def fails() -> None:
        raise error

    async with speaking_to(under_contract(app)) as client:
        return await client.get(path)


async def posted(**content: Any) -> Response:  # noqa: ANN401 - whatever a body may hold
    async with speaking_to(make_app()) as client:
        return await client.post("/entries", **content)


@pytest.mark.parametrize(
    ("parameter", "value", "code", "message"),
    [
        ("colour", "blue", "unknown_value", "must be red or amber"),
        ("size", "huge", "unknown_value", "must be small or large"),
        ("limit", "ten", "malformed", "must be a whole number from 1 to 1000"),
        ("limit", "1_0", "malformed", "must be a whole number from 1 to 1000"),
        ("limit", "٣", "malformed", "must be a whole number from 1 to 1000"),
        ("limit", "1.0", "malformed", "must be a whole number from 1 to 1000"),
        ("limit", "01", "malformed", "must be a whole number from 1 to 1000"),
        ("limit", "", "malformed", "must be a whole number from 1 to 1000"),
        ("limit", "0", "out_of_range", "must be at least 1"),
        ("limit", "1001", "out_of_range", "must be at most 1000"),
        ("limit", "9" * 5000, "not_a_whole_number", "must be a whole number"),
        ("share", "0", "out_of_range", "must be more than 0"),
        ("share", "1", "out_of_range", "must be less than 1"),
        ("share", "half", "not_a_decimal", "must be a decimal number such as 12.5"),
        ("ratio", "half", "not_a_number", "must be a number such as 12.5"),
        ("flag", "on", "malformed", "must be true or false"),
        ("day", "0", "malformed", "must be a date such as 2011-09-30"),
        ("day", "2011-02-30", "not_a_date", "must be a date such as 2011-09-30"),
        ("at", "then", "not_an_instant", "must be an instant such as 2011-09-30T23:00:00Z"),
        ("odd", "2", "invalid_value", "must be odd"),
        ("council", "atlantis", "unknown_council", "must be barnet"),
        ("code", "a", "wrong_length", "must have at least 2 characters"),
        ("code", "abcde", "wrong_length", "must have at most 4 characters"),
        ("slug", "A", "malformed", "must match ^[a-z]+$"),
        ("name", ["a", "b", "c"], "wrong_length", "must be given at most 2 times"),
    ],
)
async def test_a_parameter_is_told_what_it_may_be(
    parameter: str, value: str | list[str], code: str, message: str
) -> None:
    answer = await refused("/filtered", need="x", **{parameter: value})

    problem = check_problem(answer, 400, "invalid-parameter")
    assert problem["errors"] == [{"code": code, "message": message, "parameter": parameter}]
    assert problem["detail"] == f"{parameter} {message}."
    assert not [word for word in JARGON if word in answer.text.replace('"instance"', "")]


async def test_everything_wrong_with_a_query_is_told_at_once() -> None:
    answer = await refused("/filtered", colour="blue", size="huge")

    problem = check_problem(answer, 400, "invalid-parameter")
    assert [fault["parameter"] for fault in problem["errors"]] == ["need", "colour", "size"]
    assert problem["detail"].startswith("need is required; colour must be red or amber; size ")


async def test_every_unknown_parameter_is_named_once() -> None:
    answer = await refused("/filtered", need="x", moon=["a", "b"], sun="c")

    problem = check_problem(answer, 400, "unknown-parameter")
    assert [fault["parameter"] for fault in problem["errors"]] == ["moon", "sun"]
    assert "known: need, colour, size, limit," in problem["detail"]


async def test_a_route_without_a_query_model_is_as_strict() -> None:
    unknown = await refused("/loose", limit=1, other=2)
    repeated = await refused("/loose", limit=[1, 2])
    missing = await refused("/loose")
    miswritten = await refused("/loose", limit=1, tag=["1", "x"])
    listed = await refused("/loose", limit=1, tag=["1", "2"])

    check_problem(unknown, 400, "unknown-parameter")
    assert check_problem(repeated, 400, "invalid-parameter")["errors"][0]["code"] == "repeated"
    assert check_problem(missing, 400, "invalid-parameter")["errors"][0]["code"] == "missing"
    assert check_problem(miswritten, 400, "invalid-parameter")["errors"][0]["parameter"] == "tag"
    assert listed.status_code == 200


@pytest.mark.parametrize("row", ["x", "1.0", "1_0", "٣", "01", "0", "-1", "%00"])
async def test_a_path_that_cannot_be_read_is_not_found(row: str) -> None:
    check_problem(await refused(f"/rows/{row}"), 404, "not-found")


async def test_a_query_in_raw_bytes_is_malformed() -> None:
    app = make_app()
    sent: list[Any] = []

    async def send(message: Any) -> None:  # noqa: ANN401 - ASGI
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/loose",
        "query_string": "limit=é".encode(),
        "headers": [],
    }
    await app(scope, send, send)  # type: ignore[arg-type]  # nothing is received

    assert sent[0]["status"] == 400


async def test_a_body_is_told_where_it_is_wrong() -> None:
    answer = await posted(json={"lines": [{"amount": "ten"}, {"a/b~": 1}]})

    problem = check_problem(answer, 422, "invalid-body")
    assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [
        ("/title", "missing"),
        ("/lines/0/amount", "not_a_whole_number"),
        ("/lines/1/amount", "missing"),
        ("/lines/1/a~1b~0", "unknown"),
    ]


async def test_a_body_that_is_missing_or_not_json_is_refused() -> None:
    missing = await posted()
    broken = await posted(content=b'{"title":', headers={"Content-Type": "application/json"})

    assert check_problem(missing, 422, "invalid-body")["errors"][0]["pointer"] == ""
    check_problem(broken, 400, "malformed-request")


async def test_a_name_that_is_no_text_can_still_be_told() -> None:
    answer = await posted(
        content=b'{"title": "a", "\\ud800": 1}', headers={"Content-Type": "application/json"}
    )

    check_problem(answer, 422, "invalid-body")


async def test_an_error_of_the_family_is_told_as_it_is() -> None:
    fault = Fault("not_a_date", "must be a day", row=3, column="due")

    refusal = await failing_with(RefusedImport("1 row is wrong.", [fault]))
    cursor = await failing_with(InvalidCursor("cursor is not one of ours."))
    away = await failing_with(Unavailable("Later.", retry_after=30))

    assert check_problem(refusal, 422, "refused-import")["errors"] == [
        {"code": "not_a_date", "message": "must be a day", "row": 3, "column": "due"}
    ]
    assert check_problem(cursor, 400, "invalid-cursor")["errors"] == []
    check_problem(away, 503, "unavailable")
    assert away.headers["retry-after"] == "30"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (HTTPException(401, headers={"WWW-Authenticate": "Bearer"}), 401, "unauthorized"),
        (HTTPException(404), 404, "not-found"),
        (HTTPException(405, headers={"Allow": "PUT"}), 405, "method-not-allowed"),
        (HTTPException(413), 413, "content-too-large"),
        (HTTPException(415), 415, "unsupported-media-type"),
        (HTTPException(429, headers={"Retry-After": "5"}), 429, "too-many-requests"),
    ],
)
async def test_what_the_framework_refuses_keeps_its_headers(
    error: HTTPException, status: int, code: str
) -> None:
    answer = await failing_with(error)

    check_problem(answer, status, code)
    assert all(answer.headers[name] == value for name, value in (error.headers or {}).items())


class _NoSuchTableError(Exception):
    sqlstate = "42P01"


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("select secret", {}, Exception("database is locked")),
        ProgrammingError("select secret", {}, _NoSuchTableError("secret")),
        PoolTimeoutError("secret"),
    ],
)
async def test_a_database_that_is_away_is_unavailable(error: Exception) -> None:
    answer = await failing_with(error)

    check_problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "1"
    assert "secret" not in answer.text
    assert "locked" not in answer.text


@pytest.mark.parametrize("error", [ValueError("secret"), ProgrammingError("secret", {}, Exception())])
async def test_a_mistake_of_our_own_is_not_explained(error: Exception) -> None:
    answer = await failing_with(error)

    check_problem(answer, 500, "internal-error")
    assert "secret" not in answer.text


async def test_an_instance_is_the_path_as_it_was_asked_for() -> None:
    answer = await refused("/no/caf%C3%A9 %22here%22")

    problem = check_problem(answer, 404, "not-found")
    assert problem["instance"] == "/no/caf%C3%A9%20%22here%22"


async def test_a_database_without_tables_is_not_ready_and_reads_are_unavailable(
    database_url: str,
) -> None:
    async with serving(database_url) as client:
        live, ready = await client.get("/health/live"), await client.get("/health/ready")
        read = await client.get("/v1/organisations")

    assert live.json() == {"status": "live"}
    for answer in (ready, read):
        check_problem(answer, 503, "unavailable")
        assert answer.headers["retry-after"] == "1"


async def test_a_migrated_database_is_ready(database_url: str) -> None:
    migrate(database_url)

    async with serving(database_url) as client:
        ready = await client.get("/health/ready")

    assert ready.status_code == 200
    assert ready.json() == {"status": "ready"}


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/outturn.db", "postgresql://127.0.0.1:1/outturn"])
async def test_a_database_that_is_nowhere_is_unavailable(url: str) -> None:
    async with serving(url) as client:
        for path in ("/health/ready", "/v1/risks"):
            answer = await client.get(path)

            check_problem(answer, 503, "unavailable")
            assert not [word for word in ("sqlite", "127.0.0.1", "folder") if word in answer.text]


def test_slugs_are_unique_and_drawn_in_the_tree() -> None:
    family = [
        error
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, OutturnError) and error is not OutturnError
    ]

    assert len({error.slug for error in family}) == len(family)
    for error in family:
        assert re.search(rf"{error.__name__} +{error.status}", errors.__doc__ or "")
