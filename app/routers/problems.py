"""Every refusal as an RFC 9457 problem document, with one set of members whatever went wrong."""

from __future__ import annotations

import json
import logging
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.db.failures import is_unmigrated, is_unwell
from app.errors import InternalError, NotFound, OutturnError, Unavailable
from app.routers.faults import refusal_of

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.types import Scope

MEDIA_TYPE = "application/problem+json"
_TITLES = {413: "Content too large", 415: "Unsupported media type"}
_PATH_CHARACTERS = "/%:@!$&'()*+,;=~"
logger = logging.getLogger(__name__)


def answer_with_problems(app: FastAPI) -> None:
    """Make problems of the two errors that FastAPI would answer in its own way.

    Any other error comes up to the contract, which answers it with `problem` as well.
    """
    app.add_exception_handler(HTTPException, _answer)
    app.add_exception_handler(RequestValidationError, _answer)


def problem(error: Exception, scope: Scope) -> Response:
    """The document that tells of an error; one that is not of the family is logged and not told."""
    path = scope.get("raw_path") or scope["path"]
    instance = quote(path, safe=_PATH_CHARACTERS)
    told = _told(error, instance)
    body = {
        "type": f"/problems/{told.slug}",
        "title": told.title,
        "status": told.status,
        "detail": told.detail,
        "instance": instance,
        "code": told.slug,
        "errors": [fault.said() for fault in told.faults],
    }
    # Escaped to ASCII: a name that was sent in a body may be no valid Unicode.
    content = json.dumps(body, separators=(",", ":"))
    headers = {**told.headers, "Cache-Control": "no-store"}
    return Response(content, told.status, headers, MEDIA_TYPE)


async def _answer(request: Request, error: Exception) -> Response:
    return problem(error, request.scope)


def _told(error: Exception, instance: str) -> OutturnError:
    """What a caller may know of an error."""
    match error:
        case OutturnError():
            return error
        case RequestValidationError():
            return refusal_of(error)
        case HTTPException(status_code=404):
            return NotFound("Nothing has this address.", headers=error.headers)
        case HTTPException():
            return _HTTPError(error)
        case DBAPIError() if is_unmigrated(error):
            logger.error("The database is not migrated: %s", instance, exc_info=error)
            return Unavailable("The database is not ready.")
        case PoolTimeoutError():
            return _unwell(error, instance)
        case DBAPIError() if is_unwell(error):
            return _unwell(error, instance)
        case _:
            number = secrets.token_hex(8)
            logger.error("Failure %s at %s", number, instance, exc_info=error)
            return InternalError(f"The service failed; its log says why under {number}.")


def _unwell(error: Exception, instance: str) -> Unavailable:
    logger.error("The database could not answer %s", instance, exc_info=error)
    return Unavailable("The database cannot answer now.")


class _HTTPError(OutturnError):
    """What the framework refused, as one of the family."""

    def __init__(self, error: HTTPException) -> None:
        super().__init__(f"{error.detail}.", headers=error.headers)
        self.status = error.status_code
        self.title = _TITLES.get(self.status) or HTTPStatus(self.status).phrase
        self.slug = self.title.lower().replace(" ", "-")
