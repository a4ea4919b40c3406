"""Where Schemathesis found the contract and the service to disagree, and how they agree now."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import AfterValidator, TypeAdapter, ValidationError

from app.routers.views import moment_of
from app.routers.writing import Reason
from app.schemas.queries import MOMENT
from app.schemas.writes.fields import Name, Progress, Quantity, Share, Text
from tests.demo import load_demo
from tests.routers.serving import serving
from tests.routers.writers import Officer, key_for

TEXTS = ["a", "a b", "é ü", "\u0141", "\U0001d49c", "\ufeffa", "a\u200bb", "▲", "20%"]
WHY = {"reason": "Recount"}
UNTIDY = [
    "",
    " ",
    " a",
    "a ",
    "a\u00a0b",
    "a\u202fb",
    "a\x85",
    "\u2003a",
    "\u3000",
    "a\x00b",
    "\x1fa",
    "a\x7f",
]
BROKEN = ["a\nb", "a\tb"]


@pytest.fixture(scope="module")
async def officer(sqlite_url: str) -> AsyncIterator[Officer]:
    """Somebody who edits Barnet's figures."""
    load_demo(sqlite_url)
    async with serving(sqlite_url) as client:
        yield Officer(client, key_for(sqlite_url, "editor:barnet"))


def taken(kind: Any, value: object) -> bool:  # noqa: ANN401 - any type
    """Whether a type takes a value."""
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def described(kind: Any, value: object) -> bool:  # noqa: ANN401 - any type
    """Whether a type's schema takes a value."""
    return Draft202012Validator(TypeAdapter(kind).json_schema()).is_valid(value)


@pytest.mark.parametrize("text", [*TEXTS, *UNTIDY, *BROKEN])
@pytest.mark.parametrize("kind", [Name, Text], ids=["name", "text"])
def test_a_text_is_described_as_it_is_taken(kind: Any, text: str) -> None:  # noqa: ANN401 - any type
    assert described(kind, text) == taken(kind, text)


def test_a_text_may_have_lines_and_a_name_may_not() -> None:
    assert [taken(kind, text) for kind in (Name, Text) for text in (*TEXTS, *BROKEN)] == [
        *([True] * len(TEXTS)),
        *([False] * len(BROKEN)),
        *([True] * len(TEXTS + BROKEN)),
    ]


@pytest.mark.parametrize("text", [*TEXTS, *UNTIDY, *BROKEN])
def test_a_reason_is_described_as_it_is_taken(text: str) -> None:
    [query, validator] = Reason.__metadata__  # type: ignore[attr-defined]  # typing has no name for it
    kind = Annotated[str, validator]
    pattern = query.json_schema_extra["pattern"]

    assert isinstance(validator, AfterValidator)
    assert Draft202012Validator({"pattern": pattern}).is_valid(text) or not taken(kind, text)
    assert taken(kind, text) or not Draft202012Validator({"pattern": pattern}).is_valid(text)


@pytest.mark.parametrize("kind", [Progress, Quantity, Share], ids=["progress", "quantity", "share"])
@pytest.mark.parametrize("value", ["0", "12.50", "-1", "1e2", "٣"])
def test_what_is_not_below_zero_is_described_so(kind: Any, value: str) -> None:  # noqa: ANN401 - any type
    assert described(kind, value) == taken(kind, value)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2012-03-31", True),
        ("2012-03-31T09:00:00Z", True),
        ("2012-03-31t09:00:00.123456+01:00", True),
        ("2012-03-31T09:00Z", False),
        ("2012-03-31T09:00:00", False),
        ("0" * 39, False),
    ],
)
def test_a_moment_is_described_as_it_is_read(text: str, read: bool) -> None:  # noqa: FBT001 - of the table
    assert (moment_of(text) is not None) == read
    assert Draft202012Validator({"pattern": MOMENT}).is_valid(text) == read


async def test_a_whole_number_is_one_however_it_is_written(officer: Officer) -> None:
    body = (
        '{"organisation": "barnet", "kind": "indicator", "subject": "3002", "period": "2011-12-q2",'
        ' "note_kind": "commentary", "position": %s, "text": "Recounted"}'
    )
    for written, status in (("91.0", 201), ("9.2e1", 201), ("93.5", 422), ("9e30", 422)):
        told = {"Content-Type": "application/json"}
        answer = await officer.ask("POST", "/v1/notes", WHY, told, content=body % written)

        assert answer.status_code == status, answer.text


async def test_the_greatest_id_is_a_whole_number(officer: Officer) -> None:
    change = {"act": "patch", "resource": "notes", "id": 2**31 - 1, "version": 2**31 - 1, "body": {}}

    answer = await officer.ask("POST", "/v1/batches", WHY, json={"operations": [change]})

    assert answer.status_code == 404


async def test_imports_may_be_asked_for_by_a_state_that_none_has(officer: Officer) -> None:
    for state in ("waiting", "running", "taken", "refused", "failed"):
        answer = await officer.ask("GET", "/v1/imports", {"organisation": "barnet", "state": state})

        assert answer.status_code == 200, answer.text
        assert answer.json()["items"] == []


async def test_a_scheme_that_judges_actions_has_no_flips(officer: Officer) -> None:
    schemes = (await officer.client.get("/v1/schemes")).json()["items"]
    status = {}
    for scheme in schemes:
        for form in ("", ".csv"):
            answer = await officer.client.get(f"/v1/schemes/{scheme['id']}/flips{form}")
            status[scheme["scheme"], form] = answer.status_code

    assert {each for each, code in status.items() if code == 404} == {
        ("broxtowe-actions", ""),
        ("broxtowe-actions", ".csv"),
    }
    assert set(status.values()) == {200, 404}
