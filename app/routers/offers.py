"""What each address offers: its methods, the parameters of each, and the forms of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi.routing import RouteContext, iter_route_contexts

from app.errors import NotFound
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
class Address:
    """A pattern of paths, how each of its parts is written where that is settled, and what is there."""

    pattern: re.Pattern[str]
    forms: Mapping[str, re.Pattern[str]]
    operations: Mapping[str, Operation]


@dataclass(frozen=True, slots=True)
class Offers:
    """Every address of an application, in the order in which they are tried."""

    addresses: tuple[Address, ...]

    def at(self, path: str) -> Mapping[str, Operation]:
        """The operations at a path, by method; none where the path is unknown.

        Raises NotFound where a part of the path is not written as it must be, such as 1.0 for 1.
        """
        found: dict[str, Operation] = {}
        miswritten = False
        for address in self.addresses:
            if match := address.pattern.match(path):
                if all(form.fullmatch(match[name]) for name, form in address.forms.items()):
                    found = {**address.operations, **found}
                else:
                    miswritten = True
        if miswritten and not found:
            raise NotFound("Nothing has this address.")
        return found


def offers_of(app: FastAPI) -> Offers:
    """What an application offers, read from its routes and from its own description of them.

    A page that is not described, such as the documentation, has no parameters; a mounted folder is
    only read.
    """
    described = app.openapi()["paths"]
    routes = iter_route_contexts(app.routes)
    return Offers(tuple(_address(route, described.get(route.path_format, {})) for route in routes))


def allowed(operations: Mapping[str, Operation]) -> list[str]:
    """The methods to list in Allow: HEAD goes wherever GET does, and OPTIONS everywhere."""
    methods = {*operations, "OPTIONS"}
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


def _address(route: RouteContext, description: Mapping[str, Any]) -> Address:
    descriptions = {method: description.get(method.lower(), {}) for method in route.methods or {"GET"}}
    parts = [part for each in descriptions.values() for part in _parameters(each, "path").items()]
    forms = {name: part.form for name, part in parts if part.form is not None}
    operations = {method: _operation(each) for method, each in descriptions.items()}
    return Address(route.path_regex, forms, operations)


def _operation(description: Mapping[str, Any]) -> Operation:
    answers = description.get("responses", {}).items()
    content = [kind for status, answer in answers if status[0] == "2" for kind in answer.get("content", ())]
    return Operation(_parameters(description, "query"), tuple(content))


def _parameters(description: Mapping[str, Any], place: str) -> dict[str, Parameter]:
    parameters = description.get("parameters", ())
    return {part["name"]: parameter_of(part["schema"]) for part in parameters if part["in"] == place}
