"""An issuer's public keys: fetched when needed, kept for minutes, and asked for anew if one is unknown.

Only what this service would verify with is taken from an issuer's answer: public keys for signatures, of the
kind that the algorithm needs. A shared secret among them is passed over, and so is a private key.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
import time
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx
import orjson
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from app.errors import Unavailable
from app.settings import TRUSTED_URL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Key = tuple[str, str]
    """A key's id, and an algorithm that it verifies."""

MAXIMUM_AGE = 300
"""Seconds after which keys no longer count, so that one which the issuer dropped is dropped here."""
PAUSE = 5
"""Seconds between two fetches at least, however many unknown keys are named meanwhile."""
PATIENCE = 5
"""Seconds that a fetch may take, all in all."""
LARGEST = 2**18
"""Bytes of the longest answer that is read."""
DISCOVERY = "/.well-known/openid-configuration"
_KINDS = {
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
    "EdDSA": ("OKP", "Ed25519"),
}
"""The kind and the curve of the keys of an algorithm; all others are RSA's."""
logger = logging.getLogger(__name__)


class _UnusableAnswerError(ValueError):
    """What the issuer answered is not what it must be."""


class SigningKeys:
    """The keys of one issuer, for the algorithms that are accepted."""

    def __init__(
        self,
        issuer: str,
        algorithms: Iterable[str],
        address: str | None = None,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask at an address, or where the issuer's discovery document says; nothing is fetched yet."""
        self._issuer = issuer
        self._algorithms = tuple(algorithms)
        self._address = address
        self._transport = transport
        self._clock = clock
        self._turn = asyncio.Lock()
        self._keys: dict[Key, PyJWK] = {}
        self._kept_until = self._quiet_until = float("-inf")
        self._failed = False

    async def key(self, name: str, algorithm: str) -> PyJWK | None:
        """The key of an id that verifies an algorithm; None where the issuer has no such key.

        Raises Unavailable where it is not known here and the issuer cannot be asked.
        """
        found = self._known(name, algorithm)
        if found is not None:
            return found
        async with self._turn:
            found = self._known(name, algorithm)
            if found is None and self._clock() >= self._quiet_until:
                await self._renew()
                found = self._known(name, algorithm)
            if found is None and self._failed:
                raise Unavailable("Tokens cannot be verified now.", retry_after=PAUSE)
        return found

    def _known(self, name: str, algorithm: str) -> PyJWK | None:
        return self._keys.get((name, algorithm)) if self._clock() < self._kept_until else None

    async def _renew(self) -> None:
        """Fetch the keys; where that fails, those that are there count until they are too old."""
        try:
            async with asyncio.timeout(PATIENCE):
                keys = await self._fetched()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            logger.warning(
                "The keys of %s cannot be fetched: %s %s", self._issuer, type(error).__name__, error
            )
            self._failed = True
        else:
            self._failed = False
            self._keys = keys
            self._kept_until = self._clock() + MAXIMUM_AGE
        self._quiet_until = self._clock() + PAUSE

    async def _fetched(self) -> dict[Key, PyJWK]:
        async with httpx.AsyncClient(
            transport=self._transport, verify=_trusted(), timeout=PATIENCE
        ) as client:
            address = self._address or await self._discovered(client)
            listed = (await _document(client, address)).get("keys")
        if not isinstance(listed, list):
            message = "a set of keys has a list of them"
            raise _UnusableAnswerError(message)
        keys: dict[Key, PyJWK] = {}
        for each in listed:
            for algorithm, key in _verifying(each, self._algorithms):
                keys.setdefault((each["kid"], algorithm), key)
        return keys

    async def _discovered(self, client: httpx.AsyncClient) -> str:
        """Where the issuer says its keys are, in a document that must be its own (OpenID Discovery 4.3)."""
        said = await _document(client, self._issuer.removesuffix("/") + DISCOVERY)
        address = said.get("jwks_uri")
        if said.get("issuer") != self._issuer:
            message = "the discovery document is of another issuer"
            raise _UnusableAnswerError(message)
        if not isinstance(address, str) or not re.match(TRUSTED_URL, address):
            message = "the discovery document tells no address that can be trusted"
            raise _UnusableAnswerError(message)
        return address


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed; it takes long to read, so once."""
    return httpx.create_ssl_context()


async def _document(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """The JSON object at an address. Raises ValueError where there is none, or too long a one."""
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    body = bytearray()
    async with client.stream("GET", address, headers=headers) as response:
        response.raise_for_status()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > LARGEST:
                message = f"an answer has {LARGEST} bytes at most"
                raise _UnusableAnswerError(message)
    document = orjson.loads(body)
    if not isinstance(document, dict):
        message = "an answer is a JSON object"
        raise _UnusableAnswerError(message)
    return document


def _verifying(listed: object, algorithms: Iterable[str]) -> Iterator[tuple[str, PyJWK]]:
    """What one of an issuer's keys verifies: nothing where it is none for signatures, or has no id."""
    if not isinstance(listed, dict) or not isinstance(listed.get("kid"), str):
        return
    for algorithm in algorithms:
        try:
            if _is_for(listed, algorithm):
                yield algorithm, PyJWK(listed, algorithm)
        except (PyJWTError, TypeError) as error:
            logger.warning("A key of the issuer is of no use: %s", type(error).__name__)


def _is_for(listed: dict[str, Any], algorithm: str) -> bool:
    """Whether a key is a public one for an algorithm's signatures, as far as it says."""
    kind, curve = _KINDS.get(algorithm, ("RSA", None))
    return (
        listed.get("kty") == kind
        and listed.get("crv") == curve
        and listed.get("alg", algorithm) == algorithm
        and listed.get("use", "sig") == "sig"
        and "verify" in listed.get("key_ops", ("verify",))
        and "d" not in listed
    )
