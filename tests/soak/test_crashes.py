"""Two hundred servers and imports killed while files are handed in; three in the suite."""

import logging
import os
from pathlib import Path

import pytest

from tests.soak.crashes import crash

SOAK = "TESTS_SOAK" in os.environ
TIMES = 200 if SOAK else 3
logger = logging.getLogger(__name__)


def test_no_import_is_half_there_or_forgotten(sqlite_url: str, tmp_path: Path) -> None:
    seen = crash(sqlite_url, tmp_path, TIMES)

    logger.info("Files by what they were told: %s", dict(seen))
    assert seen.pop("import killed") == TIMES // 3
    assert seen.total() == 2 * (TIMES - TIMES // 3)


@pytest.mark.skipif(not SOAK, reason="takes minutes; set TESTS_SOAK")
def test_nor_is_it_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    seen = crash(postgres_url, tmp_path, TIMES)

    logger.info("Files by what they were told: %s", dict(seen))
    assert seen.pop("import killed") == TIMES // 3
