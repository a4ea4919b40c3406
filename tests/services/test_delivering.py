"""Webhooks are told of what happened, to a real server, once each, by any number of senders at once."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from app.db.migrations import migrate
from app.db.writing import Writer
from app.entities import Release, Revision
from app.services.deliveries import AT_ONCE, RETRIES, announce_all
from app.services.delivering import Deliverer, Onlooker
from app.services.drafting import table
from app.services.sending import Sender
from app.services.webhooks import Event, NewWebhook
from tests.services.messages import NOON, add_organisation, make_announcement, make_webhook
from tests.services.receivers import Receiver, receiving


@dataclass
class Clock:
    """A time of day that goes on when it is told to."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Office:
    """A database with a webhook, the server that it leads to, and senders."""

    url: str
    write: Writer
    receiver: Receiver
    webhook: NewWebhook
    clock: Clock

    @asynccontextmanager
    async def deliverer(self) -> AsyncIterator[Deliverer]:
        """One more sender."""
        database = Onlooker(self.url)
        yield Deliverer(database, self.write, Sender(private=True), clock=self.clock, jitter=lambda: 0.0)
        await database.close()

    def types(self) -> list[str]:
        """What the server was told, in order."""
        return [json.loads(received.body)["type"] for received in self.receiver.received]

    async def announce(self, count: int) -> None:
        """Make some messages that are due."""
        many = [make_announcement(subject=str(number)) for number in range(count)]
        assert await self.write(announce_all, many) == count

    async def state(self, column: str) -> list[object]:
        """A column of the deliveries."""
        deliveries = table("webhook_delivery")
        return await self.write(lambda session: list(session.scalars(select(deliveries.c[column]))))


@pytest.fixture(scope="module")
def migrated(database_url: str) -> str:
    migrate(database_url)
    return database_url


@pytest.fixture
async def office(migrated: str) -> AsyncIterator[Office]:
    write = Writer(migrated)
    async with receiving(Receiver()) as receiver:
        webhook = await write(make_webhook, url=receiver.url)
        yield Office(migrated, write, receiver, webhook, Clock())
        await write(_emptied)
    await write.close()


def _emptied(session: Session) -> None:
    for name in ("webhook_delivery", "webhook", "release", "revision"):
        session.execute(delete(table(name)))


def publish_at(session: Session, moment: datetime) -> None:
    """A release, of nothing, that comes into force at a moment."""
    add_organisation(session)
    revision = Revision(organisation_id="council", made_at=NOON, reason="made up")
    session.add(revision)
    session.flush()
    assert revision.id is not None
    session.add(
        Release(organisation_id="council", revision_id=revision.id, published_at=moment, note="Made up")
    )


async def test_a_release_reaches_its_receiver_signed_and_once(office: Office) -> None:
    office.clock.now = datetime.now(UTC)  # the library compares with its own clock
    await office.write(publish_at, office.clock.now)
    async with office.deliverer() as deliverer:
        attempts = [await deliverer.step() for _ in range(3)]

    [received] = office.receiver.received
    assert attempts == [1, 0, 0]
    told = Webhook(office.webhook.secret).verify(received.body, received.headers)
    assert told["type"] == "release.published"
    assert told["data"]["release"]["note"] == "Made up"


async def test_an_embargo_is_kept_to_the_moment(office: Office) -> None:
    await office.write(publish_at, NOON + timedelta(minutes=1))
    async with office.deliverer() as deliverer:
        office.clock.now = NOON + timedelta(seconds=59)
        assert await deliverer.step() == 0
        office.clock.now = NOON + timedelta(seconds=60)
        assert await deliverer.step() == 1

    assert office.types() == ["release.published"]


async def test_another_sender_that_starts_later_tells_nothing_twice(office: Office) -> None:
    await office.write(publish_at, NOON)
    async with office.deliverer() as first, office.deliverer() as second:
        assert [await first.step(), await second.step()] == [1, 0]


async def test_many_senders_at_once_send_each_message_once(office: Office) -> None:
    many = 3 * AT_ONCE + 1
    await office.announce(many)
    async with office.deliverer() as a, office.deliverer() as b, office.deliverer() as c:
        attempts = await asyncio.gather(a.step(), b.step(), c.step())

    assert sum(attempts) == many
    ids = [received.headers["webhook-id"] for received in office.receiver.received]
    assert len(set(ids)) == len(ids) == many


async def test_a_receiver_that_fails_is_tried_again_under_the_same_id_until_it_takes(office: Office) -> None:
    await office.announce(1)
    office.receiver.answer = "500 Internal Server Error"
    async with office.deliverer() as deliverer:
        assert await deliverer.step() == 1
        office.clock.now = NOON + RETRIES[0] - timedelta(microseconds=1)
        assert await deliverer.step() == 0
        office.receiver.answer = "204 No Content"
        office.clock.now = NOON + RETRIES[0]
        assert await deliverer.step() == 1

    first, second = office.receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    stamps = [int(received.headers["webhook-timestamp"]) for received in (first, second)]
    assert stamps[1] - stamps[0] == 5
    assert await office.state("outcome") == ["Answered 204"]
    assert await office.state("next_at") == [None]


async def test_a_receiver_that_is_gone_is_not_told_again(office: Office) -> None:
    await office.announce(1)
    office.receiver.answer = "410 Gone"
    async with office.deliverer() as deliverer:
        assert await deliverer.step() == 1
        await office.write(publish_at, NOON)
        assert await deliverer.step() == 0

    assert len(office.receiver.received) == 1


async def test_the_task_goes_on_after_a_failure_until_it_is_ended(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    await office.announce(1)
    turns: Iterator[int] = iter(range(3))

    async def sleep(_: float) -> None:
        turn = next(turns, None)
        if turn is None:
            raise asyncio.CancelledError
        deliverer.write = broken if turn == 0 else office.write

    broken = Writer("sqlite:////nowhere/at/all.db")
    async with office.deliverer() as deliverer:
        with pytest.raises(asyncio.CancelledError):
            await deliverer.run(sleep)
    await broken.close()

    assert caplog.text.count("cannot be told") == 1
    assert office.types() == [Event.release_published]
