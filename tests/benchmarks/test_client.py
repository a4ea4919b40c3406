"""The load client counts what a server really sent."""

from itertools import repeat

import pytest

from benchmarks.client import Load, load, request
from tests.benchmarks.canned import BODY


def asked(port: int, path: str) -> Load:
    """Ask for a path twelve times, on three connections."""
    return load(port, repeat(request(f"/{path}")), connections=3, seconds=60, most=12)


@pytest.mark.parametrize("path", ["whole", "chunked"])
def test_whole_answers_are_counted_with_all_their_bytes(port: int, path: str) -> None:
    found = asked(port, path)

    assert (found.answered, found.errors, found.statuses) == (12, 0, {200: 12})
    assert 12 * len(BODY) < found.size < 12 * (len(BODY) + 1000)


def test_an_answer_without_a_body_is_whole(port: int) -> None:
    found = asked(port, "unmodified")

    assert (found.answered, found.errors, found.statuses) == (12, 0, {304: 12})


def test_a_refusal_is_an_error(port: int) -> None:
    found = asked(port, "refused")

    assert (found.answered, found.errors) == (12, 12)


def test_a_broken_answer_is_an_error_and_the_client_goes_on(port: int) -> None:
    found = asked(port, "broken")

    assert (found.answered, found.errors) == (0, 12)


def test_time_ends_a_run_and_each_connection_asks_once_at_least(port: int) -> None:
    found = load(port, repeat(request("/whole")), connections=3, seconds=0, most=12)

    assert found.answered == 3
