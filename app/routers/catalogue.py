"""The catalogue that portals harvest: DCAT in three forms and pages, and DCAT-US in one document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlencode

import xxhash
from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.errors import Fault, InvalidParameter, Unavailable
from app.feeds import dcat_us
from app.feeds.datasets import NAMED
from app.feeds.dcat import Page, graph_of
from app.feeds.descriptions import IncompleteError, Site, descriptions
from app.feeds.rdf import JSON_LD, RDF_XML, TURTLE, json_ld, rdf_xml, turtle
from app.queries.catalogue import councils
from app.queries.states import stands_alone
from app.routers.dates import dated
from app.routers.deps import Read
from app.routers.files import STANDS
from app.schemas.catalogue import CatalogueQuery
from app.services.filing import stored_files

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from app.feeds.descriptions import Description
    from app.feeds.rdf import Node
    from app.queries.catalogue import Council
    from app.routers.deps import Asker
    from app.services.files import Files
    from app.settings import Settings

router = APIRouter(tags=["catalogue"])
_FORMS: dict[str, tuple[str, Callable[[Sequence[Node]], bytes]]] = {
    "/catalog.jsonld": (JSON_LD, json_ld),
    "/catalog.ttl": (TURTLE, turtle),
    "/catalog.rdf": (RDF_XML, rdf_xml),
}
_RANKS = {name: rank for rank, name in enumerate(NAMED)}
_IN_URLS = "%:/?#[]@!$&'()*+,;=~"
Asked = Annotated[CatalogueQuery, Query()]


def answers_in(media_type: str, schema: str = "string") -> dict[int | str, dict[str, Any]]:
    """How an operation is described that answers in a form of its own."""
    content = {media_type: {"schema": {"type": schema}}}
    return {200: {"description": "The whole answer.", "content": content}}


@router.get("/catalog.jsonld", response_class=Response, responses=answers_in(JSON_LD, "object"))
async def get_catalogue_as_json_ld(query: Asked, request: Request, read: Read) -> Response:
    """Every dataset in the words of DCAT-AP 3, as JSON-LD, some at a time: follow `hydra:next`, or the Link.

    Either all of it is told or none: a portal deletes what a catalogue lacks.
    """
    return await _page_of(request, read, query, "/catalog.jsonld")


@router.get("/catalog.ttl", response_class=Response, responses=answers_in(TURTLE))
async def get_catalogue_as_turtle(query: Asked, request: Request, read: Read) -> Response:
    """The same as Turtle."""
    return await _page_of(request, read, query, "/catalog.ttl")


@router.get("/catalog.rdf", response_class=Response, responses=answers_in(RDF_XML))
async def get_catalogue_as_rdf_xml(query: Asked, request: Request, read: Read) -> Response:
    """The same as RDF/XML."""
    return await _page_of(request, read, query, "/catalog.rdf")


@router.get("/data.json", response_class=Response, responses=answers_in(dcat_us.MEDIA_TYPE, "object"))
async def get_data_json(request: Request, read: Read) -> Response:
    """Every dataset in one document, in the words of DCAT-US 1.1."""
    site, found = site_of(request), await read(councils)

    def write() -> Response:
        described = _some(described_on(request, found))
        return stamped(request, dcat_us.data_json(site, described), dcat_us.MEDIA_TYPE, found)

    return await run_in_threadpool(write)


def site_of(request: Request) -> Site:
    """Where the service is and who answers for it, by its settings."""
    chosen: Settings = request.app.state.settings
    return Site(
        quote(chosen.base_url, safe=_IN_URLS), chosen.publisher, chosen.contact_name, chosen.contact_email
    )


def described_on(request: Request, found: Sequence[Council]) -> list[Description]:
    """Every dataset that there is, with what is known of files that are stored; none is made.

    The answer stands until other files are. Raises Unavailable where a dataset cannot be described.
    """
    files: Files = request.app.state.filer.files
    mark = files.mark
    request.scope.setdefault("state", {})[STANDS] = lambda: files.mark == mark
    try:
        return descriptions(site_of(request), found, stored_files(files, found))
    except IncompleteError as lacking:
        raise Unavailable(
            f"The catalogue cannot be told whole, and is not told in part: {lacking}", retry_after=300
        ) from lacking


def stamped(
    request: Request,
    body: bytes,
    media_type: str,
    told: Collection[Council],
    headers: dict[str, str] | None = None,
) -> Response:
    """An answer about councils with its tag, however long it is, and when any of them released last."""
    moments = [release.published_at for council in told for release in council.releases]
    date = dated(request, max(moments, default=None), certain=stands_alone(moments))
    tag = f'"{xxhash.xxh3_128_hexdigest(body)}"'
    return Response(body, media_type=media_type, headers={"ETag": tag, **date, **(headers or {})})


async def _page_of(request: Request, read: Asker, query: CatalogueQuery, path: str) -> Response:
    site, found = site_of(request), await read(councils)
    media_type, writer = _FORMS[path]

    def write() -> Response:
        described = _some(described_on(request, found))
        start = _start(described, query.after)
        part = described[start : start + query.limit]
        page = _page(site.base + path, described, start, query.limit)
        changed = max(each.modified for each in described)
        body = writer(graph_of(site, part, page, changed))
        links = ", ".join(f'<{href}>; rel="{name}"' for name, href in page.others.items())
        return stamped(request, body, media_type, found, {"Link": links})

    return await run_in_threadpool(write)


def _some(described: list[Description]) -> list[Description]:
    """The datasets that there are. Raises Unavailable where there are none: a portal would delete its own."""
    if not described:
        raise Unavailable(
            "Nothing has been released, and a catalogue of nothing is not told.", retry_after=300
        )
    return described


def _start(described: Sequence[Description], after: str | None) -> int:
    """How many datasets stand up to one, whether or not it is there any more."""
    if after is None:
        return 0
    owner, _, name = after.rpartition("/")
    if name not in NAMED:
        message = "must name a dataset, as risks or barnet/risks"
        fault = Fault("unknown_value", message, parameter="after")
        raise InvalidParameter(f"after {message}.", faults=(fault,))
    place = (owner, _RANKS[name])
    return sum(_place(each) <= place for each in described)


def _place(described: Description) -> tuple[str, int]:
    return described.id.rpartition("/")[0], _RANKS[described.dataset.name]


def _page(path: str, described: Sequence[Description], start: int, limit: int) -> Page:
    """Where a page is and the others are: each by the dataset before it, so that none is passed over."""

    def at(first: int) -> str:
        asked = {"limit": str(limit)}
        if first > 0:
            asked["after"] = described[first - 1].id
        return f"{path}?{urlencode(asked, safe='/')}"

    total = len(described)
    others = {"first": at(0), "last": at((total - 1) // limit * limit)}
    if start > 0:
        others["previous"] = at(max(start - limit, 0))
    if start + limit < total:
        others["next"] = at(start + limit)
    return Page(at(start), total, limit, others)
