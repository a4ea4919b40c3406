"""Imports: files of rows into drafts, their templates, and how far a long one has come."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from typing_extensions import TypeAliasType

from app.db.moments import instant_text
from app.errors import Forbidden, NotFound
from app.imports.reports import KINDS
from app.imports.uploads import CSV, LONGEST, XLSX, format_of, parse_upload, typed_upload
from app.queries.columns import Row
from app.queries.editions import Reading
from app.queries.findings.lists import every_row
from app.queries.imports import IMPORTS, outcome_of
from app.queries.listings import known as known_values
from app.queries.listings import one
from app.queries.organisations import INDICATORS, SERVICES
from app.queries.periods import PERIODS, find_periods
from app.routers.bodies import read_whole
from app.routers.callers import Known
from app.routers.deps import Asker, Read, ReadOne, answer_page, json_response
from app.routers.writing import IdempotencyKey, Reason, answered, json_answer
from app.schemas.imports import ImportJobOut, ImportOut, ImportPage, ImportQuery
from app.schemas.queries import PeriodName
from app.services.importing import Mode, Wanted, check_mode
from app.services.jobs import File, TriedError, add_job, import_upload
from app.services.permissions import Caller, Role
from app.services.repeats import Answer

router = APIRouter(prefix="/v1", tags=["imports"])
AT_ONCE = 2000
"""How many rows are taken in before the answer; a longer file is handed in and looked up."""
LONG = 64 * 1024
"""Bytes of a file that probably has more rows than that."""
BETWEEN = 0.4
"""Seconds between two looks at how far an import has come, for who watches it."""
_LONDON = ZoneInfo("Europe/London")
_ENDED = ("taken", "refused", "failed")


def _kind(name: str) -> str:
    if name not in KINDS:
        known = ", ".join(KINDS)
        raise PydanticCustomError("unknown_value", "must be one of {known}", {"known": known})
    return name


ImportKind = TypeAliasType(
    "ImportKind",
    Annotated[
        str,
        AfterValidator(_kind),
        Field(
            description="A kind of row that a file may have.",
            json_schema_extra={"enum": list(KINDS)},
            examples=["observations"],
        ),
    ],
)
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            CSV: {"schema": {"type": "string"}},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


def _file(media_type: str) -> dict[int | str, dict[str, Any]]:
    """What describes an answer that is a file, or a stream of events."""
    schema = {"type": "string", **({"format": "binary"} if media_type == XLSX else {})}
    return {200: {"content": {media_type: {"schema": schema}}}}


JobId = Annotated[
    str,
    Path(
        alias="id",
        pattern=r"^[0-9a-f]{32}$",
        description="The import's id.",
        examples=["5f0c9a528a514d0e9d0e3f1e1c1d2b3a"],
    ),
]
KindName = Annotated[ImportKind, Path(alias="kind", description="A kind of row.", examples=["observations"])]


@router.post(
    "/imports",
    response_model=ImportOut,
    responses={202: {"model": ImportJobOut, "description": "Handed in; Location says where to look it up."}},
    openapi_extra=_BODY,
)
async def create_import(
    request: Request,
    who: Known,
    organisation: Annotated[
        str, Query(max_length=200, description="The organisation whose rows they are.", examples=["barnet"])
    ],
    reason: Reason,
    kind: Annotated[
        ImportKind | None, Query(description="What sort of rows a CSV file has.", examples=["observations"])
    ] = None,
    mode: Annotated[Mode, Query(description="What it may do to what stands.")] = Mode.upsert,
    period: Annotated[PeriodName | None, Query(description="With mode=replace_period, the period.")] = None,
    dry_run: Annotated[bool, Query(description="Only try it: the answer is the same.")] = False,
    actions_as_of: Annotated[
        date | None, Query(description="The date that actions speak of which state none; today in London.")
    ] = None,
    file_name: Annotated[str, Query(max_length=200, description="The file's name.")] = "",
    prefer: Annotated[
        str | None,
        Header(
            alias="Prefer", max_length=200, description="`respond-async` hands it in, however short it is."
        ),
    ] = None,
    key: IdempotencyKey = None,
) -> Response:
    """Take in a CSV file or a workbook, all of it or, where one cell is wrong, nothing.

    A CSV file is of one kind of row; a workbook is too, or has a sheet named after each. Columns go by
    their headers, in any order. A file of more than 2,000 rows is handed in: 202 says where to look it up.
    """
    check_mode(mode, period)
    _check_edits(who, organisation)
    form = format_of(request.headers.get("content-type"), file_name)
    content = await read_whole(request, LONGEST)
    if len(content) > LONG:
        request.app.state.importer.expect()
    sheets = await parse_upload(content, form)
    wanted = Wanted(organisation, mode, reason, actions_as_of or datetime.now(_LONDON).date(), period)
    rows = sum(max(sheet.height - 1, 0) for sheet in sheets)
    if rows > AT_ONCE or "respond-async" in (prefer or ""):
        file = File(sheets, CSV if form == "csv" else XLSX, file_name, kind)
        return await _handed_in(request, who, key, content, file, wanted, rows, dry_run=dry_run)
    upload = await run_in_threadpool(typed_upload, sheets, kind)

    def work(session: Session) -> Answer:
        return json_answer(200, import_upload(session, upload, wanted, who, dry_run=dry_run))

    try:
        return await answered(request, who, key, content, work)
    except TriedError as tried:
        return json_response(tried.answer, {"Cache-Control": "no-store"})


@router.get("/imports", response_model=ImportPage)
async def list_imports(
    query: Annotated[ImportQuery, Query()], request: Request, who: Known, read: Read
) -> Response:
    """The files that were handed in to be looked up, the latest first."""
    if not all(who.may(Role.editor, organisation) for organisation in query.organisation):
        raise Forbidden("This credential does not edit all of it.")
    return await read(answer_page, IMPORTS, query, request)


@router.get("/imports/templates/{kind}.csv", response_class=Response, responses=_file(CSV))
async def get_import_template_csv(kind: KindName) -> Response:
    """An empty file with the columns of a kind of row."""
    from app.imports.templates import template_csv  # noqa: PLC0415 - its library takes long to start

    return Response(template_csv(kind), media_type=f"{CSV}; charset=utf-8")


@router.get("/imports/templates/{kind}.xlsx", response_class=Response, responses=_file(XLSX))
async def get_import_template_xlsx(
    kind: KindName,
    read: Read,
    organisation: Annotated[str | None, Query(max_length=200, description="Whose names to offer.")] = None,
) -> Response:
    """An empty workbook with the columns of a kind of row, notes on each, and lists to choose from."""
    from app.imports.templates import template_xlsx  # noqa: PLC0415 - its library takes long to start

    words = await read(_words, organisation) if organisation is not None else {}
    content = await run_in_threadpool(template_xlsx, kind, words)
    return Response(content, media_type=XLSX)


@router.get("/imports/{id}", response_model=ImportJobOut)
async def get_import(job_id: JobId, who: Known, read: ReadOne) -> Response:
    """How far an import has come and, in the end, what it did or why it was refused."""
    return json_response(await read(_job, job_id, who), {"Cache-Control": "no-store"})


@router.get("/imports/{id}/events", response_class=Response, responses=_file("text/event-stream"))
async def watch_import(job_id: JobId, who: Known, read: ReadOne) -> Response:
    """How far an import has come, told as it comes along; the last event is named after what became of it."""
    first = await read(_job, job_id, who)
    told = _events(read, job_id, who, first)
    return StreamingResponse(told, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def _events(read: Asker, job_id: str, who: Caller, job: Row) -> AsyncIterator[bytes]:
    """Each state that differs from the one before, until the end."""
    told: bytes | None = None
    while True:
        said = orjson.dumps(job)
        if said != told:
            yield b"event: %s\ndata: %s\n\n" % (str(job["state"]).encode(), said)
            told = said
        if job["state"] in _ENDED:
            return
        await asyncio.sleep(BETWEEN)
        job = await read(_job, job_id, who)


async def _handed_in(
    request: Request,
    who: Caller,
    key: str | None,
    content: bytes,
    file: File,
    wanted: Wanted,
    rows: int,
    *,
    dry_run: bool,
) -> Response:
    def work(session: Session) -> Answer:
        job = add_job(session, file, wanted, who, rows=rows, dry_run=dry_run)
        said = {
            **{name: getattr(job, name) for name in ("id", "kind", "mode", "dry_run", "reason", "file_name")},
            **{name: getattr(job, name) for name in ("as_of", "made_by", "state", "rows", "rows_done")},
            "organisation": wanted.organisation,
            "period": wanted.period,
            "made_at": instant_text(job.made_at),
            "ended_at": None,
            "result": None,
            "refusal": None,
        }
        return json_answer(202, said, Location=f"/v1/imports/{job.id}")

    response = await answered(request, who, key, content, work)
    request.app.state.importer.wake()
    return response


def _job(reading: Reading, job_id: str, who: Caller) -> Row:
    row = one(reading, IMPORTS, job_id)
    if not isinstance(row, dict) or not (
        row["made_by"] == who.name or who.may(Role.editor, row["organisation"])
    ):
        raise NotFound("Nothing has this address.")
    outcome = outcome_of(reading, job_id)
    said = None if outcome["answer"] is None else orjson.loads(outcome["answer"])
    taken = row["state"] == "taken"
    return {
        **row,
        "as_of": outcome["as_of"],
        "result": said if taken else None,
        "refusal": None if taken else said,
    }


def _words(reading: Reading, organisation: str) -> dict[str, list[str]]:
    """What there is to choose from in a template: the names that an organisation has."""
    names = {"service": (SERVICES, "service"), "indicator": (INDICATORS, "indicator_key")}
    found = {
        column: [row[name] for row in every_row(reading, listing, (organisation,))]
        for column, (listing, name) in names.items()
    }
    find_periods(reading)
    return {**found, "period": known_values(reading, PERIODS, "id")}


def _edits(who: Caller, organisation: str) -> bool:
    """Whether somebody edits anything there; what exactly is found out row by row."""
    return any(
        grant.gives(Role.editor) and grant.organisation in {None, organisation} for grant in who.grants
    )


def _check_edits(who: Caller, organisation: str) -> None:
    if not _edits(who, organisation):
        raise Forbidden("This credential does not edit there.")
