"""An issuer's keys while it changes them, and while it cannot be asked."""

import asyncio

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm

from app.errors import Unavailable
from app.services.signing_keys import LARGEST, MAXIMUM_AGE, PAUSE, SigningKeys
from tests.services.issuers import EC, JWKS, NAME, OTHER_RSA, RSA, Json, StandIn, claims, public, token


@pytest.fixture
def issuer() -> StandIn:
    return StandIn()


async def has(keys: SigningKeys, name: str = "rsa", algorithm: str = "RS256") -> bool:
    return await keys.key(name, algorithm) is not None


async def test_keys_are_fetched_once_and_kept(issuer: StandIn) -> None:
    keys = issuer.signing_keys()

    assert [await has(keys), await has(keys), await has(keys, "ec", "ES256")] == [True] * 3
    assert issuer.asked == [JWKS]


async def test_a_new_key_counts_as_soon_as_a_token_names_it(issuer: StandIn) -> None:
    trusted = issuer.issuer()
    text = token(claims(), OTHER_RSA, "next")
    assert await trusted.caller_of_token(text) is None

    issuer.keys.append(public(OTHER_RSA, "next"))
    issuer.now += PAUSE

    assert await trusted.caller_of_token(text) is not None
    assert await trusted.caller_of_token(token(claims())) is not None
    assert len(issuer.asked) == 2


async def test_however_many_unknown_keys_are_named_the_issuer_is_left_in_peace(issuer: StandIn) -> None:
    keys = issuer.signing_keys()
    assert await has(keys)
    for step in range(10 * PAUSE):
        issuer.now = step / 10
        assert not await has(keys, f"made-up-{step}")
        assert await has(keys)

    assert len(issuer.asked) == 1
    issuer.now = PAUSE
    assert not await has(keys, "made-up")
    assert len(issuer.asked) == 2


async def test_whoever_comes_meanwhile_waits_for_the_same_fetch(issuer: StandIn) -> None:
    keys = issuer.signing_keys()

    found = await asyncio.gather(*(has(keys) for _ in range(20)), *(has(keys, f"k{n}") for n in range(20)))

    assert found == [True] * 20 + [False] * 20
    assert len(issuer.asked) == 1


async def test_a_key_that_the_issuer_dropped_stops_counting(issuer: StandIn) -> None:
    trusted = issuer.issuer()
    text = token(claims())
    assert await trusted.caller_of_token(text) is not None

    issuer.keys = [public(OTHER_RSA, "next")]
    issuer.now = MAXIMUM_AGE - 1
    kept = await trusted.caller_of_token(text)
    issuer.now = MAXIMUM_AGE

    assert kept is not None
    assert await trusted.caller_of_token(text) is None


async def test_a_key_that_was_replaced_under_its_name_stops_counting(issuer: StandIn) -> None:
    trusted = issuer.issuer()
    assert await trusted.caller_of_token(token(claims())) is not None

    issuer.keys = [public(OTHER_RSA, "rsa")]
    issuer.now = MAXIMUM_AGE

    assert await trusted.caller_of_token(token(claims())) is None
    assert await trusted.caller_of_token(token(claims(), OTHER_RSA)) is not None


