"""The body of a request as JSON, read strictly: nothing is coerced, and nothing is said twice."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from app.errors import (
    ContentTooLarge,
    Fault,
    InvalidBody,
    MalformedRequest,
    UnsupportedMediaType,
    escaped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel
    from starlette.requests import Request

LARGEST = 2**20
"""How many bytes a body may have."""
MOST_FAULTS = 1000
"""How many faults of one body are told."""
_SHORT = 20
_FAULTS_IN_DETAIL = 3


class _Repeating(dict[str, Any]):
    """An object that names a member more than once."""

    repeated: tuple[str, ...] = ()


async def read_json(request: Request) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON that a request's body is; a number is a whole number or a Decimal, never a float.

    Raises UnsupportedMediaType for a body that is no JSON by its headers, ContentTooLarge for one of more
    than 1 MiB, MalformedRequest for one that cannot be read, InvalidBody where a member is said twice.
    """
    _check_type(request)
    body = await read_whole(request, LARGEST)
    seen: list[_Repeating] = []
    try:
        read = json.loads(
            body.decode(),
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_refuse,
            object_pairs_hook=partial(_members, seen),
        )
        repeated = list(_repeated(read, "")) if seen else []
    except (ValueError, InvalidOperation, RecursionError) as error:
        raise MalformedRequest("The body is not JSON, or is nested too deeply.") from error
    if repeated:
        raise refused(repeated)
    return read


def body_of(model: type[BaseModel]) -> dict[str, Any]:
    """What describes a body that is read by `read_json`; the description knows the model's schema."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def refused(faults: list[Fault]) -> InvalidBody:
    """The refusal of a body: every fault as far as a thousand go, the first few in a sentence."""
    said = "; ".join(f"{f.pointer or 'The body'} {f.message}" for f in faults[:_FAULTS_IN_DETAIL])
    more = len(faults) - _FAULTS_IN_DETAIL
    return InvalidBody(f"{said}{f'; and {more} more' if more > 0 else ''}.", faults[:MOST_FAULTS])


def _check_type(request: Request) -> None:
    media_type, *parameters = request.headers.get("content-type", "").lower().split(";")
    charsets = {part.strip().replace('"', "") for part in parameters} - {"charset=utf-8", ""}
    if media_type.strip() != "application/json" or charsets:
        raise UnsupportedMediaType("The body must be of type application/json, in UTF-8.")


async def read_whole(request: Request, largest: int) -> bytes:
    """All of a body; no more of it is read than may be.

    Raises UnsupportedMediaType for one that is compressed, ContentTooLarge for one of more bytes.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        plain = {"Accept-Encoding": "identity"}
        raise UnsupportedMediaType("The body must not be compressed.", headers=plain)
    stated = request.headers.get("content-length", "")
    parts, size = [], int(stated) if stated.isdecimal() and len(stated) < _SHORT else 0
    if size <= largest:
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > largest:
                break
            parts.append(part)
    if size > largest:
        raise ContentTooLarge(f"The body may have {largest} bytes.")
    return b"".join(parts)


def _integer(digits: str) -> int | Decimal:
    """A whole number; one of very many digits costs too much to be made one."""
    return int(digits) if len(digits) <= _SHORT else Decimal(digits)


def _decimal(digits: str) -> int | Decimal:
    """A number with a point or an exponent; 4.0 is a whole number, as JSON Schema has it."""
    number = Decimal(digits)
    if not number.is_finite():
        raise ValueError(digits)
    return int(number) if number.adjusted() < _SHORT and number == number.to_integral_value() else number


def _refuse(constant: str) -> NoReturn:
    """NaN and the infinities are no JSON, though Python reads them."""
    raise ValueError(constant)


def _members(seen: list[_Repeating], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; one that names a member more than once is seen."""
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    counts = Counter(name for name, _ in pairs)
    repeating = _Repeating(members)
    repeating.repeated = tuple(name for name, count in counts.items() if count > 1)
    seen.append(repeating)
    return repeating


def _repeated(value: Any, pointer: str) -> Iterator[Fault]:  # noqa: ANN401 - any JSON value
    """A fault for every member that is said twice, at any depth."""
    if isinstance(value, dict):
        for name in getattr(value, "repeated", ()):
            yield Fault("repeated", "may be given only once", pointer=f"{pointer}/{escaped(name)}")
        for name, part in value.items():
            if isinstance(part, dict | list):
                yield from _repeated(part, f"{pointer}/{escaped(name)}")
    elif isinstance(value, list):
        for place, part in enumerate(value):
            if isinstance(part, dict | list):
                yield from _repeated(part, f"{pointer}/{place}")
