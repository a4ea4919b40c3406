"""Eight clients whose changes are acknowledged 20,000 times, and none is lost; 200 times in the suite."""

import logging
import os
from pathlib import Path

import pytest
from httpx import AsyncClient, Limits

from app.db.migrations import migrate
from tests.imports.examples import write_report
from tests.queries.reports import load
from tests.routers.serving import serving
from tests.routers.writers import Officer, key_for
from tests.soak.editors import Editors, check
from tests.soak.servers import PATIENCE, running

CLIENTS = 8
SHORT, LONG = 200, 20_000
logger = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def council_url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with a council."""
    migrate(database_url)
    load(database_url, write_report(tmp_path_factory.mktemp("council") / "report"))
    return database_url


async def test_no_change_that_is_acknowledged_is_lost(council_url: str) -> None:
    async with serving(council_url) as client:
        editors = Editors(Officer(client, key_for(council_url, "editor:anyshire")), SHORT)
        await editors.run(CLIENTS)

    assert editors.acknowledged.total() >= SHORT
    assert editors.stale
    check(council_url, editors)


@pytest.mark.skipif("TESTS_SOAK" not in os.environ, reason="takes minutes; set TESTS_SOAK")
async def test_nor_is_it_among_many_of_two_processes(council_url: str, tmp_path: Path) -> None:
    limits = Limits(max_connections=CLIENTS)
    with running(council_url, tmp_path / "log", workers=2) as server:
        async with AsyncClient(base_url=server.address, timeout=PATIENCE, limits=limits) as client:
            editors = Editors(Officer(client, key_for(council_url, "editor:anyshire")), LONG)
            await editors.run(CLIENTS)

    logger.info("%s changes, and %s that came too late", editors.acknowledged.total(), editors.stale)
    check(council_url, editors)
