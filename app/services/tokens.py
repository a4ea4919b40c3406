"""OpenID Connect: whoever shows a token that the issuer signed for this service, and what it lets them do."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import jwt
from jwt.exceptions import InvalidSubjectError, InvalidTokenError, PyJWTError

from app.services.permissions import Caller, Grant, UnreadableGrantError, read_grant

if TYPE_CHECKING:
    from app.services.signing_keys import SigningKeys
    from app.settings import Settings

LEEWAY = 30
"""Seconds by which the issuer's clock and this one's may differ."""
REQUIRED = ("exp", "iat", "iss", "aud", "sub")
LONGEST_SUBJECT = 255
"""As OpenID Connect Core 2 has it, in ASCII."""
_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
"""What a token may call itself; one that is made for something else is none (RFC 8725 3.11)."""
logger = logging.getLogger(__name__)


class Issuer:
    """Whose tokens are accepted, and what they must say."""

    def __init__(self, name: str, chosen: Settings, keys: SigningKeys) -> None:
        """Accept tokens of an issuer who has these keys, and that say what the settings ask for."""
        self._name = name
        self._audience = chosen.oidc_audience
        self._algorithms = chosen.oidc_algorithms
        self._claim = chosen.oidc_claim
        self._keys = keys

    async def caller_of_token(self, text: str) -> Caller | None:
        """Whoever a token is about; None where it does not count, for whatever reason: the log says which.

        Raises Unavailable where the issuer must be asked for its keys and cannot be.
        """
        try:
            key = await self._key_of(jwt.get_unverified_header(text))
            claims = jwt.decode(
                text,
                key,
                algorithms=self._algorithms,
                issuer=self._name,
                audience=self._audience,
                leeway=LEEWAY,
                options={"require": [*REQUIRED], "enforce_minimum_key_length": True},
            )
            return Caller(f"{self._name}#{_subject(claims)}", self._grants(claims))
        except PyJWTError as error:
            logger.warning("A token does not count: %s", type(error).__name__)
            return None

    async def _key_of(self, header: dict[str, Any]) -> jwt.PyJWK:
        """The issuer's key that a token names, for the algorithm that it names, if that is accepted."""
        kind, algorithm, name = header.get("typ", "JWT"), header.get("alg"), header.get("kid")
        if not isinstance(kind, str) or kind.lower() not in _TYPES:
            raise InvalidTokenError
        if algorithm not in self._algorithms:
            raise jwt.InvalidAlgorithmError
        key = None if not isinstance(name, str) else await self._keys.key(name, algorithm)
        if key is None:
            raise jwt.InvalidKeyError
        return key

    def _grants(self, claims: dict[str, Any]) -> tuple[Grant, ...]:
        """What a token grants; a text that is no grant gives nothing, as the claim may hold other things."""
        listed = claims.get(self._claim, [])
        if not isinstance(listed, list):
            raise InvalidTokenError
        return tuple(grant for text in listed if (grant := _grant(text)) is not None)


def _subject(claims: dict[str, Any]) -> str:
    """Whom a token is about, as it stands in the audit."""
    subject: str = claims["sub"]
    if not (0 < len(subject) <= LONGEST_SUBJECT and subject.isascii() and subject.isprintable()):
        raise InvalidSubjectError
    return subject


def _grant(text: object) -> Grant | None:
    try:
        return read_grant(text) if isinstance(text, str) else None
    except UnreadableGrantError:
        return None
