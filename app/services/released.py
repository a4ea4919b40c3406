"""Copying what a release holds, so that lists read it fast."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.orm import Session

from app.db.connections import dialect_of
from app.queries.columns import written
from app.queries.editions import Editions, Reading
from app.queries.exports import print_copies
from app.queries.listings import Filter, Listing, every
from app.queries.observations import OBSERVATIONS
from app.queries.released import digest_of_rules, uncopied
from app.queries.visibility import releases_in_force, seen_at
from app.services.drafting import table
from app.services.versions import lock_organisation

COPIED = (OBSERVATIONS,)
"""The lists whose rows releases leave behind."""
AT_ONCE = 1000
"""How many rows are worked out and written at a time."""


def copy_release(session: Session, organisation_id: str) -> int:
    """Make the copies of an organisation's release in force anew, and say how many rows they have.

    Does not commit. An organisation without a release in force is left without copies.
    """
    lock_organisation(session, organisation_id)
    reading = Editions(copies=False).reading(session.connection())
    release = _in_force(reading, organisation_id)
    _forget(session, organisation_id, release, digest_of_rules())
    copied = 0
    for listing, made in _parts(reading, organisation_id):
        _add(session, listing, made)
        copied += len(made)
    return copied


def copy_in_parts(
    reading: Connection, do: Callable[[Callable[[Session], None]], None], organisation_id: str
) -> int:
    """The same, each part in a transaction of its own, so that others write in between.

    Nothing is read from copies until the last part is there. Where another release comes into force on the
    way, or somebody else begins to copy, what was begun is left to them. Says how many rows were copied.
    """
    state = Editions(copies=False).reading(reading)
    release, mark = _in_force(state, organisation_id), f"making {secrets.token_hex(8)}"
    do(lambda session: _forget(session, organisation_id, release, mark))
    copied = 0
    try:
        for listing, made in _parts(state, organisation_id):
            do(partial(_add_part, organisation_id, mark, listing, made))
            copied += len(made)
        do(lambda session: _end(session, organisation_id, release, mark))
    except _OvertakenError:
        return 0
    return copied


class _OvertakenError(Exception):
    """Somebody else makes these copies now."""


def _in_force(reading: Reading, organisation_id: str) -> int | None:
    v = releases_in_force()
    found: int | None = reading.execute(
        select(v.c.release).where(v.c.organisation_id == organisation_id)
    ).scalar()
    return found


def _forget(session: Session, organisation_id: str, release: int | None, rules: str) -> None:
    """Throw away what there is of an organisation, and say of which release there will be copies."""
    copies = table("released_copy")
    session.execute(delete(copies).where(copies.c.organisation_id == organisation_id))
    for listing in COPIED:
        for copy in (listing.copy, listing.lines):
            if copy is not None:
                session.execute(delete(copy).where(copy.c.organisation == organisation_id))
    if release is not None:
        made = {"organisation_id": organisation_id, "release_id": release, "rules": rules}
        session.execute(insert(copies).values(made))


def _parts(reading: Reading, organisation_id: str) -> Iterator[tuple[Listing, list[dict[str, Any]]]]:
    """What each copied list has of an organisation, some rows at a time."""
    of_theirs = (Filter("organisation", "in", (organisation_id,)),)
    for listing in COPIED:
        with closing(every(reading, listing, of_theirs, AT_ONCE)) as parts:
            for rows in parts:
                answers = map(orjson.dumps, written(listing.fields, rows))
                cells = (dict(zip(listing.names, row, strict=True)) for row in rows)
                made = [{**row, "answer": said.decode()} for row, said in zip(cells, answers, strict=True)]
                yield listing, made


def _add(session: Session, listing: Listing, made: list[dict[str, Any]]) -> None:
    """Add copied rows and, of a list that has them, their lines, printed where the rows are."""
    assert listing.copy is not None  # noqa: S101 - said of every list that is copied
    session.execute(insert(listing.copy), made)
    if listing.lines is not None:
        printed = print_copies(listing, [row["id"] for row in made], dialect_of(session.connection()))
        session.execute(insert(listing.lines).from_select(["id", "organisation", "line"], printed))


def _add_part(
    organisation_id: str, mark: str, listing: Listing, made: list[dict[str, Any]], session: Session
) -> None:
    _check_mark(session, organisation_id, mark)
    _add(session, listing, made)


def _end(session: Session, organisation_id: str, release: int | None, mark: str) -> None:
    _check_mark(session, organisation_id, mark)
    v, copies = releases_in_force(), table("released_copy")
    now = session.scalar(
        select(v.c.release).where(v.c.organisation_id == organisation_id), seen_at(datetime.now(UTC))
    )
    if now != release:
        raise _OvertakenError
    theirs = copies.c.organisation_id == organisation_id
    session.execute(update(copies).where(theirs).values(rules=digest_of_rules()))


def _check_mark(session: Session, organisation_id: str, mark: str) -> None:
    copies = table("released_copy").c
    theirs = select(copies.rules).where(copies.organisation_id == organisation_id).with_for_update()
    if session.scalar(theirs) != mark:
        raise _OvertakenError


def copy_releases(engine: Engine, *, anew: bool = False) -> int:
    """Make the copies that are missing or out of date, or all anew; say how many rows that were.

    Commits after each organisation, so that what is done stays done.
    """
    with engine.connect() as connection:
        now = datetime.now(UTC)
        v = select(releases_in_force().c.organisation_id)
        everyone = connection.execute(v, seen_at(now)).scalars()
        owners = sorted({*uncopied(connection, now), *(everyone if anew else ())})
    rows = 0
    for owner in owners:
        with Session(engine) as session, session.begin():
            rows += copy_release(session, owner)
    return rows
