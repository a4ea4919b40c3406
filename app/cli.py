"""The `outturn` command: migrate, load, serve, back up, rebuild, reconcile, write contract and handbook.

A command imports what it needs when it is called, so that serving starts at once.
"""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from app.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy.orm import Session
    from starlette.types import ASGIApp

    from app.imports.problems import Problem
    from app.imports.reports import Report
    from app.queries.findings.found import Finding
    from app.queries.reconciliation import Document
    from app.services.loading import Loaded

app = typer.Typer(no_args_is_help=True, help=__doc__, add_completion=False, pretty_exceptions_enable=False)
keys = typer.Typer(no_args_is_help=True, help="Keys for those who may do more than the public.")
app.add_typer(keys, name="keys")
audit = typer.Typer(no_args_is_help=True, help="What was done, by whom and why.")
app.add_typer(audit, name="audit")
NOBODY = "-"
"""What stands for the chain of what concerns no organisation in particular."""
DEMO = Path(__file__).parent / "demo"


@app.command()
def migrate(
    to: Annotated[str, typer.Option(help="The migration to go to, forward or back.")] = "head",
    *,
    discard: Annotated[bool, typer.Option(help="Lose what would be lost.")] = False,
) -> None:
    """Bring the database to the newest schema, and what lists are read from to the newest rules.

    Safe to repeat. Where the database would hold less afterwards, it says what, and changes nothing.
    """
    from app.db.migrations import LossError, known_versions

    if to not in {"head", "base", *known_versions()}:
        raise typer.BadParameter(f"no migration is called {to}")
    with _telling(LossError):
        _migrate(settings().database_url, to, discard=discard)


def _migrate(url: str, to: str = "head", *, discard: bool = False) -> None:
    from app.db import migrations
    from app.db.versions import newest

    migrations.migrate(url, to, discard=discard)
    if to in {"head", newest()}:
        _copy_releases(url)


def _copy_releases(url: str, *, anew: bool = False) -> int:
    from app.db.connections import writing_engine
    from app.services.released import copy_releases

    engine = writing_engine(url, hurried=True)
    rows = copy_releases(engine, anew=anew)
    engine.dispose()
    return rows


@contextmanager
def _telling(*errors: type[Exception]) -> Iterator[None]:
    """End with a failure that says what was wrong, the database's own among them."""
    from sqlalchemy.exc import OperationalError

    expected: tuple[type[Exception], ...] = (*errors, OperationalError)
    try:
        yield
    except expected as error:
        typer.echo(f"Nothing was changed: {str(error).splitlines()[0]}.", err=True)
        raise typer.Exit(1) from None


@app.command()
def backup(
    path: Annotated[Path, typer.Argument(help="The file to write.")],
    *,
    force: Annotated[bool, typer.Option(help="Replace the file if it is there.")] = False,
) -> None:
    """Write all that the database holds at this moment into a file, while others go on writing.

    It can be restored into a database of either kind. Keep it as safe as the database.
    """
    from app.db.backups import BackupRefusedError, back_up

    with _telling(BackupRefusedError, OSError):
        manifest = back_up(settings().database_url, path, force=force)
    typer.echo(f"{sum(table.rows for table in manifest.tables.values())} rows written to {path}")


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(help="A file that `outturn backup` wrote.")],
    *,
    force: Annotated[bool, typer.Option(help="Throw away what the database holds.")] = False,
) -> None:
    """Put back what a backup holds, all or nothing, into a database that is empty."""
    from app.db.archives import ArchiveError
    from app.db.backups import BackupRefusedError
    from app.db.backups import restore as put_back

    with _telling(ArchiveError, BackupRefusedError, OSError):
        manifest = put_back(settings().database_url, path, force=force)
    _copy_releases(settings().database_url)
    typer.echo(f"{sum(table.rows for table in manifest.tables.values())} rows restored from {path}")


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="Whose key it is, or what for.")],
    grants: Annotated[
        list[str], typer.Option("--grant", help="What it is good for, as editor:barnet/hr; once for each.")
    ],
    expires: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day on which it counts, in London."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; the audit keeps it.")] = "",
) -> None:
    """Give out a key. It alone goes to standard output, now and never again; all else goes beside it."""
    from app.services.keys import end_of, make_key, unknown_places
    from app.services.permissions import UnreadableGrantError, read_grant
    from app.services.versions import COMMAND

    try:
        given = tuple(map(read_grant, dict.fromkeys(grants)))
    except UnreadableGrantError as error:
        raise typer.BadParameter(str(error), param_hint="--grant") from None
    until = None if expires is None else end_of(expires.date())
    if until is not None and until <= datetime.now(UTC):
        raise typer.BadParameter("that day is over", param_hint="--expires")
    with _session() as session:
        unknown = unknown_places(session, given)
        key, text = make_key(session, name, given, COMMAND, until, reason=reason)
    for grant in unknown:
        typer.echo(f"Nothing is called {'/'.join(filter(None, grant[1:]))} yet.", err=True)
    typer.echo(f"Key {key.prefix} for {name}. It is shown this once:", err=True)
    typer.echo(text)


