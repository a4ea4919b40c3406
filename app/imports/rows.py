"""What every typed row has: the line of the file that it stands on, and rules across its cells."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

Aliases = Mapping[str, Iterable[str]]
_set = object.__setattr__


class Row(BaseModel):
    """One line of a report's file; the header is line 1, as in a spreadsheet."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    line: int = 0
    later: ClassVar[frozenset[str]] = frozenset()
    """Columns that joined the format later: a file may do without them."""
    aliases: ClassVar[Aliases] = {}
    """What else councils head a column with, in small letters, where it can mean no other."""
    entangled: ClassVar[Iterable[str]] = ()
    """Columns in which a cell that is normalised is judged by others of its row."""

    @classmethod
    def columns(cls) -> list[str]:
        """The columns of its file, in the order of the format."""
        return [name for name in cls.model_fields if name != "line"]

    @classmethod
    def made(cls, values: dict[str, Any], filled: set[str]) -> Self:
        """A row of the values of all its columns, as their readers gave them; it may disagree."""
        row = cls.__new__(cls)
        _set(row, "__dict__", values)
        _set(row, "__pydantic_fields_set__", filled)
        _set(row, "__pydantic_extra__", None)
        _set(row, "__pydantic_private__", None)
        return row

    @property
    def disagrees(self) -> bool:
        """Whether a cell of the row is at fault against the others."""
        return next(iter(self._faults()), None) is not None

    def _faults(self) -> Iterable[tuple[str, str]]:
        """Each column at fault against the others, and why."""
        return ()

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if faults := list(self._faults()):
            raise PydanticCustomError("row", "cells disagree", {"faults": faults})
        return self
