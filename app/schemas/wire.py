"""The types that every wire model is made of."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, WithJsonSchema
from typing_extensions import TypeAliasType

from app.schemas.documented import Documented

DecimalText = Annotated[
    str,
    WithJsonSchema(
        {"type": "string", "format": "decimal", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["55.8"]}
    ),
]
"""An exact decimal, as text."""
Disclosed = TypeAliasType(
    "Disclosed",
    Annotated[
        Literal["reported", "suppressed"],
        Field(
            description="Whether all of a row is told, or something is withheld, "
            "because it counts too few people or would tell how many they are."
        ),
    ],
)
DateText = Annotated[str, WithJsonSchema({"type": "string", "format": "date", "examples": ["2011-09-30"]})]
"""A date as ISO 8601 writes it."""


class Wire(Documented):
    """A model that is only ever written out."""

    model_config = ConfigDict(extra="forbid")


class Page(Wire):
    """What every list answers with, beside its items."""

    next_cursor: Annotated[str | None, Field(examples=["WyI1Zjg5IiwxLDFd"])]
    """Give it back as `cursor` for the next page; null on the last."""
    total: Annotated[int | None, Field(examples=[10])]
    """How many rows there are in all; null unless `include_total=true`."""


def example(**values: Any) -> ConfigDict:  # noqa: ANN401 - any JSON
    """A model's configuration with one example of it."""
    return ConfigDict(json_schema_extra={"examples": [values]})
