"""A connection on the releases in force, for questions that no route asks yet."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.connections import reading_engine
from app.queries import listings
from app.queries.editions import Edition, Editions, moment
from app.queries.listings import MOST_ROWS, Listing, Question
from app.queries.reconciliation import Document, reconcile


class Reader(NamedTuple):
    """One state of a database, and the releases in force on it."""

    connection: AsyncConnection
    edition: Edition
    now: datetime

    async def rows(self, listing: Listing) -> list[dict[str, Any]]:
        """Every row of a list that fits one page."""
        question = Question(limit=MOST_ROWS)
        rows, after = await listings.page(self.connection, listing, self.edition, question, self.now)
        assert after is None
        return rows


@asynccontextmanager
async def reading(url: str) -> AsyncIterator[Reader]:
    """Read a database as it is now."""
    engine = reading_engine(url)
    try:
        async with engine.connect() as connection:
            now = moment()
            yield Reader(connection, await Editions().current(connection, now), now)
    finally:
        await engine.dispose()


def documents_of(url: str) -> list[Document]:
    """The reconciliation of every report in force."""

    async def reconciled() -> list[Document]:
        async with reading(url) as reader:
            return await reconcile(*reader)

    return asyncio.run(reconciled())
