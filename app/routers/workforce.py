"""The workforce: metrics, establishment and occupancy, profiles."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries.explanations.workforce import explain_establishment, explain_profile
from app.queries.workforce import (
    WORKFORCE_ESTABLISHMENT,
    WORKFORCE_METRICS,
    WORKFORCE_PROFILES,
)
from app.routers.deps import Read, ReadOne, RowId, answer_one, answer_page
from app.routers.explaining import answer_explained
from app.routers.exports import export_list
from app.schemas.explanations import Explanation
from app.schemas.indicators import ObservationOut, ObservationPage, ObservationQuery
from app.schemas.queries import UnderPremises
from app.schemas.workforce import (
    EstablishmentOut,
    EstablishmentPage,
    EstablishmentQuery,
    ProfileOut,
    ProfilePage,
    ProfileQuery,
)

router = APIRouter(prefix="/v1", tags=["workforce"])


@router.get("/workforce-metrics", response_model=ObservationPage)
async def list_workforce_metrics(
    query: Annotated[ObservationQuery, Query()], request: Request, read: Read
) -> Response:
    """The observations that measure the workforce: absence, returns, appraisals, paybill, starters."""
    return await read(answer_page, WORKFORCE_METRICS, query, request)


export_list(router, WORKFORCE_METRICS, ObservationQuery)


@router.get("/workforce-metrics/{id}", response_model=ObservationOut)
async def get_workforce_metric(
    row_id: RowId, query: Annotated[UnderPremises, Query()], read: Read
) -> Response:
    """One observation that measures the workforce."""
    return await read(answer_one, WORKFORCE_METRICS, row_id, query)


@router.get("/workforce-establishment", response_model=EstablishmentPage)
async def list_workforce_establishment(
    query: Annotated[EstablishmentQuery, Query()], request: Request, read: Read
) -> Response:
    """Posts that exist and posts that are filled."""
    return await read(answer_page, WORKFORCE_ESTABLISHMENT, query, request)


export_list(router, WORKFORCE_ESTABLISHMENT, EstablishmentQuery)


@router.get("/workforce-establishment/{id}", response_model=EstablishmentOut)
async def get_workforce_establishment(row_id: RowId, read: ReadOne) -> Response:
    """One establishment table."""
    return await read(answer_one, WORKFORCE_ESTABLISHMENT, row_id)


@router.get("/workforce-profiles", response_model=ProfilePage)
async def list_workforce_profiles(
    query: Annotated[ProfileQuery, Query()], request: Request, read: Read
) -> Response:
    """How a workforce divides by gender, ethnic origin, age, religion and disability."""
    return await read(answer_page, WORKFORCE_PROFILES, query, request)


export_list(router, WORKFORCE_PROFILES, ProfileQuery)


@router.get("/workforce-profiles/{id}", response_model=ProfileOut)
async def get_workforce_profile(row_id: RowId, read: ReadOne) -> Response:
    """One category of a workforce profile."""
    return await read(answer_one, WORKFORCE_PROFILES, row_id)


@router.get("/workforce-establishment/{id}/explain", response_model=Explanation)
async def explain_workforce_establishment(row_id: RowId, read: ReadOne) -> Response:
    """How the totals of an establishment table come about."""
    return await read(answer_explained, explain_establishment, WORKFORCE_ESTABLISHMENT, row_id)


@router.get("/workforce-profiles/{id}/explain", response_model=Explanation)
async def explain_workforce_profile(row_id: RowId, read: ReadOne) -> Response:
    """How a category's share of a workforce comes about."""
    return await read(answer_explained, explain_profile, WORKFORCE_PROFILES, row_id)
