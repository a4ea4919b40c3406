"""The application, put together: routes, contract, description, and a database to read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from functools import cache, partial

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute
from starlette.types import ASGIApp
from starlette_compress import CompressMiddleware, add_compress_type

from app import __version__
from app.db.limits import limits_of
from app.db.snapshots import Snapshots, snapshots
from app.db.writing import Writer
from app.feeds import csv, csvw, jsonl
from app.feeds.datasets import LICENCE
from app.queries.editions import Reader
from app.routers import (
    actions,
    audit,
    budgets,
    catalogue,
    changes,
    comparators,
    datasets,
    described_data,
    digests,
    documentation,
    equalities,
    feeds,
    findings,
    health,
    imports,
    indicators,
    organisations,
    pages,
    releases,
    risks,
    rules,
    schemes,
    scorecards,
    stated,
    webhooks,
    workforce,
    writes,
)
from app.routers.cache import Cache
from app.routers.callers import issuer_of
from app.routers.contract import Contract
from app.routers.description import describe
from app.routers.offers import Offers, offers_of
from app.routers.problems import answer_with_problems
from app.schemas.columns import table_of
from app.services.delivering import delivering
from app.services.filing import Filer, files_of
from app.services.importers import Importer
from app.services.keeping import Keeper
from app.settings import Settings, settings

ROUTERS = (
    organisations.router,
    indicators.router,
    comparators.router,
    equalities.router,
    budgets.router,
    risks.router,
    workforce.router,
    actions.router,
    scorecards.router,
    digests.router,
    schemes.router,
    writes.router,
    audit.router,
    rules.router,
    findings.router,
    stated.router,
    releases.router,
    changes.router,
    webhooks.router,
    imports.router,
    described_data.router,
    datasets.router,
    catalogue.router,
    feeds.router,
    pages.router,
    health.router,
    documentation.router,
)
"""In the order of the documentation."""

TAGS = [
    {"name": "organisations", "description": "Who reports, their services, and for when."},
    {"name": "indicators", "description": "What is measured, what came of it, and its status."},
    {"name": "budgets", "description": "Revenue and capital, against the revised budget."},
    {"name": "risks", "description": "Risk registers, ratings and heat maps."},
    {"name": "workforce", "description": "Establishment, profiles and measures of the workforce."},
    {"name": "actions", "description": "Actions, initiatives and projects."},
    {"name": "scorecards", "description": "One service's period on a page, with its ratings explained."},
    {"name": "digests", "description": "What went wrong in a period, by portfolio, for members."},
    {"name": "schemes", "description": "How each council turns figures into a status."},
    {
        "name": "findings",
        "description": "Printed figures that do not come back, facts that disagree, and why.",
    },
    {"name": "releases", "description": "What was made public, and when."},
    {"name": "rules", "description": "What every figure follows from, and what would follow from others."},
    {"name": "writing", "description": "Facts as drafts: created, replaced, patched and retired."},
    {"name": "imports", "description": "Files of rows, taken in whole or not at all."},
    {"name": "audit", "description": "What was done, by whom and why, sealed entry by entry."},
    {"name": "webhooks", "description": "Who is told of what happens, and what became of telling them."},
    {"name": "datasets", "description": "What is published as data: whole files, of releases only."},
    {"name": "catalogue", "description": "What portals, readers of feeds and search engines harvest."},
    {"name": "service", "description": "What this service is, and whether it is well."},
]

DESCRIPTION = """\
What councils report of their own performance, with every status and variance worked out on read.

Decimals are strings. Lists have keyset cursors: follow `next_cursor`, or the `Link` header, to the \
end. Every answer that may be kept has an `ETag`. Every refusal is an RFC 9457 problem document.
"""


def create_app(chosen: Settings) -> FastAPI:
    """The application of a deployment; it opens its database when it starts."""
    app = FastAPI(
        title="Outturn",
        version=__version__,
        summary="Council performance: what was planned, what came of it, and how well it did.",
        description=DESCRIPTION,
        contact={"name": "Outturn"},
        license_info={"name": "Open Government Licence v3.0", "url": LICENCE},
        servers=[{"url": chosen.public_url or "/", "description": "This service"}],
        openapi_tags=TAGS,
        webhooks=webhooks.messages,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=partial(_database, chosen),
        routes=_routes(),
    )
    app.openapi = partial(describe, app)  # type: ignore[method-assign]  # FastAPI documents this way
    answer_with_problems(app)

    @cache
    def offers() -> Offers:
        return offers_of(app)

    app.add_middleware(Contract, offers=offers)
    return app


def cached(app: FastAPI, size: int) -> ASGIApp:
    """An application with its answers compressed as each client accepts, and kept up to a size in bytes."""

    async def changes() -> int:
        database: Snapshots = app.state.snapshots
        return await database.changes()

    for media_type in (csv.MEDIA_TYPE, csvw.MEDIA_TYPE, jsonl.MEDIA_TYPE):
        add_compress_type(media_type)
    return Cache(CompressMiddleware(app, brotli=False, gzip_level=1, zstd_level=1), size, changes)


def serve() -> ASGIApp:
    """The application as a server's process runs it."""
    chosen = settings()
    return cached(create_app(chosen), chosen.cache_megabytes * 2**20)


@asynccontextmanager
async def _database(chosen: Settings, app: FastAPI) -> AsyncIterator[None]:
    """Keep connections for reading while the application runs."""
    limits = limits_of(chosen)
    app.state.primary = snapshots(chosen.database_url, limits)
    app.state.snapshots = app.state.primary
    if chosen.replica_url is not None:
        app.state.snapshots = snapshots(chosen.replica_url, limits)
    app.state.under_way = set[tuple[str, str]]()
    app.state.issuer = issuer_of(chosen)
    app.state.reader = Reader(app.state.snapshots, copies=chosen.read_model)
    app.state.primary_reader = app.state.reader
    if chosen.replica_url is not None:
        app.state.primary_reader = Reader(app.state.primary, copies=chosen.read_model)
    app.state.writer = Writer(chosen.database_url, limits)
    app.state.settings = chosen
    app.state.importer = Importer(chosen, app.state.primary, app.state.writer)
    app.state.keeper = Keeper(chosen.database_url, app.state.primary, app.state.writer)
    app.state.filer = Filer(chosen.database_url, app.state.primary, files_of(chosen), table_of)
    told = delivering(
        chosen.database_url,
        app.state.writer,
        limits,
        private=chosen.webhook_private,
        base=chosen.public_url or "",
    )
    try:
        async with (
            told if chosen.webhooks else nullcontext(),
            app.state.importer.importing() if chosen.chores else nullcontext(),
            app.state.keeper.keeping() if chosen.chores and chosen.read_model else nullcontext(),
            app.state.filer.filing() if chosen.chores and chosen.files_megabytes else nullcontext(),
        ):
            yield
    finally:
        await app.state.writer.close()
        for database in {app.state.primary, app.state.snapshots}:
            await database.close()


def _routes() -> list[BaseRoute]:
    """The routes of all routers as they are; to include a router would make each of them anew.

    An operation is named as its function is, so that generated clients read as the code does.
    """
    routes = [route for router in ROUTERS for route in router.routes]
    for route in routes:
        if isinstance(route, APIRoute):
            route.unique_id = route.name
    return routes
