"""Risk registers and heat maps."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries.columns import Row
from app.queries.listings import Question
from app.queries.risks import HEAT_MAP, RISKS, cell_totals, controls_of
from app.routers.deps import (
    Read,
    RowId,
    answer_one,
    conditions,
    json_response,
    page_response,
    read_page,
)
from app.schemas.risks import HeatMapPage, HeatMapQuery, RiskOut, RiskPage, RiskQuery

router = APIRouter(prefix="/v1", tags=["risks"])


@router.get("/risks", response_model=RiskPage)
async def list_risks(query: Annotated[RiskQuery, Query()], request: Request, read: Read) -> Response:
    """The risks of the registers, as they stood in each period."""
    items, extra = await read_page(RISKS, query, read)
    await _add_controls(items, read)
    return page_response(items, extra, request)


@router.get("/risks/heat-map", response_model=HeatMapPage)
async def list_heat_map_cells(
    query: Annotated[HeatMapQuery, Query()], request: Request, read: Read
) -> Response:
    """How many risks stand at each impact and probability: in the register, and in print.

    `rating_min=12` counts the risks that a report lists in full.
    """
    items, extra = await read_page(HEAT_MAP, query, read)
    question = Question(await conditions(HEAT_MAP, query, read))
    totals = await cell_totals(read.connection, read.edition, question, read.now)
    return page_response(items, extra | totals, request)


@router.get("/risks/{id}", response_model=RiskOut)
async def get_risk(row_id: RowId, read: Read) -> Response:
    """One risk, as it stood in one period."""
    risk = await answer_one(RISKS, row_id, read)
    await _add_controls([risk], read)
    return json_response(risk)


async def _add_controls(risks: list[Row], read: Read) -> None:
    ids = [risk["id"] for risk in risks]
    controls = await controls_of(read.connection, read.edition, ids, read.now)
    for risk in risks:
        risk["controls"] = controls[risk["id"]]
