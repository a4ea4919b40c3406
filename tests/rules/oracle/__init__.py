"""The rules a second time, by hand from the domain's words: fractions, and nothing of `app.rules`."""

import inspect
from collections.abc import Callable
from typing import Any

from tests.rules.readers import Fact, Row

Oracle = Callable[..., Fact]


def ask(oracle: Oracle, facts: Row) -> Fact:
    """An oracle's answer for the facts that it takes by name."""
    wanted: dict[str, Any] = {name: facts[name] for name in inspect.signature(oracle).parameters}
    return oracle(**wanted)
