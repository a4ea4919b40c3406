"""Scorecards: one service's period on a page, and its ratings explained."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response

from app.errors import NotFound
from app.queries.columns import Row
from app.queries.editions import Reading
from app.queries.scorecards.explained import explain_rating
from app.queries.scorecards.scorecard import scorecard
from app.queries.scorecards.subjects import SCORECARDS
from app.routers.deps import Read, answer_page, json_response, supposed
from app.routers.exports import export_list
from app.rules.periods import MalformedPeriodError, parse_period
from app.schemas.queries import UnderPremises
from app.schemas.scorecards.scorecards import (
    RatingExplanation,
    ScorecardOut,
    ScorecardPage,
    ScorecardQuery,
    ScorecardsQuery,
)

_LINKS = ("href", "explain")
_JUDGED = ("/v1/observations/", "/v1/scorecards/")
"""What schemes and baselines change."""

router = APIRouter(prefix="/v1", tags=["scorecards"])

Organisation = Annotated[str, Path(description="The organisation's id.", examples=["barnet"])]
Service = Annotated[str, Path(description="The service's slug.", examples=["chief-executives-service"])]
Period = Annotated[
    str, Path(description="The period's id, or its label as 2011/12 Q2.", examples=["2011-12-q2"])
]
MeasureSet = Annotated[str, Path(description="The measure set.", examples=["hr"])]


@router.get("/scorecards", response_model=ScorecardPage)
async def list_scorecards(
    query: Annotated[ScorecardsQuery, Query()], request: Request, read: Read
) -> Response:
    """The services and periods that have a scorecard."""
    return await read(answer_page, SCORECARDS, query, request)


export_list(router, SCORECARDS, ScorecardsQuery)


@router.get(  # a label has a slash in it, so a period is whatever stands between
    "/scorecards/{organisation}/{service}/{period:path}/ratings/{measure_set:path}/explain",
    response_model=RatingExplanation,
)
async def explain_scorecard_rating(
    organisation: Organisation,
    service: Service,
    period: Period,
    measure_set: MeasureSet,
    query: Annotated[UnderPremises, Query()],
    read: Read,
) -> Response:
    """Why a measure set has its rating: the rows that make it, and those that it leaves out."""
    return await read(_explanation, (organisation, service, period), measure_set, query)


def _explanation(
    reading: Reading, named: tuple[str, str, str], measure_set: str, query: UnderPremises
) -> Response:
    where = _where(*named)
    return _answer(explain_rating(supposed(reading, query), *where, measure_set), query)


@router.get("/scorecards/{organisation}/{service}/{period:path}", response_model=ScorecardOut)
async def get_scorecard(
    organisation: Organisation,
    service: Service,
    period: Period,
    query: Annotated[ScorecardQuery, Query()],
    read: Read,
) -> Response:
    """What a service's report for a period opens with.

    Where nothing is reported of a service in a period there is no scorecard.
    """
    return await read(_scorecard, (organisation, service, period), query)


def _scorecard(reading: Reading, named: tuple[str, str, str], query: ScorecardQuery) -> Response:
    where = _where(*named)
    return _answer(scorecard(supposed(reading, query), *where, query.risk_rating_min), query)


def _where(organisation: str, service: str, period: str) -> tuple[str, str, str]:
    """The address with the period's id. Raises NotFound where it names no period at all."""
    try:
        return organisation, service, parse_period(period).id
    except MalformedPeriodError as error:
        raise NotFound("Nothing is reported there.") from error


def _answer(found: Row | None, query: UnderPremises) -> Response:
    if found is None:
        raise NotFound("Nothing is reported there.")
    premises = set(UnderPremises.model_fields)
    asked = urlencode(query.model_dump(mode="json", include=premises, exclude_defaults=True))
    return json_response(_under(found, f"?{asked}") if asked else found)


def _under(part: Any, asked: str) -> Any:  # noqa: ANN401 - any JSON value
    """A part of an answer, its links to what premises change leading there under the same premises."""
    if isinstance(part, list):
        return [_under(each, asked) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        name: f"{value}{asked}" if name in _LINKS and value.startswith(_JUDGED) else _under(value, asked)
        for name, value in part.items()
    }
