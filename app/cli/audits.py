"""Commands about what was done: whether the audit holds, and what changed between releases."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.databases import session_of
from app.settings import settings

NOBODY = "-"
"""What stands for the chain of what concerns no organisation in particular."""


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
    with session_of(reading=True) as session:
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
