"""What pydantic finds wrong, told in the contract's words: a lasting code, and what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic_core.core_schema import ErrorType

from app.errors import Fault, escaped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError

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


def faults_of(error: ValidationError, at: str = "") -> list[Fault]:
    """Each thing that a model of a body found wrong, at its place in the body or in the part of it `at`."""
    return [
        Fault(*words_of(problem), pointer=at + "".join(f"/{escaped(name)}" for name in problem["loc"]))
        for problem in error.errors()
    ]


def words_of(problem: Mapping[str, Any]) -> tuple[str, str]:
    """The code and the message of one of pydantic's errors; those of this service's own stand as they are."""
    kind = problem["type"]
    if kind not in _BUILT_IN:
        return kind, problem["msg"]
    if kind in _EXACTLY:
        code, message = _EXACTLY[kind]
        facts = {name: str(fact).replace("'", "") for name, fact in problem.get("ctx", {}).items()}
        return code, message.format(**facts)
    found = (words for prefix, words in _BY_PREFIX.items() if kind.startswith(prefix))
    return next(found, ("invalid", "is not valid"))
