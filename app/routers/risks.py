"""Risk registers and heat maps."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries.columns import Row
from app.queries.editions import Reading
from app.queries.explanations.risks import explain_risk
from app.queries.listings import Question
from app.queries.risks import HEAT_MAP, RISKS, cell_totals, controls_of
from app.routers.deps import (
    Read,
    ReadOne,
    RowId,
    conditions,
    json_response,
    page_response,
    read_one,
    read_page,
    tagged,
)
from app.routers.explaining import answer_explained
from app.routers.exports import export_list
from app.schemas.explanations import Explanation
from app.schemas.risks import HeatMapPage, HeatMapQuery, RiskOut, RiskPage, RiskQuery

router = APIRouter(prefix="/v1", tags=["risks"])


@router.get("/risks", response_model=RiskPage)
async def list_risks(query: Annotated[RiskQuery, Query()], request: Request, read: Read) -> Response:
    """The risks of the registers, as they stood in each period."""
    return await read(_risks, query, request)


export_list(router, RISKS, RiskQuery)


def _risks(reading: Reading, query: RiskQuery, request: Request) -> Response:
    items, extra = read_page(reading, RISKS, query)
    _add_controls(reading, items)
    return page_response(items, extra, request)


@router.get("/risks/heat-map", response_model=HeatMapPage)
async def list_heat_map_cells(
    query: Annotated[HeatMapQuery, Query()], request: Request, read: Read
) -> Response:
    """How many risks stand at each impact and probability: in the register, and in print.

    `rating_min=12` counts the risks that a report lists in full.
    """
    return await read(_cells, query, request)


export_list(router, HEAT_MAP, HeatMapQuery)


def _cells(reading: Reading, query: HeatMapQuery, request: Request) -> Response:
    items, extra = read_page(reading, HEAT_MAP, query)
    question = Question(conditions(reading, HEAT_MAP, query))
    return page_response(items, extra | cell_totals(reading, question), request)


@router.get("/risks/{id}", response_model=RiskOut)
async def get_risk(row_id: RowId, read: ReadOne) -> Response:
    """One risk, as it stood in one period."""
    return await read(_risk, row_id)


def _risk(reading: Reading, row_id: int) -> Response:
    risk = read_one(reading, RISKS, row_id)
    _add_controls(reading, [risk])
    return tagged(json_response(risk), reading, RISKS, row_id)


@router.get("/risks/{id}/explain", response_model=Explanation)
async def explain_risk_rating(row_id: RowId, read: ReadOne) -> Response:
    """Why a risk stands in its band, what would lower it, how it moved, and whether it is late."""
    return await read(answer_explained, explain_risk, RISKS, row_id)


def _add_controls(reading: Reading, risks: list[Row]) -> None:
    controls = controls_of(reading, [risk["id"] for risk in risks])
    for risk in risks:
        risk["controls"] = controls[risk["id"]]
