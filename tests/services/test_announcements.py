"""What there is to announce: releases, what became missed or recovered, and what became overdue."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.cli import DEMO
from app.imports.reports import read_report
from app.schemas.messages import ActionOverdue, ReleasePublished, StatusChanged
from app.services.announcements import LOOK_BACK, look_around
from app.services.deliveries import Announcement, announce_all, claim_messages
from app.services.loading import load_report
from app.services.releases import Publication, publish
from app.services.webhooks import Event
from tests.queries.reports import BROXTOWE, THURROCK, add, change, copied, rewrite
from tests.services.messages import EVERY_EVENT, make_webhook

FIRST = datetime(2019, 9, 27, 9, tzinfo=UTC)
SECOND = FIRST + timedelta(days=5)
NOW = SECOND + timedelta(minutes=1)
Q1 = {"period": "2016-17-q1"}
MESSAGE: TypeAdapter[ReleasePublished | StatusChanged | ActionOverdue] = TypeAdapter(
    Annotated[ReleasePublished | StatusChanged | ActionOverdue, Field(discriminator="type")]
)
"""Any message, as the contract describes it."""


@pytest.fixture(scope="module")
def released(engine: Engine) -> Engine:
    """Two councils, each with a first release."""
    for name in (THURROCK, BROXTOWE):
        with Session(engine) as session, session.begin():
            release(session, DEMO / name, FIRST)
    return engine


@pytest.fixture
def session(released: Engine) -> Iterator[Session]:
    """Give a session whose work is rolled back."""
    with Session(released) as session:
        yield session
        session.rollback()


@pytest.fixture
def thurrock(tmp_path: Path) -> Path:
    return copied(THURROCK, tmp_path)


@pytest.fixture
def broxtowe(tmp_path: Path) -> Path:
    return copied(BROXTOWE, tmp_path)


def release(session: Session, report: Path, at: datetime = SECOND) -> int:
    """Load a report and make it public at some moment."""
    loaded = load_report(session, read_report(report), "loaded")
    assert loaded.revision_id is not None
    wanted = Publication("Told of", publish_at=at, as_of=date(2019, 9, 10))
    made = publish(session, loaded.organisation_id, loaded.revision_id, wanted)
    assert made.id is not None
    return made.id


def told(session: Session, event: Event, now: datetime = NOW) -> list[Announcement]:
    found = look_around(session.connection(), now).announcements
    return [announcement for announcement in found if announcement.event == event]


def make_listener(session: Session, organisation: str, since: datetime = SECOND, *events: Event) -> None:
    make_webhook(session, organisation=organisation, made_at=since, events=events or EVERY_EVENT)


def measured(report: Path, indicator: str, value: str) -> None:
    change(report, "observations.csv", {"indicator": indicator, **Q1}, value=value)


def sent(session: Session, announcements: list[Announcement]) -> list[str]:
    """The bodies that are sent of announcements."""
    announce_all(session, announcements)
    return [message.payload for message in claim_messages(session, NOW)]


def named(transitions: list[dict[str, Any]]) -> dict[str, tuple[str, str, str, str]]:
    return {
        each["indicator_key"]: (
            each["before"]["period"],
            each["before"]["status"],
            each["after"]["period"],
            each["after"]["status"],
        )
        for each in transitions
    }


def test_a_release_is_announced_when_it_is_in_force(session: Session) -> None:
    make_listener(session, "thurrock", FIRST)

    assert not told(session, Event.release_published, FIRST - timedelta(seconds=1))
    [announcement] = told(session, Event.release_published, FIRST)

    assert announcement.at == FIRST
    assert announcement.data["organisation"] == "thurrock"
    number = announcement.data["release"]["id"]
    assert announcement.data["release"] == {
        "id": number,
        "published_at": FIRST,
        "note": "Told of",
        "as_of": date(2019, 9, 10),
        "period": None,
        "service": None,
        "corrects": None,
        "href": f"/v1/releases/{number}",
    }


def test_links_begin_with_the_address_that_the_public_sees(session: Session) -> None:
    make_listener(session, "thurrock", FIRST)

    look = look_around(session.connection(), NOW, base="https://outturn.example")

    href = look.announcements[0].data["release"]["href"]
    assert href.startswith("https://outturn.example/v1/releases/")


def test_what_nobody_waits_for_is_not_looked_for(session: Session) -> None:
    make_listener(session, "barnet", FIRST)
    make_listener(session, "thurrock", FIRST + timedelta(seconds=1))

    assert look_around(session.connection(), NOW).announcements == []


def test_what_happened_too_long_ago_is_not_announced(session: Session) -> None:
    make_listener(session, "thurrock", FIRST)

    assert told(session, Event.release_published, FIRST + LOOK_BACK - timedelta(seconds=1))
    assert not told(session, Event.release_published, FIRST + LOOK_BACK)


def test_what_was_looked_at_is_passed_over(session: Session) -> None:
    make_listener(session, "thurrock", FIRST)

    look = look_around(session.connection(), NOW)

    assert look.announcements
    assert look_around(session.connection(), NOW, look.looked_at) == ([], look.looked_at)


def test_what_another_has_announced_is_not_worked_out_again(session: Session, thurrock: Path) -> None:
    measured(thurrock, "cust-call-quality", "10")
    release(session, thurrock)
    make_listener(session, "thurrock")
    first = look_around(session.connection(), NOW).announcements
    announce_all(session, first)

    assert {announcement.event for announcement in first} == {Event.release_published, Event.status_changed}
    assert look_around(session.connection(), NOW).announcements == []

    make_listener(session, "thurrock", SECOND, Event.release_published)
    again = look_around(session.connection(), NOW).announcements
    assert again == first
    assert announce_all(session, again) == 1


def test_a_first_release_changes_no_status(session: Session) -> None:
    make_listener(session, "thurrock", FIRST)

    assert told(session, Event.status_changed) == []


def test_a_correction_tells_what_became_missed_and_what_recovered(session: Session, thurrock: Path) -> None:
    measured(thurrock, "imp-agency-fte", "219")
    measured(thurrock, "cust-call-quality", "10")
    number = release(session, thurrock)
    make_listener(session, "thurrock")

    [announcement] = told(session, Event.status_changed)

    data = announcement.data
    assert data["release"]["id"] == number
    assert named(data["became_missed"]) == {
        "cust-call-quality": ("2016-17-q1", "met", "2016-17-q1", "missed")
    }
    assert named(data["recovered"]) == {"imp-agency-fte": ("2016-17-q1", "missed", "2016-17-q1", "met")}
    assert (data["became_missed_total"], data["recovered_total"]) == (1, 1)
    [missed] = data["became_missed"]
    assert missed["explain"] == f"/v1/observations/{missed['id']}/explain"
    assert missed["after"]["status_label"] == "FAILED"


def test_a_new_period_is_held_against_the_newest_before_it(session: Session, thurrock: Path) -> None:
    for indicator, value in (("imp-agency-fte", "219"), ("cust-call-quality", "10")):
        like, q2 = {"indicator": indicator, **Q1}, {"period": "2016-17-q2"}
        add(thurrock, "observations.csv", like, **q2, value=value)
        add(thurrock, "targets.csv", like, **q2)
    release(session, thurrock)
    make_listener(session, "thurrock")

    [announcement] = told(session, Event.status_changed)

    assert named(announcement.data["became_missed"]) == {
        "cust-call-quality": ("2016-17-q1", "met", "2016-17-q2", "missed")
    }
    assert named(announcement.data["recovered"]) == {
        "imp-agency-fte": ("2016-17-q1", "missed", "2016-17-q2", "met")
    }


def test_a_release_that_changes_no_status_is_not_announced_as_one(session: Session, thurrock: Path) -> None:
    measured(thurrock, "imp-agency-fte", "228")
    release(session, thurrock)
    make_listener(session, "thurrock")

    assert told(session, Event.release_published)
    assert told(session, Event.status_changed) == []


def test_an_action_is_overdue_once_by_its_report(session: Session, broxtowe: Path) -> None:
    rewrite(broxtowe, "actions.csv", lambda row: {**row, "as_of": "2019-10-01"})
    release(session, broxtowe)
    make_listener(session, "broxtowe", FIRST)

    found = told(session, Event.action_overdue)

    codes = [announcement.data["action"]["code"] for announcement in found if announcement.at == FIRST]
    assert codes == ["FP1922_02"]
    later = {a.data["action"]["code"]: a.data["overdue_on"] for a in found if a.at == SECOND}
    assert later == dict.fromkeys(["RBCS1620_03", "RBCS1620_05", "RBCS1922_01"], "2019-10-01")


def test_an_action_is_overdue_when_its_day_has_passed_in_london(session: Session) -> None:
    make_listener(session, "broxtowe", FIRST + timedelta(seconds=1))
    midnight = datetime(2019, 9, 30, 23, tzinfo=UTC)

    assert not told(session, Event.action_overdue, midnight - timedelta(seconds=1))
    found = told(session, Event.action_overdue, midnight)

    assert {a.data["action"]["code"] for a in found} == {"RBCS1620_03", "RBCS1620_05", "RBCS1922_01"}
    assert {a.at for a in found} == {midnight}
    assert {(a.data["overdue_on"], a.data["action"]["as_of"]) for a in found} == {
        ("2019-10-01", "2019-09-10")
    }


def test_an_action_that_fell_due_is_not_announced_again_by_its_next_report(
    session: Session, broxtowe: Path
) -> None:
    make_listener(session, "broxtowe", FIRST + timedelta(seconds=1))
    first = announce_all(session, told(session, Event.action_overdue, SECOND - timedelta(seconds=1)))
    rewrite(broxtowe, "actions.csv", lambda row: {**row, "as_of": "2019-10-01"})
    release(session, broxtowe)

    again = told(session, Event.action_overdue)

    assert first == 3
    assert len(again) == 3
    assert announce_all(session, again) == 0


def test_an_action_with_a_new_due_date_can_be_overdue_again(session: Session, broxtowe: Path) -> None:
    change(broxtowe, "actions.csv", {"key": "FP1922_02"}, due_date="2019-07-31")
    release(session, broxtowe)
    make_listener(session, "broxtowe")

    [announcement] = told(session, Event.action_overdue)

    assert announcement.data["action"]["code"] == "FP1922_02"


def test_only_what_is_wanted_is_looked_for(session: Session) -> None:
    make_listener(session, "broxtowe", FIRST, Event.release_published)

    found = look_around(session.connection(), NOW).announcements

    assert [announcement.event for announcement in found] == [Event.release_published]


def test_messages_are_what_the_contract_says(session: Session, thurrock: Path) -> None:
    measured(thurrock, "cust-call-quality", "10")
    release(session, thurrock)
    make_listener(session, "thurrock")
    make_listener(session, "broxtowe", FIRST)
    found = look_around(session.connection(), NOW).announcements

    events = set()
    for payload in sent(session, found):
        events.add(json.loads(payload)["type"])
        MESSAGE.validate_json(payload)

    assert events == set(Event)
