"""Who asks, through HTTP: whose credential counts, and that nothing tells why another does not."""

import string
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, ConnectError, Response
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.main import cached, create_app
from app.routers.callers import Known, Who, issuer_of
from app.routers.description import describe
from app.services.keys import make_key, revoke_key
from app.services.permissions import read_grant
from app.services.signing_keys import MAXIMUM_AGE, PAUSE
from app.services.tokens import Issuer
from app.settings import Settings
from tests.databases import fresh_sqlite
from tests.routers.serving import speaking_to
from tests.services.issuers import AUDIENCE, NAME, OTHER_RSA, StandIn, claims, token

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """Connections to the module's database, brought up to date."""
    migrate(database_url)
    engine = writing_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def issuer() -> StandIn:
    """Stand in for an issuer of tokens."""
    return StandIn()


@pytest.fixture(scope="module")
async def client(database_url: str, engine: Engine, issuer: StandIn) -> AsyncIterator[AsyncClient]:
    """Speak to the application, which reads from a replica that lags behind: it has no keys at all."""
    assert engine.dialect.name
    with fresh_sqlite() as replica:
        migrate(replica)
        app = create_app(Settings(database_url=database_url, replica_url=replica))
        app.get("/who")(get_who)
        app.post("/known")(make_known)
        async with app.router.lifespan_context(app), speaking_to(cached(app, 2**20)) as client:
            assert app.state.issuer is None
            app.state.issuer = issuer.issuer()
            yield client


async def get_who(who: Who) -> list[str]:
    """Tell a caller's name and grants."""
    return [who.name, *map(str, who.grants)]


async def make_known(who: Known) -> str:
    """Tell a caller's name."""
    return who.name


def given_out(engine: Engine, expires_at: datetime | None = None) -> tuple[str, str]:
    with Session(engine) as session, session.begin():
        grants = [read_grant("editor:barnet"), read_grant("publisher:barnet/human-resources")]
        key, text = make_key(session, "Returns", grants, "test", expires_at)
        return key.prefix, text


def revoke(engine: Engine, prefix: str) -> None:
    with Session(engine) as session, session.begin():
        revoke_key(session, prefix, "test")


