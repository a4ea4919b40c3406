"""The command that serves, and what each process of it runs."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.databases import brought_up_to_date
from app.settings import settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

KEPT_OPEN = 75
"""Seconds that a connection stays open between two requests, longer than proxies keep theirs."""
HEALTHY = 30
"""Seconds that a worker may be too busy to say that it lives, before another takes its place."""


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="How many processes answer.")] = None,
) -> None:
    """Serve the API and its documentation."""
    import uvicorn

    for name, said in (("OUTTURN_HOST", host), ("OUTTURN_PORT", port)):
        if said is not None:
            os.environ[name] = str(said)  # each process says in links where it listens
    chosen = settings()
    if chosen.migrate_on_start:
        brought_up_to_date(chosen.database_url)
    uvicorn.run(
        "app.cli:start",
        factory=True,
        host=host or chosen.host,
        port=port or chosen.port,
        workers=workers or chosen.workers,
        loop="uvloop",
        http="httptools",
        log_level=chosen.log_level,
        access_log=False,
        timeout_keep_alive=KEPT_OPEN,
        timeout_worker_healthcheck=HEALTHY,
    )


def start() -> ASGIApp:
    """The application of one process, started by the server.

    What it is made of stays until the end, so the collector of garbage need not look through it.
    """
    gc.disable()
    from app.main import serve as assembled

    application = assembled()
    gc.freeze()
    gc.enable()
    return application
