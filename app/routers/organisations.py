"""Who reports, for when, and what is measured."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.errors import Fault, Forbidden, InvalidParameter
from app.imports.organisations import OrganisationRow
from app.queries.editions import Reading
from app.queries.observations import OBSERVATIONS
from app.queries.organisations import INDICATORS, ORGANISATIONS, SERVICES
from app.queries.periods import PERIODS, find_periods
from app.queries.series import Window, series_of
from app.routers.bodies import body_of, read_json, refused
from app.routers.callers import Known
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
from app.routers.exports import export_list
from app.routers.writing import IdempotencyKey, Reason, answered, bytes_of, json_answer
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
from app.schemas.writes.organisations import OrganisationIn, OrganisationMade
from app.schemas.writes.reading import faults_of_row
from app.services.permissions import Role
from app.services.repeats import Answer
from app.services.taking import Change, add_organisation

router = APIRouter(prefix="/v1")


@router.get("/organisations", tags=["organisations"], response_model=OrganisationPage)
async def list_organisations(
    query: Annotated[OrganisationQuery, Query()], request: Request, read: Read
) -> Response:
    """The organisations with a release in force."""
    return await read(answer_page, ORGANISATIONS, query, request)


export_list(router, ORGANISATIONS, OrganisationQuery)


@router.post(
    "/organisations",
    tags=["writing"],
    status_code=201,
    response_model=OrganisationMade,
    openapi_extra=body_of(OrganisationIn),
)
async def create_organisation(
    request: Request, who: Known, reason: Reason, key: IdempotencyKey = None
) -> Response:
    """Add a council, by who administers all of them; its name and area code stay as they are given."""
    if not who.may(Role.administrator, None):
        raise Forbidden("This credential does not administer all organisations.")
    body = await read_json(request)
    row = _organisation(body)

    def work(session: Session) -> Answer:
        add_organisation(session, row, Change(who, reason))
        said = row.model_dump(exclude={"line"})
        return json_answer(201, said, Location=f"/v1/organisations/{row.id}")

    return await answered(request, who, key, bytes_of(body), work)


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


export_list(router, SERVICES, ServiceQuery)


@router.get("/services/{id}", tags=["organisations"], response_model=ServiceOut)
async def get_service(row_id: RowId, read: ReadOne) -> Response:
    """One service."""
    return await read(answer_one, SERVICES, row_id)


@router.get("/periods", tags=["organisations"], response_model=PeriodPage)
async def list_periods(query: Annotated[PeriodQuery, Query()], request: Request, read: Read) -> Response:
    """The periods that anything is reported for."""
    return await read(_periods, query, request)


export_list(router, PERIODS, PeriodQuery, find_periods)


def _periods(reading: Reading, query: PeriodQuery, request: Request) -> Response:
    find_periods(reading)
    return answer_page(reading, PERIODS, query, request)


@router.get("/periods/{id}", tags=["organisations"], response_model=PeriodOut)
async def get_period(
    period_id: Annotated[str, Path(alias="id", description="The period's id.", examples=["2011-12-q2"])],
    read: ReadOne,
) -> Response:
    """One period."""
    return await read(_period, period_id)


def _period(reading: Reading, period_id: str) -> Response:
    find_periods(reading)
    return answer_one(reading, PERIODS, period_id)


@router.get("/indicators", tags=["indicators"], response_model=IndicatorPage)
async def list_indicators(
    query: Annotated[IndicatorQuery, Query()], request: Request, read: Read
) -> Response:
    """The definitions of measures."""
    return await read(answer_page, INDICATORS, query, request)


export_list(router, INDICATORS, IndicatorQuery)


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


def _organisation(body: Any) -> OrganisationRow:  # noqa: ANN401 - any JSON value
    try:
        said = OrganisationIn.model_validate(body)
        return OrganisationRow.model_validate(said.model_dump())
    except ValidationError as invalid:
        raise refused(list(faults_of_row(invalid, ""))) from None


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
