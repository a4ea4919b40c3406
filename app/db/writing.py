"""Where changes are made: each in one transaction that is over before anybody is told of it."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db.connections import BUSY_MILLISECONDS, is_sqlite, writing_engine
from app.db.failures import is_unwell, is_worth_repeating, was_taken_back
from app.db.limits import UNHURRIED, Limits
from app.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

P = ParamSpec("P")
T = TypeVar("T")
THREADS = 8
"""How many changes are worked on side by side, or wait for their turn, in each process."""
ATTEMPTS = 6
"""How often a change is begun that the database takes back, or whose connection ends before it is over."""
PAUSE = 0.02
"""Seconds before the second attempt, at most; twice as many before each further one."""


class Writer:
    """A database that is changed, one change after another on SQLite."""

    def __init__(self, url: str, limits: Limits = UNHURRIED) -> None:
        """Nothing is opened before the first change."""
        self._engine = writing_engine(url, limits)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="writing")
        self._turn = threading.Lock() if is_sqlite(make_url(url)) else None

    async def __call__(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What a piece of work answers, once all that it did is committed; what it raises undoes all of it.

        It may be done more than once, each time from the start. Raises Unavailable where others keep the
        database busy for too long, or where nobody knows what became of the change.
        """

        def whole(session: Session) -> T:
            return work(session, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(self.do, whole))

    def do(self, work: Callable[[Session], T]) -> T:
        """The same where the asker stands, and waits."""
        for attempt in range(ATTEMPTS):
            try:
                with self._in_turn():
                    return self._once(work)
            except DBAPIError as error:
                again = was_taken_back(error) or is_worth_repeating(error)
                if attempt == ATTEMPTS - 1 or not again:
                    raise
            time.sleep(random.random() * PAUSE * 2**attempt)  # noqa: S311 - to step aside, not to hide
        raise AssertionError  # the last attempt has answered or raised

    def _in_turn(self) -> AbstractContextManager[None]:
        return nullcontext() if self._turn is None else _patiently(self._turn)

    def _once(self, work: Callable[[Session], T]) -> T:
        with Session(self._engine, expire_on_commit=False) as session:
            answer = work(session)
            try:
                session.commit()
            except DBAPIError as error:
                if self._turn is None and is_unwell(error):
                    detail = "Nobody knows yet whether the change was made: look, or repeat it with its key."
                    raise Unavailable(detail) from error
                raise
            return answer

    async def close(self) -> None:
        """Let go of all connections, once what was begun is over."""
        await asyncio.get_running_loop().run_in_executor(None, self._threads.shutdown)
        self._engine.dispose()


@contextmanager
def _patiently(turn: threading.Lock) -> Iterator[None]:
    """One's turn, if it comes soon."""
    if not turn.acquire(timeout=BUSY_MILLISECONDS / 1000):
        raise Unavailable("Another change is being made.")
    try:
        yield
    finally:
        turn.release()
