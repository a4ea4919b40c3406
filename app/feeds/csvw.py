"""What a CSV holds, as CSV on the Web describes it: columns, types, key, and how it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from app.feeds.datasets import LICENCE
from app.feeds.tables import KEY

if TYPE_CHECKING:
    from app.feeds.tables import Column, Table

MEDIA_TYPE = "application/csvm+json"
SUFFIX = "-metadata.json"
"""What stands behind a CSV's address where its description is."""
_TYPES: dict[str, Any] = {
    "text": "string",
    "whole": "integer",
    "decimal": "decimal",
    "day": {"base": "date", "format": "yyyy-MM-dd"},
    "truth": {"base": "boolean", "format": "true|false"},
}


def csvw(table: Table, publisher: str) -> bytes:
    """The description of a dataset's CSV, which stands beside it."""
    dataset = table.dataset
    return orjson.dumps(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
            "url": f"{dataset.name}.csv",
            "dc:title": dataset.title,
            "dc:description": dataset.description,
            "dc:license": {"@id": LICENCE},
            "dc:publisher": publisher,
            "dcat:keyword": list(dataset.keywords),
            "dialect": {
                "header": True,
                "encoding": "utf-8",
                "delimiter": ",",
                "quoteChar": '"',
                "doubleQuote": True,
                "lineTerminators": ["\r\n"],
            },
            "tableSchema": {"columns": [_column(each) for each in table.columns], "primaryKey": KEY},
        }
    )


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "titles": [column.name, column.title],
        "dc:description": column.text,
        "datatype": _TYPES[column.kind],
        "null": "",
        **({"required": True} if column.required else {}),
    }
