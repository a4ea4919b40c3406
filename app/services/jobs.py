"""Imports that take longer than an answer may: handed in, worked on elsewhere, and looked up."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

import orjson
from sqlalchemy import select, update

from app.entities import ImportJob
from app.errors import OutturnError, Unavailable
from app.imports.problems import ReportRefusedError
from app.imports.sandbox.sheets import Sheet, dumped, loaded
from app.imports.uploads import typed_upload
from app.services.drafting import table
from app.services.importing import Mode, Wanted, import_rows
from app.services.permissions import Caller, read_grant
from app.services.telling import told_import, told_refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from app.db.writing import Writer
    from app.imports.uploads import Upload

BETWEEN = 0.5
"""Seconds between two notes of how far a job has come."""
UNENDED = ("waiting", "running")


class File(NamedTuple):
    """A file as it was handed in and parsed, with the one kind of row that it is of, if it is of one."""

    sheets: Sequence[Sheet]
    media_type: str
    name: str
    kind: str | None


class TriedError(Exception):
    """Raised to undo what was only tried, with what it came to."""

    def __init__(self, answer: Any) -> None:  # noqa: ANN401 - what the work answers
        super().__init__()
        self.answer = answer


def import_upload(
    session: Session, upload: Upload, wanted: Wanted, who: Caller, *, dry_run: bool
) -> dict[str, Any]:
    """What taking in a file came to, the same whether it is only tried.

    Raises RefusedImport with every problem, TriedError with the answer where it is only tried, and as
    `import_rows` does.
    """
    try:
        imported = import_rows(session, upload, wanted, who)
    except ReportRefusedError as error:
        raise told_refusal(error.problems, upload) from None
    answer = told_import(imported, upload, wanted)
    if dry_run:
        raise TriedError(answer)
    return answer


def add_job(  # noqa: PLR0913 - what is handed in, by name
    session: Session, file: File, wanted: Wanted, who: Caller, *, rows: int, dry_run: bool
) -> ImportJob:
    """Keep a file to be taken in; does not commit."""
    job = ImportJob(
        id=uuid4().hex,
        organisation_id=wanted.organisation,
        kind=file.kind,
        mode=wanted.mode,
        period_id=wanted.period,
        dry_run=dry_run,
        reason=wanted.reason,
        file_name=file.name,
        media_type=file.media_type,
        as_of=wanted.as_of,
        made_by=who.name,
        grants=orjson.dumps([str(grant) for grant in who.grants]).decode(),
        made_at=datetime.now(UTC),
        state="waiting",
        rows=rows,
        rows_done=0,
        content=b"".join(dumped(file.sheets)),
    )
    session.add(job)
    session.flush()
    return job


def waiting_jobs(connection: Connection, *, begun: bool = False) -> list[str]:
    """The jobs that nobody works on; with `begun`, also those that were begun and may have been left."""
    jobs = table("import_job").c
    states = UNENDED if begun else UNENDED[:1]
    return list(connection.scalars(select(jobs.id).where(jobs.state.in_(states)).order_by(jobs.made_at)))


def claim_job(session: Session, job_id: str) -> bool:
    """Whether a waiting job is the caller's to work on now."""
    jobs = table("import_job")
    mine = update(jobs).where(jobs.c.id == job_id, jobs.c.state == "waiting").values(state="running")
    return bool(session.execute(mine.returning(jobs.c.id)).all())


def run_job(write: Writer, job_id: str) -> None:
    """Take in the file of a job, and say how far that has come and what it came to.

    What it came to is written with what it did: a job that is worked on twice does nothing twice. Raises
    Unavailable where the database is: that is no refusal, and another time it may not be.
    """
    job = write.do(lambda session: session.get(ImportJob, job_id))
    if job is None or job.state not in UNENDED or job.content is None:
        return
    wanted = Wanted(job.organisation_id, Mode(job.mode), job.reason, job.as_of, job.period_id)
    who = Caller(job.made_by, tuple(map(read_grant, orjson.loads(job.grants))))
    try:
        progress = _Progress(write, job_id)
        upload = typed_upload(loaded(job.content), job.kind, progress.note)
        write.do(lambda session: _take(session, job_id, upload, wanted, who))
    except TriedError as tried:
        answer = tried.answer
        write.do(lambda session: _end(session, job_id, "taken", answer))
    except Unavailable:
        raise
    except OutturnError as error:
        refusal = _told(error)
        write.do(lambda session: _end(session, job_id, "refused", refusal))


def give_up_job(session: Session, job_id: str) -> None:
    """A job whose process ended without a word; nothing of it was done."""
    _end(session, job_id, "failed", {"detail": "The import stopped, and nothing of it was kept."})


def _take(session: Session, job_id: str, upload: Upload, wanted: Wanted, who: Caller) -> None:
    job = session.get(ImportJob, job_id, with_for_update=True)
    if job is None or job.state not in UNENDED:
        return
    answer = import_upload(session, upload, wanted, who, dry_run=job.dry_run)
    _end(session, job_id, "taken", answer)


def _end(session: Session, job_id: str, state: str, answer: dict[str, Any]) -> None:
    jobs = table("import_job")
    ended = {
        "state": state,
        "answer": orjson.dumps(answer).decode(),
        "ended_at": datetime.now(UTC),
        "content": None,
    }
    done = {"rows_done": jobs.c.rows} if state == "taken" else {}
    session.execute(update(jobs).where(jobs.c.id == job_id, jobs.c.state.in_(UNENDED)).values(ended | done))


def _told(error: OutturnError) -> dict[str, Any]:
    """A refusal as a problem document has it."""
    said = {"title": error.title, "status": error.status, "detail": error.detail, "code": error.slug}
    return {**said, "errors": [fault.said() for fault in error.faults]}


class _Progress:
    """Notes how many rows are read, now and then."""

    def __init__(self, write: Writer, job_id: str) -> None:
        self._write, self._job = write, job_id
        self._noted = 0.0

    def note(self, done: int, total: int) -> None:
        """So many rows are read, of so many."""
        if time.monotonic() - self._noted < BETWEEN:
            return
        jobs = table("import_job")
        come = update(jobs).where(jobs.c.id == self._job).values(rows_done=done, rows=total)
        self._write.do(lambda session: session.execute(come))
        self._noted = time.monotonic()
