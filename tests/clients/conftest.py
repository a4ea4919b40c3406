"""The Python client, built as `make client` does, and a server for it to speak to."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import fresh_sqlite
from tests.demo import load_demo
from tests.routers.writers import key_for
from tests.soak.servers import running

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "openapi" / "outturn.json"
CLIENT_PYTHON = Path(f"{sys.prefix}-client") / "bin" / "python"
"""Where the generator is: it and the service want different releases of one library."""
PATIENCE = 300
"""Seconds after which what was started has not ended that should have long ago."""


@pytest.fixture(scope="session")
def built() -> Path:
    """Build the client unless it is built, and give the folder it is in."""
    if not CLIENT_PYTHON.exists():
        pytest.skip("the Python client is NOT tried: `make client` installs what builds it")
    target = ROOT / "build" / "outturn-client"
    script = str(ROOT / "clients" / "python" / "generate.py")
    done = subprocess.run(  # noqa: S603 - our own script
        [CLIENT_PYTHON, script, str(CONTRACT), str(target)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="session")
def importable(built: Path) -> Iterator[None]:
    """Let tests import what was built."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(built))
        yield


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Serve the demo; give its address, and the key of somebody who may do everything."""
    with fresh_sqlite() as url:
        load_demo(url)
        with running(url, tmp_path_factory.mktemp("server") / "log") as server:
            yield server.address, key_for(url, "administrator")
