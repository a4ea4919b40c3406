"""A file is taken whole, or not at all."""

import psutil
import pytest

from benchmarks.servers import Server
from benchmarks.taking import Feed, taken
from tests.benchmarks.canned import BODY


def feed(port: int, path: str) -> Feed:
    return Feed("canned", Server(port, psutil.Process(), None), path)


@pytest.mark.parametrize("path", ["/whole", "/chunked"])
def test_a_file_is_counted_with_all_its_bytes(port: int, path: str) -> None:
    found = taken(feed(port, path))

    assert len(BODY) < found.size < len(BODY) + 1000
    assert 0 < found.first <= found.seconds
    assert found.growth >= 0


@pytest.mark.parametrize("path", ["/broken", "/refused", "/unmodified"])
def test_what_is_no_whole_file_is_none(port: int, path: str) -> None:
    with pytest.raises(RuntimeError, match=path):
        taken(feed(port, path))
