"""The answer to why a row is as it is."""

from collections.abc import Callable

from fastapi import Response

from app.errors import NotFound
from app.queries.columns import Row
from app.queries.editions import Reading
from app.queries.listings import Listing
from app.routers.deps import json_response, supposed
from app.schemas.queries import UnderScheme

Explain = Callable[[Reading, int], Row | None]


def answer_explained(
    reading: Reading, explain: Explain, listing: Listing, row_id: int, query: UnderScheme | None = None
) -> Response:
    """A row's explanation as JSON. Raises NotFound where no release in force holds the row."""
    explanation = explain(supposed(reading, query), row_id)
    if explanation is None:
        message = f"No {listing.name} row has the id {row_id}."
        raise NotFound(message)
    return json_response(explanation)
