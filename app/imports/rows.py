"""What every typed row has: the line of the file that it stands on, and rules across its cells."""

from collections.abc import Iterable
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError


class Row(BaseModel):
    """One line of a report's file; the header is line 1, as in a spreadsheet."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: int = 0
    later: ClassVar[frozenset[str]] = frozenset()
    """Columns that joined the format later: a file may do without them."""

    @classmethod
    def columns(cls) -> list[str]:
        """The columns of its file, in the order of the format."""
        return [name for name in cls.model_fields if name != "line"]

    def _faults(self) -> Iterable[tuple[str, str]]:
        """Each column at fault against the others, and why."""
        return ()

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if faults := list(self._faults()):
            raise PydanticCustomError("row", "cells disagree", {"faults": faults})
        return self
