"""Copying what a release holds, so that lists read it fast."""

from contextlib import closing
from datetime import UTC, datetime

import orjson
from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.orm import Session

from app.queries.columns import written
from app.queries.editions import Editions, Reading
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
    copies = table("released_copy")
    session.execute(delete(copies).where(copies.c.organisation_id == organisation_id))
    reading = Editions(copies=False).reading(session.connection())
    v = releases_in_force()
    release = reading.execute(select(v.c.release).where(v.c.organisation_id == organisation_id)).scalar()
    rows = sum(_copy(reading, listing, organisation_id) for listing in COPIED)
    if release is not None:
        made = {"organisation_id": organisation_id, "release_id": release, "rules": digest_of_rules()}
        session.execute(insert(copies).values(made))
    return rows


def _copy(reading: Reading, listing: Listing, organisation_id: str) -> int:
    copy = listing.copy
    assert copy is not None  # noqa: S101 - said of every list that is copied
    reading.execute(delete(copy).where(copy.c.organisation == organisation_id))
    copied = 0
    of_theirs = (Filter("organisation", "in", (organisation_id,)),)
    with closing(every(reading, listing, of_theirs, AT_ONCE)) as parts:
        for rows in parts:
            answers = written(listing.fields, rows)
            made = [
                {**dict(zip(listing.names, row, strict=True)), "answer": orjson.dumps(answer).decode()}
                for row, answer in zip(rows, answers, strict=True)
            ]
            reading.connection.execute(insert(copy), made)
            copied += len(made)
    return copied


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
