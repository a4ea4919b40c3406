"""The query of a request against the parameters that its address has, before anything is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from app.errors import Fault, InvalidParameter, MalformedRequest, UnknownParameter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Narrower than pydantic, which reads 1_000, 1.0, Arabic digits and "on" as well.
_FORMS = {
    "integer": (re.compile(r"0|-?[1-9][0-9]*"), "must be a whole number"),
    "boolean": (re.compile(r"true|false"), "must be true or false"),
    "date": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "must be a date such as 2011-09-30"),
}


class Parameter(NamedTuple):
    """How often a parameter may be given, how each value is written, and that in words."""

    repeatable: bool
    form: re.Pattern[str] | None
    message: str


def parameter_of(schema: Mapping[str, Any]) -> Parameter:
    """The parameter that a JSON schema describes."""
    arrays = [choice for choice in _choices(schema) if choice.get("type") == "array"]
    items = arrays[0].get("items", {}) if arrays else schema
    for choice in _choices(items):
        form, message = _FORMS.get(choice.get("format", choice.get("type", "")), (None, ""))
        if {"minimum", "maximum"} <= choice.keys():
            message += f" from {choice['minimum']} to {choice['maximum']}"
        if form is not None:
            return Parameter(bool(arrays), form, message)
    return Parameter(bool(arrays), None, "")


def check_query(query: bytes, known: Mapping[str, Parameter]) -> None:
    """Refuse a query that an address cannot answer.

    Raises MalformedRequest where it is no text, UnknownParameter for a parameter that the address
    does not have, InvalidParameter where one is repeated or not written as it must be.
    """
    pairs = _pairs(query)
    unknown = dict.fromkeys(name for name, _ in pairs if name not in known)
    if unknown:
        allowed = f"known: {', '.join(known)}" if known else "this address has no parameters"
        message = f"is no parameter here; {allowed}"
        faults = [Fault("unknown_parameter", message, parameter=name) for name in unknown]
        raise UnknownParameter(f"There is no parameter {', '.join(unknown)}; {allowed}.", faults)
    faults = list(_faults(pairs, known))
    if faults:
        detail = "; ".join(f"{fault.parameter} {fault.message}" for fault in faults)
        raise InvalidParameter(f"{detail}.", faults)


def _pairs(query: bytes) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise MalformedRequest("The query is not percent-encoded UTF-8.") from error
    if any("\0" in text for pair in pairs for text in pair):
        raise MalformedRequest("The query holds a null character.")
    return pairs


def _faults(pairs: list[tuple[str, str]], known: Mapping[str, Parameter]) -> Iterator[Fault]:
    seen = set()
    for name, value in pairs:
        parameter = known[name]
        if name in seen and not parameter.repeatable:
            yield Fault("repeated", "may be given only once", parameter=name)
        elif parameter.form is not None and not parameter.form.fullmatch(value):
            yield Fault("malformed", parameter.message, parameter=name)
        seen.add(name)


def _choices(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a value may be: a schema, or the schemas that it chooses from."""
    return schema.get("anyOf") or [schema]
