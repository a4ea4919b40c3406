"""Pages about datasets for people, and what search engines read first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from app.errors import NotFound
from app.feeds import pages, sitemap
from app.queries.catalogue import councils
from app.routers.catalogue import described_on, site_of, stamped
from app.routers.deps import Read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.feeds.descriptions import Description, Site
    from app.routers.deps import Asker

router = APIRouter(include_in_schema=False)
_HARMLESS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
}
_ROBOTS = "text/plain"


@router.get("/datasets")
async def show_datasets(request: Request, read: Read) -> Response:
    """All datasets by council, and the catalogues that machines read."""
    return await _shown(request, read, pages.index_page)


@router.get("/datasets/{dataset}")
async def show_dataset(dataset: str, request: Request, read: Read) -> Response:
    """A dataset of all councils, and which councils have one of their own."""
    return await _one(request, read, dataset)


@router.get("/datasets/{organisation}/{dataset}")
async def show_dataset_of_organisation(
    organisation: str, dataset: str, request: Request, read: Read
) -> Response:
    """A dataset of one council."""
    return await _one(request, read, f"{organisation}/{dataset}")


@router.get("/sitemap.xml")
async def get_sitemap(request: Request, read: Read) -> Response:
    """Every page about datasets, with when the dataset changed last."""
    site, found = site_of(request), await read(councils)

    def write() -> Response:
        described = described_on(request, found)
        changed = max((each.modified for each in described), default=None)
        named = [(f"{site.base}/datasets", changed), *((each.page, each.modified) for each in described)]
        return stamped(request, sitemap.sitemap(named), sitemap.MEDIA_TYPE, found)

    return await run_in_threadpool(write)


@router.get("/robots.txt")
async def get_robots(request: Request) -> Response:
    """What crawlers may read."""
    return Response(sitemap.robots(site_of(request)), media_type=_ROBOTS)


async def _one(request: Request, read: Asker, name: str) -> Response:
    def page(site: Site, described: Sequence[Description]) -> bytes:
        found = next((each for each in described if each.id == name), None)
        if found is None:
            raise NotFound("Nothing has this address.")
        others = [each for each in described if each.dataset == found.dataset and each is not found]
        return pages.dataset_page(site, found, others)

    return await _shown(request, read, page)


async def _shown(
    request: Request, read: Asker, page: Callable[[Site, Sequence[Description]], bytes]
) -> Response:
    site, found = site_of(request), await read(councils)

    def write() -> Response:
        described = described_on(request, found)
        return stamped(request, page(site, described), pages.MEDIA_TYPE, found, _HARMLESS)

    return await run_in_threadpool(write)
