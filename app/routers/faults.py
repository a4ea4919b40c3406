"""What pydantic found wrong with a request, told in the contract's words: what is allowed, where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic_core.core_schema import ErrorType

from app.errors import Fault, InvalidBody, InvalidParameter, MalformedRequest, NotFound, escaped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi.exceptions import RequestValidationError
    from pydantic import ValidationError

    from app.errors import OutturnError

_BUILT_IN = frozenset(get_args(ErrorType))
"""Pydantic's own types of error; the message of any other is a validator's of this service."""

_EXACTLY: Mapping[str, tuple[str, str]] = {
    "missing": ("missing", "is required"),
    "extra_forbidden": ("unknown", "is not known here"),
    "enum": ("unknown_value", "must be {expected}"),
    "literal_error": ("unknown_value", "must be {expected}"),
    "greater_than": ("out_of_range", "must be more than {gt}"),
    "greater_than_equal": ("out_of_range", "must be at least {ge}"),
    "less_than": ("out_of_range", "must be less than {lt}"),
    "less_than_equal": ("out_of_range", "must be at most {le}"),
    "string_too_short": ("wrong_length", "must have at least {min_length} characters"),
    "string_too_long": ("wrong_length", "must have at most {max_length} characters"),
    "too_short": ("wrong_length", "must be given at least {min_length} times"),
    "too_long": ("wrong_length", "must be given at most {max_length} times"),
    "string_pattern_mismatch": ("malformed", "must match {pattern}"),
    "value_error": ("invalid_value", "{error}"),
}
_BY_PREFIX: Mapping[str, tuple[str, str]] = {
    "int_": ("not_a_whole_number", "must be a whole number"),
    "bool_": ("not_a_truth", "must be true or false"),
    "date_": ("not_a_date", "must be a date such as 2011-09-30"),
    "datetime_": ("not_an_instant", "must be an instant such as 2011-09-30T23:00:00Z"),
    "decimal_": ("not_a_decimal", "must be a decimal number such as 12.5"),
    "float_": ("not_a_number", "must be a number such as 12.5"),
    "string_": ("not_a_text", "must be a text"),
    "list_": ("not_a_list", "must be a list"),
    "model_": ("not_an_object", "must be an object"),
    "dict_": ("not_an_object", "must be an object"),
}


def refusal_of(error: RequestValidationError) -> OutturnError:
    """The error of the family that a request's validation comes to.

    An address that cannot be read names nothing, so it is not found; a parameter or header is
    invalid; a body is unreadable, or reads and means nothing.
    """
    problems = error.errors()
    faults = [_fault(problem) for problem in problems]
    places = {problem["loc"][0] for problem in problems}
    if "path" in places:
        return NotFound("Nothing has this address.")
    detail = "; ".join(_sentence(fault) for fault in faults) + "."
    if any(problem["type"] == "json_invalid" for problem in problems):
        return MalformedRequest("The body is not JSON.")
    if places == {"body"}:
        return InvalidBody(detail, faults)
    return InvalidParameter(detail, faults)


def faults_of(error: ValidationError) -> list[Fault]:
    """Each thing that a model of a body found wrong, at its place in the body."""
    return [_fault({**problem, "loc": ("body", *problem["loc"])}) for problem in error.errors()]


def _fault(problem: Mapping[str, Any]) -> Fault:
    code, message = _words(problem)
    place, *names = problem["loc"]
    if place == "body":
        return Fault(code, message, pointer="".join(f"/{escaped(name)}" for name in names))
    return Fault(code, message, parameter=str(names[0]))


def _words(problem: Mapping[str, Any]) -> tuple[str, str]:
    """A lasting code, and a message that says what is allowed."""
    kind = problem["type"]
    if kind not in _BUILT_IN:
        return kind, problem["msg"]
    if kind in _EXACTLY:
        code, message = _EXACTLY[kind]
        facts = {name: str(fact).replace("'", "") for name, fact in problem.get("ctx", {}).items()}
        return code, message.format(**facts)
    found = (words for prefix, words in _BY_PREFIX.items() if kind.startswith(prefix))
    return next(found, ("invalid", "is not valid"))


def _sentence(fault: Fault) -> str:
    return f"{fault.parameter or fault.pointer or 'The body'} {fault.message}"
