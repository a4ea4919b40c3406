"""Releases: what was made public, and when."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries.releases import RELEASES
from app.routers.deps import Read, ReadOne, RowId, answer_one, answer_page
from app.schemas.releases import ReleaseOut, ReleasePage, ReleaseQuery

router = APIRouter(prefix="/v1", tags=["releases"])


@router.get("/releases", response_model=ReleasePage)
async def list_releases(query: Annotated[ReleaseQuery, Query()], request: Request, read: Read) -> Response:
    """The releases that are out, with what each says of itself."""
    return await read(answer_page, RELEASES, query, request)


@router.get("/releases/{id}", response_model=ReleaseOut)
async def get_release(row_id: RowId, read: ReadOne) -> Response:
    """One release."""
    return await read(answer_one, RELEASES, row_id)