@keys.command("list")
def list_keys() -> None:
    """List every key there ever was: its prefix, what it is good for, whether it counts, and its name."""
    from app.services.keys import keys as given_out
    from app.services.keys import standing

    with _session(reading=True) as session:
        listed = given_out(session)
    for key, grants in listed:
        held = ", ".join(map(str, grants))
        typer.echo(f"{key.prefix}  {standing(key, datetime.now(UTC))}  {held}  {key.name}")


@keys.command("revoke")
def revoke_key(
    prefix: Annotated[str, typer.Argument(help="The eight characters after outturn_ in the key.")],
    reason: Annotated[str, typer.Option(help="Why; the audit keeps it.")] = "",
) -> None:
    """End a key at once: the next request that shows it is refused."""
    from app.services import keys as held
    from app.services.versions import COMMAND

    with _telling(held.UnknownKeyError), _session() as session:
        key = held.revoke_key(session, prefix, COMMAND, reason=reason)
    typer.echo(f"Key {prefix} for {key.name}: {held.standing(key, datetime.now(UTC))}", err=True)


@contextmanager
def _session(*, reading: bool = False) -> Iterator[Session]:
    """A session of one transaction, committed at the end of the block."""
    from sqlalchemy.orm import Session

    from app.db.connections import reading_engine, writing_engine

    engine = (reading_engine if reading else writing_engine)(settings().database_url)
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    finally:
        engine.dispose()


@app.command()
def load(
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders of a report's CSV files.")] = None,
    *,
    demo: Annotated[bool, typer.Option(help="Load the five reports that come with Outturn.")] = False,
    correct: Annotated[
        str | None,
        typer.Option(help="Rewrite released schemes, for this reason; the note of the release tells it."),
    ] = None,
) -> None:
    """Load reports and publish each as one release; a report that was loaded before changes nothing.

    A report with a problem is refused whole, with every problem by file, row and column. So is one that
    would change the status of what was released: a new rule is a new version, with dates of its own.
    """
    chosen = sorted(path for path in DEMO.iterdir() if path.is_dir()) if demo else folders or []
    if not chosen:
        raise typer.BadParameter("name a folder, or say --demo")
    from sqlalchemy.orm import Session

    from app.db.connections import writing_engine
    from app.imports.problems import ReportRefusedError
    from app.imports.reports import read_report

    engine = writing_engine(settings().database_url)
    refused = False
    for folder in chosen:
        report = read_report(folder)
        try:
            with Session(engine) as session, session.begin():
                loaded = _publish(session, report, folder.name, correct)
        except ReportRefusedError as error:
            refused = True
            _tell_problems(folder.name, error.problems)
        else:
            typer.echo(
                f"{folder.name}: {loaded.added} facts added, {loaded.changed} changed, "
                f"{loaded.unchanged} as they were"
            )
            _tell_warnings(report)
    engine.dispose()
    raise typer.Exit(int(refused))


