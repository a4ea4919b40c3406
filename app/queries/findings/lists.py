"""Every row of a list, as far as it is some organisations'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries import listings
from app.queries.listings import MOST_ROWS, Filter, Listing, Question

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.queries.columns import Row
    from app.queries.editions import Reading


def every_row(
    reading: Reading, listing: Listing, owners: Collection[str] | None = None, *filters: Filter
) -> list[Row]:
    """The rows of some organisations, or of all, that further filters leave."""
    if owners is not None:
        if not owners:
            return []
        filters = (Filter("organisation", "in", tuple(sorted(owners))), *filters)
    question = Question(filters, limit=MOST_ROWS)
    rows: list[Row] = []
    while True:
        page, after = listings.page(reading, listing, question)
        rows.extend(page)
        if after is None:
            return rows
        question = Question(filters, after=after, limit=MOST_ROWS)
