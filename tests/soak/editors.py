"""Clients that change the same facts at the same time, and count what was acknowledged."""

import asyncio
import random
from collections import Counter
from typing import NamedTuple

from httpx import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.services.audit import Chain, verify
from app.services.drafting import table
from tests.routers.writers import Officer

FACTS = 4
ROWS = 25
"""How many facts a batch changes."""


class Fact(NamedTuple):
    """What a fact is called, its version as it was last read, and the count that it holds."""

    href: str
    tag: str
    counted: int

    @property
    def number(self) -> int:
        """Its id."""
        return int(self.href.rpartition("/")[2])


class Editors:
    """Clients that count up in facts which all of them change, until enough is acknowledged."""

    def __init__(self, officer: Officer, enough: int) -> None:
        self.officer, self.enough = officer, enough
        self.acknowledged = Counter[int]()
        self.versions: dict[int, list[int]] = {}
        self.stale = 0

    async def run(self, clients: int) -> None:
        """Change facts one by one; every fourth client changes many at once."""
        few = [await self._made(f"few-{n}") for n in range(FACTS)]
        many = [await self._made(f"many-{n}") for n in range(ROWS)]
        await asyncio.gather(
            *(self._edit_many(many) if n % 4 == 3 else self._edit(few, n) for n in range(clients))
        )

    @property
    def over(self) -> bool:
        """Whether enough is acknowledged."""
        return self.acknowledged.total() >= self.enough

    async def _made(self, key: str) -> Fact:
        said = {"organisation": "anyshire", "key": key, "title": key, "service": "front-office"}
        body = {**said, "as_of": "2026-07-01", "progress": "50", "comment": "0"}
        made = await self.officer.create("/v1/actions", body)
        assert made.status_code == 201, made.text
        return Fact(made.headers["location"], made.headers["etag"], 0)

    async def _edit(self, facts: list[Fact], seed: int) -> None:
        chance, known = random.Random(seed), {fact.href: fact for fact in facts}  # noqa: S311 - nothing to guess
        while not self.over:
            fact = known[chance.choice(facts).href]
            said = {"comment": str(fact.counted + 1)}
            answer = await self.officer.change("PATCH", fact.href, fact.tag, said)
            if answer.status_code == 200:
                self._note(fact, answer.json()["version"])
                known[fact.href] = Fact(fact.href, answer.headers["etag"], fact.counted + 1)
            elif self._came_too_late(answer):
                known[fact.href] = await self._read(fact.href)

    async def _edit_many(self, facts: list[Fact]) -> None:
        while not self.over:
            answer = await self.officer.batch(*map(_counting, facts))
            if answer.status_code == 200:
                items = answer.json()["items"]
                for fact, item in zip(facts, items, strict=True):
                    self._note(fact, item["version"])
                facts = [
                    Fact(fact.href, item["etag"], fact.counted + 1)
                    for fact, item in zip(facts, items, strict=True)
                ]
            elif self._came_too_late(answer):
                facts = [await self._read(fact.href) for fact in facts]

    def _came_too_late(self, answer: Response) -> bool:
        """Whether somebody else was first; otherwise the database was busy, and nothing was done."""
        assert answer.status_code in {412, 503}, answer.text
        self.stale += answer.status_code == 412
        return answer.status_code == 412

    async def _read(self, href: str) -> Fact:
        answer = await self.officer.read(href)
        assert answer.status_code == 200, answer.text
        return Fact(href, answer.headers["etag"], int(answer.json()["comment"]))

    def _note(self, fact: Fact, version: int) -> None:
        self.acknowledged[fact.number] += 1
        self.versions.setdefault(fact.number, []).append(version)


def _counting(fact: Fact) -> dict[str, object]:
    version = int(fact.tag.strip('"').partition("-")[0])
    said = {"comment": str(fact.counted + 1)}
    return {"act": "patch", "resource": "actions", "id": fact.number, "version": version, "body": said}


def check(url: str, editors: Editors) -> None:
    """Hold what the database has against what was acknowledged: every count, once, in one order."""
    engine = writing_engine(url)
    with Session(engine) as session:
        actions = table("action").c
        for number, acknowledged in editors.acknowledged.items():
            query = select(actions.comment, actions.made_in).where(actions.id == number)
            rows = session.execute(query.order_by(actions.made_in)).all()
            assert [comment for comment, _ in rows] == [str(n) for n in range(acknowledged + 1)]
            assert sorted(editors.versions[number]) == [version for _, version in rows[1:]]
        assert all(isinstance(chain, Chain) for chain in verify(session.connection()))
    engine.dispose()
