"""An issuer of tokens that a test has in its hand: its keys, what it says of them, and what it is asked."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from app.services.signing_keys import SigningKeys
from app.services.tokens import Issuer
from app.settings import Settings

Json = dict[str, Any]
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
NAME = "https://id.example.org/tenant"
AUDIENCE = "https://outturn.example.org"
JWKS = "https://keys.example.org/set?app=outturn"
RSA = rsa.generate_private_key(65537, 2048)
OTHER_RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())


def public(key: PrivateKey, name: str, **said: object) -> Json:
    """A key as an issuer publishes it."""
    if isinstance(key, rsa.RSAPrivateKey):
        listed = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        listed = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**listed, "kid": name, "use": "sig", **said}


def claims(**changed: object) -> Json:
    """What a good token says, but for what is changed.

    None leaves a claim out; a length of time stands for that long from now.
    """
    now = int(time.time())
    for name, value in changed.items():
        if isinstance(value, timedelta):
            changed[name] = now + int(value.total_seconds())
    said: Json = {
        "iss": NAME,
        "aud": AUDIENCE,
        "sub": "officer-7",
        "iat": now,
        "exp": now + 600,
        "outturn": ["editor:barnet", "publisher:barnet/human-resources"],
    }
    return {name: value for name, value in {**said, **changed}.items() if value is not None}


def token(
    said: Json, key: PrivateKey = RSA, name: str | None = "rsa", algorithm: str = "RS256", **header: object
) -> str:
    """Claims, signed."""
    headers = {**({} if name is None else {"kid": name}), **header}
    return jwt.encode(said, key, algorithm, headers)


class StandIn:
    """What answers in the issuer's place."""

    def __init__(self) -> None:
        self.now = 0.0
        self.keys: list[Any] = [public(RSA, "rsa"), public(EC, "ec")]
        self.asked: list[str] = []
        self.instead: httpx.Response | Exception | None = None
        self.discovery: Json = {"issuer": NAME, "jwks_uri": JWKS}

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        await asyncio.sleep(0)  # whoever else asks has a turn, as while a network is waited for
        if isinstance(self.instead, Exception):
            raise self.instead
        if self.instead is not None:
            return self.instead
        if request.url.path.endswith("/.well-known/openid-configuration"):
            return httpx.Response(200, json=self.discovery)
        return httpx.Response(200, json={"keys": self.keys})

    def signing_keys(self, *algorithms: str, address: str | None = JWKS) -> SigningKeys:
        """Its keys, as they are asked for, by a clock that stands still."""
        return SigningKeys(
            NAME,
            algorithms or ("RS256", "ES256"),
            address,
            transport=httpx.MockTransport(self),
            clock=lambda: self.now,
        )

    def issuer(self, **chosen: object) -> Issuer:
        """It, as a deployment trusts it."""
        settings = Settings(oidc_issuer=NAME, oidc_audience=AUDIENCE, oidc_jwks_url=JWKS, **chosen)  # type: ignore[arg-type]  # by name
        return Issuer(NAME, settings, self.signing_keys(*settings.oidc_algorithms))
