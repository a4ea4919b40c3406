"""Fields are described by the docstrings below them, wherever their class stands."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from app.schemas.documented import Documented


class Outer(Documented):
    """A model with another inside."""

    class Inner(Documented):
        """The other."""

        value: int
        """Of the other."""

    value: int
    """Of the one,
    on two lines."""
    inner: Inner
    unsaid: int = 0
    said: Annotated[int, Field(description="As its field says.")] = 0
    """As its docstring says."""
    late: Late | None = None
    """Of a class that is declared later."""


class Late(Outer):
    """A model that has fields of another."""

    unsaid: int = 1
    """Said here."""
    value: int


def descriptions(model: type[Documented]) -> dict[str, str | None]:
    return {name: field.description for name, field in model.model_fields.items()}


def test_a_field_is_described_by_the_docstring_below_it() -> None:
    assert descriptions(Outer) == {
        "value": "Of the one,\non two lines.",
        "inner": None,
        "unsaid": None,
        "said": "As its field says.",
        "late": "Of a class that is declared later.",
    }
    assert descriptions(Outer.Inner) == {"value": "Of the other."}


def test_a_field_keeps_the_description_of_the_class_that_declares_it() -> None:
    assert descriptions(Late) == {
        "value": None,
        "inner": None,
        "unsaid": "Said here.",
        "said": "As its field says.",
        "late": "Of a class that is declared later.",
    }


def test_a_class_in_a_function_has_its_own() -> None:
    class Outer(Documented):
        """Another of the name."""

        value: int
        """Of neither."""

    assert descriptions(Outer) == {"value": "Of neither."}


def test_the_schema_says_what_the_fields_do() -> None:
    properties = TypeAdapter(Late).json_schema()["$defs"]["Late"]["properties"]

    assert properties["unsaid"] == {
        "default": 1,
        "description": "Said here.",
        "title": "Unsaid",
        "type": "integer",
    }
