"""Two hundred faults of PostgreSQL while clients write through HTTP."""

import os
import random
from pathlib import Path

import pytest

from tests.soak.postgres_faults import EXPECTED, FAULTS, endure, freeze_long

FAULTS_IN_ALL = 200
SEED = 5


@pytest.mark.skipif("TESTS_SOAK" not in os.environ, reason="takes minutes; set TESTS_SOAK")
async def test_two_hundred_faults_lose_and_double_nothing(tmp_path: Path) -> None:
    chosen = random.Random(SEED).choices([*FAULTS, freeze_long], k=FAULTS_IN_ALL)  # noqa: S311 - nothing to guess

    editors = await endure(tmp_path, chosen, number=8)

    assert set(editors.answers) <= EXPECTED
