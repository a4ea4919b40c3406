"""The task that tells webhooks: it looks for what there is to announce, and sends what is due."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from app.db.connections import reading_engine
from app.db.limits import UNHURRIED
from app.services.announcements import Look, look_around
from app.services.chores import alongside
from app.services.deliveries import announce_all, claim_messages, settle_message
from app.services.drafting import table

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.db.limits import Limits
    from app.db.writing import Writer
    from app.services.deliveries import Message
    from app.services.sending import Sent

T = TypeVar("T")
PAUSE = 2.0
"""Seconds between two looks, about: processes that started together do not look together."""
logger = logging.getLogger(__name__)


Send = Callable[["Message", datetime], Awaitable["Sent"]]
"""Attempts to deliver a message; what comes of it is told, never raised."""


def now_in_utc() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


def chance() -> float:
    """A number from 0 to 1."""
    return random.random()  # noqa: S311 - it spreads retries, and keeps no secret


class Onlooker:
    """A database that is read in a thread of its own, so that no request waits for what takes long."""

    def __init__(self, url: str, limits: Limits = UNHURRIED) -> None:
        """Nothing is opened before the first question."""
        self._engine = reading_engine(url, 1, limits)
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="webhooks")

    async def ask(self, question: Callable[[Connection], T]) -> T:
        """Put a question to one state of the database."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, question)

    def _ask(self, question: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:
            return question(connection)

    async def close(self) -> None:
        """Let go of the connection, once what was asked is answered."""
        await asyncio.get_running_loop().run_in_executor(None, self._threads.shutdown)
        self._engine.dispose()


@dataclass
class Deliverer:
    """Tells webhooks. Any number may run at once, in any number of processes: a message is one's alone.

    Links in messages begin with `base`.
    """

    database: Onlooker
    write: Writer
    send: Send
    base: str = ""
    clock: Callable[[], datetime] = now_in_utc
    jitter: Callable[[], float] = chance
    looked_at: frozenset[str] = frozenset()

    async def run(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Look and send, again and again; of failures one after another the first is logged."""
        failing = False
        while True:
            await sleep(PAUSE * (0.5 + self.jitter()))
            try:
                await self.step()
            except Exception:
                if not failing:
                    logger.exception("Webhooks cannot be told")
                failing = True
            else:
                failing = False

    async def step(self) -> int:
        """Announce what there is, send all that is due, and say how many attempts that were."""
        now = self.clock()
        look = await self.database.ask(partial(_look, now=now, looked_at=self.looked_at, base=self.base))
        if look.announcements:
            await self.write(announce_all, look.announcements)
        self.looked_at = look.looked_at
        attempts = 0
        while await self.database.ask(partial(_is_due, now=now)):
            messages = await self.write(claim_messages, now)
            if not messages:
                break
            done = await asyncio.gather(*map(self._deliver, messages), return_exceptions=True)
            if failed := [each for each in done if isinstance(each, Exception)]:
                raise ExceptionGroup("Attempts could not be noted", failed)
            attempts += len(messages)
        return attempts

    async def _deliver(self, message: Message) -> None:
        sent = await self.send(message, self.clock())
        await self.write(settle_message, message, sent, self.clock(), self.jitter())


def _look(connection: Connection, now: datetime, looked_at: frozenset[str], base: str) -> Look:
    return look_around(connection, now, looked_at, base)


def _is_due(connection: Connection, now: datetime) -> bool:
    deliveries = table("webhook_delivery").c
    due = select(deliveries.id).where(deliveries.next_at <= now).limit(1)
    return connection.scalar(due) is not None


@asynccontextmanager
async def delivering(
    url: str, write: Writer, limits: Limits, *, private: bool, base: str
) -> AsyncIterator[None]:
    """Tell webhooks for as long as the block runs; what is on its way at its end is sent again later."""
    database = Onlooker(url, limits)
    deliverer = Deliverer(database, write, _sender(private=private), base)
    try:
        async with alongside(deliverer.run()):
            yield
    finally:
        await database.close()


def _sender(*, private: bool) -> Send:
    """What sends messages, made with the first of them."""

    @cache
    def made() -> Send:
        # Its libraries take long to start, for nothing where nobody is told of anything.
        from app.services.sending import Sender  # noqa: PLC0415 - as said above

        return Sender(private=private)

    async def send(message: Message, at: datetime) -> Sent:
        return await made()(message, at)

    return send
