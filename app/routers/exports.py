"""Feeds: bodies of any length, sent as they are read, tagged by what they are made of."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import xxhash
from fastapi import Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import create_model
from starlette.responses import StreamingResponse

from app.errors import Unavailable
from app.feeds import csv
from app.queries.exports import lines_of_list
from app.queries.listings import Question
from app.queries.states import State, state_of
from app.routers.dates import dated
from app.routers.deps import Asker, Read, conditions, supposed
from app.schemas.queries import Asked, Paging, UnderScheme
from app.services.forms import digest_of_writers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection, Iterator

    from fastapi import APIRouter
    from starlette.types import Send

    from app.queries.editions import Reading
    from app.queries.listings import Listing

LONGEST = 900.0
"""Seconds after which a body still being sent is broken off: no state of the database is held for longer."""
SLOWEST = 30.0
"""Seconds that a part may take to be taken away."""


class Wanted(NamedTuple):
    """What a feed sends: its parts, made of what some organisations have released, or all.

    With a `state`, that is what they are made of, and nothing else that was released.
    """

    parts: Iterator[bytes]
    organisations: Collection[str] | None = None
    state: State | None = None


class Feed(StreamingResponse):
    """A body in parts; where one is not taken in time the connection breaks: it must not look whole."""

    body_iterator: AsyncGenerator[bytes]

    async def stream_response(self, send: Send) -> None:
        """Send the head at once, and the parts as they come. Raises Unavailable where it takes too long."""
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        try:
            async with aclosing(self.body_iterator) as parts, asyncio.timeout(LONGEST):
                await send(start)
                await send(_part(b""))
                async for part in parts:
                    async with asyncio.timeout(SLOWEST):
                        await send(_part(part))
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            raise Unavailable("A feed was taken too slowly, and was broken off.") from None


class CsvFeed(Feed):
    """Rows as CSV."""

    media_type = csv.MEDIA_TYPE


def _part(body: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def answer_feed(
    request: Request, read: Asker, wanted: Callable[[Reading], Wanted], form: type[Feed]
) -> Response:
    """What is wanted as a feed: asked, tagged and read on one state of the database.

    What is wrong with the question is raised before anything goes out.
    """

    def told(reading: Reading) -> Iterator[Any]:
        found = wanted(reading)
        yield found.state or state_of(reading, found.organisations)
        yield from found.parts

    parts = read.stream(told)
    state: State = await anext(parts)
    private = {"Cache-Control": "private, no-store"}  # may have what others' has not
    return form(parts, headers=private if read.is_private else marks_of(request, state))


def marks_of(request: Request, state: State) -> dict[str, str]:
    """The tag and the date of what is at an address, made of a state."""
    asked = (request.url.path, request.scope["query_string"].decode("latin-1"))
    tag = xxhash.xxh3_128_hexdigest("\n".join((digest_of_writers(), *asked, state.mark)).encode())
    return {"ETag": f'"{tag}"', **dated(request, state.since, certain=state.certain)}


def export_list(
    router: APIRouter,
    listing: Listing,
    query_model: type[Paging],
    prepare: Callable[[Reading], object] | None = None,
) -> None:
    """Add a list's CSV beside it: all rows that its filters leave, in the order asked for.

    What may be asked is what the list may be asked, but for pages. `prepare` is what a reading needs before
    the list is read.
    """
    path = f"/v1/{listing.name}"
    routes = [route for route in router.routes if isinstance(route, APIRoute)]
    [beside] = [route for route in routes if route.path == path and route.methods == {"GET"}]

    async def export(query: Asked, request: Request, read: Read) -> Response:
        def wanted(reading: Reading) -> Wanted:
            if prepare is not None:
                prepare(reading)
            return _of_list(reading, listing, query)

        return await answer_feed(request, read, wanted, CsvFeed)

    export.__annotations__["query"] = Annotated[unpaged(query_model), Query()]
    router.add_api_route(
        f"{path}.csv".removeprefix(router.prefix),
        export,
        name=beside.name.replace("list_", "export_", 1),
        tags=[tag for tag in beside.tags if tag not in router.tags],
        response_class=CsvFeed,
        description="The same as CSV, all rows that the filters leave; streamed, however many they are.",
    )


def _of_list(reading: Reading, listing: Listing, query: Asked) -> Wanted:
    under = supposed(reading, query)
    sort: str = getattr(query, "sort", "id")
    question = Question(conditions(under, listing, query), sort.removeprefix("-"), sort.startswith("-"))
    named = [asked.values for asked in question.filters if asked.column == "organisation"]
    judged = isinstance(query, UnderScheme) and query.scheme is not None  # by what any council has released
    return csv_of_list(under, listing, question, named[0] if named and not judged else None)


def csv_of_list(
    reading: Reading, listing: Listing, question: Question, organisations: Collection[str] | None = None
) -> Wanted:
    """A list's rows as CSV, printed by the database."""
    header = csv.csv_header([field.name for field in listing.fields])
    return Wanted(chain([header], lines_of_list(reading, listing, question)), organisations)


def unpaged(model: type[Paging]) -> type[Asked]:
    """What a list may be asked, without the parameters that pages have."""
    filters = (base for base in model.__bases__ if issubclass(base, Asked))
    bases = tuple(base for base in filters if not issubclass(base, Paging))
    of_pages = Paging.model_fields.keys() - Asked.model_fields.keys()
    kept: dict[str, Any] = {
        name: (field.annotation, field) for name, field in model.model_fields.items() if name not in of_pages
    }
    return create_model(f"{model.__name__}Rows", __base__=bases or (Asked,), __module__=__name__, **kept)
