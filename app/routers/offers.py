"""What each address offers: its methods, the parameters of each, and the forms of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi.routing import iter_route_contexts

from app.routers.parameters import Parameter, parameter_of

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from fastapi import FastAPI


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of an address; without media types its answer has one form, given to anyone."""

    parameters: Mapping[str, Parameter]
    media_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offers:
    """Every address of an application as a pattern, in the order in which they are tried."""

    addresses: tuple[tuple[re.Pattern[str], Mapping[str, Operation]], ...]

    def at(self, path: str) -> Mapping[str, Operation]:
        """The operations at a path, by method; none where the path is nobody's."""
        found: dict[str, Operation] = {}
        for pattern, operations in self.addresses:
            if pattern.match(path):
                found = {**operations, **found}
        return found


def offers_of(app: FastAPI) -> Offers:
    """What an application offers, read from its routes and from its own description of them.

    A page that is not described, such as the documentation, has no parameters; a mounted folder is
    only read.
    """
    described = app.openapi()["paths"]
    return Offers(
        tuple(
            (
                route.path_regex,
                {
                    method: _operation(described.get(route.path_format, {}).get(method.lower(), {}))
                    for method in route.methods or ("GET",)
                },
            )
            for route in iter_route_contexts(app.routes)
        )
    )


def allowed(operations: Mapping[str, Operation]) -> list[str]:
    """The methods to list in Allow: HEAD goes wherever GET does, and OPTIONS everywhere."""
    methods = {*operations, "OPTIONS"}
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


def _operation(description: Mapping[str, Any]) -> Operation:
    query = (part for part in description.get("parameters", ()) if part["in"] == "query")
    parameters = {part["name"]: parameter_of(part["schema"]) for part in query}
    answers = description.get("responses", {}).items()
    content = [kind for status, answer in answers if status[0] == "2" for kind in answer["content"]]
    return Operation(parameters, tuple(content))
