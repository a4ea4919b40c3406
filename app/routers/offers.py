"""What each address offers: its methods, the parameters of each, and the forms of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext, iter_route_contexts

from app.errors import NotFound
from app.routers.deprecations import Marks, marks_of
from app.routers.parameters import Parameter, parameter_of

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from fastapi import FastAPI


@dataclass(frozen=True)
class Address:
    """A pattern of paths, and the route they lead to; described when its description is asked for."""

    pattern: re.Pattern[str]
    route: RouteContext

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """What is there, by method."""
        return {method: Operation(self, method) for method in self.route.methods or {"GET"}}

    @cached_property
    def forms(self) -> Mapping[str, re.Pattern[str]]:
        """How each part of the path is written, where that is settled."""
        if "{" not in (self.route.path_format or ""):
            return {}
        parts = [part for each in self.described.values() for part in _parameters(each, "path").items()]
        return {name: part.form for name, part in parts if part.form is not None}

    @cached_property
    def described(self) -> Mapping[str, Mapping[str, Any]]:
        """The description of each operation, by method in lower case."""
        paths = get_openapi(title="", version="", routes=[self.route])["paths"]
        described: Mapping[str, Mapping[str, Any]] = paths.get(self.route.path_format, {})
        return described


@dataclass(frozen=True)
class Operation:
    """One method of an address."""

    address: Address
    method: str

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """What its query may hold."""
        return _parameters(self._description, "query")

    @cached_property
    def media_types(self) -> tuple[str, ...]:
        """The forms of its answer; none where it has one form, given to anyone."""
        answers = self._description.get("responses", {}).items()
        kinds = (kind for status, answer in answers if status[0] == "2" for kind in answer.get("content", ()))
        return tuple(dict.fromkeys(kinds))

    @cached_property
    def deprecated(self) -> Marks:
        """What of it is to go."""
        return marks_of(self._description)

    @property
    def _description(self) -> Mapping[str, Any]:
        return self.address.described.get(self.method.lower(), {})


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
    return Offers(tuple(_address(route) for route in iter_route_contexts(app.routes)))


_ADDRESSES: dict[tuple[int, str | None], Address] = {}
"""By route and path: what one application has described need not be described for the next."""


def _address(route: RouteContext) -> Address:
    return _ADDRESSES.setdefault((id(route.original_route), route.path), Address(route.path_regex, route))


def allowed(operations: Mapping[str, Operation]) -> list[str]:
    """The methods to list in Allow: HEAD goes wherever GET does, and OPTIONS everywhere."""
    methods = {*operations, "OPTIONS"}
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


def _parameters(description: Mapping[str, Any], place: str) -> dict[str, Parameter]:
    parameters = description.get("parameters", ())
    return {part["name"]: parameter_of(part["schema"]) for part in parameters if part["in"] == place}
