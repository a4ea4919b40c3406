"""Facts that are written: every resource is created, replaced, patched and retired in the same way."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.errors import Fault
from app.imports.problems import ReportRefusedError
from app.imports.rows import Row
from app.routers.bodies import body_of, read_json, refused
from app.routers.callers import Known
from app.routers.deps import RowId
from app.routers.writing import (
    IdempotencyKey,
    IfMatch,
    Reason,
    answered,
    bytes_of,
    json_answer,
    version_asked,
)
from app.schemas.faults import faults_of
from app.schemas.writes import RESOURCES, Resource
from app.schemas.writes.answers import BatchOut, WriteOut
from app.schemas.writes.batches import BatchIn, OperationIn
from app.schemas.writes.patches import merged
from app.schemas.writes.reading import refused_at, rows_of
from app.services.editing import Operation, Outcome, edit
from app.services.records import Record
from app.services.repeats import Answer
from app.services.taking import Change

router = APIRouter(prefix="/v1", tags=["writing"])
PRECONDITION_FAILED = "#/components/responses/PreconditionFailed"
_LONDON = ZoneInfo("Europe/London")
Stated = tuple[tuple[str, Row] | None, list[Fault]]
"""Whose row it is, with the row; and what is wrong with it."""
_PATHS = {resource.kind: resource.path for resource in RESOURCES.values()}


def _add(resource: Resource) -> None:
    """The four operations of a resource, named after it."""
    name, words = resource.singular, resource.singular.replace("_", " ")

    async def create(request: Request, who: Known, reason: Reason, key: IdempotencyKey = None) -> Response:
        body = await read_json(request)
        operation = Operation("create", resource.kind, "", state=_stating(resource, "", body))
        return await _one(request, Change(who, reason), operation, key, body)

    async def replace(
        request: Request, who: Known, row_id: RowId, reason: Reason, if_match: IfMatch = None
    ) -> Response:
        body, version = await read_json(request), version_asked(if_match)
        operation = Operation("replace", resource.kind, "", row_id, version, _stating(resource, "", body))
        return await _one(request, Change(who, reason), operation)

    async def patch(
        request: Request, who: Known, row_id: RowId, reason: Reason, if_match: IfMatch = None
    ) -> Response:
        body, version = await read_json(request), version_asked(if_match)
        operation = Operation("patch", resource.kind, "", row_id, version, _patching(resource, "", body))
        return await _one(request, Change(who, reason), operation)

    async def retire(
        request: Request, who: Known, row_id: RowId, reason: Reason, if_match: IfMatch = None
    ) -> Response:
        operation = Operation("retire", resource.kind, "", row_id, version_asked(if_match))
        return await _one(request, Change(who, reason), operation)

    path, one = f"/{resource.path}", f"/{resource.path}/{{id}}"
    told: dict[str, Any] = {"response_model": WriteOut}
    router.add_api_route(
        path,
        create,
        methods=["POST"],
        name=f"create_{name}",
        summary=f"Create {words}",
        description="State a new fact, as a draft.",
        status_code=201,
        openapi_extra=body_of(resource.model),
        **told,
    )
    router.add_api_route(
        one,
        replace,
        methods=["PUT"],
        name=f"replace_{name}",
        summary=f"Replace {words}",
        description="State a fact anew; what is left out is empty afterwards.",
        openapi_extra=body_of(resource.model),
        **told,
    )
    router.add_api_route(
        one,
        patch,
        methods=["PATCH"],
        name=f"patch_{name}",
        summary=f"Patch {words}",
        description="Change what is named of a fact (RFC 7396); null empties a field.",
        openapi_extra=body_of(resource.patch),
        **told,
    )
    router.add_api_route(
        one,
        retire,
        methods=["DELETE"],
        name=f"retire_{name}",
        summary=f"Retire {words}",
        description="End a fact: it is in no later release. What was released stays as it was.",
        **told,
    )


for _resource in RESOURCES.values():
    _add(_resource)


@router.post(
    "/batches",
    response_model=BatchOut,
    openapi_extra=body_of(BatchIn) | {"responses": {"412": {"$ref": PRECONDITION_FAILED}}},
)
async def create_batch(request: Request, who: Known, reason: Reason, key: IdempotencyKey = None) -> Response:
    """Make up to a thousand changes of one organisation in one transaction: all of them, or none."""
    body = await read_json(request)
    try:
        batch = BatchIn.model_validate(body)
    except ValidationError as invalid:
        raise refused(faults_of(invalid)) from None
    operations = [_operation(n, each) for n, each in enumerate(batch.operations)]

    def work(session: Session) -> Answer:
        outcomes = _edited(session, operations, Change(who, reason))
        return json_answer(200, {"items": [_row(outcome) for outcome in outcomes]})

    return await answered(request, who, key, bytes_of(body), work)


def _operation(number: int, asked: OperationIn) -> Operation:
    resource, pointer = RESOURCES[asked.resource], f"/operations/{number}/body"
    state = None
    if asked.act == "patch":
        state = _patching(resource, pointer, asked.body)
    elif asked.act != "retire":
        state = _stating(resource, pointer, asked.body)
    return Operation(asked.act, resource.kind, pointer, asked.id, asked.version, state)


def _stating(resource: Resource, pointer: str, body: Any) -> Callable[[Record | None], Stated]:  # noqa: ANN401 - any JSON value
    """What a body states, whatever is there."""

    def state(_record: Record | None) -> Stated:
        statements, faults = rows_of(resource, {pointer: body})
        return (statements[0] if statements else None), faults

    return state


def _patching(resource: Resource, pointer: str, body: Any) -> Callable[[Record | None], Stated]:  # noqa: ANN401 - any JSON value
    """What a patch makes of what is there."""

    def state(record: Record | None) -> Stated:
        said = {} if record is None else record.said
        return _stating(resource, pointer, merged(said, resource.model, body))(None)

    return state


async def _one(
    request: Request,
    change: Change,
    operation: Operation,
    key: str | None = None,
    body: Any = None,  # noqa: ANN401 - any JSON value
) -> Response:
    def work(session: Session) -> Answer:
        row = _row(_edited(session, [operation], change)[0])
        if operation.act != "create":
            return json_answer(200, row, ETag=row["etag"])
        return json_answer(201, row, ETag=row["etag"], Location=row["href"])

    return await answered(request, change.who, key, bytes_of(body), work)


def _edited(session: Session, operations: Sequence[Operation], change: Change) -> list[Outcome]:
    """Do what is asked for; what the checks of a whole report find wrong is told as of the bodies."""
    try:
        return edit(session, operations, change, datetime.now(_LONDON).date())
    except ReportRefusedError as error:
        raise refused(refused_at(error.problems, [op.pointer for op in operations])) from None


def _row(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.id,
        "href": f"/v1/{_PATHS[outcome.kind]}/{outcome.id}",
        "act": outcome.act,
        "version": outcome.version,
        "etag": f'"{outcome.version}"',
        "changed": outcome.changed,
    }
