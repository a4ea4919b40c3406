"""Tokens that count, and every one that does not because of one thing."""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ValidationError

from app.services.permissions import Caller, read_grant
from app.settings import Settings
from tests.services.issuers import (
    AUDIENCE,
    EC,
    NAME,
    OTHER_RSA,
    RSA,
    Json,
    PrivateKey,
    StandIn,
    claims,
    public,
    token,
)

GRANTS = (read_grant("editor:barnet"), read_grant("publisher:barnet/human-resources"))
KNOWN = Caller(f"{NAME}#officer-7", GRANTS)


@pytest.fixture
def issuer() -> StandIn:
    return StandIn()


async def shown(issuer: StandIn, text: str, **chosen: object) -> Caller | None:
    return await issuer.issuer(**chosen).caller_of_token(text)


@pytest.mark.parametrize(
    ("key", "name", "algorithm"), [(RSA, "rsa", "RS256"), (EC, "ec", "ES256")], ids=["RS256", "ES256"]
)
async def test_a_token_says_who_asks_and_what_for(
    issuer: StandIn, key: PrivateKey, name: str, algorithm: str
) -> None:
    assert await shown(issuer, token(claims(), key, name, algorithm)) == KNOWN


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": [AUDIENCE, "https://other.example.org"]},
        {"exp": timedelta(seconds=-10)},
        {"iat": timedelta(seconds=10)},
        {"nbf": timedelta(seconds=10)},
        {"nonce": "n", "jti": "1"},
    ],
    ids=str,
)
async def test_a_token_may_be_for_others_too_and_clocks_may_differ(issuer: StandIn, changed: Json) -> None:
    assert await shown(issuer, token(claims(**changed))) == KNOWN


WRONG: list[Json] = [
    {"iss": None},
    {"iss": "https://id.example.org/other"},
    {"iss": NAME + "/"},
    {"aud": None},
    {"aud": ""},
    {"aud": []},
    {"aud": "https://other.example.org"},
    {"aud": ["https://other.example.org"]},
    {"aud": AUDIENCE + "/"},
    {"exp": None},
    {"exp": timedelta(seconds=-60)},
    {"exp": "tomorrow"},
    {"exp": 1e400},
    {"iat": None},
    {"iat": timedelta(seconds=300)},
    {"iat": "now"},
    {"nbf": timedelta(seconds=300)},
    {"sub": None},
    {"sub": ""},
    {"sub": 7},
    {"sub": "x" * 256},
    {"sub": "officer\n7"},
    {"sub": "offičer"},
    {"outturn": "administrator"},
    {"outturn": {"administrator": True}},
]


@pytest.mark.parametrize("changed", WRONG, ids=lambda changed: str(changed)[:40])
async def test_one_wrong_claim_is_enough(issuer: StandIn, changed: Json) -> None:
    assert await shown(issuer, token(claims(**changed))) is None


HEADERS: list[Json] = [
    {"typ": "logout+jwt"},
    {"typ": "dpop+jwt"},
    {"typ": 1},
    {"kid": "unknown"},
    {"kid": ""},
    {"kid": "ec"},
    {"crit": ["exp"], "exp": 1},
    {"b64": False},
]


@pytest.mark.parametrize("header", HEADERS, ids=str)
async def test_one_wrong_header_is_enough(issuer: StandIn, header: Json) -> None:
    assert await shown(issuer, token(claims(), **header)) is None


async def test_a_token_without_the_name_of_its_key_does_not_count(issuer: StandIn) -> None:
    issuer.keys = issuer.keys[:1]

    assert await shown(issuer, token(claims(), name=None)) is None


def coded(part: object) -> bytes:
    body = part if isinstance(part, bytes) else orjson.dumps(part)
    return base64.urlsafe_b64encode(body).rstrip(b"=")


def written(header: Json, signature: bytes, said: Json | None = None) -> str:
    return b".".join([coded(header), coded(said or claims()), coded(signature)]).decode()


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, ["RS256"], 5], ids=repr)
async def test_a_token_that_is_not_signed_does_not_count(issuer: StandIn, algorithm: object) -> None:
    assert await shown(issuer, written({"alg": algorithm, "kid": "rsa", "typ": "JWT"}, b"")) is None


