"""Actions, initiatives and projects."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries.actions import ACTIONS_LIST, INITIATIVES, PROJECTS
from app.queries.explanations.actions import explain_action
from app.routers.deps import Read, ReadOne, RowId, answer_one, answer_page
from app.routers.explaining import answer_explained
from app.routers.exports import export_list
from app.schemas.actions import (
    ActionOut,
    ActionPage,
    ActionPremises,
    ActionQuery,
    InitiativeOut,
    InitiativePage,
    InitiativeQuery,
    ProjectOut,
    ProjectPage,
    ProjectQuery,
)
from app.schemas.explanations import Explanation

router = APIRouter(prefix="/v1", tags=["actions"])


@router.get("/actions", response_model=ActionPage)
async def list_actions(query: Annotated[ActionQuery, Query()], request: Request, read: Read) -> Response:
    """What councils said they would do, with the status on the date of the report."""
    return await read(answer_page, ACTIONS_LIST, query, request)


export_list(router, ACTIONS_LIST, ActionQuery)


@router.get("/actions/{id}", response_model=ActionOut)
async def get_action(row_id: RowId, query: Annotated[ActionPremises, Query()], read: Read) -> Response:
    """One action."""
    return await read(answer_one, ACTIONS_LIST, row_id, query)


@router.get("/actions/{id}/explain", response_model=Explanation)
async def explain_action_status(
    row_id: RowId, query: Annotated[ActionPremises, Query()], read: Read
) -> Response:
    """Why an action has its status on the date of its report, and what would change it."""
    return await read(answer_explained, explain_action, ACTIONS_LIST, row_id, query)


@router.get("/initiatives", response_model=InitiativePage)
async def list_initiatives(
    query: Annotated[InitiativeQuery, Query()], request: Request, read: Read
) -> Response:
    """Improvements under corporate priorities, with their milestones."""
    return await read(answer_page, INITIATIVES, query, request)


export_list(router, INITIATIVES, InitiativeQuery)


@router.get("/initiatives/{id}", response_model=InitiativeOut)
async def get_initiative(row_id: RowId, read: ReadOne) -> Response:
    """One initiative."""
    return await read(answer_one, INITIATIVES, row_id)


@router.get("/projects", response_model=ProjectPage)
async def list_projects(query: Annotated[ProjectQuery, Query()], request: Request, read: Read) -> Response:
    """Projects, with the status and direction that councils give them."""
    return await read(answer_page, PROJECTS, query, request)


export_list(router, PROJECTS, ProjectQuery)


@router.get("/projects/{id}", response_model=ProjectOut)
async def get_project(row_id: RowId, read: ReadOne) -> Response:
    """One project."""
    return await read(answer_one, PROJECTS, row_id)
