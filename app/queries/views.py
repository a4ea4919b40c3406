"""What a question is put to: what is public, what was public, or what some organisations are drafting."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from app.entities import Organisation, Service
from app.queries.visibility import NO_DRAFTS, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection


class View(NamedTuple):
    """What a question is put to: what is public now, what was at a moment, or some organisations' drafts.

    `drafts` are the organisations whose working state is read instead, or all under None, each with the
    slugs of the services that it is read of, or None for all of them.
    """

    moment: datetime | None = None
    drafts: tuple[tuple[str | None, frozenset[str] | None], ...] = ()


PUBLIC = View()


def drafted_by(connection: Connection, view: View) -> str:
    """Whose drafts a view reads, as statements are told: services by their ids, those below included."""
    if not view.drafts:
        return NO_DRAFTS
    wanted = dict(view.drafts)
    found: dict[str, str | None] = {}
    for owner in connection.scalars(select(_ORGANISATIONS)):
        services = _both(wanted, owner)
        if services is None or services:
            found[owner] = None if services is None else _numbered(connection, owner, services)
    return json.dumps(found, sort_keys=True)


def _both(wanted: Mapping[str | None, frozenset[str] | None], owner: str) -> frozenset[str] | None:
    """The services of an organisation that are named for it or for all; None for every one."""
    named = [wanted[name] for name in (None, owner) if name in wanted]
    return None if None in named else frozenset().union(*(part for part in named if part is not None))


def _numbered(connection: Connection, owner: str, services: frozenset[str]) -> str:
    """The ids of services and of those below them as they stand, with a comma around each."""
    rows = connection.execute(_TREE.where(_SERVICES.organisation_id == owner)).all()
    ids = {row.id for row in rows if row.slug in services}
    while below := {row.id for row in rows if row.parent_id in ids} - ids:
        ids |= below
    return f",{','.join(map(str, sorted(ids)))},"


_SERVICES = table(Service, "service").c
_TREE = select(_SERVICES.id, _SERVICES.slug, _SERVICES.parent_id).where(_SERVICES.replaced_in.is_(None))
_ORGANISATIONS = table(Organisation, "organisation").c.id
