"""A small contract with one of everything that may break, and ways to change it."""

from copy import deepcopy
from typing import Any

from tests.compatibility.schemas import Json

GONE = object()
"""In place of a value: nothing is there."""


def a_reference(section: str, name: str) -> Json:
    return {"$ref": f"#/components/{section}/{name}"}


def some_json(name: str) -> Json:
    return {"application/json": {"schema": a_reference("schemas", name)}}


_LIST = {
    "operationId": "list_rows",
    "tags": ["rows"],
    "security": [{}, {"bearer": []}],
    "parameters": [
        {
            "name": "limit",
            "in": "query",
            "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
        },
        {
            "name": "status",
            "in": "query",
            "style": "form",
            "explode": True,
            "schema": {"type": "array", "items": a_reference("schemas", "Status"), "maxItems": 100},
        },
        {"name": "period", "in": "query", "schema": {"type": "string", "maxLength": 60}},
    ],
    "responses": {
        "200": {
            "description": "A page.",
            "headers": {"ETag": a_reference("headers", "ETag")},
            "content": {**some_json("RowPage"), "text/csv": {"schema": {"type": "string"}}},
        },
        "400": a_reference("responses", "MalformedRequest"),
    },
}
_REPLACE = {
    "operationId": "replace_row",
    "tags": ["rows"],
    "parameters": [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}},
        {"name": "If-Match", "in": "header", "required": False, "schema": {"type": "string"}},
    ],
    "requestBody": {
        "required": False,
        "content": {**some_json("RowIn"), "text/csv": {"schema": {"type": "string"}}},
    },
    "responses": {
        "200": {"description": "A row.", "content": some_json("RowOut")},
        "400": a_reference("responses", "MalformedRequest"),
        "404": {"description": "No row.", "content": some_json("Problem")},
    },
}
_ROW_IN = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title"],
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 300},
        "value": {"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "null"}], "default": None},
        "tags": {"type": "array", "items": {"type": "string"}},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "status": a_reference("schemas", "Status"),
        "loose": {"type": "object"},
        "parts": {"type": "array", "items": a_reference("schemas", "RowIn")},
    },
}
_ROW_OUT = {
    "type": "object",
    "required": ["id", "title", "value", "kind"],
    "properties": {
        "id": {"type": "integer"},
        "title": {"type": "string", "format": "uri", "pattern": "^h"},
        "value": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "kind": {"type": "string", "enum": ["plain", "other"]},
        "note": {"type": "string"},
        "share": {"type": "number", "minimum": 0, "maximum": 100},
    },
}
CONTRACT: Json = {
    "openapi": "3.1.0",
    "info": {"title": "Rows", "version": "1.0.0"},
    "paths": {"/v1/rows": {"get": _LIST}, "/v1/rows/{id}": {"put": _REPLACE}},
    "webhooks": {"row.told": {"post": {"requestBody": {"content": some_json("Told")}}}},
    "components": {
        "schemas": {
            "Status": {"type": "string", "enum": ["met", "missed"]},
            "RowIn": _ROW_IN,
            "RowOut": _ROW_OUT,
            "RowPage": {
                "type": "object",
                "required": ["items"],
                "properties": {"items": {"type": "array", "items": a_reference("schemas", "RowOut")}},
            },
            "Told": {
                "type": "object",
                "required": ["row"],
                "properties": {"row": a_reference("schemas", "RowOut"), "first": {"type": "boolean"}},
            },
            "Spare": {"type": "object"},
            "Problem": {
                "type": "object",
                "required": ["code"],
                "properties": {"code": {"type": "string"}},
            },
        },
        "responses": {
            "MalformedRequest": {
                "description": "What?",
                "content": {"application/problem+json": {"schema": a_reference("schemas", "Problem")}},
            },
        },
        "headers": {"ETag": {"schema": {"type": "string"}}},
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
    },
}


def changed(contract: Json, place: str, value: object) -> Json:
    """A copy with another value at a place; its steps are separated by spaces, and + is a list's next."""
    copy = deepcopy(contract)
    *steps, last = place.split()
    inner: Any = copy
    for step in steps:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    if last == "+":
        inner.append(value)
    elif value is GONE:
        del inner[int(last) if isinstance(inner, list) else last]
    else:
        inner[int(last) if isinstance(inner, list) else last] = value
    return copy
