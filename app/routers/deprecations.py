"""What is to go: marked where it is declared, and so said in the contract and with every answer.

OLD = Deprecation(since=date(2026, 12, 1), sunset=date(2027, 6, 1), guide="/docs/old-rows")

@router.get("/old-rows", **OLD.of_route())
unit: Annotated[str | None, Query(json_schema_extra=OLD.of_parameter)] = None
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from app.routers.headers import Header

Json = dict[str, Any]

_MARK = "x-deprecation"
_HEADERS: Json = {
    "Deprecation": {
        "description": "Since when what was asked for is deprecated, or from when it will be (RFC 9745).",
        "schema": {"type": "string", "examples": ["@1796083200"]},
    },
    "Sunset": {
        "description": "From when what was asked for may be gone (RFC 8594).",
        "schema": {"type": "string", "examples": ["Tue, 01 Jun 2027 00:00:00 GMT"]},
    },
}


@dataclass(frozen=True, slots=True)
class Deprecation:
    """From when something should no longer be used, and from when it may be gone; days begin in UTC.

    `guide` is the address of a page that says what to use in its place. Raises ValueError where it would be
    gone before it is deprecated, which RFC 9745 forbids.
    """

    since: date
    sunset: date
    guide: str | None = None

    def __post_init__(self) -> None:
        """Hold the two dates against each other."""
        if self.sunset < self.since:
            raise ValueError(f"The sunset, {self.sunset}, comes before the deprecation, {self.since}.")

    def of_route(self, **extra: Any) -> Json:  # noqa: ANN401 - whatever OpenAPI says of an operation
        """What a route is declared with; `extra` is the rest of its `openapi_extra`."""
        return {"deprecated": True, "openapi_extra": {**extra, _MARK: self._said}}

    @property
    def of_parameter(self) -> Json:
        """The `json_schema_extra` that a parameter of a query is declared with.

        Pydantic's own mark would warn the service itself whenever it reads the parameter.
        """
        return {"deprecated": True, _MARK: self._said}

    @property
    def _said(self) -> dict[str, str]:
        said = {"since": self.since.isoformat(), "sunset": self.sunset.isoformat()}
        return said if self.guide is None else {**said, "guide": self.guide}


class Marks(NamedTuple):
    """What is deprecated about an operation: all of it, and parameters of its query by name."""

    own: Mapping[str, str] | None
    parameters: Mapping[str, Mapping[str, str]]

    def headers(self, query: bytes) -> list[Header]:
        """What every answer to a query says; the nearest dates, where more than one thing is to go."""
        marks = [] if self.own is None else [self.own]
        if self.parameters:
            asked = {name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)}
            marks += [mark for name, mark in self.parameters.items() if name in asked]
        return [*_headers(marks)] if marks else []


def marks_of(operation: Mapping[str, Any]) -> Marks:
    """What is marked in FastAPI's description of an operation."""
    parameters = {
        parameter["name"]: parameter["schema"][_MARK]
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query" and _MARK in parameter["schema"]
    }
    return Marks(operation.get(_MARK), parameters)


def describe_deprecations(document: Json) -> None:
    """Say of a parameter what its schema says of it, and which headers come with what is deprecated."""
    deprecated = [operation for operation in _operations(document) if _is_marked(operation)]
    for operation in deprecated:
        answers = (answer for answer in operation["responses"].values() if "$ref" not in answer)
        _add_headers(answers)
    if deprecated:
        components = document["components"]
        components["headers"] = components["headers"] | _HEADERS
        _add_headers(components["responses"].values())


def _operations(document: Json) -> Iterator[Json]:
    return (operation for methods in document["paths"].values() for operation in methods.values())


def _is_marked(operation: Json) -> bool:
    """Whether anything of an operation is deprecated; a parameter's mark moves to where OpenAPI has it."""
    marked = _MARK in operation
    for parameter in operation.get("parameters", ()):
        if _MARK in parameter["schema"]:
            parameter |= {word: parameter["schema"].pop(word) for word in ("deprecated", _MARK)}
            marked = True
    return marked


def _add_headers(answers: Iterable[Json]) -> None:
    references = {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}
    for answer in answers:
        answer["headers"] = {**answer.get("headers", {}), **references}


def _headers(marks: list[Mapping[str, str]]) -> Iterator[Header]:
    since, sunset = (min(_midnight(mark[word]) for mark in marks) for word in ("since", "sunset"))
    yield b"deprecation", b"@%d" % since.timestamp()
    yield b"sunset", format_datetime(sunset, usegmt=True).encode()
    for guide in dict.fromkeys(mark["guide"] for mark in marks if "guide" in mark):
        yield b"link", f'<{guide}>; rel="deprecation"; type="text/html"'.encode()


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
