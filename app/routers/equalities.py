"""Survey measures broken down by who answered."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries.equalities import EQUALITIES
from app.routers.deps import Read, ReadOne, RowId, answer_one, answer_page
from app.routers.exports import export_list
from app.schemas.equalities import EqualityOut, EqualityPage, EqualityQuery

router = APIRouter(prefix="/v1", tags=["indicators"])


@router.get("/equalities", response_model=EqualityPage)
async def list_equalities(query: Annotated[EqualityQuery, Query()], request: Request, read: Read) -> Response:
    """Each group's answer in a survey, how far it is from everyone's, and whether chance explains that."""
    return await read(answer_page, EQUALITIES, query, request)


export_list(router, EQUALITIES, EqualityQuery)


@router.get("/equalities/{id}", response_model=EqualityOut)
async def get_equality(row_id: RowId, read: ReadOne) -> Response:
    """One group's answer."""
    return await read(answer_one, EQUALITIES, row_id)
