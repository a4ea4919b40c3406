"""Applications to speak to: the whole one, and small ones behind the same contract."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from starlette.types import ASGIApp

from app.main import cached, create_app
from app.routers.contract import Contract
from app.routers.offers import Offers, offers_of
from app.routers.problems import answer_with_problems
from app.settings import Settings

NO_OFFERS = Offers(())


@asynccontextmanager
async def serving(url: str, **chosen: object) -> AsyncIterator[AsyncClient]:
    """The application on a database, started, as a server runs it; what it raises is raised here as well.

    It tells no webhooks and does no chores unless that is chosen: nothing is read but what is asked for.
    """
    settings = Settings(database_url=url).model_copy(update={"webhooks": False, "chores": False, **chosen})
    app = create_app(settings)
    served = cached(app, settings.cache_megabytes * 2**20)
    async with app.router.lifespan_context(app), speaking_to(served) as client:
        yield client


@asynccontextmanager
async def speaking_to(app: ASGIApp) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client


def under_contract(app: FastAPI) -> ASGIApp:
    """Put the contract around an application, as `create_app` does; none of its answers are kept."""
    answer_with_problems(app)
    app.add_middleware(Contract, offers=lambda: offers_of(app))
    return cached(app, 0)
