"""Changes to a fact as JSON Merge Patch (RFC 7396): what is named is changed, and null empties it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.schemas.writes.fields import Stated


@cache
def patch_of(model: type[Stated], shown: str) -> type[BaseModel]:
    """The model that describes a patch of a body; its example changes the field `shown`.

    It is for the description alone: what is `merged` is read as a whole body, by the body's own model.
    """
    configured: Any = model.model_config["json_schema_extra"]
    [example] = configured["examples"]
    types = get_type_hints(model, include_extras=True)
    fields: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        kind = types[name] if field.is_required() else types[name] | None
        fields[name] = (kind, Field(default_factory=lambda: None, description=field.description))
    extra: Any = {"examples": [{shown: example[shown]}]}
    return create_model(
        model.__name__.removesuffix("In") + "Patch",
        __config__=ConfigDict(extra="forbid", json_schema_extra=extra, defer_build=True),
        __doc__=f"What to change, and only that. {model.__doc__}",
        __module__=model.__module__,
        **fields,
    )


def merged(said: Mapping[str, Any], model: type[Stated], patch: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The body that a patch makes of what a fact says; whatever is no patch stands for itself.

    A null empties a field; one for a name that the body does not know is left for it to refuse.
    """
    if not isinstance(patch, dict):
        return patch
    emptied = {name for name, value in patch.items() if value is None and name in model.model_fields}
    return {name: value for name, value in {**said, **patch}.items() if name not in emptied}
