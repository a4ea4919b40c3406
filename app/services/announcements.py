"""What there is to announce: releases that came into force, and actions that became overdue since then.

Nothing is noted of what was looked at: an announcement that is made again writes no second message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.db.moments import in_utc
from app.queries.actions import ACTIONS_LIST
from app.queries.editions import Editions
from app.queries.listings import Filter
from app.queries.scorecards.rows import every_row
from app.queries.transitions import standings, transitions_between
from app.queries.views import View
from app.rules.actions import overdue
from app.rules.vocabulary import ActionStatus
from app.services.deliveries import Announcement
from app.services.drafting import table
from app.services.signatures import message_id
from app.services.webhooks import Event

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.queries.columns import Row
    from app.queries.editions import Reading
    from app.queries.transitions import Transition

LOOK_BACK = timedelta(days=7)
"""How far back it is looked: what happened while no sender ran for longer is not announced."""
MOST_TOLD = 20
"""How many measures one message names of each sort; it says how many there are."""
_LONDON = ZoneInfo("Europe/London")
_INSTANT = timedelta(microseconds=1)
_DONE = frozenset({ActionStatus.completed, ActionStatus.cancelled, ActionStatus.overdue})


class Look(NamedTuple):
    """What was found to announce, and names for all that was looked at, so that it need not be again."""

    announcements: list[Announcement]
    looked_at: frozenset[str]


class _Listener(NamedTuple):
    """A webhook: what it is to be told, and since when."""

    secret: str
    events: frozenset[str]
    since: datetime


class _Wanted(NamedTuple):
    """What an organisation's webhooks want to be told of."""

    listeners: tuple[_Listener, ...]

    @property
    def events(self) -> frozenset[str]:
        """What some of them wants."""
        return frozenset().union(*(listener.events for listener in self.listeners))

    @property
    def since(self) -> datetime:
        """Since when there has been one."""
        return min(listener.since for listener in self.listeners)


class _Released(NamedTuple):
    """A release that came into force."""

    id: int
    organisation: str
    published_at: datetime
    note: str
    as_of: date | None
    period: str | None
    service: str | None
    corrects: int | None


def look_around(
    connection: Connection, now: datetime, looked_at: frozenset[str] = frozenset(), base: str = ""
) -> Look:
    """What came into force or fell due lately in organisations that have webhooks; links begin with `base`.

    What is named as looked at is passed over. Costs one statement where nobody wants to be told.
    """
    wanted = _wanted(connection)
    if not wanted:
        return Look([], looked_at)
    found: list[Announcement] = []
    seen: set[str] = set()
    released = set()
    for release in _releases(connection, wanted, now):
        theirs = wanted[release.organisation]
        if _name(release) in looked_at:
            continue
        seen.add(_name(release))
        if not _is_announced(connection, release, theirs):
            found += _of_release(connection, release, theirs, base)
            released.add(release.organisation)
    today = now.astimezone(_LONDON).date()
    for owner, theirs in wanted.items():
        day = f"day {owner} {today}"
        if Event.action_overdue in theirs.events and (owner in released or day not in looked_at):
            found += _fallen_due(connection, owner, (theirs.since, now), base)
            seen.add(day)
    return Look(found, looked_at | seen)


def _name(release: _Released) -> str:
    return f"release {release.id}"


def _wanted(connection: Connection) -> dict[str, _Wanted]:
    webhooks = table("webhook").c
    query = select(webhooks.organisation_id, webhooks.secret, webhooks.events, webhooks.made_at).where(
        webhooks.ended_at.is_(None)
    )
    found: dict[str, list[_Listener]] = {}
    for owner, secret, events, made_at in connection.execute(query):
        listener = _Listener(secret, frozenset(events.split(",")), in_utc(made_at))
        found.setdefault(owner, []).append(listener)
    return {owner: _Wanted(tuple(listeners)) for owner, listeners in found.items()}


def _is_announced(connection: Connection, release: _Released, wanted: _Wanted) -> bool:
    """Whether a release was announced by whoever looked first, and with it all that came of it.

    Only webhooks that are told of releases can show that.
    """
    names = {
        message_id(listener.secret, Event.release_published, str(release.id))
        for listener in wanted.listeners
        if Event.release_published in listener.events and listener.since <= release.published_at
    }
    deliveries = table("webhook_delivery").c
    query = select(func.count()).where(deliveries.id.in_(names))
    return bool(names) and connection.scalar(query) == len(names)


