"""The copies that releases leave behind: which list each is of, and whether they may be read.

A copy holds what the rules gave for each row of a list when its organisation's release was made, and
that row as JSON. It may be read while it is of every release in force, by the rules of this program.
Whatever else is asked goes through the rules.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.entities import ReleasedCopy
from app.queries.visibility import releases_in_force, seen_at, table

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

_DECIDING = ("rules", "db", "entities", "queries")
"""The parts of the program that decide what a copied row holds."""


@cache
def digest_of_rules() -> str:
    """What a copy is marked with: other rules, or others' statements, and it is made anew."""
    digest = hashlib.sha256()
    for part in _DECIDING:
        for file in sorted((Path(__file__).parents[1] / part).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:32]


def uncopied(connection: Connection, now: datetime) -> list[str]:
    """The organisations whose copies are not those of their release in force, by these rules."""
    v, copy = releases_in_force(), table(ReleasedCopy, "copy")
    wanted = select(v.c.organisation_id, v.c.release)
    found = select(copy.c.organisation_id, copy.c.release_id, copy.c.rules)
    releases = {
        owner: (release, digest_of_rules()) for owner, release in connection.execute(wanted, seen_at(now))
    }
    copies = {owner: tuple(of) for owner, *of in connection.execute(found)}
    return sorted(owner for owner in releases | copies if releases.get(owner) != copies.get(owner))
