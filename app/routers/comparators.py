"""The figures of others that reports state beside their own."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries.comparators import COMPARATORS
from app.routers.deps import Read, ReadOne, RowId, answer_one, answer_page
from app.routers.exports import export_list
from app.schemas.comparators import ComparatorOut, ComparatorPage, ComparatorQuery

router = APIRouter(prefix="/v1", tags=["indicators"])


@router.get("/comparators", response_model=ComparatorPage)
async def list_comparators(
    query: Annotated[ComparatorQuery, Query()], request: Request, read: Read
) -> Response:
    """Neighbours, averages and best quartiles, each with its own period, and how the outturn compares."""
    return await read(answer_page, COMPARATORS, query, request)


export_list(router, COMPARATORS, ComparatorQuery)


@router.get("/comparators/{id}", response_model=ComparatorOut)
async def get_comparator(row_id: RowId, read: ReadOne) -> Response:
    """One comparator."""
    return await read(answer_one, COMPARATORS, row_id)
