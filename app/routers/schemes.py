"""Status schemes."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries.columns import Row
from app.queries.schemes import SCHEMES, clauses_of, directions_of
from app.routers.deps import Read, RowId, answer_one, json_response, page_response, read_page
from app.schemas.schemes import SchemeOut, SchemePage, SchemeQuery

router = APIRouter(prefix="/v1", tags=["schemes"])


@router.get("/schemes", response_model=SchemePage)
async def list_schemes(query: Annotated[SchemeQuery, Query()], request: Request, read: Read) -> Response:
    """How councils turn outturn and target into a status."""
    items, extra = await read_page(SCHEMES, query, read)
    await _add_words(items, read)
    return page_response(items, extra, request)


@router.get("/schemes/{id}", response_model=SchemeOut)
async def get_scheme(row_id: RowId, read: Read) -> Response:
    """One scheme, with its clauses in the order in which they are tried."""
    scheme = await answer_one(SCHEMES, row_id, read)
    await _add_words([scheme], read)
    return json_response(scheme)


async def _add_words(schemes: list[Row], read: Read) -> None:
    ids = [scheme["id"] for scheme in schemes]
    clauses = await clauses_of(read.connection, read.edition, ids, read.now)
    directions = await directions_of(read.connection, ids, read.now)
    for scheme in schemes:
        scheme["clauses"] = clauses[scheme["id"]]
        scheme["directions"] = directions[scheme["id"]]
