"""A check: who judges a feed, and how it is spoilt to show that they would tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.feeds_check.services import altered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MOST_SHOWN = 5
"""How many faults are told of one feed."""


class SkippedError(Exception):
    """A judge is not here; the message says which."""


class Check(NamedTuple):
    """A feed by its path, and a judge who is given its whole address and tells what is wrong with it.

    `spoils` are ways to break the feed, by what they do: each gets a body and answers another one.
    """

    name: str
    path: str
    judge: Callable[[str], list[str]]
    spoils: Mapping[str, Callable[[bytes], bytes]]


class Verdict(NamedTuple):
    """What a check came to: passed, failed or skipped, and why."""

    word: str
    name: str
    reasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        """A line of the report, and one for each reason."""
        lines = [f"{self.word:<8}{self.name}", *(f"          {reason}" for reason in self.reasons)]
        return "".join(f"{line}\n" for line in lines)


def verdicts(check: Check, address: str) -> Iterator[Verdict]:
    """The feed as it is must be without fault, and no spoilt one may be; a judge that breaks ends it all."""
    try:
        faults = check.judge(address + check.path)
    except SkippedError as missing:
        yield Verdict("skipped", check.name, (str(missing),))
        return
    if faults:
        yield Verdict("failed", check.name, tuple(faults[:MOST_SHOWN]))
        return
    yield Verdict("passed", check.name)
    for what, spoil in check.spoils.items():
        with altered(address, spoil) as spoilt:
            found = check.judge(spoilt + check.path)
        word = "passed" if found else "failed"
        reason = f"told: {' '.join(found[0].split())[:160]}" if found else "nothing was told"
        yield Verdict(word, f"{check.name}, spoilt: {what}", (reason,))


def replacing(old: str, new: str) -> Callable[[bytes], bytes]:
    """A way to spoil a feed: something else stands for a text."""
    return lambda body: body.replace(old.encode(), new.encode())


def cut(body: bytes) -> bytes:
    """A way to spoil a feed: half of it is missing."""
    return body[: len(body) // 2]
