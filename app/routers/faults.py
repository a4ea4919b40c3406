"""What was wrong with a request that FastAPI reads, as the error that it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.errors import Fault, InvalidBody, InvalidParameter, MalformedRequest, NotFound, escaped
from app.schemas.faults import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi.exceptions import RequestValidationError

    from app.errors import OutturnError


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


def _fault(problem: Mapping[str, Any]) -> Fault:
    code, message = words_of(problem)
    place, *names = problem["loc"]
    if place == "body":
        return Fault(code, message, pointer="".join(f"/{escaped(name)}" for name in names))
    return Fault(code, message, parameter=str(names[0]))


def _sentence(fault: Fault) -> str:
    return f"{fault.parameter or fault.pointer or 'The body'} {fault.message}"