@pytest.mark.parametrize(
    ("encoding", "form"),
    [
        (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        (Encoding.PEM, PublicFormat.PKCS1),
        (Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        (Encoding.OpenSSH, PublicFormat.OpenSSH),
    ],
)
async def test_a_public_key_is_no_shared_secret(
    issuer: StandIn, encoding: Encoding, form: PublicFormat
) -> None:
    header = {"alg": "HS256", "kid": "rsa", "typ": "JWT"}
    signed = coded(header) + b"." + coded(said := claims())
    secret = RSA.public_key().public_bytes(encoding, form)
    signature = hmac.digest(secret, signed, hashlib.sha256)

    assert await shown(issuer, written(header, signature, said)) is None


async def test_a_shared_secret_among_the_keys_is_passed_over(issuer: StandIn) -> None:
    secret = b"s" * 32
    issuer.keys.append({"kty": "oct", "kid": "shared", "use": "sig", "k": coded(secret).decode()})
    header = {"alg": "HS256", "kid": "shared", "typ": "JWT"}
    signed = coded(header) + b"." + coded(said := claims())

    assert await shown(issuer, written(header, hmac.digest(secret, signed, hashlib.sha256), said)) is None
    assert await shown(issuer, token(claims())) == KNOWN


MISMATCHES: list[tuple[PrivateKey, str, str]] = [
    (OTHER_RSA, "rsa", "RS256"),
    (EC, "rsa", "ES256"),
    (RSA, "ec", "RS256"),
    (RSA, "rsa", "RS384"),
    (RSA, "rsa", "PS256"),
]


@pytest.mark.parametrize(("key", "name", "algorithm"), MISMATCHES, ids=lambda part: str(part)[:6])
async def test_a_signature_of_another_key_or_algorithm_does_not_count(
    issuer: StandIn, key: PrivateKey, name: str, algorithm: str
) -> None:
    assert await shown(issuer, token(claims(), key, name, algorithm)) is None


async def test_an_algorithm_that_is_accepted_is_still_not_another_key_s(issuer: StandIn) -> None:
    issuer.keys = [public(RSA, "rsa", alg="RS256"), public(EC, "ec", alg="ES256")]

    accepted = {"oidc_algorithms": "RS256,RS384,PS256,ES256"}

    assert await shown(issuer, token(claims(), RSA, "rsa", "RS384"), **accepted) is None
    assert await shown(issuer, token(claims(), RSA, "rsa", "PS256"), **accepted) is None
    assert await shown(issuer, token(claims(), RSA, "rsa", "RS256"), **accepted) == KNOWN


async def test_what_was_signed_cannot_be_changed(issuer: StandIn) -> None:
    head, body, signature = token(claims()).split(".")
    other = coded(claims(outturn=["administrator"])).decode()
    flipped = ("A" if signature[5] != "A" else "B").join([signature[:5], signature[6:]])

    changed = [f"{head}.{other}.{signature}", f"{head}.{body}.{flipped}", f"{head}.{body}.{signature[:-4]}"]

    assert [await shown(issuer, text) for text in changed] == [None] * 3


@pytest.mark.parametrize(
    "text",
    ["x", ".", "..", "a.b.c", "a.b", "....", "é.é.é", "e30.e30.e30", "bnVsbA.e30.", "W10.W10.W10"],
)
async def test_a_text_that_is_no_token_does_not_count(issuer: StandIn, text: str) -> None:
    assert await shown(issuer, text) is None


async def test_what_is_nested_too_deeply_is_no_token(issuer: StandIn) -> None:
    deep = coded(b"[" * 10_000).decode()

    assert await shown(issuer, f"{deep}.e30.e30") is None


CLAIMS: list[tuple[Any, tuple[str, ...]]] = [
    (None, ()),
    ([], ()),
    (["reader:thurrock", "Everyone", 7, None, "editor:", "reader:thurrock "], ("reader:thurrock",)),
]


@pytest.mark.parametrize(("listed", "granted"), CLAIMS, ids=["none", "empty", "among others"])
async def test_what_is_no_grant_gives_nothing(
    issuer: StandIn, listed: object, granted: tuple[str, ...]
) -> None:
    found = await shown(issuer, token(claims(outturn=listed)))

    assert found == Caller(KNOWN.name, tuple(map(read_grant, granted)))


async def test_grants_may_stand_in_another_claim(issuer: StandIn) -> None:
    text = token(claims(roles=["reader:barnet"]))

    found = await shown(issuer, text, oidc_claim="roles")

    assert found == Caller(KNOWN.name, (read_grant("reader:barnet"),))


async def test_the_log_says_why_a_token_does_not_count_and_nothing_of_it(
    issuer: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    text = token(claims(aud="https://other.example.org", sub="officer-9"))

    assert await shown(issuer, text) is None
    assert "InvalidAudienceError" in caplog.text
    assert "officer-9" not in caplog.text
    assert text.split(".")[2] not in caplog.text


def test_an_issuer_without_an_audience_is_refused() -> None:
    with pytest.raises(ValidationError, match="OUTTURN_OIDC_AUDIENCE"):
        Settings(oidc_issuer=NAME)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS384", "HS512", "rs256", "ES256K", ""])
def test_an_algorithm_with_a_shared_secret_or_none_is_refused_by_the_setting(
    monkeypatch: pytest.MonkeyPatch, algorithm: str
) -> None:
    monkeypatch.setenv("OUTTURN_OIDC_ALGORITHMS", f"RS256,{algorithm}")

    with pytest.raises(ValidationError, match="oidc_algorithms"):
        Settings()


def test_algorithms_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTTURN_OIDC_ALGORITHMS", "ES256, EdDSA")

    assert Settings().oidc_algorithms == ("ES256", "EdDSA")


@pytest.mark.parametrize(
    "address",
    ["http://id.example.org", "http://localhost.example.org", "https://", "https://a@b", "ftp://a", "id"],
)
def test_keys_are_not_fetched_where_somebody_on_the_way_could_change_them(address: str) -> None:
    with pytest.raises(ValidationError, match="oidc_jwks_url"):
        Settings(oidc_jwks_url=address)
    with pytest.raises(ValidationError, match="oidc_issuer"):
        Settings(oidc_issuer=address, oidc_audience=AUDIENCE)
