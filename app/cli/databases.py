"""Commands about the database itself: its shape, its copies, what lists are read from."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


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
    with telling(LossError):
        brought_up_to_date(settings().database_url, to, discard=discard)


def brought_up_to_date(url: str, to: str = "head", *, discard: bool = False) -> None:
    """Migrate a database, and copy what its lists are read from where that is out of date."""
    from app.db import migrations
    from app.db.versions import newest

    migrations.migrate(url, to, discard=discard)
    if to in {"head", newest()}:
        _enter_releases(url)
        _copy_releases(url)


def _enter_releases(url: str) -> None:
    """Work out what the newest releases tell of counts of people, where they are from before it was kept."""
    from sqlalchemy.orm import Session

    from app.db.connections import writing_engine
    from app.services.ledger import enter_missing

    engine = writing_engine(url, hurried=True)
    with Session(engine) as session, session.begin():
        for owner in enter_missing(session):
            typer.echo(f"All counts of people of {owner} are withheld: they could be worked back.", err=True)
    engine.dispose()


def _copy_releases(url: str, *, anew: bool = False) -> int:
    from app.db.connections import writing_engine
    from app.services.released import copy_releases

    engine = writing_engine(url, hurried=True)
    rows = copy_releases(engine, anew=anew)
    engine.dispose()
    return rows


def backup(
    path: Annotated[Path, typer.Argument(help="The file to write.")],
    *,
    force: Annotated[bool, typer.Option(help="Replace the file if it is there.")] = False,
) -> None:
    """Write all that the database holds at this moment into a file, while others go on writing.

    It can be restored into a database of either kind. Keep it as safe as the database.
    """
    from app.db.backups import BackupRefusedError, back_up

    with telling(BackupRefusedError, OSError):
        manifest = back_up(settings().database_url, path, force=force)
    typer.echo(f"{sum(table.rows for table in manifest.tables.values())} rows written to {path}")


def restore(
    path: Annotated[Path, typer.Argument(help="A file that `outturn backup` wrote.")],
    *,
    force: Annotated[bool, typer.Option(help="Throw away what the database holds.")] = False,
) -> None:
    """Put back what a backup holds, all or nothing, into a database that is empty."""
    from app.db.archives import ArchiveError
    from app.db.backups import BackupRefusedError
    from app.db.backups import restore as put_back

    with telling(ArchiveError, BackupRefusedError, OSError):
        manifest = put_back(settings().database_url, path, force=force)
    _enter_releases(settings().database_url)
    _copy_releases(settings().database_url)
    typer.echo(f"{sum(table.rows for table in manifest.tables.values())} rows restored from {path}")


def rebuild() -> None:
    """Work out anew what lists are read from, for every release in force."""
    typer.echo(f"{_copy_releases(settings().database_url, anew=True)} rows copied")


@contextmanager
def telling(*errors: type[Exception]) -> Iterator[None]:
    """End with a failure that says what was wrong, the database's own among them."""
    from sqlalchemy.exc import OperationalError

    expected: tuple[type[Exception], ...] = (*errors, OperationalError)
    try:
        yield
    except expected as error:
        typer.echo(f"Nothing was changed: {str(error).splitlines()[0]}.", err=True)
        raise typer.Exit(1) from None


@contextmanager
def session_of(*, reading: bool = False) -> Iterator[Session]:
    """A session of one transaction, committed at the end of the block."""
    from sqlalchemy.orm import Session

    from app.db.connections import reading_engine, writing_engine

    engine = (reading_engine if reading else writing_engine)(settings().database_url)
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    finally:
        engine.dispose()
