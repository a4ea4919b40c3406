"""Commands about keys: given out, listed and ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from app.cli.databases import session_of, telling


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
    with session_of() as session:
        unknown = unknown_places(session, given)
        key, text = make_key(session, name, given, COMMAND, until, reason=reason)
    for grant in unknown:
        typer.echo(f"Nothing is called {'/'.join(filter(None, grant[1:]))} yet.", err=True)
    typer.echo(f"Key {key.prefix} for {name}. It is shown this once:", err=True)
    typer.echo(text)


def list_keys() -> None:
    """List every key there ever was: its prefix, what it is good for, whether it counts, and its name."""
    from app.services.keys import keys as given_out
    from app.services.keys import standing

    with session_of(reading=True) as session:
        listed = given_out(session)
    for key, grants in listed:
        held = ", ".join(map(str, grants))
        typer.echo(f"{key.prefix}  {standing(key, datetime.now(UTC))}  {held}  {key.name}")


def revoke_key(
    prefix: Annotated[str, typer.Argument(help="The eight characters after outturn_ in the key.")],
    reason: Annotated[str, typer.Option(help="Why; the audit keeps it.")] = "",
) -> None:
    """End a key at once: the next request that shows it is refused."""
    from app.services import keys as held
    from app.services.versions import COMMAND

    with telling(held.UnknownKeyError), session_of() as session:
        key = held.revoke_key(session, prefix, COMMAND, reason=reason)
    typer.echo(f"Key {prefix} for {key.name}: {held.standing(key, datetime.now(UTC))}", err=True)