def _publish(session: Session, report: Report, name: str, correct: str | None) -> Loaded:
    from app.services.loading import load_report
    from app.services.releases import publish_release

    reason = f"Loaded from {name}" if correct is None else f"Loaded from {name}: {correct}"
    loaded = load_report(session, report, reason, correct=correct is not None)
    if loaded.revision_id is not None and report.release is not None:
        publish_release(
            session,
            loaded.organisation_id,
            loaded.revision_id,
            note=report.release.note if correct is None else f"{report.release.note}. Corrected: {correct}",
            period_id=report.release.period,
            as_of=report.release.as_of,
        )
    return loaded


@app.command("import")
def import_file(  # noqa: PLR0913 - a command has as many options as it has
    file: Annotated[Path, typer.Argument(help="A CSV file or a workbook.")],
    *,
    organisation: Annotated[str, typer.Option(help="Whose drafts it is for.")],
    reason: Annotated[str, typer.Option(help="Why; the audit keeps it.")],
    kind: Annotated[str | None, typer.Option(help="The kind of row, as observations.")] = None,
    mode: Annotated[str, typer.Option(help="create, update, upsert or replace_period.")] = "upsert",
    period: Annotated[str | None, typer.Option(help="With replace_period, the period.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only try it: the answer is the same.")] = False,
) -> None:
    """Take a file of rows into the drafts, all of it or, where one cell is wrong, nothing of it."""
    from app.db.writing import Writer
    from app.errors import OutturnError
    from app.imports.uploads import read_upload
    from app.services.importing import Mode, Wanted, check_mode
    from app.services.jobs import TriedError, import_upload
    from app.services.loading import OPERATOR

    wanted = Wanted(organisation, Mode(mode), reason, datetime.now(UTC).date(), period)
    try:
        check_mode(wanted.mode, period)
        with typer.progressbar(length=1, label=f"Reading {file.name}") as bar:
            upload = read_upload(file.read_bytes(), None, file.name, kind, _bar(bar))
        done = Writer(settings().database_url).do(
            lambda session: import_upload(session, upload, wanted, OPERATOR, dry_run=dry_run)
        )
    except TriedError as tried:
        done = tried.answer
    except OutturnError as refused:
        typer.echo(refused.detail, err=True)
        for fault in refused.faults:
            place = " ".join(str(part) for part in (fault.sheet, f"row {fault.row}", fault.column) if part)
            typer.echo(f"  {place}: {fault.value or ''!r} {fault.message}", err=True)
        raise typer.Exit(1) from None
    counts = ", ".join(f"{done[name]} {name}" for name in ("added", "changed", "unchanged", "retired"))
    typer.echo(f"{'would be' if dry_run else 'drafted'}: {counts}")
    for warning in done["warnings"]:
        place = f"row {warning['row']} {warning['column']}"
        typer.echo(f"  {place}: {warning['value']!r} {warning['message']}", err=True)


def _bar(bar: Any) -> Callable[[int, int], None]:  # noqa: ANN401 - typer's own
    """Tell a progress bar how far it has come."""

    def come(done: int, total: int) -> None:
        bar.length = total
        bar.update(done - bar.pos)

    return come


@app.command(hidden=True)
def run_import(job: str) -> None:
    """Work on an import that was handed in to the service."""
    from app.db.writing import Writer
    from app.services.jobs import run_job

    gc.disable()  # it ends soon, and makes a great many rows until then
    run_job(Writer(settings().database_url), job)


@app.command()
def lint(
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders of a report's CSV files.")] = None,
    *,
    demo: Annotated[bool, typer.Option(help="Look at the schemes of the five reports.")] = False,
) -> None:
    """Tell what is wrong with the schemes of reports, each with an example; fail where one is refused."""
    from app.imports.reports import read_report
    from app.rules.linting import lint_scheme

    refused = False
    for folder in sorted(path for path in DEMO.iterdir() if path.is_dir()) if demo else folders or []:
        for name, (clauses, actions) in read_report(folder).judging.items():
            lints = lint_scheme(clauses, actions=actions)
            refused = refused or any(lint.refused for lint in lints)
            typer.echo(f"{folder.name} {name}: {f'{len(lints)} to look at' if lints else 'sound'}")
            for found in lints:
                where = "" if found.place is None else f" clause {found.place + 1}"
                typer.echo(f"  {found.kind}{where}: {found.message} ({found.shown()})")
    raise typer.Exit(int(refused))


