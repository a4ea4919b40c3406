"""A loop over SQLAlchemy Core with Python's csv writer, a thousand rows at a time, on the flat database."""

from __future__ import annotations

import csv
import io
import os
from typing import TYPE_CHECKING

from sqlalchemy import MetaData, Table, create_engine, select
from starlette.applications import Starlette
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

AT_ONCE = 1000


def create() -> Starlette:
    """The application on the database that `BENCH_DATABASE` names; the rows in it are derived already."""
    engine = create_engine(os.environ["BENCH_DATABASE"])
    rows = Table("observations", MetaData(), autoload_with=engine)

    def lines() -> Iterator[str]:
        with engine.connect() as connection:
            found = connection.execution_options(yield_per=AT_ONCE).execute(select(rows).order_by(rows.c.id))
            yield ",".join(found.keys()) + "\r\n"
            for part in found.partitions():
                buffer = io.StringIO(newline="")
                csv.writer(buffer).writerows(part)
                yield buffer.getvalue()

    async def ready(_: Request) -> Response:
        return Response()

    async def export(_: Request) -> StreamingResponse:
        return StreamingResponse(lines(), media_type="text/csv")

    return Starlette(routes=[Route("/", ready), Route("/observations.csv", export)])
