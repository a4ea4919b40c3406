"""The OpenAPI document: FastAPI's, with the refusals and headers that all operations share."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.errors import (
    Conflict,
    ContentTooLarge,
    Fault,
    Forbidden,
    InvalidBody,
    InvalidParameter,
    MalformedRequest,
    NotAcceptable,
    NotFound,
    OutturnError,
    PreconditionFailed,
    PreconditionRequired,
    RangeNotSatisfiable,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from app.routers.callers import NEEDED, SCHEME
from app.routers.deprecations import describe_deprecations
from app.routers.examples import complete_examples
from app.routers.parameters import parameter_of
from app.routers.problems import MEDIA_TYPE, problem
from app.routers.writing import REPEATABLE, VERSION
from app.schemas.evaluations import EvaluationIn, MeasuredOperand
from app.schemas.messages import MESSAGES
from app.schemas.releases import ReleaseIn
from app.schemas.webhooks import WebhookIn
from app.schemas.writes import RESOURCES
from app.schemas.writes.batches import BatchIn
from app.schemas.writes.organisations import OrganisationIn

Json = dict[str, Any]

_REFUSALS: dict[str, tuple[type[OutturnError], str, OutturnError]] = {
    "400": (
        MalformedRequest,
        "The query cannot be read, or names what is not known.",
        InvalidParameter(
            "limit must be a whole number from 1 to 1000.",
            [Fault("malformed", "must be a whole number from 1 to 1000", parameter="limit")],
        ),
    ),
    "401": (
        Unauthenticated,
        "A credential is needed here, or the one shown does not count.",
        Unauthenticated("The credential does not count here.", shown=True),
    ),
    "403": (
        Forbidden,
        "The caller may see what is here, and may not do this.",
        Forbidden("You may not publish releases of barnet."),
    ),
    "404": (
        NotFound,
        "Nothing that the public may see has this address.",
        NotFound("No indicators row has the id 999."),
    ),
    "406": (
        NotAcceptable,
        "The Accept header admits no form that this address has.",
        NotAcceptable("This address answers in application/json."),
    ),
    "409": (
        Conflict,
        "It does not go with what is there.",
        Conflict("This observation stands already, with the id 122."),
    ),
    "412": (
        PreconditionFailed,
        "Somebody has changed it since the version that If-Match names.",
        PreconditionFailed("Somebody has changed this since it was read; read it again."),
    ),
    "428": (
        PreconditionRequired,
        "If-Match must say which version is changed.",
        PreconditionRequired('If-Match must say which version is changed: its ETag, such as "17".'),
    ),
    "413": (
        ContentTooLarge,
        "The body is longer than it may be.",
        ContentTooLarge("The body may have 1048576 bytes."),
    ),
    "415": (
        UnsupportedMediaType,
        "The body is not of the type that this address takes.",
        UnsupportedMediaType("The body must be of type application/json, in UTF-8."),
    ),
    "416": (
        RangeNotSatisfiable,
        "The file has no such bytes.",
        RangeNotSatisfiable(2048),
    ),
    "422": (
        InvalidBody,
        "The body can be read, and does not mean what it must.",
        InvalidBody(
            "/rows/0/target is no operand here; near: period_target, annual_target.",
            [Fault("unknown_operand", "is no operand here; near: period_target", pointer="/rows/0/target")],
        ),
    ),
    "503": (
        Unavailable,
        "The service cannot answer now, and may after Retry-After.",
        Unavailable("The database cannot answer now."),
    ),
}
"""What an operation may refuse with: the error, when, and one as an example."""
_NEEDING = {
    "401": frozenset({SCHEME, NEEDED}),
    "403": frozenset({NEEDED, "view"}),
    "404": frozenset({"path"}),
    "409": frozenset({"change"}),
    "412": frozenset({VERSION}),
    "413": frozenset({"body"}),
    "415": frozenset({"body"}),
    "416": frozenset({"206"}),
    "422": frozenset({"body", REPEATABLE}),
    "428": frozenset({VERSION}),
}
"""What only those operations refuse with that have one of these; every other refusal is any's."""
_BODIES: list[tuple[type[BaseModel], Literal["validation"]]] = [
    (EvaluationIn, "validation"),
    (MeasuredOperand, "validation"),
    (BatchIn, "validation"),
    (ReleaseIn, "validation"),
    (OrganisationIn, "validation"),
    (WebhookIn, "validation"),
    *((message, "validation") for message in MESSAGES),
    *((resource.model, "validation") for resource in RESOURCES.values()),
    *((resource.patch, "validation") for resource in RESOURCES.values()),
]
"""What is read by this service itself and not by FastAPI, which would coerce it."""

