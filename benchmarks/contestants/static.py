"""Files of a folder, as Starlette serves them, and the same in pieces as large as Outturn's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from starlette.requests import Request


class Pieces(FileResponse):
    """A file in large pieces: fewer steps to a thread and back."""

    chunk_size = 2**20


def create() -> Starlette:
    """The application on the folder that `BENCH_FOLDER` names."""
    folder = Path(os.environ["BENCH_FOLDER"])

    async def ready(_: Request) -> Response:
        return Response()

    async def pieces(request: Request) -> Response:
        return Pieces(folder / request.path_params["name"])

    return Starlette(
        routes=[
            Route("/", ready),
            Route("/pieces/{name}", pieces),
            Mount("/static", StaticFiles(directory=folder)),
        ]
    )
