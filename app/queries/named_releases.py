"""Releases by number, and the one in force of an organisation: what a file of one is known by."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, select

from app.db.moments import in_utc, instant_text
from app.entities import Release, Revision
from app.queries.visibility import NOW, releases_in_force, table

if TYPE_CHECKING:
    from sqlalchemy import Select

    from app.queries.editions import Reading


class NamedRelease(NamedTuple):
    """A release that has come into force.

    No other has the same `mark`, in whichever database: it says when its facts were written, to the
    microsecond, besides who released them, and when.
    """

    id: int
    organisation: str
    revision: int
    published_at: datetime
    mark: str


def release_numbered(reading: Reading, number: int) -> NamedRelease | None:
    """The release with a number, once it has come into force."""
    return next(iter(_found(reading, _NUMBERED, {"number": number})), None)


def release_in_force(reading: Reading, organisation: str) -> NamedRelease | None:
    """What an organisation released last."""
    return next(iter(_found(reading, _IN_FORCE, {"organisation": organisation})), None)


def releases_since(reading: Reading, moment: datetime) -> list[NamedRelease]:
    """The releases that have come into force since a moment, oldest first."""
    return _found(reading, _SINCE, {"moment": moment})


def releases_of(reading: Reading, organisation: str) -> list[NamedRelease]:
    """The releases of an organisation that have come into force, oldest first."""
    return _found(reading, _EACH, {"organisation": organisation})


def all_in_force(reading: Reading) -> list[NamedRelease]:
    """What each organisation released last."""
    return _found(reading, _ALL, {})


def _found(reading: Reading, statement: Select[Any], asked: dict[str, Any]) -> list[NamedRelease]:
    return [
        NamedRelease(
            number,
            owner,
            revision,
            in_utc(published),
            f"{owner} {number} {revision} {instant_text(published)} {instant_text(made)}",
        )
        for number, owner, revision, published, made in reading.execute(statement, asked)
    ]


_release, _revision = table(Release, "f"), table(Revision, "made")
_RELEASED = (
    select(
        _release.c.id,
        _release.c.organisation_id,
        _release.c.revision_id,
        _release.c.published_at,
        _revision.c.made_at,
    )
    .join(_revision, _revision.c.id == _release.c.revision_id)
    .where(_release.c.published_at <= NOW)
)
_NUMBERED = _RELEASED.where(_release.c.id == bindparam("number"))
_IN_FORCE = (
    _RELEASED.where(_release.c.organisation_id == bindparam("organisation"))
    .order_by(_release.c.published_at.desc(), _release.c.id.desc())
    .limit(1)
)
_v = releases_in_force()
_ALL = _RELEASED.join(_v, _v.c.release == _release.c.id)
_EACH = _RELEASED.where(_release.c.organisation_id == bindparam("organisation")).order_by(
    _release.c.published_at, _release.c.id
)
_SINCE = _RELEASED.where(_release.c.published_at > bindparam("moment")).order_by(
    _release.c.published_at, _release.c.id
)
