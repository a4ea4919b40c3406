"""All items of a list, page after page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Any, ParamSpec, Protocol, TypeVar

T_co = TypeVar("T_co", covariant=True)
P = ParamSpec("P")


class Page(Protocol[T_co]):
    """What every page of a list has."""

    @property
    def items(self) -> Sequence[T_co]:
        """What is on it."""

    @property
    def next_cursor(self) -> str | None:
        """Where the next page begins; none on the last."""


def every(ask: Callable[P, Page[T_co]], *args: P.args, **kwargs: P.kwargs) -> Iterator[T_co]:
    """Every item of a list, as in `every(list_observations.sync, client=client, organisation=["barnet"])`.

    A page is fetched when its first item is asked for; `limit` says how long pages are.
    """
    told: dict[str, Any] = dict(kwargs)
    while True:
        page = ask(*args, **told)
        yield from page.items
        if page.next_cursor is None:
            return
        told["cursor"] = page.next_cursor


async def every_async(
    ask: Callable[P, Awaitable[Page[T_co]]], *args: P.args, **kwargs: P.kwargs
) -> AsyncIterator[T_co]:
    """Every item of a list, as in `every_async(list_observations.asyncio, client=client)`."""
    told: dict[str, Any] = dict(kwargs)
    while True:
        page = await ask(*args, **told)
        for item in page.items:
            yield item
        if page.next_cursor is None:
            return
        told["cursor"] = page.next_cursor
