"""Who reports, for when, and what is measured."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.errors import Fault, InvalidParameter
from app.queries.editions import Reading
from app.queries.observations import OBSERVATIONS
from app.queries.organisations import INDICATORS, ORGANISATIONS, SERVICES
from app.queries.periods import PERIODS
from app.queries.series import Window, series_of
from app.routers.deps import (
    Read,
    ReadOne,
    RowId,
    answer_one,
    answer_page,
    conditions,
    json_response,
    read_one,
    supposed,
)
from app.rules.periods import parse_period
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
from app.schemas.series import IndicatorSeries, SeriesQuery

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
    read: ReadOne,
) -> Response:
    """One organisation."""
    return await read(answer_one, ORGANISATIONS, organisation_id)


@router.get("/services", tags=["organisations"], response_model=ServicePage)
async def list_services(query: Annotated[ServiceQuery, Query()], request: Request, read: Read) -> Response:
    """The services that report."""
    return await read(answer_page, SERVICES, query, request)


@router.get("/services/{id}", tags=["organisations"], response_model=ServiceOut)
async def get_service(row_id: RowId, read: ReadOne) -> Response:
    """One service."""
    return await read(answer_one, SERVICES, row_id)


@router.get("/periods", tags=["organisations"], response_model=PeriodPage)
async def list_periods(query: Annotated[PeriodQuery, Query()], request: Request, read: Read) -> Response:
    """The periods that anything is reported for."""
    return await read(answer_page, PERIODS, query, request)


@router.get("/periods/{id}", tags=["organisations"], response_model=PeriodOut)
async def get_period(
    period_id: Annotated[str, Path(alias="id", description="The period's id.", examples=["2011-12-q2"])],
    read: ReadOne,
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
async def get_indicator(row_id: RowId, read: ReadOne) -> Response:
    """One definition of a measure."""
    return await read(answer_one, INDICATORS, row_id)


@router.get("/indicators/{id}/series", tags=["indicators"], response_model=IndicatorSeries)
async def get_indicator_series(row_id: RowId, query: Annotated[SeriesQuery, Query()], read: Read) -> Response:
    """An indicator's observations in order of time, with every gap, and where its year is heading.

    One series for each service, each kind of what figures really cover, and each basis: quarters, rolling
    years, dates, and estimates of full years do not share one.
    """
    return await read(_series, row_id, query)


def _series(reading: Reading, row_id: int, query: SeriesQuery) -> Response:
    indicator = read_one(reading, INDICATORS, row_id)
    reading, window = supposed(reading, query), _window(query)
    found = series_of(reading, indicator, conditions(reading, OBSERVATIONS, query), window)
    return json_response({"indicator": indicator, "series": list(found)})


def _window(query: SeriesQuery) -> Window:
    """The days asked for. Raises InvalidParameter where the last comes before the first."""
    since = None if query.since is None else parse_period(query.since).start
    until = None if query.until is None else parse_period(query.until).end
    if since is not None and until is not None and until < since:
        message = "must not end before `from` starts"
        raise InvalidParameter(f"to {message}.", faults=(Fault("empty_range", message, parameter="to"),))
    return Window(since, until)
