"""Headers that ask for a form or a version, and the one that says what an answer varies by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Scope

Header = tuple[bytes, bytes]
_TAG = re.compile(r'(?:W/)?("[^"]*")')
_WEIGHT = re.compile(r"0(\.[0-9]*)?|1(\.0*)?|\.[0-9]+")


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """A request's headers by name, those that were sent more than once as one list."""
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        headers[name] = headers[name] + b", " + value if name in headers else value
    return headers


def admits(accept: str, media_type: str) -> bool:
    """Whether an Accept header admits a media type: the range nearest to it decides (RFC 9110)."""
    kind = media_type.partition("/")[0]
    nearness = {media_type: 3, f"{kind}/*": 2, "*/*": 1, "*": 1}
    nearest = max(
        ((nearness.get(name, 0), weight) for name, weight in map(_weighed, accept.split(","))),
        default=(0, 0.0),
    )
    return nearest[0] > 0 and nearest[1] > 0


def names_tag(if_none_match: str, tag: str) -> bool:
    """Whether If-None-Match names an entity tag, weakly compared, or any there is."""
    opaque = tag.removeprefix("W/")
    return if_none_match.strip() == "*" or opaque in _TAG.findall(if_none_match)


def merged(said: Iterable[bytes], more: tuple[bytes, ...]) -> bytes:
    """A list of header names, as an application said it, with more of them; each once."""
    names = dict.fromkeys(name.strip() for value in said for name in value.split(b","))
    known = {name.lower() for name in names}
    if b"*" in known:
        return b"*"
    return b", ".join([*names, *(name for name in more if name.lower() not in known)])


def _weighed(element: str) -> tuple[str, float]:
    """A media range and its weight; one whose weight cannot be read weighs nothing."""
    name, *parameters = (part.strip().lower() for part in element.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            weight = value.strip()
            return name, float(weight) if _WEIGHT.fullmatch(weight) else 0.0
    return name, 1.0