FAILURES: dict[str, httpx.Response | Exception] = {
    "away": httpx.ConnectError("refused"),
    "slow": httpx.ReadTimeout("slow"),
    "broken": httpx.Response(500),
    "not there": httpx.Response(404, json={"keys": []}),
    "elsewhere": httpx.Response(302, headers={"Location": "https://elsewhere.example.org"}),
    "a page": httpx.Response(200, text="<html>"),
    "a list": httpx.Response(200, json=[]),
    "no keys": httpx.Response(200, json={}),
    "no list of keys": httpx.Response(200, json={"keys": {"kid": "rsa"}}),
    "too long": httpx.Response(200, json={"keys": [], "more": "x" * LARGEST}),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_an_issuer_that_cannot_be_asked_makes_nobody_a_stranger(
    issuer: StandIn, failure: httpx.Response | Exception
) -> None:
    trusted = issuer.issuer()
    issuer.instead = failure

    with pytest.raises(Unavailable) as refused:
        await trusted.caller_of_token(token(claims()))

    assert refused.value.headers["Retry-After"] == str(PAUSE)


async def test_an_issuer_that_is_away_is_not_asked_at_every_request(issuer: StandIn) -> None:
    keys = issuer.signing_keys()
    issuer.instead = httpx.ConnectError("refused")
    for _ in range(5):
        with pytest.raises(Unavailable):
            await has(keys)
    asked = len(issuer.asked)

    issuer.instead, issuer.now = None, PAUSE

    assert asked == 1
    assert await has(keys)
    assert not await has(keys, "made-up")


async def test_known_keys_count_while_the_issuer_is_away_until_they_are_too_old(issuer: StandIn) -> None:
    keys = issuer.signing_keys()
    assert await has(keys)
    issuer.instead = httpx.ConnectError("refused")

    issuer.now = MAXIMUM_AGE - 1
    with pytest.raises(Unavailable):
        await has(keys, "perhaps-new")
    kept = await has(keys)
    issuer.now = MAXIMUM_AGE + PAUSE

    assert kept
    with pytest.raises(Unavailable):
        await has(keys)


async def test_what_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr("app.services.signing_keys.PATIENCE", 0.01)
    keys = SigningKeys(NAME, ("RS256",), JWKS, transport=httpx.MockTransport(hang))

    with pytest.raises(Unavailable):
        await has(keys)


async def test_the_issuer_itself_says_where_its_keys_are(issuer: StandIn) -> None:
    keys = issuer.signing_keys(address=None)

    assert await has(keys)
    assert issuer.asked == [f"{NAME}/.well-known/openid-configuration", JWKS]


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://id.example.org/other"},
        {"issuer": None},
        {"jwks_uri": "http://keys.example.org/set"},
        {"jwks_uri": None},
        {"jwks_uri": ["https://keys.example.org/set"]},
    ],
    ids=str,
)
async def test_a_discovery_document_that_is_not_the_issuers_is_not_followed(
    issuer: StandIn, changed: Json
) -> None:
    issuer.discovery |= changed

    with pytest.raises(Unavailable):
        await has(issuer.signing_keys(address=None))
    assert len(issuer.asked) == 1


USELESS: dict[str, object] = {
    "encrypts": public(RSA, "k", use="enc"),
    "other algorithm": public(RSA, "k", alg="RS384"),
    "signs": public(RSA, "k", key_ops=["sign"]),
    "operations that are none": public(RSA, "k", key_ops=5),
    "too small to be a number": public(RSA, "k", n="AQAB"),
    "no number": public(RSA, "k", n=5),
    "secret": public(RSA, "k", kty="oct", k="c2VjcmV0"),
    "private": {**ECAlgorithm.to_jwk(EC, as_dict=True), "kid": "k"},
    "other curve": public(ec.generate_private_key(ec.SECP384R1()), "k"),
    "not on its curve": public(EC, "k", x="A" * 43),
    "name that is none": {**public(RSA, "k"), "kid": 5},
    "no name": {name: value for name, value in public(RSA, "k").items() if name != "kid"},
    "no kind": {"kid": "k"},
    "empty": {},
    "text": "k",
    "null": None,
}


@pytest.mark.parametrize("key", USELESS.values(), ids=USELESS)
async def test_a_key_that_cannot_verify_is_passed_over(issuer: StandIn, key: object) -> None:
    issuer.keys = [key, public(OTHER_RSA, "good")]
    keys = issuer.signing_keys("RS256", "ES256")

    assert not await has(keys, "k", "RS256")
    assert not await has(keys, "k", "ES256")
    assert await has(keys, "good")


async def test_a_key_that_is_too_short_verifies_nothing(issuer: StandIn) -> None:
    short = rsa.generate_private_key(65537, 1024)  # noqa: S505 - that is the point
    issuer.keys = [public(short, "short")]

    with pytest.warns(match="1024 bits"):
        text = token(claims(), short, "short")

    assert await issuer.issuer().caller_of_token(text) is None


async def test_the_first_of_two_keys_of_one_name_is_the_one(issuer: StandIn) -> None:
    issuer.keys = [public(RSA, "rsa"), public(OTHER_RSA, "rsa")]
    trusted = issuer.issuer()

    assert await trusted.caller_of_token(token(claims(), RSA)) is not None
    assert await trusted.caller_of_token(token(claims(), OTHER_RSA)) is None
