"""The application, put together: routes, contract, description, and a database to read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app import __version__
from app.db.connections import reading_engine
from app.queries.editions import Editions
from app.routers import (
    actions,
    budgets,
    documentation,
    health,
    indicators,
    organisations,
    risks,
    schemes,
    workforce,
)
from app.routers.contract import Contract
from app.routers.description import describe
from app.routers.offers import Offers, offers_of
from app.routers.problems import answer_with_problems
from app.settings import Settings

ROUTERS = (
    organisations.router,
    indicators.router,
    budgets.router,
    risks.router,
    workforce.router,
    actions.router,
    schemes.router,
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
    {"name": "schemes", "description": "How each council turns figures into a status."},
    {"name": "service", "description": "What this service is, and whether it is well."},
]

DESCRIPTION = """\
What councils report of their own performance, with every status and variance worked out on read.

Decimals are strings. Lists have keyset cursors: follow `next_cursor`, or the `Link` header, to the \
end. Every answer that may be kept has an `ETag`. Every refusal is an RFC 9457 problem document.
"""


def create_app(settings: Settings) -> FastAPI:
    """The application of a deployment; it opens its database when it starts."""
    app = FastAPI(
        title="Outturn",
        version=__version__,
        summary="Council performance: what was planned, what came of it, and how well it did.",
        description=DESCRIPTION,
        contact={"name": "Outturn"},
        license_info={"name": "Open Government Licence v3.0", "url": documentation.LICENCE},
        servers=[{"url": settings.public_url or "/", "description": "This service"}],
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
        lifespan=partial(_database, settings),
    )
    for router in ROUTERS:
        app.include_router(router)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]  # FastAPI documents this way
    answer_with_problems(app)

    @cache
    def offers() -> Offers:
        return offers_of(app)

    app.add_middleware(Contract, offers=offers)
    return app


@asynccontextmanager
async def _database(settings: Settings, app: FastAPI) -> AsyncIterator[None]:
    """Keep connections for reading while the application runs."""
    app.openapi()  # described before the first request has to wait for it
    app.state.engine = reading_engine(settings.replica_url or settings.database_url)
    app.state.editions = Editions()
    try:
        yield
    finally:
        await app.state.engine.dispose()


def _operation_id(route: APIRoute) -> str:
    """An operation is named as its function is, so that generated clients read as the code does."""
    return route.name
