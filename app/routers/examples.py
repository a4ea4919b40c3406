"""Examples made whole: FastAPI leaves their nulls out, and a page's follows from its items'."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def complete_examples(schemas: Json) -> None:
    """Give every object among the schemas of a document an example with all it requires."""
    for schema in schemas.values():
        if "properties" in schema:
            examples = schema.get("examples") or [_made(schema, schemas)]
            schema["examples"] = [_whole(example, schema, schemas) for example in examples]


def _made(schema: Json, schemas: Json) -> Any:  # noqa: ANN401 - any JSON value
    """An example put together from those of a schema's parts."""
    schema = _plain(schema, schemas)
    if "examples" in schema:
        return schema["examples"][0]
    if "items" in schema:
        return [_made(schema["items"], schemas)]
    if "enum" in schema:
        return schema["enum"][0]
    parts = schema.get("properties", {})
    return {name: _made(part, schemas) for name, part in parts.items()} or schema.get("const")


def _whole(value: Any, schema: Json, schemas: Json) -> Any:  # noqa: ANN401 - any JSON value
    """A value with null for whatever its schema requires and it lacks, at any depth."""
    schema = _plain(schema, schemas)
    if isinstance(value, list):
        return [_whole(item, schema.get("items", {}), schemas) for item in value]
    if not isinstance(value, dict) or "properties" not in schema:
        return value
    parts, required = schema["properties"], schema.get("required", ())
    names = [name for name in parts if name in value or name in required]
    return {name: _whole(value.get(name), parts[name], schemas) for name in names}


def _plain(schema: Json, schemas: Json) -> Json:
    """A schema itself, in place of a reference to it or of a choice between it and null."""
    if "$ref" in schema:
        named: Json = schemas[schema["$ref"].rpartition("/")[2]]
        return named
    if "anyOf" in schema and "examples" not in schema:
        return _plain(schema["anyOf"][0], schemas)
    return schema
