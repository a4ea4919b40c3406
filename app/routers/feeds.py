"""Atom feeds: of releases, and of statuses that changed with one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from app.db.moments import instant_text
from app.feeds.atom import MEDIA_TYPE, Entry, Item, atom
from app.feeds.datasets import DATASETS, LICENCE
from app.queries.catalogue import councils, latest_steps
from app.queries.changes.found import Scope
from app.queries.changes.statuses import look_after, turns
from app.queries.organisations import ORGANISATIONS
from app.routers.catalogue import answers_in, site_of, stamped
from app.routers.deps import Read, check_known
from app.schemas.catalogue import EntriesQuery

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from datetime import datetime

    from app.feeds.descriptions import Site
    from app.queries.catalogue import Council
    from app.queries.changes.statuses import Look, Standings
    from app.queries.changes.windows import Window
    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.routers.deps import Asker

router = APIRouter(prefix="/feeds", tags=["catalogue"])
MOST_RELEASES = 100
"""How many releases, newest first, are held against the one before for a feed of statuses."""
Asked = Annotated[EntriesQuery, Query()]


class _Found(NamedTuple):
    """What a feed is about: councils by id, and their releases but the first, each held against another."""

    councils: dict[str, Council]
    steps: list[Window]


class _Told(NamedTuple):
    """What a feed is called, and its entries."""

    name: str
    title: str
    entries: list[Entry]


@router.get("/releases.atom", response_class=Response, responses=answers_in(MEDIA_TYPE))
async def get_releases_feed(query: Asked, request: Request, read: Read) -> Response:
    """What was released, as a feed: an entry for each release, the newest first, with its files for good."""
    site = site_of(request)
    found = await read(_found, query)
    entries = [
        _of_release(site, council, number)
        for council in found.councils.values()
        for number in range(len(council.releases))
    ]
    entries.sort(key=lambda entry: entry.updated, reverse=True)
    title = "Releases of council performance data"
    return _feed(request, query, found, _Told("releases", title, entries[: query.limit]))


@router.get("/statuses.atom", response_class=Response, responses=answers_in(MEDIA_TYPE))
async def get_statuses_feed(query: Asked, request: Request, read: Read) -> Response:
    """Statuses that changed with a release, as a feed: an entry for each measure, the newest releases first.

    A release is held against the one before of its organisation, as the list of status changes does it.
    """
    site = site_of(request)
    found = await read(_found, query)
    entries: list[Entry] = []
    for step in found.steps[:MOST_RELEASES]:
        if len(entries) >= query.limit:
            break
        council = found.councils[step.organisation]
        entries += [_of_turn(site, council, step, row) async for row in _turned(read, step)]
    title = "Changes of status in council performance"
    return _feed(request, query, found, _Told("statuses", title, entries[: query.limit]))


def _found(reading: Reading, query: EntriesQuery) -> _Found:
    if query.organisation:
        check_known(reading, ORGANISATIONS, "organisation", query.organisation)
    named = tuple(query.organisation)
    theirs = {each.id: each for each in councils(reading) if not named or each.id in named}
    return _Found(theirs, latest_steps(reading, named))


async def _turned(read: Asker, step: Window) -> AsyncIterator[Row]:
    """The statuses that changed with a release, in the order of measures."""
    place, scope = None, Scope()
    while look := await read(look_after, [step], scope, place):
        before, after = await _standings(read, look, look.before), await _standings(read, look, look.after)
        for row in turns(look, before, after, scope):
            yield row
        place = look.last


async def _standings(read: Asker, look: Look, moment: datetime | None) -> Standings:
    """How measures stood when a release came into force; nothing did before the first."""
    return {} if moment is None else await read.at(moment)(look.standings)


def _of_release(site: Site, council: Council, number: int) -> Entry:
    release = council.releases[number]
    sections = [("Datasets, as they were released", list(_datasets(site, council, number)))]
    if number:
        asked = urlencode({"from": council.releases[number - 1].id, "to": release.id})
        changed = [
            Item("Cell by cell", f"{site.base}/v1/changes?{asked}"),
            Item("Statuses", f"{site.base}/v1/changes/statuses?{asked}"),
        ]
        sections.append(("What changed", changed))
    return Entry(
        name=f"releases/{release.id}",
        title=f"{council.name}: {release.note}",
        author=council.name,
        updated=instant_text(release.published_at),
        href=f"{site.base}/v1/releases/{release.id}",
        summary=release.note,
        sections=sections,
    )


def _datasets(site: Site, council: Council, number: int) -> Iterator[Item]:
    """The files of a release that stay, of the datasets that there were by then."""
    release = council.releases[number]
    for dataset in DATASETS:
        holding = council.holdings.get(dataset.name)
        if holding is not None and holding.issued <= release.published_at:
            href = f"{site.base}/v1/releases/{release.id}/datasets/{dataset.name}.csv"
            yield Item(f"{dataset.title} (CSV)", href)


def _of_turn(site: Site, council: Council, step: Window, row: Row) -> Entry:
    """What became of a measure's status, and why it stood as it did before and does now."""
    before, after = (
        (row[side]["status_label"] or row[side]["status"].replace("_", " "), row[side])
        for side in ("before", "after")
    )
    told = [
        Item(f"{word}, {there['period']}", site.base + there["explain"]) for word, there in (before, after)
    ]
    [release] = step.brought
    return Entry(
        name=f"statuses/{release.id}/{row['id']}",
        title=f"{council.name}: {row['title']}, {row['period']}: {before[0]}, now {after[0]}",
        author=council.name,
        updated=instant_text(release.published_at),
        href=f"{site.base}/v1/observations/{row['id']}",
        summary=f"{row['transition'].replace('_', ' ').capitalize()}, with: {release.note}",
        sections=[("Before", told[:1]), ("Now", told[1:])],
    )


def _feed(request: Request, query: EntriesQuery, found: _Found, told: _Told) -> Response:
    named = sorted(set(query.organisation))
    asked = urlencode([("organisation", each) for each in named])
    href = f"{site_of(request).base}/feeds/{told.name}.atom{f'?{asked}' if asked else ''}"
    body = atom(" ".join([told.name, *named]), told.title, href, LICENCE, told.entries)
    return stamped(request, body, MEDIA_TYPE, found.councils.values())
