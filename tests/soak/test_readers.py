"""Sixteen readers through two hundred releases; four through four in the suite."""

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
from tests.soak.readers import marked, watch
from tests.soak.servers import PATIENCE, running

RELEASES, READERS = 4, 4
MANY_RELEASES, MANY_READERS = 200, 16
GRANTS = ("editor:anyshire", "publisher:anyshire")
logger = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def council_url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with a council that has released what has the first mark."""
    migrate(database_url)
    marks = marked(1)
    first = marks["budget_lines"].pop(0)
    folder = tmp_path_factory.mktemp("council")
    load(database_url, write_report(folder / "report", marks, budget_lines=first))
    return database_url


async def test_no_answer_is_of_two_releases(council_url: str) -> None:
    async with serving(council_url, chores=True) as client:
        officer = Officer(client, key_for(council_url, *GRANTS))
        readers = await watch(client, officer, READERS, RELEASES)

    assert len(readers.seen) > 2
    assert len(readers.answers) == 5


@pytest.mark.skipif("TESTS_SOAK" not in os.environ, reason="takes minutes; set TESTS_SOAK")
async def test_nor_is_one_of_many_of_two_processes(council_url: str, tmp_path: Path) -> None:
    limits = Limits(max_connections=MANY_READERS + 1)
    with running(council_url, tmp_path / "log", workers=2) as server:
        async with AsyncClient(base_url=server.address, timeout=PATIENCE, limits=limits) as client:
            officer = Officer(client, key_for(council_url, *GRANTS))
            readers = await watch(client, officer, MANY_READERS, MANY_RELEASES)

    logger.info("%s answers: %s", readers.answers.total(), readers.answers)
    assert len(readers.seen) > MANY_RELEASES // 2
