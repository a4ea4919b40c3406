"""The errors that a caller is told of, each with its status, its title and where it lies.

    OutturnError
    ├── MalformedRequest       400
    │   ├── UnknownParameter   400
    │   ├── InvalidParameter   400
    │   └── InvalidCursor      400
    ├── Unauthenticated        401, with WWW-Authenticate
    ├── Forbidden              403
    ├── NotFound               404
    ├── MethodNotAllowed       405, with Allow
    ├── NotAcceptable          406
    ├── Conflict               409
    │   └── UnsafeRelease      409
    ├── PreconditionFailed     412
    ├── ContentTooLarge        413
    ├── UnsupportedMediaType   415
    ├── RangeNotSatisfiable    416, with Content-Range
    ├── InvalidBody            422
    ├── RefusedImport          422
    ├── PreconditionRequired   428
    ├── InternalError          500
    └── Unavailable            503, with Retry-After

A detail is shown to whoever asked: it names what was wrong and what is allowed, never the database.
"""
# ruff: noqa: N818 - an error is named for what the caller did, as its slug is

from __future__ import annotations

from dataclasses import KW_ONLY, asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a lasting code, and a message that says what is allowed.

    It lies in a parameter, at a JSON pointer into the body, or in a file's row and column: then `value` is
    what stands there, and `value_class` what sort of cell it is.
    """

    code: str
    message: str
    _: KW_ONLY
    parameter: str | None = None
    pointer: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    value_class: str | None = None

    def said(self) -> dict[str, object]:
        """What there is to say of it, as the contract does."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def escaped(name: object) -> str:
    """A step of a JSON pointer, as RFC 6901 writes it."""
    return str(name).replace("~", "~0").replace("/", "~1")


class OutturnError(Exception):
    """What every error of the family has; `slug` and `status` are part of the contract."""

    slug: str
    status: int
    title: str

    def __init__(
        self,
        detail: str,
        faults: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})


class MalformedRequest(OutturnError):
    """The request cannot be read."""

    slug, status, title = "malformed-request", 400, "Malformed request"


class UnknownParameter(MalformedRequest):
    """The query names a parameter that its address does not have."""

    slug, title = "unknown-parameter", "Unknown parameter"


class InvalidParameter(MalformedRequest):
    """A parameter has a value that it cannot have."""

    slug, title = "invalid-parameter", "Invalid parameter"


class InvalidCursor(MalformedRequest):
    """The cursor was not given out for this question."""

    slug, title = "invalid-cursor", "Invalid cursor"


class Unauthenticated(OutturnError):
    """The request shows no credential where one is needed, or one that does not count.

    Why it does not count is not told: that would help whoever guesses.
    """

    slug, status, title = "unauthenticated", 401, "Unauthenticated"

    def __init__(self, detail: str, *, shown: bool) -> None:
        error = ', error="invalid_token"' if shown else ""
        super().__init__(detail, headers={"WWW-Authenticate": f'Bearer realm="outturn"{error}'})


class Forbidden(OutturnError):
    """The caller may see what is there, and may not do this with it."""

    slug, status, title = "forbidden", 403, "Forbidden"


class NotFound(OutturnError):
    """Nothing is there that the caller may see."""

    slug, status, title = "not-found", 404, "Not found"


class MethodNotAllowed(OutturnError):
    """The address has no such method; Allow lists those it has."""

    slug, status, title = "method-not-allowed", 405, "Method not allowed"

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        allow = ", ".join(allowed)
        detail = f"{method} is not allowed here; allowed: {allow}."
        super().__init__(detail, headers={"Allow": allow})


class NotAcceptable(OutturnError):
    """The address has no form that the Accept header admits."""

    slug, status, title = "not-acceptable", 406, "Not acceptable"


class Conflict(OutturnError):
    """What is asked for does not go with what is there; the detail says with what."""

    slug, status, title = "conflict", 409, "Conflict"


class UnsafeRelease(Conflict):
    """A release would tell counts of people that can be worked back; each fault names one."""

    slug, title = "unsafe-release", "Unsafe release"


class PreconditionFailed(OutturnError):
    """Somebody else has changed the row since it was read."""

    slug, status, title = "precondition-failed", 412, "Precondition failed"


class PreconditionRequired(OutturnError):
    """A row is changed only by who says which version of it they have read."""

    slug, status, title = "precondition-required", 428, "Precondition required"


class ContentTooLarge(OutturnError):
    """The body is longer than its address takes."""

    slug, status, title = "content-too-large", 413, "Content too large"


class UnsupportedMediaType(OutturnError):
    """The body is of a type, or in a coding, that its address does not take."""

    slug, status, title = "unsupported-media-type", 415, "Unsupported media type"


class RangeNotSatisfiable(OutturnError):
    """The file has no such bytes; Content-Range tells how many it has."""

    slug, status, title = "range-not-satisfiable", 416, "Range not satisfiable"

    def __init__(self, size: int) -> None:
        super().__init__(f"The file has {size} bytes.", headers={"Content-Range": f"bytes */{size}"})


class InvalidBody(OutturnError):
    """The body can be read, and does not mean what it must."""

    slug, status, title = "invalid-body", 422, "Invalid body"


class RefusedImport(OutturnError):
    """A file holds rows that cannot be taken; each fault has its row and column."""

    slug, status, title = "refused-import", 422, "Refused import"


class InternalError(OutturnError):
    """A mistake of the service's own, logged under a number that the detail tells."""

    slug, status, title = "internal-error", 500, "Internal error"


class Unavailable(OutturnError):
    """The service cannot answer now and may after Retry-After, in seconds."""

    slug, status, title = "unavailable", 503, "Unavailable"

    def __init__(self, detail: str, *, retry_after: int = 1) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})
