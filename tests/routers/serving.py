"""Applications to speak to: the whole one, and small ones behind the same contract."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session
from starlette.types import ASGIApp

from app.cli import DEMO
from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.imports.reports import read_report
from app.main import cached, create_app
from app.routers.contract import Contract
from app.routers.offers import Offers, offers_of
from app.routers.problems import answer_with_problems
from app.services.drafting import table
from app.services.loading import load_report
from app.services.released import copy_releases
from app.services.releases import publish_release
from app.settings import Settings
from tests.conftest import REBUILDING

NO_OFFERS = Offers(())


def load_demo(url: str) -> None:
    """Migrate a database, and load and publish the five reports of the demo."""
    migrate(url)
    engine = writing_engine(url)
    for folder in sorted(path for path in DEMO.iterdir() if path.is_dir()):
        report = read_report(folder)
        with Session(engine) as session, session.begin():
            loaded = load_report(session, report, folder.name)
            assert report.release is not None
            assert loaded.revision_id is not None
            publish_release(session, loaded.organisation_id, loaded.revision_id, note=report.release.note)
    if REBUILDING in os.environ:
        rebuild(engine)
    engine.dispose()


def rebuild(engine: Engine) -> None:
    """Throw the copies of releases away, and make them anew."""
    with engine.begin() as connection:
        for name in ("released_copy", "released_observation"):
            connection.execute(delete(table(name)))
    assert copy_releases(engine) > 0


@asynccontextmanager
async def serving(url: str, **chosen: object) -> AsyncIterator[AsyncClient]:
    """The application on a database, started, as a server runs it; what it raises is raised here as well."""
    settings = Settings(database_url=url).model_copy(update=chosen)
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
