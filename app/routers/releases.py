"""Releases: what was made public, what is to be, and who has to approve it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.db.moments import instant_text
from app.entities import Proposal, Release, Subject
from app.errors import Forbidden, NotFound
from app.queries.editions import Reading
from app.queries.listings import one
from app.queries.releases import PROPOSALS, RELEASES
from app.routers.bodies import body_of, read_json, refused
from app.routers.callers import Known
from app.routers.deps import Read, ReadOne, RowId, answer_one, answer_page, json_response
from app.routers.exports import export_list
from app.routers.writing import IdempotencyKey, Reason, answered, bytes_of, json_answer
from app.schemas.faults import faults_of
from app.schemas.releases import (
    ProposalOut,
    ProposalPage,
    ProposalQuery,
    ReleaseIn,
    ReleaseOut,
    ReleasePage,
    ReleaseQuery,
)
from app.services.permissions import Caller, Role
from app.services.publishing import (
    Wish,
    approve_release,
    propose_release,
    release_drafts,
    withdraw_pending,
    withdraw_proposal,
)
from app.services.repeats import Answer
from app.settings import Settings

router = APIRouter(prefix="/v1", tags=["releases"])


@router.get("/releases", response_model=ReleasePage)
async def list_releases(query: Annotated[ReleaseQuery, Query()], request: Request, read: Read) -> Response:
    """The releases that are out, with what each says of itself; with `view=draft`, those to come as well."""
    return await read(answer_page, RELEASES, query, request)


export_list(router, RELEASES, ReleaseQuery)


@router.get("/releases/{id}", response_model=ReleaseOut)
async def get_release(row_id: RowId, read: ReadOne) -> Response:
    """One release."""
    return await read(answer_one, RELEASES, row_id)


@router.post("/releases", status_code=201, response_model=ReleaseOut, openapi_extra=body_of(ReleaseIn))
async def create_release(request: Request, who: Known, key: IdempotencyKey = None) -> Response:
    """Make an organisation's drafts public in one step, or those of one service's period.

    Readers see all of what was public or all of what is; a release is never changed, and what is wrong
    with it is put right by another. With a moment to come it is public from then on.
    """
    chosen: Settings = request.app.state.settings
    if chosen.second_approver:
        raise Forbidden("A release needs a second person here: propose it, at /v1/proposals.")
    body = await read_json(request)
    wish = _wish(body)

    def work(session: Session) -> Answer:
        return _released(session, release_drafts(session, wish, who))

    response = await answered(request, who, key, bytes_of(body), work)
    request.app.state.keeper.wake()
    return response


@router.delete("/releases/{id}", status_code=204, response_class=Response)
async def withdraw_release(row_id: RowId, request: Request, who: Known, reason: Reason) -> Response:
    """Take back a release that has not come into force yet; one that has stays."""

    def work(session: Session) -> Answer:
        withdraw_pending(session, row_id, reason, who)
        return Answer(204, b"", {})

    return await answered(request, who, None, b"", work)


@router.post("/proposals", status_code=201, response_model=ProposalOut, openapi_extra=body_of(ReleaseIn))
async def create_proposal(request: Request, who: Known, key: IdempotencyKey = None) -> Response:
    """Propose a release of what stands in draft now, for somebody else to approve."""
    body = await read_json(request)
    wish = _wish(body)

    def work(session: Session) -> Answer:
        row = _proposed(session, propose_release(session, wish, who))
        return json_answer(201, row, Location=f"/v1/proposals/{row['id']}")

    return await answered(request, who, key, bytes_of(body), work)


@router.get("/proposals", response_model=ProposalPage)
async def list_proposals(
    query: Annotated[ProposalQuery, Query()], request: Request, who: Known, read: Read
) -> Response:
    """What waits in an organisation for a second person, and what came of what waited."""
    if not all(who.may(Role.publisher, organisation) for organisation in query.organisation):
        raise Forbidden("This credential does not publish there.")
    return await read(answer_page, PROPOSALS, query, request)


@router.get("/proposals/{id}", response_model=ProposalOut)
async def get_proposal(row_id: RowId, who: Known, read: ReadOne) -> Response:
    """One proposal, for who may decide it."""
    return await read(_proposal, row_id, who)


@router.post("/proposals/{id}/approval", status_code=201, response_model=ReleaseOut)
async def approve_proposal(
    row_id: RowId, request: Request, who: Known, key: IdempotencyKey = None
) -> Response:
    """Publish what was proposed, as it was then; not by whoever proposed it."""

    def work(session: Session) -> Answer:
        return _released(session, approve_release(session, row_id, who))

    response = await answered(request, who, key, b"", work)
    request.app.state.keeper.wake()
    return response


@router.delete("/proposals/{id}", status_code=204, response_class=Response)
async def withdraw_proposed(row_id: RowId, request: Request, who: Known, reason: Reason) -> Response:
    """Take a proposal back."""

    def work(session: Session) -> Answer:
        withdraw_proposal(session, row_id, reason, who)
        return Answer(204, b"", {})

    return await answered(request, who, None, b"", work)


def _wish(body: Any) -> Wish:  # noqa: ANN401 - any JSON value
    try:
        return Wish(**ReleaseIn.model_validate(body).model_dump())
    except ValidationError as invalid:
        raise refused(faults_of(invalid)) from None


def _proposal(reading: Reading, row_id: int, who: Caller) -> Response:
    row = one(reading, PROPOSALS, row_id)
    if isinstance(row, dict):
        services = () if row["service"] is None else (row["service"],)
        if who.may(Role.publisher, row["organisation"], services):
            return json_response(row)
    raise NotFound("Nothing has this address.")


def _released(session: Session, release: Release) -> Answer:
    moment = instant_text(release.published_at)
    row = {
        "id": release.id,
        "organisation": release.organisation_id,
        "service": _slug(session, release.service_id),
        "period": release.period_id,
        "as_of": release.as_of,
        "published_at": moment,
        "note": release.note,
        "corrects": release.corrects_id,
        "findings": f"/v1/findings?organisation={release.organisation_id}&as_of={moment}",
    }
    return json_answer(201, row, Location=f"/v1/releases/{release.id}")


def _proposed(session: Session, proposal: Proposal) -> dict[str, Any]:
    moments = {name: getattr(proposal, name) for name in ("publish_at", "made_at", "ended_at")}
    return {
        "id": proposal.id,
        "organisation": proposal.organisation_id,
        "service": _slug(session, proposal.service_id),
        "period": proposal.period_id,
        "as_of": proposal.as_of,
        "note": proposal.note,
        "corrects": proposal.corrects_id,
        "made_by": proposal.made_by,
        "ended_by": proposal.ended_by,
        "release": proposal.release_id,
        **{name: None if moment is None else instant_text(moment) for name, moment in moments.items()},
    }


def _slug(session: Session, service_id: int | None) -> str | None:
    subject = None if service_id is None else session.get(Subject, service_id)
    return None if subject is None else subject.key
