"""What every problem document must be, whatever refused."""

from typing import Any

from httpx import Response
from jsonschema import Draft202012Validator

from tests.queries.lists import DOCUMENT

MEMBERS = ["type", "title", "status", "detail", "instance", "code", "errors"]
_VALIDATOR = Draft202012Validator(
    {
        "$ref": "#/components/schemas/Problem",
        "components": DOCUMENT["components"],
    }
)


def check_problem(answer: Response, status: int, code: str) -> dict[str, Any]:
    """The document of a refusal, after everything that holds for all of them."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert {"Authorization", "Accept", "Accept-Encoding"} <= set(answer.headers["vary"].split(", "))
    problem: dict[str, Any] = answer.json()
    assert list(problem) == MEMBERS
    _VALIDATOR.validate(problem)
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["type"] == f"/problems/{code}"
    assert problem["instance"] == answer.request.url.raw_path.decode().partition("?")[0]
    return problem
