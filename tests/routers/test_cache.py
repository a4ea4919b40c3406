"""Kept answers: the same as fresh ones, never older than the count of changes, within their size."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from random import Random

import pytest
from httpx import AsyncClient, Response
from starlette.types import Receive, Scope, Send

from app.queries.editions import Edition
from app.routers.cache import BESIDE_BODY, EDITION, LARGEST_SHARE, Cache
from tests.routers.serving import speaking_to
from tests.routers.test_lists import statements_counted

SIZE = 100 * BESIDE_BODY
TAG = b'"figures"'
Headers = list[tuple[bytes, bytes]]


def edition(changes: int, until: datetime | None = None) -> Edition:
    """The releases in force at a count of changes."""
    return Edition(
        changes,
        until,
        copied=True,
        dialect="sqlite",
        schemes=(),
        comparator_periods={},
        matrices={},
        published=changes,
    )


@dataclass
class Service:
    """A tiny application, and a database behind it that tells how many changes it has come to."""

    body: bytes = b"figures"
    status: int = 200
    headers: Headers = field(default_factory=lambda: [(b"etag", TAG)])
    edition: Edition | None = field(default_factory=lambda: edition(1))
    parts: int = 1
    changes: int = 1
    asked: int = 0
    counted: int = 0

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer as it is set up to."""
        self.asked += 1
        if self.edition is not None:
            scope.setdefault("state", {})[EDITION] = self.edition
        headers = [
            (b"content-type", b"text/plain"),
            (b"content-length", b"%d" % len(self.body)),
            *self.headers,
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        for left in reversed(range(self.parts)):
            await send(
                {"type": "http.response.body", "body": b"" if left else self.body, "more_body": left > 0}
            )

    async def count(self) -> int:
        """How many changes there were."""
        self.counted += 1
        return self.changes

    def speaking(self, size: int = SIZE) -> AbstractAsyncContextManager[AsyncClient]:
        """A client that speaks to it through a cache."""
        return speaking_to(Cache(self, size, self.count))


def told(answer: Response) -> tuple[int, Headers, bytes]:
    """All that a client is told."""
    return answer.status_code, answer.headers.raw, answer.content


async def test_a_kept_answer_is_given_again_without_asking_the_application() -> None:
    service = Service()

    async with service.speaking() as client:
        answers = [await client.get("/") for _ in range(3)]

    assert service.asked == 1
    assert [told(answer) for answer in answers] == [told(answers[0])] * 3
    assert answers[0].content == b"figures"


@pytest.mark.parametrize(
    "service",
    [
        Service(status=201),
        Service(status=404),
        Service(status=503),
        Service(edition=None),
        Service(headers=[]),
        Service(parts=2),
        pytest.param(
            Service(headers=[(b"etag", TAG), (b"cache-control", b"private, no-store")]),
        ),
    ],
    ids=["created", "not found", "unavailable", "of no edition", "untagged", "in parts", "no-store"],
)
async def test_what_is_not_a_whole_tagged_answer_of_an_edition_is_not_kept(service: Service) -> None:
    async with service.speaking() as client:
        answers = [await client.get("/") for _ in range(2)]

    assert service.asked == 2
    assert told(answers[0]) == told(answers[1])


@pytest.mark.parametrize(("over", "asked"), [(0, 1), (1, 2)])
async def test_an_answer_may_take_a_share_of_the_size_and_no_more(over: int, asked: int) -> None:
    beside = BESIDE_BODY + len("/") + len("*/*") + len("gzip")
    service = Service(body=b"x" * (SIZE // LARGEST_SHARE - beside + over))

    async with service.speaking() as client:
        answers = [await client.get("/", headers={"Accept-Encoding": "gzip"}) for _ in range(2)]

    assert service.asked == asked
    assert [answer.content for answer in answers] == [service.body] * 2


async def test_without_a_size_nothing_is_kept_and_no_change_counted() -> None:
    service = Service()

    async with service.speaking(0) as client:
        answers = [await client.get("/") for _ in range(2)]

    assert (service.asked, service.counted) == (2, 0)
    assert [answer.headers["outturn-changes"] for answer in answers] == ["1", "1"]


async def test_what_a_credential_asks_for_is_neither_kept_nor_taken_from_what_is() -> None:
    service = Service(body=b"secret")
    credential = {"Authorization": "Basic eDp5"}

    async with service.speaking() as client:
        private = [await client.get("/", headers=credential) for _ in range(2)]
        service.body = b"public"
        public = await client.get("/")
        again = await client.get("/", headers=credential)

    assert [answer.content for answer in (*private, public, again)] == [b"secret"] * 2 + [b"public"] * 2
    assert service.asked == 4


async def test_what_is_posted_goes_to_the_application_each_time() -> None:
    service = Service()

    async with service.speaking() as client:
        await client.get("/")
        for _ in range(2):
            await client.post("/")

    assert service.asked == 3


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/other?a=1", {}),
        ("/?a=2", {}),
        ("/", {}),
        ("/?a=1", {"Accept": "application/json"}),
        ("/?a=1", {"Accept-Encoding": "gzip"}),
    ],
)
async def test_another_question_has_another_answer(path: str, headers: dict[str, str]) -> None:
    service = Service()

    async with service.speaking() as client:
        await client.get("/?a=1")
        service.body = b"others"
        other = await client.get(path, headers=headers)
        first = await client.get("/?a=1")

    assert (first.content, other.content) == (b"figures", b"others")


@pytest.mark.parametrize(
    "headers", [{"User-Agent": "other"}, {"If-None-Match": '"other"'}, {"Cookie": "a=b"}]
)
async def test_who_asks_makes_no_other_question(headers: dict[str, str]) -> None:
    service = Service()

    async with service.speaking() as client:
        first = await client.get("/")
        second = await client.get("/", headers=headers)

    assert told(first) == told(second)
    assert service.asked == 1


async def test_what_is_kept_is_never_more_than_the_size() -> None:
    """Questions count too: whoever asks makes them as long as they like."""
    chance, service = Random(3), Service()  # noqa: S311 - the same at every run
    sizes: dict[tuple[str, str], int] = {}

    async def ask(question: tuple[str, str]) -> Response:
        path, accepted = question
        return await client.get(path, headers={"Accept": accepted, "Accept-Encoding": ""})

    async def kept() -> int:
        service.status = 503
        there = [question for question in sizes if (await ask(question)).status_code == 200]
        service.status = 200
        assert asked in there
        return sum(sizes[question] for question in there)

    async with service.speaking() as client:
        for number in range(240):
            asked = f"/{'p' * chance.randrange(900)}/{number}", "a" * chance.randrange(9000)
            service.body = b"x" * chance.randrange(SIZE // LARGEST_SHARE - 4 * BESIDE_BODY)
            await ask(asked)
            sizes[asked] = len(service.body) + len("".join(asked)) + BESIDE_BODY
            if number % 30 == 29:
                assert SIZE // 2 < await kept() <= SIZE


async def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    service = Service(body=b"x" * (SIZE // 10 - BESIDE_BODY - 100))

    async with service.speaking() as client:
        for number in range(10):
            await client.get(f"/{number}")
        await client.get("/0")
        await client.get("/a")
        service.asked = 0
        for path in ("/0", *(f"/{number}" for number in range(2, 10)), "/a"):
            await client.get(path)
        kept = service.asked == 0
        await client.get("/1")

    assert (kept, service.asked) == (True, 1)


async def test_a_change_empties_it() -> None:
    service = Service()

    async with service.speaking() as client:
        for path in ("/a", "/b"):
            await client.get(path)
        service.changes, service.edition, service.body = 2, edition(2), b"changed"
        answers = [await client.get(path) for path in ("/a", "/b", "/a", "/b")]

    assert [answer.content for answer in answers] == [b"changed"] * 4
    assert [answer.headers["outturn-changes"] for answer in answers] == ["2"] * 4
    assert service.asked == 4


async def test_a_database_put_back_to_an_earlier_count_is_answered_from() -> None:
    service = Service(changes=5, edition=edition(5))

    async with service.speaking() as client:
        await client.get("/")
        service.changes, service.edition, service.body = 3, edition(3), b"restored"
        answers = [await client.get("/") for _ in range(2)]

    assert [answer.content for answer in answers] == [b"restored"] * 2
    assert service.asked == 2


async def test_answers_are_forgotten_when_a_release_comes_into_force(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (datetime(2011, month, 1, tzinfo=UTC) for month in (10, 11))
    moment = timedelta(seconds=1)
    service = Service(edition=edition(1, first))

    class Clock(datetime):
        shown = first

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # the clock under test stands still
            return cls.shown.astimezone(tz)

    async def asked_at(client: AsyncClient, moment_of_asking: datetime) -> int:
        Clock.shown = moment_of_asking
        await client.get("/")
        return service.asked

    monkeypatch.setattr("app.routers.cache.datetime", Clock)
    async with service.speaking() as client:
        until_the_first = [await asked_at(client, first - 2 * moment), await asked_at(client, first - moment)]
        service.edition = edition(1, second)
        until_the_second = [await asked_at(client, first), await asked_at(client, second - moment)]
        service.edition = edition(1)
        since_then = [await asked_at(client, second), await asked_at(client, second + moment)]

    assert (until_the_first, until_the_second, since_then) == ([1, 1], [2, 2], [3, 3])


async def test_an_answer_that_knows_less_than_another_is_not_kept() -> None:
    service = Service(changes=2, edition=edition(2))

    async with service.speaking() as client:
        await client.get("/quick")
        service.edition = edition(1)
        late = [await client.get("/late") for _ in range(2)]
        await client.get("/quick")

    assert [answer.headers["outturn-changes"] for answer in late] == ["1", "1"]
    assert service.asked == 3


async def test_an_answer_that_misses_a_change_which_was_told_of_is_not_kept() -> None:
    service = Service()

    async with service.speaking() as client:
        await client.get("/")
        service.changes = 2
        late = await client.get("/")
        service.edition, service.body = edition(2), b"changed"
        answers = [await client.get("/") for _ in range(2)]

    assert late.headers["outturn-changes"] == "1"
    assert [answer.content for answer in answers] == [b"changed"] * 2
    assert service.asked == 3


async def test_where_changes_cannot_be_counted_the_application_answers() -> None:
    service = Service()

    async def count() -> int:
        if service.asked == 2:
            return 1
        raise ConnectionError

    async with speaking_to(Cache(service, SIZE, count)) as client:
        answers = [await client.get("/") for _ in range(4)]

    assert [told(answer) for answer in answers] == [told(answers[0])] * 4
    assert service.asked == 2


async def test_what_fails_is_not_kept() -> None:
    service = Service()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await service(scope, receive, send)
        if service.asked == 1:
            raise ConnectionError

    async with speaking_to(Cache(app, SIZE, service.count)) as client:
        with pytest.raises(ConnectionError):
            await client.get("/")
        await client.get("/")
        await client.get("/")

    assert service.asked == 2


ANSWERED: Headers = [
    (b"etag", TAG),
    (b"content-language", b"en"),
    (b"cache-control", b"public, max-age=60"),
    (b"vary", b"Accept, Cookie, Accept"),
    (b"link", b'</?cursor=a>; rel="next"'),
]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("known", [None, '"figures"', 'W/"other", W/"figures"', "*", '"other"', "figures"])
async def test_a_kept_answer_is_told_as_a_fresh_one(method: str, known: str | None) -> None:
    service = Service(headers=ANSWERED)
    headers = {} if known is None else {"If-None-Match": known}

    async with service.speaking(0) as client:
        fresh = await client.request(method, "/", headers=headers)
    async with service.speaking() as client:
        first = await client.request(method, "/", headers=headers)
        kept = await client.request(method, "/", headers=headers)

    assert service.asked == 2
    assert told(fresh) == told(first) == told(kept)
    assert kept.status_code == (304 if known and known not in {'"other"', "figures"} else 200)
    assert kept.headers["outturn-changes"] == "1"
    assert kept.headers["vary"] == "Accept, Cookie"
    assert kept.content == (b"figures" if (method, kept.status_code) == ("GET", 200) else b"")
    of_content = {name for name in kept.headers if name.startswith("content-")}
    assert len(of_content) == (3 if kept.status_code == 200 else 0)


@pytest.mark.parametrize(("method", "known"), [("GET", '"figures"'), ("HEAD", "none"), ("HEAD", "*")])
async def test_the_whole_answer_is_kept_although_less_was_wanted(method: str, known: str) -> None:
    service = Service()

    async with service.speaking() as client:
        less = await client.request(method, "/", headers={"If-None-Match": known})
        whole = await client.get("/")

    assert (less.content, whole.content) == (b"", b"figures")
    assert service.asked == 1


async def test_the_suite_keeps_answers_as_it_is_told(
    client: AsyncClient, pytestconfig: pytest.Config
) -> None:
    await client.get("/v1/observations")

    with statements_counted() as statements:
        await client.get("/v1/observations")

    assert (statements == []) is (pytestconfig.getoption("reading") != "rules")
