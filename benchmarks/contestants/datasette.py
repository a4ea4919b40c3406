"""Datasette 0.65 on the flat database, immutable, which is how it is quickest."""

import os

from datasette.app import Datasette
from starlette.types import ASGIApp


def create() -> ASGIApp:
    """The application on the database that `BENCH_DATABASE` names."""
    settings = {
        "default_page_size": 100,
        "max_returned_rows": 100_000,  # counts of every council and period are one answer
        "sql_time_limit_ms": 600_000,
        "suggest_facets": False,
        "max_csv_mb": 0,  # a feed is as long as it is
    }
    app: ASGIApp = Datasette([], immutables=[os.environ["BENCH_DATABASE"]], settings=settings).app()
    return app
