"""What the tests of more than one client share."""

from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest

from tests.benchmarks.canned import Canned


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Run a server of canned answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Canned) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()
