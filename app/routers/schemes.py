"""Status schemes."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries.columns import Row
from app.queries.editions import Reading
from app.queries.schemes import SCHEMES, clauses_of, directions_of
from app.routers.deps import Read, RowId, json_response, page_response, read_one, read_page
from app.schemas.schemes import SchemeOut, SchemePage, SchemeQuery

router = APIRouter(prefix="/v1", tags=["schemes"])


@router.get("/schemes", response_model=SchemePage)
async def list_schemes(query: Annotated[SchemeQuery, Query()], request: Request, read: Read) -> Response:
    """How councils turn outturn and target into a status."""
    return await read(_schemes, query, request)


def _schemes(reading: Reading, query: SchemeQuery, request: Request) -> Response:
    items, extra = read_page(reading, SCHEMES, query)
    _add_words(reading, items)
    return page_response(items, extra, request)


@router.get("/schemes/{id}", response_model=SchemeOut)
async def get_scheme(row_id: RowId, read: Read) -> Response:
    """One scheme, with its clauses in the order in which they are tried."""
    return await read(_scheme, row_id)


def _scheme(reading: Reading, row_id: int) -> Response:
    scheme = read_one(reading, SCHEMES, row_id)
    _add_words(reading, [scheme])
    return json_response(scheme)


def _add_words(reading: Reading, schemes: list[Row]) -> None:
    ids = [scheme["id"] for scheme in schemes]
    clauses, directions = clauses_of(reading, ids), directions_of(reading, ids)
    for scheme in schemes:
        scheme["clauses"] = clauses[scheme["id"]]
        scheme["directions"] = directions[scheme["id"]]
