"""Who reports, for when, and what is measured."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.queries.organisations import INDICATORS, ORGANISATIONS, PERIODS, SERVICES
from app.routers.deps import Read, RowId, answer_one, answer_page
from app.schemas.organisations import (
    IndicatorOut,
    IndicatorPage,
    IndicatorQuery,
    OrganisationOut,
    OrganisationPage,
    OrganisationQuery,
    PeriodOut,
    PeriodPage,
    PeriodQuery,
    ServiceOut,
    ServicePage,
    ServiceQuery,
)

router = APIRouter(prefix="/v1")


@router.get("/organisations", tags=["organisations"], response_model=OrganisationPage)
async def list_organisations(
    query: Annotated[OrganisationQuery, Query()], request: Request, read: Read
) -> Response:
    """The organisations with a release in force."""
    return await read(answer_page, ORGANISATIONS, query, request)


@router.get("/organisations/{id}", tags=["organisations"], response_model=OrganisationOut)
async def get_organisation(
    organisation_id: Annotated[
        str, Path(alias="id", description="The organisation's id.", examples=["barnet"])
    ],
    read: Read,
) -> Response:
    """One organisation."""
    return await read(answer_one, ORGANISATIONS, organisation_id)


@router.get("/services", tags=["organisations"], response_model=ServicePage)
async def list_services(query: Annotated[ServiceQuery, Query()], request: Request, read: Read) -> Response:
    """The services that report."""
    return await read(answer_page, SERVICES, query, request)


@router.get("/services/{id}", tags=["organisations"], response_model=ServiceOut)
async def get_service(row_id: RowId, read: Read) -> Response:
    """One service."""
    return await read(answer_one, SERVICES, row_id)


@router.get("/periods", tags=["organisations"], response_model=PeriodPage)
async def list_periods(query: Annotated[PeriodQuery, Query()], request: Request, read: Read) -> Response:
    """The periods that anything is reported for."""
    return await read(answer_page, PERIODS, query, request)


@router.get("/periods/{id}", tags=["organisations"], response_model=PeriodOut)
async def get_period(
    period_id: Annotated[str, Path(alias="id", description="The period's id.", examples=["2011-12-q2"])],
    read: Read,
) -> Response:
    """One period."""
    return await read(answer_one, PERIODS, period_id)


@router.get("/indicators", tags=["indicators"], response_model=IndicatorPage)
async def list_indicators(
    query: Annotated[IndicatorQuery, Query()], request: Request, read: Read
) -> Response:
    """The definitions of measures."""
    return await read(answer_page, INDICATORS, query, request)


@router.get("/indicators/{id}", tags=["indicators"], response_model=IndicatorOut)
async def get_indicator(row_id: RowId, read: Read) -> Response:
    """One definition of a measure."""
    return await read(answer_one, INDICATORS, row_id)