_FAULT: Json = {
    "title": "Fault",
    "description": "One thing that is wrong, and where: a parameter, a place in a body or a file.",
    "type": "object",
    "properties": {
        "code": {"type": "string", "description": "What is wrong, as a lasting word."},
        "message": {"type": "string", "description": "What is allowed."},
        "parameter": {"type": "string", "description": "The parameter or header it lies in."},
        "pointer": {"type": "string", "description": "The place in the body, a JSON pointer."},
        "sheet": {"type": "string", "description": "The sheet of the workbook."},
        "row": {"type": "integer", "minimum": 1, "description": "The row of the file."},
        "column": {"type": "string", "description": "The column of the file."},
        "value": {"type": "string", "description": "What stands there."},
        "value_class": {"type": "string", "description": "What sort of cell that is: text, number, date."},
    },
    "required": ["code", "message"],
    "additionalProperties": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    "examples": [{"code": "missing", "message": "is required", "parameter": "period"}],
}
_DOCUMENT: Json = {
    "title": "Document",
    "description": "A document of a format that is described elsewhere, by those who made it.",
    "type": "object",
    "additionalProperties": True,
}
_MEMBERS: Json = {
    "type": {"type": "string", "format": "uri-reference", "description": "The kind of problem."},
    "title": {"type": "string", "description": "The kind of problem, in words."},
    "status": {"type": "integer", "description": "The status of the response."},
    "detail": {"type": "string", "description": "What went wrong this time."},
    "instance": {"type": "string", "format": "uri-reference", "description": "Where it did."},
    "code": {"type": "string", "description": "The kind of problem, as a lasting word."},
    "errors": {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Fault"},
        "description": "Each thing that is wrong, where there is more to say than the detail.",
    },
}
_HEADERS: Json = {
    "ETag": {
        "description": "The version of this answer; If-None-Match with it gives 304 while it holds."
        " Absent where an answer must not be kept.",
        "schema": {"type": "string", "examples": ['"7d865e959b2466918c9863afca942d0f"']},
    },
    "Changes": {
        "description": "How many changes of what is public this answer takes account of: releases that have"
        " come into force. None that is asked for later takes account of fewer.",
        "schema": {"type": "integer", "minimum": 0, "examples": [24]},
    },
    "Challenge": {
        "description": "How to show a credential, and whether one was shown that does not count.",
        "schema": {"type": "string", "examples": ['Bearer realm="outturn", error="invalid_token"']},
    },
    "RetryAfter": {
        "description": "How many seconds to wait before asking again.",
        "schema": {"type": "integer", "minimum": 1, "examples": [1]},
    },
}
_HEADERS_OF_REFUSALS = {"Retry-After": "RetryAfter", "WWW-Authenticate": "Challenge"}


def describe(app: FastAPI) -> Json:
    """The document of an application; the same object until its routes change."""
    document = FastAPI.openapi(app)
    components = document.setdefault("components", {})
    if "responses" not in components:
        _describe_components(components)
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                _describe_parameters(operation.get("parameters", ()))
                _describe_responses(path, method, operation)
                _describe_security(operation)
        describe_deprecations(document)
    return document


def _describe_components(components: Json) -> None:
    """Put problems where FastAPI describes errors of its own, which are never answered."""
    schemas = components.setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas |= models_json_schema(_BODIES, ref_template="#/components/schemas/{model}")[1]["$defs"]
    schemas |= {"Fault": _FAULT, "Document": _DOCUMENT}
    complete_examples(schemas)
    schemas["Problem"] = {
        "title": "Problem",
        "description": "Why a request was refused (RFC 9457).",
        "type": "object",
        "properties": _MEMBERS,
        "required": list(_MEMBERS),
        "examples": [_example("400")],
    }
    components["headers"] = _HEADERS
    components["responses"] = {
        error.__name__: _response(status) for status, (error, _, _) in _REFUSALS.items()
    }
    components.get("securitySchemes", {}).pop(NEEDED, None)


def _describe_parameters(parameters: Iterable[Json]) -> None:
    """Say what a parameter is where it is given, that a change needs a version, and how a list is written.

    A parameter that may be left out is no null: there is no way to write one.
    """
    for parameter in parameters:
        schema = parameter["schema"]
        given = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
        if len(given) == 1:
            del schema["anyOf"]
            parameter["schema"] = {**given[0], **schema}
        if parameter["name"] == VERSION:
            parameter["required"] = True
        if parameter_of(parameter["schema"]).repeatable:
            parameter |= {"style": "form", "explode": True}


def _describe_responses(path: str, method: str, operation: Json) -> None:
    """Add to an operation what it shares with all others of its sort."""
    responses = operation["responses"]
    responses.pop("422", None)
    for content in responses.get("200", {}).get("content", {}).values():
        if content["schema"] == {"type": "object"}:
            content["schema"] = {"$ref": "#/components/schemas/Document"}
    if "200" in responses and method == "get":
        headers = responses["200"].setdefault("headers", {})
        headers["ETag"] = {"$ref": "#/components/headers/ETag"}
        if path.startswith("/v1/"):
            headers["Outturn-Changes"] = {"$ref": "#/components/headers/Changes"}
    given = _given(path, method, operation)
    for status, (error, _, _) in _REFUSALS.items():
        if not _NEEDING.get(status, given).isdisjoint(given):
            responses.setdefault(status, {"$ref": f"#/components/responses/{error.__name__}"})


def _given(path: str, method: str, operation: Json) -> set[str]:
    """What there is about an operation that decides what it may refuse with."""
    security = {name for choice in operation.get("security", ()) for name in choice}
    parameters = {parameter["name"] for parameter in operation.get("parameters", ())}
    body = {"body"} if "requestBody" in operation else set()
    named = {"path"} if "{" in path else set()
    changes = {"change"} if NEEDED in security and method != "get" else set()
    parts = {"206"} if "206" in operation["responses"] else set()
    return {method} | security | parameters | body | named | changes | parts


def _describe_security(operation: Json) -> None:
    """Say whether a credential must be shown, where one is read: what is released needs none."""
    if choices := operation.get("security"):
        operation["security"] = [{SCHEME: []}] if {NEEDED: []} in choices else [{}, {SCHEME: []}]


def _response(status: str) -> Json:
    _, description, error = _REFUSALS[status]
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {MEDIA_TYPE: {"schema": schema, "example": _example(status)}}
    response: Json = {"description": description, "content": content}
    for name, header in _HEADERS_OF_REFUSALS.items():
        if name in error.headers:
            response["headers"] = {name: {"$ref": f"#/components/headers/{header}"}}
    return response


def _example(status: str) -> Json:
    """A refusal as the service writes it."""
    path = "/v1/indicators/999" if status == "404" else "/v1/indicators"
    written = problem(_REFUSALS[status][2], {"path": path})
    example: Json = json.loads(bytes(written.body))
    return example
