"""What every address keeps to, whatever answers there; it stands around the whole application.

Before: the path, method, query and Accept are ones that the address has. After: entity tag, freshness,
Vary, and whether it is to go. Whatever was raised on the way is answered with a problem document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from app.errors import MethodNotAllowed, NotAcceptable, NotFound
from app.routers.headers import admits, headers_of
from app.routers.offers import allowed
from app.routers.parameters import check_query
from app.routers.problems import problem
from app.routers.replies import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from app.routers.offers import Offers


class Contract:
    """ASGI middleware; the outermost in the framework, since it must see what any other answers or raises."""

    def __init__(self, app: ASGIApp, offers: Callable[[], Offers]) -> None:
        """Ask for the offers at each request, as routes may be added until the first."""
        self._app = app
        self._offers = offers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = headers_of(scope)
        reply = Reply(scope["method"], asked, send)
        try:
            app = self._checked(scope, asked, reply) or self._app
            await app(scope, receive, reply.send)
        except Exception as error:
            if reply.started:
                raise  # the server breaks the connection: what was sent must not look whole
            await problem(error, scope)(scope, receive, reply.send)

    def _checked(self, scope: Scope, asked: Mapping[bytes, bytes], reply: Reply) -> Response | None:
        """Refuse what an address does not offer, and answer OPTIONS; leave all else to the app.

        Of what is to go, any answer says so, a refusal too.
        """
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if "\0" in path:
            raise NotFound("Nothing has this address.")
        operations = self._offers().at(path)
        if not operations:
            return None
        operation = operations.get(scope["method"])
        if operation is None:
            if scope["method"] == "OPTIONS":
                return Response(status_code=204, headers={"Allow": ", ".join(allowed(operations))})
            raise MethodNotAllowed(scope["method"], allowed(operations))
        reply.also = operation.deprecated.headers(scope["query_string"])
        if scope["query_string"]:
            check_query(scope["query_string"], operation.parameters)
        accept = asked.get(b"accept", b"*/*").decode("latin-1")
        if accept != "*/*":
            _check_accept(accept, operation.media_types)
        return None


def _check_accept(accept: str, media_types: tuple[str, ...]) -> None:
    if accept and media_types and not any(admits(accept, kind) for kind in media_types):
        raise NotAcceptable(f"This address answers in {' or '.join(media_types)}.")
