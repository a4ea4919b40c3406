"""Many changes at once: all of them, or none."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.entities.revisions import BEYOND_IDS
from app.schemas.wire import example
from app.schemas.writes import RESOURCES
from app.schemas.writes.answers import Act

MOST_OPERATIONS = 1000
_PATHS = tuple(RESOURCES)
ResourceName = TypeAliasType(
    "ResourceName",
    Annotated[
        str,
        Field(
            description="What may be written, by its address below /v1.",
            json_schema_extra={"enum": list(_PATHS)},
        ),
    ],
)


def _in_line(**values: Any) -> ConfigDict:  # noqa: ANN401 - any JSON
    return ConfigDict(**example(**values), extra="forbid", strict=True, use_attribute_docstrings=True)


_CHANGE = {
    "act": "patch",
    "resource": "observations",
    "id": 122,
    "version": 17,
    "body": {"numerator": "159501"},
}


class OperationIn(BaseModel):
    """One change of a batch."""

    model_config = _in_line(**_CHANGE)

    act: Act
    """What is done."""
    resource: ResourceName
    """To what: a resource by its address below /v1."""
    id: Annotated[int, Field(ge=1, lt=BEYOND_IDS)] | None = None
    """Which one; a new one has none."""
    version: Annotated[int, Field(ge=0, lt=BEYOND_IDS)] | None = None
    """The version that was read of it; a new one has none."""
    body: Any = None
    """What it is to say, or what of it is to change; what is retired has none."""

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if self.resource not in RESOURCES:
            raise PydanticCustomError(
                "unknown_value", "must name one of {known}", {"known": ", ".join(_PATHS)}
            )
        if (self.act == "create") != (self.id is None) or (self.id is None) != (self.version is None):
            raise PydanticCustomError(
                "missing", "needs the id and the version of what is there; what is new has neither"
            )
        if (self.act == "retire") != (self.body is None):
            raise PydanticCustomError("missing", "needs a body, unless it retires something")
        return self


class BatchIn(BaseModel):
    """Changes of one organisation that are made together."""

    model_config = _in_line(operations=[_CHANGE])

    operations: Annotated[list[OperationIn], Field(min_length=1, max_length=MOST_OPERATIONS)]
    """The changes; what one creates, others may name."""
