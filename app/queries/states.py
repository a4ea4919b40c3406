"""What an answer about releases depends on: which of them are out, and since when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import func, select

from app.db.moments import in_utc, instant_text
from app.entities import Release
from app.queries.visibility import NOW, table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from app.queries.editions import Edition, Reading

BESIDE = timedelta(minutes=1)
"""How long before another a release may have come and still be seen after it."""
_release = table(Release, "release").c
_RELEASED = (
    select(_release.organisation_id, func.count(), func.max(_release.id), func.max(_release.published_at))
    .where(_release.published_at <= NOW)
    .group_by(_release.organisation_id)
    .order_by(_release.organisation_id)
)
_known: WeakKeyDictionary[Edition, dict[str, tuple[str, datetime]]] = WeakKeyDictionary()


class State(NamedTuple):
    """Two answers to one question are the same where their marks are; `since` is when it came to this.

    Where it is `certain`, no other answer to the question has been of that second.
    """

    mark: str
    since: datetime | None
    certain: bool = False


def state_of(reading: Reading, organisations: Collection[str] | None = None) -> State:
    """What is out of some organisations, or of all: of each how many releases, and the newest.

    A release is never changed, and what is made of one organisation's facts depends on no other's. Drafts
    and releases to come have no part in it.
    """
    edition = reading.edition
    known = _known.get(edition)
    if known is None:
        known = _known[edition] = dict(_read(reading))
    asked = known if organisations is None else {name: known[name] for name in organisations if name in known}
    mark = " ".join(asked[name][0] for name in sorted(asked))
    return State(mark, max((since for _, since in asked.values()), default=None))


def stands_alone(moments: Iterable[datetime]) -> bool:
    """Whether the newest of some releases' moments tells what there is since from what there was before.

    A date in a header has whole seconds, and a release is seen some moments after its own.
    """
    newest = sorted(moments, reverse=True)[:2]
    return all(newest[0] - before > BESIDE for before in newest[1:])


def _read(reading: Reading) -> list[tuple[str, tuple[str, datetime]]]:
    return [
        (owner, (f"{owner}:{many}:{newest}:{instant_text(since)}", in_utc(since)))
        for owner, many, newest, since in reading.execute(_RELEASED)
    ]