def bearing(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def told(response: Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    return response.status_code, response.content, response.headers.multi_items()


async def test_whoever_shows_nothing_is_anybody(client: AsyncClient) -> None:
    assert (await client.get("/who")).json() == [""]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER ", "bEARER   "])
async def test_a_key_says_who_asks_and_what_for(client: AsyncClient, engine: Engine, scheme: str) -> None:
    prefix, text = given_out(engine, datetime.now(UTC) + HOUR)

    answer = await client.get("/who", headers={"Authorization": f"{scheme} {text}"})

    assert answer.json() == [f"key:{prefix}", "editor:barnet", "publisher:barnet/human-resources"]
    assert answer.headers["Cache-Control"] == "private, no-store"


async def test_a_key_is_over_at_the_request_after_it_was_revoked(client: AsyncClient, engine: Engine) -> None:
    prefix, text = given_out(engine)
    first = await client.get("/who", headers=bearing(text))

    revoke(engine, prefix)

    assert first.status_code == 200
    assert (await client.get("/who", headers=bearing(text))).status_code == 401


async def test_a_token_says_who_asks_and_what_for(client: AsyncClient) -> None:
    answer = await client.get("/who", headers=bearing(token(claims())))

    assert answer.json() == [f"{NAME}#officer-7", "editor:barnet", "publisher:barnet/human-resources"]


async def test_while_keys_cannot_be_fetched_a_token_may_come_again(
    client: AsyncClient, issuer: StandIn
) -> None:
    issuer.instead, issuer.now = ConnectError("refused"), issuer.now + MAXIMUM_AGE
    refused = await client.get("/who", headers=bearing(token(claims())))
    issuer.instead, issuer.now = None, issuer.now + PAUSE

    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == str(PAUSE)
    assert (await client.get("/who", headers=bearing(token(claims())))).status_code == 200


def test_tokens_are_accepted_of_an_issuer_that_is_named() -> None:
    assert issuer_of(Settings()) is None
    assert isinstance(issuer_of(Settings(oidc_issuer=NAME, oidc_audience=AUDIENCE)), Issuer)


async def test_nothing_tells_why_a_credential_does_not_count(client: AsyncClient, engine: Engine) -> None:
    (revoked, over), (_, expired), (_, good) = (
        given_out(engine),
        given_out(engine, datetime.now(UTC) - HOUR),
        given_out(engine),
    )
    revoke(engine, revoked)
    other = good[:-1] + next(c for c in string.ascii_letters if c != good[-1])
    unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."
    signed = token(claims(aud="https://other.example.org"))
    late = token(claims(exp=-HOUR))
    forged = token(claims(), OTHER_RSA)
    shown: list[list[str]] = [
        *([f"Bearer {text}"] for text in (over, expired, other, good[:-1], good + "=", "x")),
        *([f"Bearer {text}"] for text in (unsigned, signed, late, forged)),
        *([text] for text in ("", "Bearer", "Bearer ", good, f"Basic {good}", f"Bearer,{good}")),
        *([text] for text in (f"Bearer {good} ", f"Bearer\t{good}", f"Bearer {good}, Bearer {good}")),
        [f"Bearer outturn_zzzzzzzz_{good[17:]}"],
        [f"Bearer {good[:30]}é{good[31:]}"],
        ["Bearer " + "x" * 20_000],
        [f"Bearer {good}", f"Bearer {good}"],
        [f"Bearer {good}", "Bearer x"],
    ]
    answers = [
        await client.get("/who", headers=[(b"authorization", each.encode("latin-1")) for each in headers])
        for headers in shown
    ]

    assert {told(each)[:2] for each in answers} == {told(answers[0])[:2]}
    assert all(told(each)[2] == told(answers[0])[2] for each in answers)
    assert answers[0].status_code == 401
    assert answers[0].headers["WWW-Authenticate"] == 'Bearer realm="outturn", error="invalid_token"'
    assert answers[0].headers["Content-Type"] == "application/problem+json"


async def test_a_credential_that_does_not_count_gets_no_answer_that_is_kept(client: AsyncClient) -> None:
    public = [await client.get("/v1/organisations") for _ in range(2)]
    tagged = {**bearing("x"), "If-None-Match": public[0].headers["ETag"]}

    refused = [await client.get("/v1/organisations", headers=headers) for headers in (bearing("x"), tagged)]

    assert [answer.status_code for answer in public + refused] == [200, 200, 401, 401]


async def test_a_credential_anywhere_else_is_not_read(client: AsyncClient, engine: Engine) -> None:
    _, text = given_out(engine)
    elsewhere = {"Cookie": f"Authorization=Bearer {text}; access_token={text}", "X-API-Key": text}

    in_headers = await client.get("/who", headers={**elsewhere, "Proxy-Authorization": f"Bearer {text}"})
    in_query = await client.get("/who", params={"access_token": text})

    assert in_headers.json() == [""]
    assert in_query.status_code == 400
    assert (await client.post("/known", headers=elsewhere)).status_code == 401
    assert (await client.post("/known", data={"access_token": text})).status_code == 401


async def test_where_a_caller_must_be_known_anybody_is_told_how_to_be(client: AsyncClient) -> None:
    answer = await client.post("/known")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="outturn"'
    assert answer.json()["code"] == "unauthenticated"


async def test_where_a_caller_must_be_known_a_key_is_enough(client: AsyncClient, engine: Engine) -> None:
    prefix, text = given_out(engine)

    assert (await client.post("/known", headers=bearing(text))).json() == f"key:{prefix}"
    assert (await client.post("/known", headers=bearing("x"))).status_code == 401


def test_the_contract_says_where_a_credential_may_and_where_it_must_be_shown() -> None:
    app = FastAPI()
    app.get("/who")(get_who)
    app.post("/known")(make_known)
    app.get("/anything")(lambda: None)
    document = describe(app)
    paths = document["paths"]
    may, must, need_not = paths["/who"]["get"], paths["/known"]["post"], paths["/anything"]["get"]

    assert may["security"] == [{}, {"bearer": []}]
    assert must["security"] == [{"bearer": []}]
    assert "security" not in need_not
    refused = [{"401", "403"} & set(operation["responses"]) for operation in (may, must, need_not)]
    assert refused == [{"401"}, {"401", "403"}, set()]
    assert list(document["components"]["securitySchemes"]) == ["bearer"]
