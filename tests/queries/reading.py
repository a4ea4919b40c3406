"""A connection on the releases in force, for questions that no route asks yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from app.db.connections import reading_engine
from app.queries import listings
from app.queries.editions import Editions, Reading
from app.queries.listings import MOST_ROWS, Listing, Question
from app.queries.reconciliation import Document, reconcile
from app.settings import Settings


@contextmanager
def reading(url: str) -> Iterator[Reading]:
    """Read a database as it is now, from copies or not as the settings say."""
    engine = reading_engine(url)
    try:
        with engine.connect() as connection:
            yield Editions(copies=Settings().read_model).reading(connection)
    finally:
        engine.dispose()


def rows_of(reading: Reading, listing: Listing) -> list[dict[str, Any]]:
    """Every row of a list that fits one page, as it is written out."""
    items, after = listings.page(reading, listing, Question(limit=MOST_ROWS))
    assert after is None
    rows: list[dict[str, Any]] = orjson.loads(orjson.dumps(items))
    return rows


def documents_of(url: str) -> list[Document]:
    """The reconciliation of every report in force."""
    with reading(url) as here:
        return reconcile(here)
