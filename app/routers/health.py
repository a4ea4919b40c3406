"""Whether the service runs, and whether it can answer; for whatever watches over it."""

from typing import Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict

from app.db.snapshots import Snapshots
from app.db.versions import is_current
from app.errors import Unavailable


class Liveness(BaseModel):
    """The process answers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "live"}]})

    status: Literal["live"]


class Readiness(BaseModel):
    """The database is there, and is of the version that this service reads."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ready"}]})

    status: Literal["ready"]


def unstored(response: Response) -> None:
    """Let nobody keep an answer that is only true now."""
    response.headers["Cache-Control"] = "no-store"


router = APIRouter(prefix="/health", tags=["service"], dependencies=[Depends(unstored)])


@router.get("/live")
async def get_liveness() -> Liveness:
    """Whether the process answers; restart it where this does not."""
    return Liveness(status="live")


@router.get("/ready")
async def get_readiness(request: Request) -> Readiness:
    """Whether requests may be sent here: 503 while the database is away or not migrated."""
    snapshots: Snapshots = request.app.state.snapshots
    if not await snapshots.ask(is_current):
        raise Unavailable("The database is not of the version that this service reads.")
    return Readiness(status="ready")
