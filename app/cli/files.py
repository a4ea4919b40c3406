"""Commands about files of rows: taken in, whole or not at all."""

from __future__ import annotations

import gc
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable


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


def run_import() -> None:
    """Work on an import that was handed in to the service, once standard input says which."""
    from app.db.writing import Writer
    from app.services.jobs import run_job

    gc.disable()  # it ends soon, and makes a great many rows until then
    if job := sys.stdin.read():
        run_job(Writer(settings().database_url), job)
