"""The Python client, built as `make client` does, and a server for it to speak to."""

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from tests.databases import fresh_sqlite
from tests.demo import load_demo
from tests.routers.writers import key_for
from tests.soak.servers import running

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "openapi" / "outturn.json"
CLIENT_PYTHON = Path(f"{sys.prefix}-client") / "bin" / "python"
"""Where the generator is: it and the service want different releases of one library."""
Operations = dict[str, ModuleType]
Connected = Any
"""A client, of a package that is there only while tests run."""
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


class Service(NamedTuple):
    """A server of the demo: its address, the key of somebody who may do everything, and its database."""

    address: str
    key: str
    url: str


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Serve the demo to all tests of clients; what they publish is no measure of Barnet or Thurrock."""
    with fresh_sqlite() as url:
        load_demo(url)
        with running(url, tmp_path_factory.mktemp("server") / "log") as server:
            yield Service(server.address, key_for(url, "administrator"), url)


@pytest.fixture(scope="session")
def operations(importable: None) -> Operations:  # noqa: ARG001 - only that it is there
    """Every generated operation, by its name."""
    tags = importlib.import_module("outturn_client.api")
    found = {}
    for tag in pkgutil.iter_modules(tags.__path__, "outturn_client.api."):
        for each in pkgutil.iter_modules(importlib.import_module(tag.name).__path__, f"{tag.name}."):
            found[each.name.rpartition(".")[2]] = importlib.import_module(each.name)
    return found


@pytest.fixture(scope="package")
def public(importable: None, service: Service) -> Iterator[Connected]:  # noqa: ARG001 - as above
    """Anybody."""
    with connected(service.address) as client:
        yield client


@pytest.fixture(scope="package")
def officer(importable: None, service: Service) -> Iterator[Connected]:  # noqa: ARG001 - as above
    """Somebody who may do everything."""
    with connected(service.address, service.key) as client:
        yield client


@pytest.fixture(scope="session")
def problem_error(importable: None) -> type[Exception]:  # noqa: ARG001 - as above
    """What a refusal is raised as."""
    found: type[Exception] = importlib.import_module("outturn_client").ProblemError
    return found


def model(name: str, /, **said: object) -> Any:  # noqa: ANN401 - of a package that is there only while tests run
    """A schema's object, of its wire form."""
    return getattr(importlib.import_module("outturn_client.models"), name).from_dict(said)


def connected(address: str, *key: str) -> Connected:
    """A client of a service, with a key where one is given."""
    return importlib.import_module("outturn_client").connect(address, *key)
