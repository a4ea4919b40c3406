"""Lists as CSV, some rows at a time: as long as they are, and no more memory for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

from app.errors import Unavailable
from app.feeds.csv import csv_items, csv_rows
from app.queries import listings
from app.queries.listings import MOST_ROWS, Filter, Listing, Question

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from app.queries.columns import Row
    from app.queries.editions import Edition, Reading
    from app.routers.deps import Asker

    Prepare = Callable[[Reading], tuple[Reading, Question]]
    """What is asked, and under what premises."""
    Span = Callable[[Reading, int], int | None]
    """Up to which id the rows after another go that are looked through together; None after the last."""

MEDIA_TYPE = "text/csv; charset=utf-8"


async def export(read: Asker, listing: Listing, span: Span, prepare: Prepare) -> StreamingResponse:
    """A list's rows by id, all that its filters leave, looked through in spans of ids.

    What is wrong with the question is raised before anything goes out. Where another release comes into
    force on the way, the connection breaks: what was sent must not look whole.
    """
    first = await read(lambda reading: prepare(reading)[0].edition)
    return StreamingResponse(_parts(read, listing, span, prepare, first), media_type=MEDIA_TYPE)


async def _parts(
    read: Asker, listing: Listing, span: Span, prepare: Prepare, first: Edition
) -> AsyncIterator[bytes]:
    names = [field.name for field in listing.fields]

    def rows(reading: Reading, last: int) -> tuple[int | None, list[Row]]:
        supposed, question = prepare(reading)
        if reading.edition.published != first.published:
            raise Unavailable("Another release came into force while this was being sent.")
        end = span(reading, last)
        if end is None:
            return None, []
        within = (Filter("id", "min", (last + 1,)), Filter("id", "max", (end,)))
        asked = Question((*question.filters, *within), limit=MOST_ROWS)
        return end, listings.page(supposed, listing, asked)[0]

    for part in csv_rows(names, ()):
        yield part
    last: int | None = 0
    while last is not None:
        last, found = await read(rows, last)
        for part in csv_items(names, found, header=False):
            yield part
