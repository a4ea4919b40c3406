"""A disk that fails at every write of an import; at some of them in the suite."""

import logging
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

STEP = 1 if "TESTS_SOAK" in os.environ else 40
SOURCE = Path(__file__).with_name("failing.c")
LONGEST = 1200
logger = logging.getLogger(__name__)


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no compiler to make a disk fail with")
def test_a_disk_that_fails_at_any_write_leaves_nothing_half_there(tmp_path: Path) -> None:
    library = tmp_path / "failing.so"
    compiler = ["cc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(compiler, check=True)  # noqa: S603 - the suite's own library
    command = [sys.executable, "-m", "tests.soak.disks", str(STEP), str(library)]

    done = subprocess.run(  # noqa: S603 - the suite's own program
        command,
        capture_output=True,
        check=False,
        env={**os.environ, "LD_PRELOAD": str(library)},
        text=True,
        timeout=LONGEST,
    )

    logger.info("Imports by what they were answered:\n%s", done.stdout)
    assert done.returncode == 0, done.stderr
    told = [{int(n) for n in re.findall(r"(\d+):", line)} for line in done.stdout.splitlines()]
    assert len(told) == 4
    assert all(503 in answers for answers in told)
