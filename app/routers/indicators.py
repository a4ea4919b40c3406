"""Observations with their derived fields, and counts of them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.errors import NotFound
from app.queries.editions import Reading
from app.queries.explanations.observations import explain_observation
from app.queries.listings import Question
from app.queries.observations import OBSERVATIONS
from app.queries.peers import peers_of
from app.queries.summaries import GROUPS, counts
from app.routers.deps import (
    Read,
    ReadOne,
    RowId,
    answer_one,
    answer_page,
    conditions,
    grouped_by,
    json_response,
    supposed,
)
from app.routers.explaining import answer_explained
from app.routers.exports import export_list
from app.schemas.comparators import PeersOut
from app.schemas.explanations import Explanation
from app.schemas.indicators import (
    ObservationOut,
    ObservationPage,
    ObservationQuery,
    Summary,
    SummaryQuery,
)
from app.schemas.queries import UnderPremises

router = APIRouter(prefix="/v1", tags=["indicators"])


@router.get("/observations", response_model=ObservationPage)
async def list_observations(
    query: Annotated[ObservationQuery, Query()], request: Request, read: Read
) -> Response:
    """What was reported for each measure, service and period, with all that follows from it."""
    return await read(answer_page, OBSERVATIONS, query, request)


export_list(router, OBSERVATIONS, ObservationQuery)


@router.get("/observations/summary", response_model=Summary)
async def summarise_observations(query: Annotated[SummaryQuery, Query()], read: Read) -> Response:
    """How many observations there are by any of their words, with percentages over the total."""
    return await read(_summarise, query, grouped_by(query.group_by, GROUPS))


def _summarise(reading: Reading, query: SummaryQuery, groups: tuple[str, ...]) -> Response:
    reading = supposed(reading, query)
    question = Question(conditions(reading, OBSERVATIONS, query))
    rows = counts(reading, OBSERVATIONS, question, groups)
    return json_response({"items": rows, "total": sum(row["count"] for row in rows)})


@router.get("/observations/{id}", response_model=ObservationOut)
async def get_observation(row_id: RowId, query: Annotated[UnderPremises, Query()], read: Read) -> Response:
    """One observation."""
    return await read(answer_one, OBSERVATIONS, row_id, query)


@router.get("/observations/{id}/peers", response_model=PeersOut)
async def get_observation_peers(row_id: RowId, read: ReadOne) -> Response:
    """Rank and quartile among organisations that report the same, and among stated neighbours."""
    return await read(_peers, row_id)


def _peers(reading: Reading, row_id: int) -> Response:
    peers = peers_of(reading, row_id)
    if peers is None:
        message = f"No observations row has the id {row_id}."
        raise NotFound(message)
    return json_response(peers)


@router.get("/observations/{id}/explain", response_model=Explanation)
async def explain_observation_status(
    row_id: RowId, query: Annotated[UnderPremises, Query()], read: Read
) -> Response:
    """Why an observation has its status: each figure from the facts, each clause tried, and what would help.

    The facts with their sources, the rules with their numbers filled in, the clause that holds, and how
    far the next better and the next worse status are; with one sentence in plain English.
    """
    return await read(answer_explained, explain_observation, OBSERVATIONS, row_id, query)
