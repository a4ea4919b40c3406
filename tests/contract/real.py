"""What the service really holds, for requests whose schema cannot say which names there are."""

from __future__ import annotations

import os
import re
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json = dict[str, Any]

STARTED = os.environ.get("FUZZ_STARTED", "")
"""A moment after the demo was published, and before anything else is."""
PEERS = os.environ.get("FUZZ_PEERS", "").split()
"""The keys of two editors of different councils, where their requests are tried."""
ORGANISATION, PERIOD = "barnet", "2011-12-q2"
"""A council that every user may see; what belongs together is taken from it."""
_AT_ONCE = "200"
_AMONG_DRAFTS = re.compile(rb"(\?)view=draft&|[?&]view=draft")
_LISTS = {
    "/v1/observations/summary": "/v1/observations",
    "/v1/indicators/{id}/series": "/v1/observations",
    "/v1/schemes/{id}/flips": "/v1/observations",
    "/v1/schemes/{id}/flips.csv": "/v1/observations",
    "/v1/changes": "/v1/observations",
    "/v1/changes.csv": "/v1/observations",
    "/v1/changes/statuses": "/v1/observations",
    "/v1/findings/summary": "/v1/findings",
    "/v1/findings.csv": "/v1/findings",
    "/v1/digests.atom": "/v1/digests",
    "/v1/proposals": "/v1/releases",
}
"""Whose rows tell what may be asked for, where that is not the list itself."""


def chosen(values: Sequence[Any], drawn: object) -> Any:  # noqa: ANN401 - any JSON value
    """One of some values, always the same for what was drawn in its place."""
    return values[zlib.crc32(repr(drawn).encode()) % len(values)]


@cache
def client() -> httpx.Client:
    """Speak to the service as the user does whose run it is."""
    key = os.environ.get("FUZZ_KEY", "")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=os.environ["FUZZ_URL"], headers=headers, timeout=60)


def seen(path: str, query: Mapping[str, Any]) -> tuple[list[tuple[int, bytes]], tuple[int, bytes]]:
    """What each peer is answered among drafts, and the public without them; links may lead to either."""
    public = {name: value for name, value in query.items() if name != "view"}
    asked = [(query, {"Authorization": f"Bearer {key}"}) for key in PEERS]
    answers = [
        httpx.get(f"{os.environ['FUZZ_URL']}{path}", params=params, headers=headers, timeout=60)
        for params, headers in [*asked, (public, {})]
    ]
    *drafted, told = [(answer.status_code, _AMONG_DRAFTS.sub(rb"\1", answer.content)) for answer in answers]
    return drafted, told


def rows(path: str, view: Mapping[str, str] | None = None) -> list[Json]:
    """Some rows of a list; of what is public those that were when they were first asked for."""
    if view and view.get("view") == "draft":
        return _rows(path, tuple(view.items()))
    return _released(path, tuple((view or {}).items()))


def _rows(path: str, view: tuple[tuple[str, str], ...]) -> list[Json]:
    asked = {"limit": _AT_ONCE, **dict(view)}
    if path == "/v1/proposals":
        asked |= {"organisation": ORGANISATION}
    answer = client().get(path, params=asked)
    found: list[Json] = answer.json()["items"] if answer.status_code == httpx.codes.OK else []
    return found


_released = cache(_rows)


def words(path: str, name: str, view: Mapping[str, str]) -> list[Any]:
    """What a column of a list has, under a view; that is what its filter may ask for."""
    column = "id" if name == "organisation" and path == "/v1/organisations" else name
    named = {"organisation": ("/v1/organisations", "id"), "service": ("/v1/services", "service")}
    source, column = named.get(name, (_LISTS.get(path, path), column))
    found = {row[column] for row in rows(source, view) if row.get(column) is not None}
    return sorted(found, key=str)


def version(path: str) -> str | None:
    """The tag of a fact as it stands in draft; none where it does not."""
    answer = client().get(path, params={"view": "draft"})
    return answer.headers.get("etag") if answer.status_code == httpx.codes.OK else None


@cache
def ratings(path: str) -> list[str]:
    """The measure sets that a scorecard is rated by."""
    answer = client().get(path)
    return [each["measure_set"] for each in answer.json()["ratings"]] if answer.is_success else []


def cursor(path: str, query: Mapping[str, Any]) -> str | None:
    """Where a list goes on after one row; none where it has no more."""
    answer = client().get(path, params={**query, "limit": "1"})
    found: str | None = answer.json()["next_cursor"] if answer.status_code == httpx.codes.OK else None
    return found


@cache
def schemes(*, actions: bool) -> list[int]:
    """The schemes that judge actions, or those that judge measures."""
    return [row["id"] for row in rows("/v1/schemes") if (row["measure_set"] == "actions") == actions]


@cache
def names() -> dict[str, list[str]]:
    """The names that a body of the one organisation may give, by field, as they were at first."""
    of = {"organisation": ORGANISATION}
    return {
        "service": [row["service"] for row in rows("/v1/services", of)],
        "parent": [row["service"] for row in rows("/v1/services", of)],
        "indicator": [row["indicator_key"] for row in rows("/v1/indicators", of)],
        "scheme": [row["scheme"] for row in rows("/v1/schemes", of)],
        "measure_set": sorted({row["measure_set"] for row in rows("/v1/indicators", of)}),
        "matrix": sorted({row["matrix"] for row in rows("/v1/risk-matrices", of)}),
        "risk": sorted({row["code"] for row in rows("/v1/risks", of)}),
        **{name: [row["id"] for row in rows("/v1/periods")] for name in _PERIODS},
    }


_PERIODS = ("period", "covers", "previous_period")
