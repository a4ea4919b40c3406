"""What is said of a dataset's columns, once: whatever describes a CSV says it in words of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.feeds.datasets import Dataset
    from app.queries.columns import Field

KEY = "id"
"""The column that names a row."""


class Column(NamedTuple):
    """A column: how it is written, what it means, and whether each row has something there."""

    field: Field
    text: str
    required: bool

    @property
    def name(self) -> str:
        """What the header calls it."""
        return self.field.name

    @property
    def title(self) -> str:
        """What a person may call it."""
        return self.name.replace("_", " ").capitalize()

    @property
    def kind(self) -> str:
        """What its cells are: text, whole, decimal, day or truth."""
        whole = self.field.form == "number" or (self.field.form == "units" and not self.field.places)
        return "whole" if whole else _KINDS.get(self.field.form, "decimal")


class Table(NamedTuple):
    """A dataset as a table, its columns in order."""

    dataset: Dataset
    columns: tuple[Column, ...]


_KINDS = {"text": "text", "flag": "truth", "date": "day"}
