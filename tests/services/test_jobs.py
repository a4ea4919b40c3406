"""Files that wait to be taken in: by one process, once, and not lost where the database is away."""

import asyncio
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.migrations import migrate
from app.db.writing import Writer
from app.entities import ImportJob
from app.errors import Unavailable
from app.imports.uploads import CSV, parsed
from app.services import jobs
from app.services.drafting import table
from app.services.importing import Mode, Wanted
from app.services.jobs import File, add_job, claim_job, give_up_job, run_job, waiting_jobs
from app.services.permissions import Caller, Grant, Role
from tests.imports.examples import write_report
from tests.queries.reports import load

EDITOR = Caller("key:abcdefgh", (Grant(Role.editor, "anyshire"),))
WANTED = Wanted("anyshire", Mode.upsert, "Returns", date(2026, 7, 1))
HEAD = b"key,title,service,progress\n"


@pytest.fixture(scope="module")
def write(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    """A database with a council."""
    migrate(database_url)
    load(database_url, write_report(tmp_path_factory.mktemp("jobs") / "report"))
    writer = Writer(database_url)
    yield writer
    asyncio.run(writer.close())


def handed_in(write: Writer, key: str, service: str = "front-office", *, dry_run: bool = False) -> str:
    """The id of a job that waits."""
    content = HEAD + f"{key},Title,{service},50\n".encode()
    file = File(parsed(content, "csv"), CSV, f"{key}.csv", "actions")
    job = write.do(lambda session: add_job(session, file, WANTED, EDITOR, rows=1, dry_run=dry_run))
    return job.id


def looked_up(write: Writer, job: str) -> ImportJob:
    found = write.do(lambda session: session.get(ImportJob, job))
    assert found is not None
    return found


def actions(write: Writer, key: str) -> int:
    """How many versions an action has had."""
    subjects, facts = table("subject").c, table("action").c
    query = select(func.count()).where(subjects.key == key, facts.id == subjects.id)
    return write.do(lambda session: session.scalar(query) or 0)


def test_a_job_is_claimed_once(write: Writer) -> None:
    job = handed_in(write, "claimed")

    claims = [write.do(lambda session: claim_job(session, job)) for _ in range(2)]

    assert claims == [True, False]
    assert job not in write.do(lambda session: waiting_jobs(session.connection()))
    assert job in write.do(lambda session: waiting_jobs(session.connection(), begun=True))
    run_job(write, job)
    assert job not in write.do(lambda session: waiting_jobs(session.connection(), begun=True))


def test_a_job_that_is_worked_on_twice_does_nothing_twice(write: Writer) -> None:
    job = handed_in(write, "twice")

    for _ in range(2):
        run_job(write, job)

    told = looked_up(write, job)
    assert (told.state, told.content, told.rows_done) == ("taken", None, 1)
    assert actions(write, "twice") == 1


@pytest.mark.parametrize(
    ("service", "dry_run", "state"),
    [("front-office", True, "taken"), ("nowhere", False, "refused"), ("nowhere", True, "refused")],
)
def test_what_is_tried_or_refused_changes_nothing(
    write: Writer,
    service: str,
    dry_run: bool,  # noqa: FBT001 - a case's own
    state: str,
) -> None:
    key = f"{service}-{dry_run}"
    job = handed_in(write, key, service, dry_run=dry_run)

    run_job(write, job)

    told = looked_up(write, job)
    assert (told.state, told.content) == (state, None)
    assert told.ended_at is not None
    assert actions(write, key) == 0


def test_a_database_that_is_away_refuses_no_file(write: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    job = handed_in(write, "away")

    def be_away(*_: object, **__: object) -> None:
        raise Unavailable("Another change is being made.")

    with monkeypatch.context() as away:
        away.setattr(jobs, "import_upload", be_away)
        with pytest.raises(Unavailable):
            run_job(write, job)

    assert looked_up(write, job).state == "waiting"
    run_job(write, job)
    assert looked_up(write, job).state == "taken"


def test_a_job_is_given_up_unless_it_has_ended(write: Writer) -> None:
    taken, left = handed_in(write, "taken"), handed_in(write, "left")
    run_job(write, taken)

    def give_up(session: Session) -> None:
        for job in (taken, left):
            give_up_job(session, job)

    write.do(give_up)

    assert (looked_up(write, taken).state, looked_up(write, left).state) == ("taken", "failed")
