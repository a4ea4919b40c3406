"""All CSVs of an owner as one Data Package (version 2), each with the schema of its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from app.feeds import csv
from app.feeds.datasets import LICENCE
from app.feeds.tables import KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.feeds.tables import Column, Table

MEDIA_TYPE = "application/json"
NAME = "datapackage.json"
"""What the description is called, beside the CSVs."""
_PROFILES = "https://datapackage.org/profiles/2.0"
_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "whole": {"type": "integer"},
    "decimal": {"type": "number"},
    "day": {"type": "date", "format": "%Y-%m-%d"},
    "truth": {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
}


class Source(NamedTuple):
    """Whose the data are, and where that is told."""

    title: str
    path: str


def package(name: str, title: str, sources: Iterable[Source], tables: Iterable[Table]) -> bytes:
    """The package's description; the files stand beside it, under the names of their datasets."""
    return orjson.dumps(
        {
            "$schema": f"{_PROFILES}/datapackage.json",
            "name": name,
            "title": title,
            "description": "What councils report of their own performance, with what follows from it.",
            "licenses": [{"name": "OGL-UK-3.0", "path": LICENCE, "title": "Open Government Licence v3.0"}],
            "sources": [source._asdict() for source in sources],
            "resources": [_resource(table) for table in tables],
        }
    )


def _resource(table: Table) -> dict[str, Any]:
    dataset = table.dataset
    return {
        "$schema": f"{_PROFILES}/dataresource.json",
        "name": dataset.name,
        "type": "table",
        "path": f"{dataset.name}.csv",
        "title": dataset.title,
        "description": dataset.description,
        "format": "csv",
        "mediatype": csv.MEDIA_TYPE,
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True},
        "schema": {
            "$schema": f"{_PROFILES}/tableschema.json",
            "fields": [dict(_field(column)) for column in table.columns],
            "primaryKey": [KEY],
            "missingValues": [""],
        },
    }


def _field(column: Column) -> Iterator[tuple[str, Any]]:
    yield "name", column.name
    yield "title", column.title
    yield "description", column.text
    yield from _TYPES[column.kind].items()
    if column.required:
        yield "constraints", {"required": True}
