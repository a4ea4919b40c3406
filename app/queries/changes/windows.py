"""Which two states of each organisation's facts are held against one another."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from app.db.moments import in_utc
from app.entities import Release, Revision
from app.errors import Fault, InvalidParameter
from app.queries.visibility import NO_DRAFTS, NOW, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.queries.editions import Reading

End = int | datetime
"""A release by its id, or a moment."""


class Span(NamedTuple):
    """From where to where it is asked: from the release before to what there is now, if nothing is said."""

    start: End | None = None
    end: End | None = None
    organisations: tuple[str, ...] = ()
    """None is all."""


class Released(NamedTuple):
    """A release: the revision that it published, and what it says of itself."""

    id: int
    organisation: str
    revision: int
    published_at: datetime
    note: str


class Drafts(NamedTuple):
    """The working state of an organisation, of some services by their ids or, under None, of all."""

    revision: int
    services: frozenset[int] | None


class Window(NamedTuple):
    """Two states of an organisation: what was public, and what is after some releases, or is drafted."""

    organisation: str
    before: Released | None
    """None where nothing was public."""
    brought: tuple[Released, ...]
    """The releases since, in the order in which they came into force."""
    drafts: Drafts | None = None

    @property
    def start(self) -> int:
        """The revision of the state before; 0 for nothing."""
        return 0 if self.before is None else self.before.revision

    @property
    def end(self) -> int:
        """The revision of the state after."""
        if self.drafts is not None:
            return self.drafts.revision
        return self.brought[-1].revision if self.brought else self.start

    @property
    def after(self) -> Released | None:
        """The release that is in force at the end, if there is one."""
        return self.brought[-1] if self.brought else self.before


def windows_of(reading: Reading, span: Span) -> list[Window]:
    """The organisations whose states differ, or may, in the order of their ids.

    Raises InvalidParameter for a release that is not out, releases of two organisations, an end before
    its start, or an end beside drafts.
    """
    drafted, drafting = _drafted(reading), reading.drafted != NO_DRAFTS
    if drafting and span.end is not None:
        raise refused("to", "cannot_combine", "does not go with view=draft, which ends at the drafts")
    releases = _releases(reading)
    named = _named(span, releases)
    found = []
    for owner in sorted(releases.keys() | drafted.keys()):
        if (not span.organisations or owner in span.organisations) and (named is None or owner == named):
            window = _window(owner, releases.get(owner, []), span, drafted.get(owner), drafting=drafting)
            if window.brought or window.drafts is not None:
                found.append(window)
    return found


def refused(parameter: str, code: str, message: str) -> InvalidParameter:
    """The error for a parameter that cannot be as it is."""
    return InvalidParameter(f"{parameter} {message}.", faults=(Fault(code, message, parameter=parameter),))


def _releases(reading: Reading) -> Mapping[str, list[Released]]:
    """The releases that are out by organisation, in the order in which they came into force."""
    release = table(Release, "r").c
    query = (
        select(release.id, release.organisation_id, release.revision_id, release.published_at, release.note)
        .where(release.published_at <= NOW)
        .order_by(release.published_at, release.id)
    )
    found: dict[str, list[Released]] = defaultdict(list)
    for row in map(Released._make, reading.execute(query)):
        found[row.organisation].append(row._replace(published_at=in_utc(row.published_at)))
    return found


def _drafted(reading: Reading) -> Mapping[str, Drafts]:
    """The organisations whose drafts are read and that have any."""
    if reading.drafted == NO_DRAFTS:
        return {}
    wanted: dict[str, str | None] = json.loads(reading.drafted)
    revision = table(Revision, "made").c
    query = select(revision.organisation_id, func.max(revision.id)).group_by(revision.organisation_id)
    return {
        owner: Drafts(newest, _numbers(wanted[owner]))
        for owner, newest in reading.execute(query)
        if owner in wanted
    }


def _numbers(services: str | None) -> frozenset[int] | None:
    return None if services is None else frozenset(int(part) for part in services.split(",") if part)


def _named(span: Span, releases: Mapping[str, Sequence[Released]]) -> str | None:
    """The organisation of the releases that are named, if any is."""
    owners = {release.id: owner for owner, theirs in releases.items() for release in theirs}
    found: set[str] = set()
    for parameter, end in (("from", span.start), ("to", span.end)):
        if isinstance(end, int):
            if end not in owners or (span.organisations and owners[end] not in span.organisations):
                raise refused(parameter, "unknown_value", "names no release of what is asked for")
            found.add(owners[end])
            if len(found) > 1:
                raise refused(parameter, "cannot_combine", "is a release of another organisation")
    return found.pop() if found else None


def _window(
    owner: str, releases: Sequence[Released], span: Span, drafts: Drafts | None, *, drafting: bool
) -> Window:
    last = len(releases) if span.end is None else _place(releases, span.end)
    first = last if drafting else max(last - 1, 0)
    if span.start is not None:
        first = _place(releases, span.start)
    if first > last or _is_after(span):
        raise refused("from", "out_of_order", "must not be later than to")
    before = releases[first - 1] if first else None
    return Window(owner, before, tuple(releases[first:last]), drafts)


def _place(releases: Sequence[Released], end: End) -> int:
    """How many releases were in force up to an end, itself included."""
    if isinstance(end, int):
        return [release.id for release in releases].index(end) + 1
    return bisect_right([release.published_at for release in releases], end)


def _is_after(span: Span) -> bool:
    return isinstance(span.start, datetime) and isinstance(span.end, datetime) and span.start > span.end