def _tell_warnings(report: Report) -> None:
    """What was kept although it looks wrong, and how many cells were normalised."""
    for warning in report.warnings:
        place = f"{warning.file} row {warning.row} {warning.column}".strip()
        typer.echo(f"  {place}: {warning.value!r} {warning.reason}", err=True)
    if report.notices:
        typer.echo(f"  {len(report.notices)} cells were normalised", err=True)


def _tell_problems(name: str, problems: Iterable[Problem]) -> None:
    typer.echo(f"{name}: refused, nothing was changed", err=True)
    for problem in problems:
        place = f"{problem.file} row {problem.row} {problem.column}".strip()
        typer.echo(f"  {place}: {problem.value!r} {problem.reason}", err=True)


@app.command()
def rebuild() -> None:
    """Work out anew what lists are read from, for every release in force."""
    typer.echo(f"{_copy_releases(settings().database_url, anew=True)} rows copied")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="How many processes answer.")] = None,
) -> None:
    """Serve the API and its documentation."""
    import uvicorn

    chosen = settings()
    if chosen.migrate_on_start:
        _migrate(chosen.database_url)
    uvicorn.run(
        "app.cli:start",
        factory=True,
        host=host or chosen.host,
        port=port or chosen.port,
        workers=workers or chosen.workers,
        loop="uvloop",
        http="httptools",
        log_level=chosen.log_level,
        access_log=False,
    )


def start() -> ASGIApp:
    """The application of one process, started by the server.

    What it is made of stays until the end, so the collector of garbage need not look through it.
    """
    gc.disable()
    from app.main import serve as assembled

    application = assembled()
    gc.freeze()
    gc.enable()
    return application


@app.command()
def reconcile() -> None:
    """Hold every derived figure that the documents print against the derived one, and facts against facts.

    Each document's count is followed by its findings, the same as `/v1/findings` lists: what was
    checked, published, derived, kind and reason. Nothing is forced to match.
    """
    from app.db.connections import reading_engine
    from app.queries import reconciliation
    from app.queries.editions import Editions

    engine = reading_engine(settings().database_url)
    with engine.connect() as connection:
        documents = reconciliation.reconcile(Editions().reading(connection))
    engine.dispose()
    for document in documents:
        _tell_document(document)


def _tell_document(document: Document) -> None:
    typer.echo(f"\n{document.organisation}: {document.note}")
    typer.echo(
        f"  {document.figures} derived figures printed, {document.equal} come back equal, "
        f"{len(document.findings)} do not"
    )
    if document.remarks:
        typer.echo(f"  {len(document.remarks)} facts of the report contradict one another")
    findings = (*document.findings, *document.remarks)
    for words in ([f.kind for f in findings], [f.check for f in findings]):
        if words:
            typer.echo("  " + ", ".join(f"{word} {count}" for word, count in sorted(Counter(words).items())))
    for finding in findings:
        _tell_finding(finding)


def _tell_finding(finding: Finding) -> None:
    typer.echo(
        f"  - {finding.subject.key} {finding.field} ({finding.place}): published "
        f"{finding.published or 'nothing'}, derived {finding.derived or 'nothing'}; "
        f"{finding.check}, {finding.kind}: {finding.reason}"
    )
    for hidden in finding.explained_by:
        example = f", such as {hidden.example}" if hidden.example else ""
        typer.echo(f"      {hidden.input} {hidden.shown} may hide {hidden.interval}{example}")