def _releases(connection: Connection, wanted: Mapping[str, _Wanted], now: datetime) -> list[_Released]:
    """What came into force lately, and since somebody there wants to be told; the earliest first."""
    release, service = table("release").c, table("subject").c
    query = (
        select(
            release.id,
            release.organisation_id,
            release.published_at,
            release.note,
            release.as_of,
            release.period_id,
            service.key,
            release.corrects_id,
        )
        .select_from(table("release").outerjoin(table("subject"), service.id == release.service_id))
        .where(release.published_at > now - LOOK_BACK, release.published_at <= now)
        .order_by(release.published_at, release.id)
    )
    rows = (_Released._make(row) for row in connection.execute(query))
    stated = (row._replace(published_at=in_utc(row.published_at)) for row in rows)
    return [
        row
        for row in stated
        if row.organisation in wanted and row.published_at >= wanted[row.organisation].since
    ]


def _of_release(
    connection: Connection, release: _Released, wanted: _Wanted, base: str
) -> Iterator[Announcement]:
    about = _about(release, base)

    def announcement(event: Event, subject: str, data: Mapping[str, Any]) -> Announcement:
        return Announcement(release.organisation, event, subject, release.published_at, {**about, **data})

    if Event.release_published in wanted.events:
        yield announcement(Event.release_published, str(release.id), {})
    if wanted.events <= {Event.release_published}:
        return
    editions = Editions(copies=False)
    before, after = (
        editions.reading(connection, View(moment=moment))
        for moment in (release.published_at - _INSTANT, release.published_at)
    )
    if Event.status_changed in wanted.events and (changed := _changed(before, after, release, base)):
        yield announcement(Event.status_changed, str(release.id), changed)
    if Event.action_overdue in wanted.events:
        known = {_due(row) for row in _overdue(before, release.organisation)}
        for row in _overdue(after, release.organisation):
            if _due(row) not in known:
                yield announcement(Event.action_overdue, _due(row), _action(row, row["as_of"], base))


def _about(release: _Released, base: str) -> dict[str, Any]:
    stated = release._asdict()
    names = ("id", "published_at", "note", "as_of", "period", "service", "corrects")
    return {
        "organisation": release.organisation,
        "release": {
            **{name: stated[name] for name in names},
            "href": f"{base}/v1/releases/{release.id}",
        },
    }


def _changed(before: Reading, after: Reading, release: _Released, base: str) -> dict[str, Any]:
    """What a release made missed, and what recovered with it; nothing where neither is."""
    owner = release.organisation
    became_missed, recovered = transitions_between(standings(before, owner), standings(after, owner))
    if not became_missed and not recovered:
        return {}
    return {
        "became_missed_total": len(became_missed),
        "became_missed": [_transition(each, base) for each in became_missed[-MOST_TOLD:]],
        "recovered_total": len(recovered),
        "recovered": [_transition(each, base) for each in recovered[-MOST_TOLD:]],
    }


def _transition(pair: Transition, base: str) -> dict[str, Any]:
    now = pair.after
    href = f"{base}/v1/observations/{now.id}"
    return {
        **{name: getattr(now, name) for name in ("id", "indicator_key", "title", "service")},
        "before": {name: getattr(pair.before, name) for name in ("period", "status", "status_label")},
        "after": {name: getattr(now, name) for name in ("period", "status", "status_label")},
        "href": href,
        "explain": f"{href}/explain",
    }


def _overdue(reading: Reading, owner: str) -> list[Row]:
    theirs = Filter("organisation", "in", (owner,))
    return every_row(reading, ACTIONS_LIST, (theirs, Filter("status", "in", (ActionStatus.overdue,))))


def _fallen_due(
    connection: Connection, owner: str, within: tuple[datetime, datetime], base: str
) -> Iterator[Announcement]:
    """Actions in force that are not done, whose due date passed lately, by London's day, since one asks."""
    since, now = within
    reading = Editions(copies=False).reading(connection, View(moment=now))
    today = now.astimezone(_LONDON).date()
    for row in every_row(reading, ACTIONS_LIST, (Filter("organisation", "in", (owner,)),)):
        if row["status"] in _DONE or row["due_date"] is None:
            continue
        due = date.fromisoformat(row["due_date"])
        passed = datetime.combine(due + timedelta(days=1), time(), _LONDON)
        if passed >= max(since, now - LOOK_BACK) and overdue.of(due_date=due, as_of=today):
            data = {"organisation": owner, "release": None, **_action(row, today.isoformat(), base)}
            yield Announcement(owner, Event.action_overdue, _due(row), passed.astimezone(UTC), data)


def _due(row: Row) -> str:
    """An action and its due date: what is overdue once."""
    return f"{row['id']} {row['due_date']}"


def _action(row: Row, overdue_on: str, base: str) -> dict[str, Any]:
    """An action that is overdue on a day; its status is that of the day that its report speaks of."""
    names = ("id", "code", "title", "service", "due_date", "progress", "as_of", "status", "status_label")
    href = f"{base}/v1/actions/{row['id']}"
    action = {**{name: row[name] for name in names}, "href": href, "explain": f"{href}/explain"}
    return {"overdue_on": overdue_on, "action": action}
