"""Commands about reports: loaded, looked at, and held against what they print."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from app.imports.problems import Problem
    from app.imports.reports import Report
    from app.queries.findings.found import Finding
    from app.queries.reconciliation import Document
    from app.services.loading import Loaded

DEMO = Path(__file__).parents[1] / "demo"


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
