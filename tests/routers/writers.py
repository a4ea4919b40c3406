"""People with credentials, who read drafts and write through HTTP."""

from collections.abc import Mapping
from typing import Any

from httpx import AsyncClient, Response
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.services.keys import make_key
from app.services.permissions import read_grant

Json = dict[str, Any]
WHY = "Recount"


def key_for(url: str, *grants: str) -> str:
    """A new key that is good for what the grants say."""
    engine = writing_engine(url)
    with Session(engine) as session, session.begin():
        _, shown = make_key(session, "Officer", [read_grant(grant) for grant in grants], "test")
    engine.dispose()
    return shown


class Officer:
    """Somebody who shows a key with whatever they ask."""

    def __init__(self, client: AsyncClient, shown: str) -> None:
        self.client, self.shown = client, shown

    @property
    def name(self) -> str:
        """What the service knows them by."""
        return f"key:{self.shown.split('_')[1]}"

    async def read(self, path: str, **asked: str) -> Response:
        """Look at drafts."""
        return await self.ask("GET", path, {"view": "draft", **asked})

    async def draft(self, path: str) -> Json:
        """What stands of a fact, which must be there."""
        answer = await self.read(path)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def create(self, path: str, body: Any, key: str | None = None) -> Response:  # noqa: ANN401 - any JSON value
        """State a new fact."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return await self.ask("POST", path, {"reason": WHY}, headers, json=body)

    async def change(self, method: str, path: str, tag: str | None, body: Any = None) -> Response:  # noqa: ANN401 - any JSON value
        """Replace, patch or retire what has a tag."""
        headers = {} if tag is None else {"If-Match": tag}
        said = {} if body is None else {"json": body}
        return await self.ask(method, path, {"reason": WHY}, headers, **said)

    async def batch(self, *operations: Json, key: str | None = None) -> Response:
        """Make several changes at once."""
        return await self.create("/v1/batches", {"operations": list(operations)}, key)

    async def release(self, organisation: str, key: str | None = None, **wish: object) -> Response:
        """Make what stands public."""
        headers = {} if key is None else {"Idempotency-Key": key}
        body = {"organisation": organisation, "note": WHY, **wish}
        return await self.ask("POST", "/v1/releases", None, headers, json=body)

    async def hand_in(
        self,
        content: bytes | str,
        *,
        headers: Mapping[str, str] | None = None,
        **asked: Any,  # noqa: ANN401 - what an address may be asked
    ) -> Response:
        """Send a file of rows."""
        sent = content.encode() if isinstance(content, str) else content
        told = {"Content-Type": "text/csv", **(headers or {})}
        return await self.ask("POST", "/v1/imports", {"reason": WHY, **asked}, told, content=sent)

    async def ask(
        self,
        method: str,
        path: str,
        asked: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **sent: Any,  # noqa: ANN401 - as the client has it
    ) -> Response:
        """Ask for anything."""
        shown = {"Authorization": f"Bearer {self.shown}", **(headers or {})}
        return await self.client.request(method, path, params=asked, headers=shown, **sent)


def refused(answer: Response, status: int, code: str) -> list[Json]:
    """The faults of a refusal, after what holds for every one that is told to somebody by name."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "no-store" in answer.headers["cache-control"]
    problem: Json = answer.json()
    assert (problem["status"], problem["code"]) == (status, code)
    faults: list[Json] = problem["errors"]
    return faults