@app.command()
def diff(
    organisation: Annotated[str | None, typer.Argument(help="Whose changes; all unless it is said.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="A release, a day or an instant.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="The same; now unless it is said.")] = None,
    *,
    draft: Annotated[bool, typer.Option(help="Up to the drafts, instead of what is public.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON for each change.")] = False,
) -> None:
    """Tell what changed from one release to another: statuses first, then facts cell by cell.

    Without --from it is from the release before, or of drafts from what is public.
    """
    from app.db.connections import reading_engine
    from app.errors import OutturnError
    from app.feeds import differences
    from app.queries.changes.windows import windows_of
    from app.queries.editions import Editions
    from app.queries.views import PUBLIC, View
    from app.routers.changes import span_of

    engine, editions = reading_engine(settings().database_url), Editions(copies=False)
    try:
        with engine.connect() as connection:
            reading = editions.reading(connection, View(drafts=((None, None),)) if draft else PUBLIC)
            span = span_of(reading, since, until, () if organisation is None else (organisation,))
            told = differences.records if as_json else differences.lines
            for line in told(editions, reading, windows_of(reading, span)):
                typer.echo(line)
    except OutturnError as error:
        raise typer.BadParameter(error.detail) from None
    finally:
        engine.dispose()


@audit.command("verify")
def verify_audit(
    expected: Annotated[
        list[str] | None,
        typer.Option("--expect", help="A seal noted down elsewhere, as barnet=5d41; once for each."),
    ] = None,
) -> None:
    """Go through the audit from its start, and fail at the first place where it does not hold.

    Each organisation has a chain of its own, and so has what concerns nobody in particular. Entries cut off
    at the end leave no trace in what is left: note the last seals down elsewhere, and say what to expect. A
    chain that has gone on since holds the seal that was its last.
    """
    from app.queries.audit import has_seal
    from app.services.audit import Broken, verify

    seals, whole = [_named_seal(text) for text in expected or []], True
    with _session(reading=True) as session:
        for chain in verify(session.connection()):
            if isinstance(chain, Broken):
                whole = False
                typer.echo(f"{chain.chain or NOBODY}: entry {chain.number} {chain.reason}", err=True)
            else:
                end = f"the last sealed {chain.seal}"
                typer.echo(f"{chain.chain or NOBODY}: {chain.entries} entries, {end}")
        for name, seal in seals:
            if not has_seal(session.connection(), name, seal):
                whole = False
                typer.echo(f"{name or NOBODY}: no entry is sealed {seal}; its end is cut off", err=True)
    raise typer.Exit(int(not whole))


def _named_seal(text: str) -> tuple[str, str]:
    chain, equals, seal = text.rpartition("=")
    if not equals:
        raise typer.BadParameter(f"{text} is not CHAIN=SEAL", param_hint="--expect")
    return ("" if chain == NOBODY else chain), seal


@app.command()
def openapi(
    path: Annotated[Path, typer.Argument(help="Where the contract stands.")],
    *,
    check: Annotated[bool, typer.Option(help="Fail where the file differs; write nothing.")] = False,
) -> None:
    """Write the OpenAPI contract, or check that the committed one is this app's."""
    from app.main import create_app

    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    text = orjson.dumps(
        create_app(settings().model_copy(update={"public_url": None})).openapi(), option=options
    )
    if check:
        _check_written(path, text, f"{path} is not the contract of this app; run: make openapi")
    else:
        _write(path, text)


@app.command()
def rules(
    path: Annotated[Path, typer.Argument(help="Where the handbook of the rules stands.")],
    *,
    check: Annotated[bool, typer.Option(help="Fail where the file differs; write nothing.")] = False,
) -> None:
    """Write the handbook of the rules, or check that the committed one is of these rules."""
    from app.rules.handbook import handbook

    text = handbook().encode()
    if check:
        _check_written(path, text, f"{path} is not the handbook of these rules; run: make rules")
    else:
        _write(path, text)


def _write(path: Path, text: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)


def _check_written(path: Path, text: bytes, otherwise: str) -> None:
    """End with a failure where a file does not hold a text."""
    if not path.exists() or path.read_bytes() != text:
        typer.echo(otherwise, err=True)
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
