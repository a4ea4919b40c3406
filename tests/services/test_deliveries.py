"""Messages are written once, sent by one sender at a time, tried again for three days, and then given up."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from app.services.deliveries import (
    AT_ONCE,
    FOR_ONE,
    LEASE,
    RETRIES,
    Message,
    announce,
    announce_all,
    claim_messages,
    replay_message,
    settle_message,
)
from app.services.drafting import table
from app.services.sending import Sent
from app.services.webhooks import Change, Event, end_webhook
from tests.services.facts import count
from tests.services.messages import (
    NOON,
    delivery,
    make_announcement,
    make_message,
    make_webhook,
)

TAKEN = Sent(taken=True, outcome="Answered 204")
FAILED = Sent(taken=False, outcome="Answered 500")
GONE = Sent(taken=False, outcome="Answered 410", gone=True)


def claimed(session: Session, hours: float = 0) -> list[Message]:
    return claim_messages(session, NOON + timedelta(hours=hours))


def claimed_beside(engine: Engine) -> list[Message]:
    """What another sender gets."""
    with Session(engine) as session, session.begin():
        return claimed(session)


def test_every_webhook_that_wants_an_event_is_told(session: Session) -> None:
    make_webhook(session)
    make_webhook(session, events=(Event.release_published,))
    make_webhook(session, events=(Event.action_overdue,))
    make_webhook(session, organisation="other")

    assert announce(session, make_announcement()) == 2

    [first, second] = claimed(session)
    assert first.id != second.id
    assert json.loads(first.payload) == {
        "type": "release.published",
        "timestamp": "2026-01-05T12:00:00Z",
        "data": {"subject": "1"},
    }


def test_what_was_announced_is_not_announced_again(session: Session) -> None:
    make_webhook(session)

    made = [announce(session, make_announcement(subject=subject)) for subject in ("1", "1", "2", "1")]

    assert made == [1, 0, 1, 0]


def test_a_webhook_hears_nothing_of_the_time_before_it_was_made_or_after_it_ended(session: Session) -> None:
    ended = make_webhook(session, made_at=NOON)
    make_webhook(session, made_at=NOON + timedelta(seconds=1))

    end_webhook(session, ended.id, Change("tests", "Done with", NOON))
    assert announce(session, make_announcement()) == 0
    assert announce(session, make_announcement(at=NOON + timedelta(seconds=2))) == 1


def test_a_message_that_is_taken_is_done(session: Session) -> None:
    make_message(session)
    [message] = claimed(session)

    settle_message(session, message, TAKEN, NOON + timedelta(seconds=1), 0.5)

    assert delivery(session)["delivered_at"] == NOON + timedelta(seconds=1)
    assert delivery(session)["outcome"] == "Answered 204"
    assert not claimed(session, hours=1000)


def test_a_message_that_fails_is_tried_ten_times_over_three_days_and_given_up(session: Session) -> None:
    make_message(session)
    now, waits = NOON, []

    while messages := claim_messages(session, now):
        settle_message(session, messages[0], FAILED, now, 0)
        due = delivery(session)["next_at"]
        if due is not None:
            assert not claim_messages(session, due - timedelta(microseconds=1))
            waits.append(due - now)
            now = due

    assert waits == list(RETRIES)
    assert delivery(session)["attempts"] == 10
    assert delivery(session)["given_up_at"] == now
    assert now - NOON == timedelta(hours=75, minutes=35, seconds=5)


@pytest.mark.parametrize(
    ("jitter", "asked", "seconds"),
    [(0, 0, 5), (0.5, 0, 5.5), (1, 0, 6), (1, 90, 90), (0, 10**6, 86400)],
)
def test_a_wait_is_drawn_out_by_chance_and_by_what_the_receiver_asks(
    session: Session, jitter: float, asked: int, seconds: float
) -> None:
    make_message(session)
    [message] = claimed(session)

    settle_message(session, message, FAILED._replace(retry_after=asked), NOON, jitter)

    assert delivery(session)["next_at"] == NOON + timedelta(seconds=seconds)


def test_a_receiver_that_is_gone_is_told_nothing_more(session: Session) -> None:
    make_message(session)
    announce(session, make_announcement(subject="2"))
    [message, _] = claimed(session)

    settle_message(session, message, GONE, NOON, 0)

    assert not claimed(session, hours=1000)
    assert count(session, "webhook_delivery") == 2
    deliveries = table("webhook_delivery")
    assert set(session.scalars(select(deliveries.c.given_up_at.is_not(None)))) == {True}
    assert announce(session, make_announcement(subject="3")) == 0


def test_a_sender_that_fails_leaves_its_messages_to_the_next(session: Session) -> None:
    make_message(session)
    [message] = claimed(session)

    assert not claim_messages(session, NOON + LEASE - timedelta(seconds=1))
    [again] = claim_messages(session, NOON + LEASE)

    assert again.id == message.id
    assert again.attempts == 2


def test_a_sender_that_comes_late_changes_nothing(session: Session) -> None:
    make_message(session)
    [late] = claimed(session)
    [message] = claim_messages(session, NOON + LEASE)

    settle_message(session, message, TAKEN, NOON + LEASE, 0)
    settle_message(session, late, FAILED, NOON + LEASE, 0)

    assert delivery(session)["next_at"] is None
    assert delivery(session)["outcome"] == TAKEN.outcome


@pytest.mark.parametrize("sent", [TAKEN, GONE])
def test_a_message_is_sent_once_more_under_its_own_id(session: Session, sent: Sent) -> None:
    make_message(session)
    [message] = claimed(session)
    settle_message(session, message, sent._replace(gone=False), NOON, 0)
    while left := claimed(session, hours=1000):
        settle_message(session, left[0], sent._replace(gone=False), NOON, 0)

    replay_message(session, message.id, Change("tests", "Lost there", NOON + timedelta(hours=2)))

    [again] = claimed(session, hours=2)
    assert again.id == message.id
    assert again.payload == message.payload
    assert again.attempts == 1


def test_one_that_waits_is_not_hurried(session: Session) -> None:
    make_message(session)
    [message] = claimed(session)
    settle_message(session, message, FAILED, NOON, 0)
    before = delivery(session)

    replay_message(session, message.id, Change("tests", "Now", NOON))

    assert delivery(session) == before


def test_what_waits_for_a_webhook_that_ended_meanwhile_is_given_up(session: Session) -> None:
    make_message(session)
    webhooks = table("webhook")
    session.execute(webhooks.update().values(ended_at=NOON))

    assert not claimed(session)

    assert delivery(session)["given_up_at"] == NOON
    assert delivery(session)["next_at"] is None


def test_one_webhook_does_not_keep_others_waiting(session: Session) -> None:
    for name in ("many", "few"):
        make_webhook(session, organisation=name)
    announce_all(session, [make_announcement(subject=str(n), organisation="many") for n in range(AT_ONCE)])
    later = NOON + timedelta(seconds=1)
    announce(session, make_announcement(at=later, organisation="few"))

    counts = Counter(message.webhook_id for message in claim_messages(session, later))

    assert sorted(counts.values()) == [1, FOR_ONE]


def test_of_two_senders_only_one_gets_a_message(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        make_webhook(session)
        many = [make_announcement(subject=str(number)) for number in range(2 * FOR_ONE)]
        assert announce_all(session, many) == 2 * FOR_ONE
    try:
        with ThreadPoolExecutor(1) as thread, Session(engine) as session:
            one = claimed(session)
            beside = thread.submit(claimed_beside, engine)
            session.commit()
            other = beside.result() + claimed(session)
            session.commit()

        ids = [message.id for message in one + other]
        assert len(set(ids)) == len(ids) == 2 * FOR_ONE
    finally:
        with Session(engine) as session, session.begin():
            for name in ("webhook_delivery", "webhook", "organisation"):
                session.execute(delete(table(name)))
