"""Budget lines and totals, with their variation."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries.budgets import BUDGET_TOTALS, BUDGET_VARIANCES
from app.queries.explanations.budgets import explain_budget_line
from app.routers.deps import Read, ReadOne, RowId, answer_one, answer_page
from app.routers.explaining import answer_explained
from app.routers.exports import export_list
from app.schemas.budgets import (
    BudgetTotalPage,
    BudgetTotalQuery,
    BudgetVarianceOut,
    BudgetVariancePage,
    BudgetVarianceQuery,
)
from app.schemas.explanations import Explanation

router = APIRouter(prefix="/v1", tags=["budgets"])


@router.get("/budget-variances", response_model=BudgetVariancePage)
async def list_budget_variances(
    query: Annotated[BudgetVarianceQuery, Query()], request: Request, read: Read
) -> Response:
    """The lines of revenue and capital tables."""
    return await read(answer_page, BUDGET_VARIANCES, query, request)


export_list(router, BUDGET_VARIANCES, BudgetVarianceQuery)


@router.get("/budget-variances/totals", response_model=BudgetTotalPage)
async def list_budget_totals(
    query: Annotated[BudgetTotalQuery, Query()], request: Request, read: Read
) -> Response:
    """The lines of each table added up, judged by the same rules."""
    return await read(answer_page, BUDGET_TOTALS, query, request)


export_list(router, BUDGET_TOTALS, BudgetTotalQuery)


@router.get("/budget-variances/{id}", response_model=BudgetVarianceOut)
async def get_budget_variance(row_id: RowId, read: ReadOne) -> Response:
    """One budget line."""
    return await read(answer_one, BUDGET_VARIANCES, row_id)


@router.get("/budget-variances/{id}/explain", response_model=Explanation)
async def explain_budget_variance(row_id: RowId, read: ReadOne) -> Response:
    """Why a budget line is over or under its budget, and what would bring it back."""
    return await read(answer_explained, explain_budget_line, BUDGET_VARIANCES, row_id)
